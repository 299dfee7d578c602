import { RELAY_RULES, type Relay, startRelay } from "@telemedicina/cli/relay/index";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { RULE_CASES } from "./relay-rule-cases.js";
import {
  ACCOUNT,
  type Components,
  findComponents,
  type Moto,
  motoVersion,
  REGION,
  Root,
  startMoto,
} from "./relay-support.js";

const components = findComponents();
const TYPES = RELAY_RULES.map((rule) => rule.type);

/** All cases in one root, each a module of its own, so that the slow ones are slow at the same time. */
const MAIN = `
terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}
provider "aws" {
  region = "${REGION}"
}
resource "aws_vpc" "it" {
  cidr_block = "10.40.0.0/16"
}
${TYPES.map((type) => `module "${type}" {\n  source = "./${type}"\n  vpc_id = aws_vpc.it.id\n}`).join("\n")}
`;
const VARIABLES = `variable "vpc_id" {}\n`;

function files(): Record<string, string> {
  const modules = TYPES.map((type) => [`${type}/main.tf`, VARIABLES + (RULE_CASES[type] ?? "")] as const);
  return { "main.tf": MAIN, ...Object.fromEntries(modules) };
}

describe("the cases of the relay's rules", () => {
  it("are one for each rule", () => {
    expect(Object.keys(RULE_CASES)).toEqual(TYPES);
  });
});

describe.skipIf(!components)("the relay's rules are needed", () => {
  let moto: Moto;
  let relay: Relay;
  let root: Root;
  /** Faults by the module, and so by the rule, in which they came up. */
  const faults = new Map<string, string[]>();

  beforeAll(async () => {
    const parts = components as Components;
    moto = await startMoto(parts);
    relay = await startRelay({
      providerBinary: parts.provider,
      providerEnv: moto.providerEnv,
      rules: [],
      accountId: ACCOUNT,
      region: REGION,
    });
    root = new Root(parts, relay.reattach, files());
    expect(await root.run("init")).toMatchObject({ exitCode: 0 });
    const apply = await root.run("apply", "-auto-approve", "-json");
    for (const [type, text] of failuresIn(apply.output)) note(type, `apply: ${text}`);
    const plan = await root.run("plan", "-json");
    for (const [type, text] of failuresIn(plan.output)) note(type, `plan: ${text}`);
    for (const [type, text] of changesIn(plan.output)) note(type, `second plan: ${text}`);
    const destroy = await root.run("destroy", "-refresh=false", "-auto-approve", "-json");
    // Their messages name no address; what failed is told by the event beside them.
    for (const type of failedIn(destroy.output)) note(type, "destroy: failed");
  });
  afterAll(async () => {
    await relay?.close();
    await moto?.stop();
    root?.remove();
  });

  function note(type: string, text: string): void {
    faults.set(type, [...(faults.get(type) ?? []), text]);
  }

  it("judges by a run in which what has no rule works", () => {
    expect(faults.get("")).toBeUndefined();
  });

  it.each(TYPES)("%s", (type) => {
    const found = faults.get(type) ?? [];
    process.stderr.write(`${type}\n  ${found.join("\n  ") || "no fault"}\n`);
    if (found.length === 0)
      throw new Error(`entry ${type} is no longer needed with moto ${motoVersion(components as Components)}`);
  });
});

interface Line {
  readonly type: string;
  readonly "@message": string;
  readonly diagnostic?: {
    readonly severity: string;
    readonly summary: string;
    readonly detail?: string;
    readonly address?: string;
  };
  readonly hook?: { readonly resource: { readonly addr: string } };
  readonly change?: { readonly action: string; readonly resource: { readonly addr: string } };
}

function lines(output: string): Line[] {
  return output.split("\n").flatMap((line) => (line.startsWith("{") ? [JSON.parse(line) as Line] : []));
}

function failuresIn(output: string): [string, string][] {
  return lines(output).flatMap(({ diagnostic }) =>
    diagnostic?.severity === "error"
      ? [
          [
            moduleOf(diagnostic.address),
            `${diagnostic.summary} ${diagnostic.detail ?? ""}`.split("\n").join(" "),
          ] as [string, string],
        ]
      : [],
  );
}

function failedIn(output: string): string[] {
  return lines(output).flatMap(({ type, hook }) =>
    type === "apply_errored" && hook ? [moduleOf(hook.resource.addr)] : [],
  );
}

/** A resource whose apply failed is planned again; that is no fault of its own. */
function changesIn(output: string): [string, string][] {
  return lines(output).flatMap(({ type, change }) =>
    type === "planned_change" && change && change.action !== "create"
      ? [[moduleOf(change.resource.addr), `${change.action} ${change.resource.addr}`] as [string, string]]
      : [],
  );
}

function moduleOf(address = ""): string {
  return /^module\.(\w+)\./.exec(address)?.[1] ?? "";
}
