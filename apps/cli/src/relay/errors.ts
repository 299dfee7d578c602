/** The provider could not be started; its message is meant for the person at the keyboard. */
export class ProviderStartError extends Error {
  override readonly name = "ProviderStartError";
}

/** A provider process ended although somebody still needed it. */
class ProviderDiedError extends Error {
  override readonly name = "ProviderDiedError";
}

export interface ProcessEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export function diedDuring(
  what: string,
  pid: number | undefined,
  end: ProcessEnd,
  log: readonly string[],
): ProviderDiedError {
  const how = end.signal ? `was ended by ${end.signal}` : `exited with code ${end.code}`;
  return new ProviderDiedError(
    `Relay: the AWS provider process ${pid ?? "(no pid)"} ${how} during ${what}.\n` +
      `  last lines of its log: ${log.length === 0 ? "(none)" : `\n    ${log.join("\n    ")}`}\n` +
      "  do: run the command again, a new connection gets a new process. If it dies again, look for " +
      "want of memory (each process takes about 0.5 GB) and set TF_LOG=debug.",
  );
}

export function startFailed(
  binary: string,
  pid: number | undefined,
  why: string,
  log: readonly string[],
): ProviderStartError {
  return new ProviderStartError(
    `Relay: the AWS provider ${binary} (process ${pid ?? "not started"}) did not start: ${why}.\n` +
      `  last lines of its log: ${log.length === 0 ? "(none)" : `\n    ${log.join("\n    ")}`}\n` +
      "  do: check that the file is a provider binary for this machine and that it may be executed.",
  );
}

export function noSuchBinary(binary: string): ProviderStartError {
  return new ProviderStartError(
    `Relay: the provider binary ${JSON.stringify(binary)} is missing or may not be executed.\n` +
      "  do: set TF_PROVIDER_MIRROR to a filesystem mirror that holds registry.terraform.io/hashicorp/aws, " +
      "or run `terraform providers mirror <dir>` where the registry can be reached.",
  );
}
