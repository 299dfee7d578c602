import { describe, expect, it } from "vitest";
import { policyDocument } from "../src/index.js";

describe("policyDocument", () => {
  it("writes the statements in their order with the policy language's version", () => {
    const text = policyDocument([
      { Sid: "ReadAssets", Effect: "Allow", Action: "s3:GetObject", Resource: "arn:aws:s3:::assets/*" },
      { Sid: "NeverPlain", Effect: "Deny", Principal: "*", Action: ["s3:*"], Resource: "*" },
    ]);

    expect(text).toBe(
      '{"Version":"2012-10-17","Statement":[' +
        '{"Sid":"ReadAssets","Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::assets/*"},' +
        '{"Sid":"NeverPlain","Effect":"Deny","Principal":"*","Action":["s3:*"],"Resource":"*"}]}',
    );
  });
});
