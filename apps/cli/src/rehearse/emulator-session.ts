import { join } from "node:path";
import { loadEnvironment } from "@telemedicina/config";
import { REQUIRED_AWS_PROVIDER } from "@telemedicina/core";
import { type Emulator, startEmulator } from "../emulator/emulator.js";
import { emulatorVariables } from "../emulator/environment.js";
import { ENVIRONMENTS, projectRoot } from "../project.js";
import { RELAY_RULES, type Relay, startRelay } from "../relay/index.js";
import { listenForInterrupts, unlessStopped } from "./interrupts.js";
import { environmentOf, findTools, reattachFor } from "./prepare.js";
import { createWorkDirectory } from "./work-directory.js";

export interface EmulatorSessionOptions {
  /** Environment whose account and region the emulator plays. */
  readonly environment: string;
  /** @default - any free port */
  readonly port?: number;
}

/** Runs emulator and relay until the operator stops them; never returns before, always throws the reason. */
export async function emulatorSession(options: EmulatorSessionOptions): Promise<never> {
  const root = projectRoot();
  const { accountId, region, name } = loadEnvironment(join(root, ENVIRONMENTS), options.environment);
  const work = createWorkDirectory(root, "emulator");
  const interrupts = listenForInterrupts(work.remove);
  let emulator: Emulator | undefined;
  let relay: Relay | undefined;
  try {
    const say = (text: string): void => console.error(text);
    const tools = await unlessStopped(
      findTools({ root, constraint: REQUIRED_AWS_PROVIDER, say, signal: interrupts.signal }),
      interrupts.signal,
    );
    emulator = await startEmulator({
      moto: tools.moto,
      directory: work.logs,
      accountId,
      region,
      ...(options.port === undefined ? {} : { port: options.port }),
    });
    const env = environmentOf(work, emulator.port, region, tools.provider);
    relay = await startRelay({
      providerBinary: tools.provider.binary,
      providerEnv: env,
      rules: RELAY_RULES,
      accountId,
      region,
    });
    console.log(
      instructions(name, {
        ...emulatorVariables(emulator.port, region),
        AWS_CONFIG_FILE: work.emptyFile,
        AWS_SHARED_CREDENTIALS_FILE: work.emptyFile,
        TF_CLI_CONFIG_FILE: work.cliConfig,
        TF_REATTACH_PROVIDERS: reattachFor(tools.terraform.product, relay.reattach),
      }),
    );
    const stopped = new Promise<never>((_, reject) => {
      interrupts.signal.addEventListener("abort", () => reject(interrupts.signal.reason as Error), {
        once: true,
      });
    });
    const died = emulator.died.then((reason) => Promise.reject(reason));
    return await Promise.race([stopped, died]);
  } finally {
    await relay?.close();
    await emulator?.end();
    work.remove();
    interrupts.dispose();
  }
}

function instructions(environment: string, variables: Readonly<Record<string, string>>): string {
  return [
    `# An empty AWS account for ${environment}. Paste these lines into another shell:`,
    "unset AWS_PROFILE AWS_DEFAULT_PROFILE AWS_SESSION_TOKEN AWS_CA_BUNDLE http_proxy https_proxy no_proxy",
    ...Object.entries(variables).map(([name, value]) => `export ${name}='${value}'`),
    "",
    `# The state bucket does not exist yet: npm run bootstrap -- ${environment}`,
    "# Then cdktf (with --skip-provider-lock: it would ask the registry), terraform and aws work as on AWS.",
    "# Ctrl-C ends it, and with it all that was made.",
  ].join("\n");
}
