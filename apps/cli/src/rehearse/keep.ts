import { relative } from "node:path";
import type { Emulator } from "../emulator/emulator.js";
import type { SynthesizedStack } from "../synth.js";

/** How to look at an emulator that was left running, for the person who asked for it. */
export function keepHints(
  emulator: Emulator,
  region: string,
  stacks: readonly SynthesizedStack[],
  workDirectory: string,
  stateBucket: string | undefined,
): string {
  const address = `http://127.0.0.1:${emulator.port}`;
  const aws = `aws --endpoint-url ${address} --region ${region}`;
  const directory = relative(process.cwd(), workDirectory) || ".";
  return [
    `Kept: the emulator goes on at ${address} (process ${emulator.pid}), what was written in ${directory}.`,
    "",
    "To look at it:",
    "  export AWS_ACCESS_KEY_ID=rehearsal AWS_SECRET_ACCESS_KEY=rehearsal",
    `  ${aws} ec2 describe-vpcs`,
    `  ${aws} ec2 describe-security-group-rules`,
    `  ${aws} ec2 describe-network-acls`,
    ...(stateBucket === undefined ? [] : [`  ${aws} s3api list-objects-v2 --bucket ${stateBucket}`]),
    "",
    `To end it: kill ${emulator.pid}; rm -r ${directory}`,
    `Stacks in it: ${stacks.map((stack) => stack.name).join(", ")}. What the relay simulated is in their state alone.`,
  ].join("\n");
}
