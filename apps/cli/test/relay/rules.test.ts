import { describe, expect, it } from "vitest";
import { RuleBook } from "../../src/relay/rules.js";

const RULES = [
  { type: "aws_db_instance", mode: "simulate", reason: "r", moto: "1.0.0" },
  { type: "aws_db_parameter_group", mode: "echo", reason: "r", moto: "1.0.0" },
] as const;
const SECRETS = ["aws_secretsmanager_secret", "aws_secretsmanager_secret_version"];

describe("RuleBook", () => {
  it("treats a type as its rule says, and any other as the emulator's", () => {
    const book = new RuleBook(RULES, false);
    const types = ["aws_db_instance", "aws_db_parameter_group", "aws_vpc", ...SECRETS];
    expect(types.map((type) => book.treatmentOf(type))).toEqual([
      "simulated",
      "echoed",
      "emulated",
      "emulated",
      "emulated",
    ]);
  });

  it("simulates everything but secrets, whose values no state has", () => {
    const book = new RuleBook(RULES, true);
    const types = ["aws_db_parameter_group", "aws_vpc", "aws_kms_key", ...SECRETS];
    expect(types.map((type) => book.treatmentOf(type))).toEqual([
      "simulated",
      "simulated",
      "simulated",
      "emulated",
      "emulated",
    ]);
  });

  it("simulates even secrets where a rule says so", () => {
    const secret = {
      type: "aws_secretsmanager_secret",
      mode: "simulate",
      reason: "r",
      moto: "1.0.0",
    } as const;
    expect(new RuleBook([secret], true).treatmentOf(secret.type)).toBe("simulated");
  });
});
