import { Command } from "commander";
import { Interrupted } from "../errors.js";
import { type EmulatorSessionOptions, emulatorSession } from "../rehearse/emulator-session.js";
import { EXIT_INTERRUPTED } from "../rehearse/interrupts.js";
import { parsePort } from "./rehearse.js";

/** `emulator`: an empty AWS account on this machine, for plain cdktf, terraform and aws. */
export function emulatorCommand(): Command {
  return new Command("emulator")
    .description("start the AWS emulator and the relay alone, and print what makes other tools use them")
    .option("--environment <name>", "environment whose account and region it plays", "development")
    .option("--port <number>", "port of the emulator (default: any free port)", parsePort)
    .action(async (flags: EmulatorSessionOptions) => {
      try {
        await emulatorSession(flags);
      } catch (error) {
        if (!(error instanceof Interrupted)) throw error;
        process.stderr.write(`${error.message} Nothing is left running.\n`);
        process.exitCode = EXIT_INTERRUPTED;
      }
    });
}
