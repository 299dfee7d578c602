import { Command } from "commander";
import { isUserFault } from "./errors.js";

/** Each command loads only what it needs: synth is run dozens of times a day, the relay is not. */
const commands: Readonly<Record<string, () => Promise<Command>>> = {
  validate: async () => (await import("./commands/validate.js")).validateCommand(),
  synth: async () => (await import("./commands/synth.js")).synthCommand(),
  rehearse: async () => (await import("./commands/rehearse.js")).rehearseCommand(),
  emulator: async () => (await import("./commands/emulator.js")).emulatorCommand(),
  bootstrap: async () => (await import("./commands/bootstrap.js")).bootstrapCommand(),
  hcp: async () => (await import("./commands/hcp.js")).hcpCommand(),
  bench: async () => (await import("./commands/bench.js")).benchCommand(),
  schema: async () => (await import("./commands/schema.js")).schemaCommand(),
  docs: async () => (await import("./commands/docs.js")).docsCommand(),
};

async function main(argv: readonly string[]): Promise<void> {
  const program = new Command("telemedicina")
    .description("Provisions Telemedicina Para Todos on AWS, and rehearses it without an account.")
    .showHelpAfterError("(add --help for what it takes)");
  const wanted = commands[argv[2] ?? ""];
  const loaders = wanted === undefined ? Object.values(commands) : [wanted];
  for (const load of loaders) program.addCommand(await load());
  await program.parseAsync([...argv]);
}

main(process.argv).catch((error: unknown) => {
  if (isUserFault(error)) {
    process.stderr.write(`${error.message}\n`);
  } else {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    process.stderr.write(
      "This is a defect of the tool, not of your input: please report it with the lines above.\n",
    );
  }
  process.exitCode = 1;
});
