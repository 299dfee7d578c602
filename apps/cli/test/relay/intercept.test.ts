import { afterEach, describe, expect, it } from "vitest";
import type { Relay, RelayOptions } from "../../src/relay/index.js";
import {
  type ApplyRequest,
  type ApplyResponse,
  applyRequest,
  applyResponse,
  configureRequest,
  diagnosticMessage,
  readRequest,
  readResponse,
} from "../../src/relay/protocol.js";
import { encodeValue, fromDynamic, toDynamic } from "../../src/relay/values.js";
import { answers, fakeRelay, type HandMade, schemaAnswer, Terraform, UNKNOWN } from "./fake.js";

let open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const one of open.reverse()) await one.close();
  open = [];
});

const THING: HandMade = {
  attributes: { id: ["string"], note: ["string"], secret_wo: ["string", { write_only: true }] },
};
const RULES = [
  { type: "aws_vpc", mode: "simulate", reason: "r", moto: "1.0.0" },
  { type: "aws_echoed", mode: "echo", reason: "r", moto: "1.0.0" },
] as const;
const SCHEMA = schemaAnswer({ aws_vpc: THING, aws_echoed: THING, aws_real: THING });
const NOTHING = Buffer.alloc(0);

interface Setup {
  readonly relay: Relay;
  readonly terraform: Terraform;
}

/** `fixed` are the provider's answers; a call that they do not name comes back inside out. */
async function setup(fixed: Record<string, Uint8Array>, options: Partial<RelayOptions> = {}): Promise<Setup> {
  const relay = await fakeRelay({
    rules: RULES,
    providerEnv: { FAKE_ANSWERS: answers({ GetSchema: SCHEMA, Configure: NOTHING, ...fixed }) },
    ...options,
  });
  const terraform = new Terraform(relay);
  open.push(relay, terraform);
  return { relay, terraform };
}

async function apply(
  terraform: Terraform,
  type: string,
  prior: unknown,
  planned: unknown,
  more: Partial<ApplyRequest> = {},
): Promise<ApplyResponse> {
  const request = {
    type_name: type,
    prior_state: toDynamic(prior),
    planned_state: toDynamic(planned),
    ...more,
  };
  return applyResponse.decode(await terraform.call("ApplyResourceChange", applyRequest.encode(request)));
}

const answering = (state: unknown, more: ApplyResponse = {}) =>
  applyResponse.encode({ new_state: toDynamic(state), ...more });
const PLANNED = { id: UNKNOWN, note: "kept", secret_wo: null };

describe("a simulated resource", () => {
  it("is created without the provider, with the planned private data", async () => {
    const { relay, terraform } = await setup({});
    const response = await apply(terraform, "aws_vpc", null, PLANNED, {
      planned_private: Buffer.from("private"),
    });
    expect(fromDynamic(response.new_state)).toEqual({
      id: expect.stringMatching(/^vpc-[0-9a-f]{17}$/),
      note: "kept",
      secret_wo: null,
    });
    expect(response).toMatchObject({ private: Buffer.from("private"), legacy_type_system: true });
    expect(relay.stats().simulated).toEqual({ aws_vpc: 1 });
  });

  it("reads back as state has it", async () => {
    const { terraform } = await setup({});
    const state = encodeValue({ id: "vpc-1", note: "n" });
    const request = readRequest.encode({
      type_name: "aws_vpc",
      current_state: { msgpack: state },
      private: Buffer.from("p"),
    });
    expect(readResponse.decode(await terraform.call("ReadResource", request))).toEqual({
      new_state: { msgpack: state },
      private: Buffer.from("p"),
      diagnostics: [],
    });
  });

  it("is updated and deleted", async () => {
    const { relay, terraform } = await setup({});
    const created = fromDynamic((await apply(terraform, "aws_vpc", null, PLANNED)).new_state);
    const changed = { ...(created as object), note: "new" };
    expect(fromDynamic((await apply(terraform, "aws_vpc", created, changed)).new_state)).toEqual(changed);
    expect(await relay.leftovers()).toEqual([
      {
        type: "aws_vpc",
        id: (created as { id: string }).id,
        treatment: "simulated",
        what: "not deleted",
        detail: "it was created and nobody deleted it",
      },
    ]);
    const deleted = await apply(terraform, "aws_vpc", changed, null);
    expect(deleted.new_state).toEqual({ msgpack: Buffer.from("c0", "hex") });
    expect(await relay.leftovers()).toEqual([]);
    expect(relay.stats()).toMatchObject({
      simulated: { aws_vpc: 1 },
      updated: { simulated: { aws_vpc: 1 } },
      deleted: { simulated: { aws_vpc: 1 } },
    });
  });

  it("lives in the region and the account that the provider is configured for", async () => {
    const arn: HandMade = { attributes: { arn: ["string"] } };
    const { terraform } = await setup({ GetSchema: schemaAnswer({ aws_vpc: arn }) });
    const arnOf = async () =>
      fromDynamic((await apply(terraform, "aws_vpc", null, { arn: UNKNOWN })).new_state);
    expect(await arnOf()).toEqual({
      arn: expect.stringMatching(/^arn:aws:ec2:us-east-1:111111111111:vpc\//),
    });
    const role = { role_arn: "arn:aws:iam::222222222222:role/deploy" };
    const config = toDynamic({ region: "sa-east-1", assume_role: [role] });
    await terraform.call("Configure", configureRequest.encode({ config }));
    expect(await arnOf()).toEqual({
      arn: expect.stringMatching(/^arn:aws:ec2:sa-east-1:222222222222:vpc\//),
    });
  });

  it("hands on a planned identity only if it is known", async () => {
    const { terraform } = await setup({});
    const identity = (value: unknown) => {
      const inner = encodeValue(value);
      const dynamic = Buffer.concat([Buffer.from([0x0a, inner.length]), inner]);
      return Buffer.concat([Buffer.from([0x0a, dynamic.length]), dynamic]);
    };
    const known = identity({ id: "1" });
    expect(
      (await apply(terraform, "aws_vpc", null, PLANNED, { planned_identity: known })).new_identity,
    ).toEqual(known);
    const open = identity({ id: UNKNOWN });
    expect(await apply(terraform, "aws_vpc", null, PLANNED, { planned_identity: open })).not.toHaveProperty(
      "new_identity",
    );
  });

  it("fails when the provider has no such type", async () => {
    const { terraform } = await setup({ GetSchema: schemaAnswer({ aws_real: THING }) });
    const request = applyRequest.encode({ type_name: "aws_vpc", planned_state: toDynamic(PLANNED) });
    expect((await terraform.failure("ApplyResourceChange", request)).details).toBe(
      'Relay: the provider has no resource type "aws_vpc", so its values cannot be made up.\n' +
        "  it has: 1 resource types\n" +
        "  do:     take the type out of the relay's rules, or use a provider version that has it.",
    );
  });

  it("can be every resource, from one call to the next", async () => {
    const { relay, terraform } = await setup(
      { ApplyResourceChange: answering({ id: "real", note: "n", secret_wo: null }) },
      { simulateAll: true },
    );
    expect(fromDynamic((await apply(terraform, "aws_real", null, PLANNED)).new_state)).toMatchObject({
      note: "kept",
    });
    relay.setSimulateAll(false);
    expect(fromDynamic((await apply(terraform, "aws_real", null, PLANNED)).new_state)).toMatchObject({
      id: "real",
    });
    expect(relay.stats()).toMatchObject({ simulated: { aws_real: 1 }, emulated: { aws_real: 1 } });
    relay.resetStats();
    expect(relay.stats()).toMatchObject({ simulated: {}, emulated: {} });
  });
});

describe("an echoed resource", () => {
  const lossy = answering(
    { id: "e-1", note: "", secret_wo: null },
    { private: Buffer.from("p"), legacy_type_system: true },
  );

  it("is created by the provider and keeps what the emulator loses", async () => {
    const { relay, terraform } = await setup({ ApplyResourceChange: lossy });
    const response = await apply(terraform, "aws_echoed", null, PLANNED);
    expect(fromDynamic(response.new_state)).toEqual({ id: "e-1", note: "kept", secret_wo: null });
    expect(response).toMatchObject({ private: Buffer.from("p"), legacy_type_system: true });
    expect(relay.stats().echoed).toEqual({ aws_echoed: 1 });
  });

  it("reads back as state has it", async () => {
    const { terraform } = await setup({ ReadResource: readResponse.encode({ new_state: toDynamic(null) }) });
    const current_state = toDynamic({ id: "e-1", note: "kept" });
    const answer = await terraform.call(
      "ReadResource",
      readRequest.encode({ type_name: "aws_echoed", current_state }),
    );
    expect(readResponse.decode(answer).new_state).toEqual(current_state);
  });

  it("fails as the provider fails it, and keeps half of what was created in the ledger", async () => {
    const error = diagnosticMessage.encode({ severity: 1, summary: "no", detail: "not today" });
    const failed = answering({ id: "e-1", note: "", secret_wo: null }, { diagnostics: [error] });
    const gone = readResponse.encode({ new_state: toDynamic({ id: "e-1" }) });
    const { relay, terraform } = await setup({ ApplyResourceChange: failed, ReadResource: gone });
    await terraform.call(
      "Configure",
      configureRequest.encode({ config: toDynamic({ region: "us-east-1" }) }),
    );
    expect(await apply(terraform, "aws_echoed", null, PLANNED)).toEqual(applyResponse.decode(failed));
    expect(relay.stats().echoed).toEqual({});
    expect(await relay.leftovers()).toMatchObject([{ type: "aws_echoed", id: "e-1", what: "not deleted" }]);
  });

  it("passes a delete on", async () => {
    const { relay, terraform } = await setup({ ApplyResourceChange: answering(null) });
    const response = await apply(terraform, "aws_echoed", { id: "e-1" }, null);
    expect(response.new_state).toEqual({ msgpack: Buffer.from("c0", "hex") });
    expect(relay.stats().deleted.echoed).toEqual({ aws_echoed: 1 });
  });
});

describe("the search for leftovers", () => {
  const created = answering({ id: "r-1", note: "n", secret_wo: null });
  const configure = configureRequest.encode({ config: toDynamic({ region: "us-east-1" }) });

  async function created1(
    read: Parameters<typeof readResponse.encode>[0],
    more: Record<string, Uint8Array> = {},
  ) {
    const both = await setup({
      ApplyResourceChange: created,
      ReadResource: readResponse.encode(read),
      ...more,
    });
    await both.terraform.call("Configure", configure);
    await apply(both.terraform, "aws_real", null, PLANNED);
    return both.relay;
  }

  it("reports what is still there and forgets what is gone", async () => {
    expect(await (await created1({ new_state: toDynamic({ id: "r-1" }) })).leftovers()).toEqual([
      {
        type: "aws_real",
        id: "r-1",
        treatment: "emulated",
        what: "not deleted",
        detail: "it was created and nobody deleted it",
      },
    ]);
    expect(await (await created1({ new_state: toDynamic(null) })).leftovers()).toEqual([]);
  });

  it("reports what Terraform deleted and the emulator kept", async () => {
    const state = { id: "r-1" };
    const { relay, terraform } = await setup({
      ApplyResourceChange: answering(null),
      ReadResource: readResponse.encode({ new_state: toDynamic(state) }),
    });
    await terraform.call("Configure", configure);
    await apply(terraform, "aws_real", state, null);
    await apply(terraform, "aws_ebs_encryption_by_default", state, null);
    expect(await relay.leftovers()).toEqual([
      {
        type: "aws_real",
        id: "r-1",
        treatment: "emulated",
        what: "exists",
        detail: "Terraform deleted it, but the emulator still has it",
      },
    ]);
  });

  it("reports what it cannot read", async () => {
    const error = diagnosticMessage.encode({ severity: 1, summary: "reading Thing", detail: "500" });
    expect(await (await created1({ diagnostics: [error] })).leftovers()).toEqual([
      {
        type: "aws_real",
        id: "r-1",
        treatment: "emulated",
        what: "unreadable",
        detail: "the provider could not read it: reading Thing: 500",
      },
    ]);
  });
});
