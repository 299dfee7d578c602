import { createHash } from "node:crypto";
import { configureRequest } from "./protocol.js";
import { encodeValue, fromDynamic, isObject, type ObjectValue, toDynamic } from "./values.js";

/** A provider configuration, as Terraform gave it in Configure. */
export interface Configuration {
  /** The Configure message itself, to give another process the same configuration. */
  readonly request: Buffer;
  readonly region: string | undefined;
  /** The account of the assumed role, if one is assumed. */
  readonly account: string | undefined;
  /** Equal for configurations that see the same resources: everything but tags and Terraform's version. */
  readonly view: string;
}

/**
 * Equal for Configure messages that configure a process alike. What Terraform says about its own abilities is
 * left out: it differs between plan and apply, and the AWS provider does not use it here.
 */
export function configurationKey(request: Buffer): string {
  try {
    const { terraform_version, config } = configureRequest.decode(request);
    return configureRequest
      .encode({ ...(terraform_version && { terraform_version }), ...(config && { config }) })
      .toString("base64");
  } catch {
    return request.toString("base64");
  }
}

/** Attempts for a call, unless the configuration names a number. */
const MAX_RETRIES = 3;

/**
 * The same Configure message with few retries: the provider's default of 25, which neither AWS_MAX_ATTEMPTS nor a
 * shared configuration file lowers, makes Terraform hang for ten minutes where the emulator answers with a 500.
 */
export function withFewRetries(request: Buffer): Buffer {
  try {
    const message = configureRequest.decode(request);
    const config = fromDynamic(message.config);
    if (!isObject(config) || config["max_retries"] !== null) return request;
    return configureRequest.encode({
      ...message,
      config: toDynamic({ ...config, max_retries: MAX_RETRIES }),
    });
  } catch {
    return request;
  }
}

/** Settings that change what is written, never what is found. */
const NOT_SEEN = ["default_tags", "ignore_tags"];

/** Undefined if the message cannot be read; the provider will then say what is wrong with it. */
export function readConfiguration(request: Buffer): Configuration | undefined {
  try {
    const config = fromDynamic(configureRequest.decode(request).config);
    if (!isObject(config)) return undefined;
    return {
      request,
      region: string(config["region"]),
      account: assumedAccount(config),
      view: createHash("sha256")
        .update(encodeValue(without(config, NOT_SEEN)))
        .digest("hex"),
    };
  } catch {
    return undefined;
  }
}

function assumedAccount(config: ObjectValue): string | undefined {
  const roles = config["assume_role"];
  const last: unknown = Array.isArray(roles) ? roles.at(-1) : undefined;
  const arn = isObject(last) ? string(last["role_arn"]) : undefined;
  return arn?.split(":")[4];
}

function without(config: ObjectValue, names: readonly string[]): ObjectValue {
  return Object.fromEntries(Object.entries(config).filter(([name]) => !names.includes(name)));
}

function string(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
