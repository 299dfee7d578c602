import { describe, expect, it } from "vitest";
import { readConfiguration } from "../../src/relay/configuration.js";
import { type Applied, Ledger } from "../../src/relay/ledger.js";
import { configureRequest } from "../../src/relay/protocol.js";
import { RELAY_RULES, RuleBook, type Treatment } from "../../src/relay/rules.js";
import { Tally } from "../../src/relay/stats.js";
import { toDynamic } from "../../src/relay/values.js";

const configured = (region: string) =>
  readConfiguration(configureRequest.encode({ config: toDynamic({ region }) }));
const EAST = configured("us-east-1");
const WEST = configured("us-west-2");

function apply(treatment: Treatment, prior: unknown, state: unknown, more: Partial<Applied> = {}): Applied {
  return {
    type: "aws_thing",
    treatment,
    configuration: EAST,
    prior: toDynamic(prior),
    state: toDynamic(state),
    private: Buffer.from("p"),
    ...more,
  };
}

function after(...applied: readonly Applied[]) {
  const ledger = new Ledger();
  for (const one of applied) ledger.record(one);
  return ledger.all().map(({ id, treatment, deleted }) => ({ id, treatment, deleted }));
}

describe("the ledger of created instances", () => {
  it("keeps what was created, with its last state, for a later look", () => {
    const ledger = new Ledger();
    ledger.record(apply("emulated", null, { id: "1", size: 1 }));
    ledger.record(apply("emulated", { id: "1", size: 1 }, { id: "1", size: 2 }));
    expect(ledger.all()).toEqual([
      {
        type: "aws_thing",
        id: "1",
        treatment: "emulated",
        deleted: false,
        state: { msgpack: Uint8Array.from(toDynamic({ id: "1", size: 2 }).msgpack ?? []) },
        private: Uint8Array.from(Buffer.from("p")),
        configuration: EAST,
      },
    ]);
  });

  it("keeps what was deleted on the emulator, to check that it is gone", () => {
    expect(after(apply("emulated", null, { id: "1" }), apply("emulated", { id: "1" }, null))).toEqual([
      { id: "1", treatment: "emulated", deleted: true },
    ]);
  });

  it("forgets a simulated instance with its deletion, not before", () => {
    const create = apply("simulated", null, { id: "1" });
    expect(after(create)).toEqual([{ id: "1", treatment: "simulated", deleted: false }]);
    expect(after(create, apply("simulated", { id: "1" }, null))).toEqual([]);
  });

  it("does not take a simulated deletion of a real instance for one", () => {
    expect(after(apply("emulated", null, { id: "1" }), apply("simulated", { id: "1" }, null))).toEqual([
      { id: "1", treatment: "emulated", deleted: false },
    ]);
    expect(
      after(
        apply("emulated", null, { id: "1" }),
        apply("simulated", { id: "1" }, { id: "1" }),
        apply("simulated", { id: "1" }, null),
      ),
    ).toEqual([{ id: "1", treatment: "emulated", deleted: false }]);
  });

  it("tells the same id in two regions apart", () => {
    expect(
      after(
        apply("emulated", null, { id: "logs" }),
        apply("emulated", null, { id: "logs" }, { configuration: WEST }),
        apply("emulated", { id: "logs" }, null, { configuration: WEST }),
      ),
    ).toEqual([
      { id: "logs", treatment: "emulated", deleted: false },
      { id: "logs", treatment: "emulated", deleted: true },
    ]);
  });

  it("finds an instance that is deleted through another configuration", () => {
    expect(
      after(
        apply("echoed", null, { id: "1" }),
        apply("echoed", { id: "1" }, null, { configuration: undefined }),
      ),
    ).toEqual([{ id: "1", treatment: "echoed", deleted: true }]);
  });

  it("follows an instance whose id changes", () => {
    expect(after(apply("emulated", null, { id: "1" }), apply("emulated", { id: "1" }, { id: "2" }))).toEqual([
      { id: "2", treatment: "emulated", deleted: false },
    ]);
  });

  it("takes up a name again that was deleted before", () => {
    expect(
      after(
        apply("emulated", null, { id: "1" }),
        apply("emulated", { id: "1" }, null),
        apply("emulated", null, { id: "1" }),
      ),
    ).toEqual([{ id: "1", treatment: "emulated", deleted: false }]);
  });

  it("has nothing of a create that left nothing", () => {
    expect(after(apply("emulated", null, null))).toEqual([]);
  });
});

describe("the rules", () => {
  it("name each type once, in order, with a reason and a version", () => {
    const types = RELAY_RULES.map((rule) => rule.type);
    expect(types).toEqual([...new Set(types)].sort());
    for (const rule of RELAY_RULES) {
      expect(rule.reason).toMatch(/\S/);
      expect(rule.moto).toMatch(/^\d+\.\d+\.\d+$/);
    }
  });

  it("decide by type, unless everything is simulated", () => {
    const book = new RuleBook(
      [
        { type: "aws_a", mode: "simulate", reason: "r", moto: "1.0.0" },
        { type: "aws_b", mode: "echo", reason: "r", moto: "1.0.0" },
      ],
      false,
    );
    const all = () => ["aws_a", "aws_b", "aws_c"].map((type) => book.treatmentOf(type));
    expect(all()).toEqual(["simulated", "echoed", "emulated"]);
    book.simulateAll = true;
    expect(all()).toEqual(["simulated", "simulated", "simulated"]);
  });
});

describe("the tally", () => {
  it("counts by change, treatment and type, in order of type, until it is reset", () => {
    const tally = new Tally();
    tally.add("created", "emulated", "aws_vpc");
    tally.add("created", "emulated", "aws_subnet");
    tally.add("created", "emulated", "aws_subnet");
    tally.add("created", "echoed", "aws_rule");
    tally.add("updated", "simulated", "aws_policy");
    tally.add("deleted", "emulated", "aws_vpc");
    const nothing = { emulated: {}, echoed: {}, simulated: {} };
    expect(tally.stats()).toEqual({
      emulated: { aws_subnet: 2, aws_vpc: 1 },
      echoed: { aws_rule: 1 },
      simulated: {},
      updated: { ...nothing, simulated: { aws_policy: 1 } },
      deleted: { ...nothing, emulated: { aws_vpc: 1 } },
    });
    expect(Object.keys(tally.stats().emulated)).toEqual(["aws_subnet", "aws_vpc"]);
    tally.reset();
    expect(tally.stats()).toEqual({ ...nothing, updated: nothing, deleted: nothing });
  });
});
