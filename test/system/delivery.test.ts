import { RELAY_RULES, type Relay, startRelay } from "@telemedicina/cli/relay/index";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { deliveries } from "../src/deliveries.js";
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
    try {
      for (const args of [["init"], ["apply", "-auto-approve"], ["plan", "-detailed-exitcode"]]) {
        const { exitCode, output } = await root.run(...args, "-no-color");
        expect(exitCode, output).toBe(0);
        if (args[0] === "plan") {
          // The connection that a pipeline makes waits for somebody; nothing else is amiss.
          const warnings = output.match(/^.*Warning:.*$/gm) ?? [];
          expect(warnings).toHaveLength(name.startsWith("pipeline") ? 1 : 0);
          expect(/is\s+PENDING,\s+so\s+that\s+no\s+push\s+is\s+deployed/.test(flat(output))).toBe(
            warnings.length === 1,
          );
        }
      }
      const { exitCode, output } = await root.run("destroy", "-auto-approve", "-no-color");
      expect(exitCode, output).toBe(0);
    } finally {
      root.remove();
    }
  });
});

/** Without the frame that Terraform draws around a warning. */
function flat(output: string): string {
  return output.replaceAll("│", " ");
}
