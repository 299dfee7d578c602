import { Command } from "commander";
import { compare } from "./compare.js";
import { deployBundle } from "./deploy-bundle.js";
import { readProps } from "./settings-file.js";
import { writeBundle } from "./write.js";

/** What a command ends with. */
export interface Outcome {
  readonly text: string;
  readonly exitCode: 0 | 1;
}

/** `write` and `check`. @param done gets what to print and how to end */
export function bundleCommand(done: (outcome: Outcome) => void): Command {
  const program = new Command("bundle")
    .description(
      "The files that a Laravel repository needs to be deployed. Settings: bundle.json at its root.",
    )
    .showHelpAfterError("(add --help for what it takes)");
  program
    .command("write")
    .description("write the files, or bring them up to date; refuses to lose changes of yours")
    .argument("<directory>", "root of the Laravel repository")
    .option("--force", "take the place of changed files too", false)
    .action((directory: string, { force }: { force: boolean }) => done(write(directory, force)));
  program
    .command("check")
    .description("list what differs from the files as they would be written; 1 if anything does")
    .argument("<directory>", "root of the Laravel repository")
    .action((directory: string) => done(check(directory)));
  return program;
}

function write(directory: string, force: boolean): Outcome {
  const written = writeBundle(directory, deployBundle(readProps(directory)), force);
  const text = written.length === 0 ? "Up to date.\n" : written.map((path) => `written: ${path}\n`).join("");
  return { text, exitCode: 0 };
}

function check(directory: string): Outcome {
  const different = compare(directory, deployBundle(readProps(directory))).filter(
    ({ state }) => state !== "same",
  );
  if (different.length === 0) return { text: "Up to date.\n", exitCode: 0 };
  const list = different.map(({ file, state }) => `${state}: ${file.path}\n`).join("");
  return { text: `${list}Bring them up to date: npx @telemedicina/bundle write ${directory}\n`, exitCode: 1 };
}
