import { describe, expect, it } from "vitest";
import { configurationKey, readConfiguration } from "../../src/relay/configuration.js";
import { parseHandshake } from "../../src/relay/handshake.js";
import {
  applyRequest,
  applyResponse,
  configureRequest,
  diagnosticMessage,
  errorsIn,
  healthCheckResponse,
  readRequest,
} from "../../src/relay/protocol.js";
import { toDynamic } from "../../src/relay/values.js";

describe("messages of provider protocol 5", () => {
  it("writes the field numbers of tfplugin5.proto", () => {
    const nil = "0a01c0"; // DynamicValue { msgpack: nil }
    expect(
      applyRequest
        .encode({
          type_name: "t",
          prior_state: toDynamic(null),
          planned_state: toDynamic(null),
          planned_private: Buffer.from("p"),
        })
        .toString("hex"),
    ).toBe(`0a01741203${nil}1a03${nil}2a0170`);
    expect(
      applyResponse
        .encode({ new_state: toDynamic(null), private: Buffer.from("p"), legacy_type_system: true })
        .toString("hex"),
    ).toBe(`0a03${nil}1201702001`);
    expect(
      readRequest
        .encode({ type_name: "t", current_state: toDynamic(null), private: Buffer.from("p") })
        .toString("hex"),
    ).toBe(`0a01741203${nil}1a0170`);
    expect(healthCheckResponse.encode({ status: 1 }).toString("hex")).toBe("0801");
  });

  it("carries diagnostics and identity through untouched", () => {
    const warning = Buffer.from("0802120474657374220301ff00", "hex");
    const identity = Buffer.from([1, 2, 3]);
    const wire = applyResponse.encode({ diagnostics: [warning, warning], new_identity: identity });
    expect(applyResponse.encode(applyResponse.decode(wire))).toEqual(wire);
    expect(applyResponse.decode(wire)).toEqual({ diagnostics: [warning, warning], new_identity: identity });
  });

  it("tells errors from warnings", () => {
    const error = diagnosticMessage.encode({ severity: 1, summary: "no" });
    const warning = diagnosticMessage.encode({ severity: 2, summary: "hm" });
    expect(errorsIn([warning, error, warning])).toEqual([{ severity: 1, summary: "no" }]);
    expect(errorsIn(undefined)).toEqual([]);
  });
});

describe("the handshake", () => {
  it("names the socket", () => {
    expect(parseHandshake("1|5|unix|/tmp/plugin123|grpc|\n", "aws")).toBe("unix:/tmp/plugin123");
    expect(parseHandshake("1|5|tcp|127.0.0.1:1234|grpc|", "aws")).toBe("127.0.0.1:1234");
  });

  it.each(["1|6|unix|/tmp/x|grpc|", "1|5|unix|/tmp/x|netrpc|", "hello", "1|5|pipe|x|grpc|"])(
    "refuses %s",
    (line) => {
      expect(() => parseHandshake(line, "/bin/x")).toThrow(
        `Relay: the first line of /bin/x is not a handshake of provider protocol 5.\n` +
          `  got:     ${JSON.stringify(line)}\n` +
          "  allowed: 1|5|unix|<socket>|grpc|\n" +
          "  do:      give the path of a terraform-provider-aws binary of this machine's architecture.",
      );
    },
  );
});

describe("the provider configuration", () => {
  const read = (config: unknown) => readConfiguration(configureRequest.encode({ config: toDynamic(config) }));

  it("tells region and the account of the assumed role", () => {
    const role = { role_arn: "arn:aws:iam::222222222222:role/deploy" };
    expect(read({ region: "sa-east-1", assume_role: [role] })).toMatchObject({
      region: "sa-east-1",
      account: "222222222222",
    });
    expect(read({ region: null, assume_role: [] })).toMatchObject({ region: undefined, account: undefined });
  });

  it("sees the same resources whatever the tags, others in another region or account", () => {
    const view = (config: unknown) => read(config)?.view;
    const base = { region: "us-east-1", assume_role: [], default_tags: [], ignore_tags: [] };
    expect(view({ ...base, default_tags: [{ tags: { a: "b" } }] })).toBe(view(base));
    expect(view({ ...base, region: "us-west-2" })).not.toBe(view(base));
    expect(view({ ...base, assume_role: [{ role_arn: "arn:aws:iam::222222222222:role/x" }] })).not.toBe(
      view(base),
    );
  });

  it("is the same for plan and apply, which differ in what Terraform says it can do", () => {
    const plan = configureRequest.encode({
      terraform_version: "1.11.4",
      config: toDynamic({ region: "us-east-1" }),
    });
    const can = (hex: string) => configurationKey(Buffer.concat([plan, Buffer.from(hex, "hex")]));
    expect(can("1a0408011001")).toBe(can("1a021001"));
    const other = configureRequest.encode({
      terraform_version: "1.11.4",
      config: toDynamic({ region: "us-west-2" }),
    });
    expect(configurationKey(other)).not.toBe(configurationKey(plan));
    const newer = configureRequest.encode({
      terraform_version: "1.12.0",
      config: toDynamic({ region: "us-east-1" }),
    });
    expect(configurationKey(newer)).not.toBe(configurationKey(plan));
    expect(configurationKey(Buffer.from("ffffff", "hex"))).toBe("////");
  });

  it("leaves a message that it cannot read to the provider", () => {
    expect(readConfiguration(Buffer.from("ffffff", "hex"))).toBeUndefined();
    expect(read("text")).toBeUndefined();
  });
});
