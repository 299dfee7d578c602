import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, isAbsolute, join, resolve } from "node:path";
import { promisify } from "node:util";
import { UserError } from "../errors.js";
import { compareVersions } from "./versions.js";

const run = promisify(execFile);

/** Oldest version with the S3 lock file, write-only arguments and ephemeral values. */
const OLDEST = "1.11.0";

/** The Terraform or OpenTofu that does the work. */
export interface TerraformProgram {
  readonly binary: string;
  readonly product: "Terraform" | "OpenTofu";
  readonly version: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Finds terraform, else tofu, on PATH; TERRAFORM_BINARY_NAME names another. */
export async function findTerraform(env: Environment = process.env): Promise<TerraformProgram> {
  const chosen = env["TERRAFORM_BINARY_NAME"];
  const names = chosen === undefined || chosen === "" ? ["terraform", "tofu"] : [chosen];
  const binary = names.map((name) => locate(name, env)).find((found) => found !== undefined);
  if (binary === undefined) throw missing(names, env, chosen);
  const program = await identify(binary, env);
  if (compareVersions(program.version, OLDEST) < 0) throw tooOld(program);
  return program;
}

function locate(name: string, env: Environment): string | undefined {
  if (isAbsolute(name) || name.includes("/")) return existsSync(name) ? resolve(name) : undefined;
  return (env["PATH"] ?? "")
    .split(delimiter)
    .filter((directory) => directory !== "")
    .map((directory) => join(directory, name))
    .find(existsSync);
}

async function identify(binary: string, environment: Environment): Promise<TerraformProgram> {
  try {
    const env = { ...environment, CHECKPOINT_DISABLE: "1", TF_CLI_ARGS: "" };
    const { stdout } = await run(binary, ["version"], { env, timeout: 30_000 });
    const [, product, version] = /^(Terraform|OpenTofu) v(\S+)/m.exec(stdout) ?? [];
    if (product === undefined || version === undefined) throw new Error(`it says ${JSON.stringify(stdout)}`);
    return { binary, product: product as TerraformProgram["product"], version };
  } catch (error) {
    throw new UserError(
      [
        `${binary} does not tell its version: ${(error as Error).message.trim()}`,
        "  allowed: Terraform or OpenTofu, 1.11 or newer",
        `  do: run \`${binary} version\` and see what it says; set TERRAFORM_BINARY_NAME to use another program.`,
      ].join("\n"),
    );
  }
}

function missing(names: readonly string[], env: Environment, chosen: string | undefined): UserError {
  return new UserError(
    [
      chosen
        ? `TERRAFORM_BINARY_NAME is "${chosen}", and there is no such program.`
        : "Terraform is missing.",
      `  searched: ${names.join(" and ")} ${names.some((name) => name.includes("/")) ? "" : `on PATH (${env["PATH"] ?? "empty"})`}`.trimEnd(),
      "  allowed: Terraform or OpenTofu, 1.11 or newer",
      "  do: install it (https://developer.hashicorp.com/terraform/install or https://opentofu.org/docs/intro/install;",
      "      macOS: brew install hashicorp/tap/terraform), or set TERRAFORM_BINARY_NAME to its path.",
    ].join("\n"),
  );
}

function tooOld({ binary, product, version }: TerraformProgram): UserError {
  return new UserError(
    [
      `${product} ${version} is too old.`,
      `  found: ${binary}`,
      "  allowed: Terraform or OpenTofu, 1.11 or newer (S3 lock file, write-only arguments, ephemeral values)",
      "  do: upgrade it (https://developer.hashicorp.com/terraform/install), or set TERRAFORM_BINARY_NAME to a newer one.",
    ].join("\n"),
  );
}
