import { RELAY_RULES, type Relay, startRelay } from "@telemedicina/cli/relay/index";
import { driverBuildspec } from "@telemedicina/pipeline";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { deliveries, program } from "../src/deliveries.js";
import {
  ACCOUNT,
  type Components,
  findComponents,
  type Moto,
  REGION,
  Root,
  startMoto,
} from "./relay-support.js";

const components = findComponents();

/** An environment rehearses the way it deploys; here every way is held against the real Terraform and provider. */
describe.skipIf(!components)("a delivery with the real Terraform and provider", () => {
  const parts = components as Components;
  let moto: Moto;
  let relay: Relay;

  beforeAll(async () => {
    moto = await startMoto(parts);
    relay = await startRelay({
      providerBinary: parts.provider,
      providerEnv: moto.providerEnv,
      rules: RELAY_RULES,
      accountId: ACCOUNT,
      region: REGION,
    });
  });
  afterAll(async () => {
    await relay?.close();
    await moto?.stop();
  });

  it.each(Object.entries(deliveries))("%s: applies, wants no change after, destroys", async (name, build) => {
    const document = JSON.stringify({
      ...build(),
      terraform: { required_providers: { aws: { source: "hashicorp/aws" } } },
    });
    const root = new Root(parts, relay.reattach, { "cdk.tf.json": document });
    const run = async (...args: string[]) => {
      const { exitCode, output } = await root.run(...args);
      expect(exitCode, output).toBe(0);
      return output;
    };
    try {
      await run("init");
      await run("apply", "-auto-approve", "-no-color");
      const plan = await run("plan", "-detailed-exitcode", "-no-color");
      // The connection that a pipeline makes waits for somebody; nothing else is amiss.
      const warnings = name.startsWith("pipeline") ? 1 : 0;
      expect(plan.match(/^.*Warning:.*$/gm) ?? []).toHaveLength(warnings);
      expect(/is\s+PENDING,\s+so\s+that\s+no\s+push\s+is\s+deployed/.test(flat(plan))).toBe(warnings === 1);
      // What the shell shall fill in has not become Terraform's on the way.
      const inline = name === "pipeline, blue and green" ? [driverBuildspec(program)] : [];
      expect(buildspecs(await run("show", "-json")).filter((text) => text.includes("\n"))).toEqual(inline);
    } finally {
      await root.run("destroy", "-auto-approve");
      expect((await root.run("state", "list")).output).toBe("");
      root.remove();
    }
  });
});

interface Resource {
  readonly type: string;
  readonly values: { readonly source: readonly { readonly buildspec: string }[] };
}

function buildspecs(state: string): string[] {
  const { values } = JSON.parse(state) as { values: { root_module: { resources: readonly Resource[] } } };
  return values.root_module.resources
    .filter(({ type }) => type === "aws_codebuild_project")
    .flatMap(({ values: { source } }) => source.map(({ buildspec }) => buildspec));
}

/** Without the frame that Terraform draws around a warning. */
function flat(output: string): string {
  return output.replaceAll("│", " ");
}
