import { ProviderStartError } from "./errors.js";

/** What every Terraform provider of protocol 5 wants to see before it serves. */
const MAGIC_COOKIE = "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2";

/**
 * A provider that no Terraform started logs every request with its body; formatting that costs more than the
 * requests. Errors are enough, unless somebody asked for more.
 */
const QUIET = { TF_LOG_SDK: "ERROR", TF_LOG_PROVIDER_AWS: "ERROR" };

/** Settings of the caller that a provider process gets from us; nothing else is inherited. */
const LOGGING = ["TF_LOG", "TF_LOG_PROVIDER", "TF_LOG_PROVIDER_AWS", "TF_LOG_SDK"];
const INHERITED = ["PATH", "TMPDIR", ...LOGGING];

/**
 * The environment of a provider process. It is built from nothing, so that a profile, a proxy or a real
 * credential of the person at the keyboard can never reach the provider: what it needs is in `providerEnv`.
 */
export function handshakeEnv(
  providerEnv: Readonly<Record<string, string>>,
  socketDir: string,
  inherit: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  const env: Record<string, string> = LOGGING.some((name) => inherit[name]) ? {} : { ...QUIET };
  for (const name of INHERITED) {
    const value = inherit[name];
    if (value !== undefined) env[name] = value;
  }
  for (const [name, value] of Object.entries(providerEnv)) env[name] = value;
  env["TF_PLUGIN_MAGIC_COOKIE"] = MAGIC_COOKIE;
  env["PLUGIN_PROTOCOL_VERSIONS"] = "5";
  env["PLUGIN_UNIX_SOCKET_DIR"] = socketDir;
  return env;
}

/** Reads `1|5|unix|/tmp/plugin123|grpc|` and returns the gRPC target of the socket. */
export function parseHandshake(line: string, binary: string): string {
  const [core, protocol, network, address, kind] = line.trim().split("|");
  if (core !== "1" || protocol !== "5" || kind !== "grpc" || !address) throw unexpected(line, binary);
  if (network === "unix") return `unix:${address}`;
  if (network === "tcp") return address;
  throw unexpected(line, binary);
}

function unexpected(line: string, binary: string): ProviderStartError {
  return new ProviderStartError(
    `Relay: the first line of ${binary} is not a handshake of provider protocol 5.\n` +
      `  got:     ${JSON.stringify(line.slice(0, 200))}\n` +
      "  allowed: 1|5|unix|<socket>|grpc|\n" +
      "  do:      give the path of a terraform-provider-aws binary of this machine's architecture.",
  );
}
