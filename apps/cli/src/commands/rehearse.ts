import { Command, InvalidArgumentError } from "commander";
import { Interrupted } from "../errors.js";
import { EXIT_INTERRUPTED } from "../rehearse/interrupts.js";
import type { RehearsalOptions } from "../rehearse/rehearsal.js";
import { concludeRehearsal, rehearse } from "../rehearse/rehearse.js";

/** `rehearse <environment>`: the whole life of an environment, on an emulated AWS account. */
export function rehearseCommand(): Command {
  return new Command("rehearse")
    .description("apply, re-plan and destroy an environment with the real Terraform, on an AWS emulator")
    .argument("<environment>", "name of a file in config/environments, such as development")
    .option("--stack <area>", "only this stack and those it needs, such as network")
    .option("--quick", "simulate every resource: only the plans are real, and nothing waits")
    .option("--keep", "destroy nothing, leave the emulator running and say how to look at it")
    .option("--port <number>", "port of the emulator (default: any free port)", parsePort)
    .option("--report <file>", "write the figures as JSON")
    .option("--plan-only", "stop after the plans")
    .action(async (environment: string, flags: Omit<RehearsalOptions, "environment">) => {
      try {
        concludeRehearsal(await rehearse({ environment, ...flags }));
      } catch (error) {
        if (!(error instanceof Interrupted)) throw error;
        process.stderr.write(`${error.message} Nothing is left running.\n`);
        process.exitCode = EXIT_INTERRUPTED;
      }
    });
}

export function parsePort(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 1 && port <= 65_535) return port;
  throw new InvalidArgumentError(`"${text}" is not a port. Allowed: a whole number from 1 to 65535.`);
}
