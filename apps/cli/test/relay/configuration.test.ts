import { describe, expect, it } from "vitest";
import { withFewRetries } from "../../src/relay/configuration.js";
import { configureRequest } from "../../src/relay/protocol.js";
import { fromDynamic, toDynamic } from "../../src/relay/values.js";
import { UNKNOWN } from "./fake.js";

function request(config: unknown): Buffer {
  return configureRequest.encode({ terraform_version: "1.11.4", config: toDynamic(config) });
}

function configOf(message: Buffer): unknown {
  return fromDynamic(configureRequest.decode(message).config);
}

describe("withFewRetries", () => {
  it("lowers the provider's own number of retries and changes nothing else", () => {
    const config = {
      region: "us-east-1",
      token: UNKNOWN,
      assume_role: [{ role_arn: "r" }],
      max_retries: null,
    };
    const message = withFewRetries(request(config));
    expect(configOf(message)).toEqual(configOf(request({ ...config, max_retries: 3 })));
    expect(configureRequest.decode(message).terraform_version).toBe("1.11.4");
  });

  it("respects a number that the configuration names, or will name", () => {
    for (const max_retries of [10, UNKNOWN]) {
      const message = request({ region: "us-east-1", max_retries });
      expect(withFewRetries(message)).toBe(message);
    }
  });

  it("hands on what it cannot read, or what has no such setting", () => {
    for (const message of [request({ region: "us-east-1" }), request(null), Buffer.from("not a message")])
      expect(withFewRetries(message)).toBe(message);
  });
});
