import { gzipSync } from "node:zlib";
import { stringify } from "yaml";
import { moduleFile } from "../module-file.js";
import { turnSoftwareError, userDataFaultText } from "../software-errors.js";
import { cloudWatchAgentFile } from "./cloudwatch-agent.js";
import { settingsFaults } from "./faults.js";
import type { HostFile } from "./host-file.js";
import { nodeConfig } from "./node-config.js";
import { PROGRAMS, paths, SETTINGS } from "./paths.js";
import type { TurnHostProps } from "./props.js";
import { resolveSettings, type TurnHostSettings } from "./settings.js";
import { systemFiles } from "./system-files.js";
import { turnJson } from "./turn-json.js";
import { nodeUnits } from "./units.js";

/** EC2 takes 16 KB after gzip and before base64; what is left over is room for what a caller adds. */
const TURN_USER_DATA_BUDGET_BYTES = 14_000;

export interface TurnHost {
  readonly files: readonly HostFile[];
  readonly packages: readonly string[];
  /** A `#cloud-config` document for Ubuntu 24.04, literal: no secret, no token, the same for the same props. */
  readonly userData: string;
}

/** Of Ubuntu 24.04's own repositories, `universe` included; the CloudWatch agent comes from AWS. */
const packages = ["coturn", "python3-boto3", "certbot", "python3-certbot-dns-route53", "openssl", "curl"];

/**
 * What a relay runs, from its packages to its lifecycle hooks.
 *
 * @throws with every fault of the props, when there is one
 */
export function turnHost(props: TurnHostProps): TurnHost {
  const settings = resolveSettings(props);
  const faults = settingsFaults(settings);
  if (faults.length > 0) throw turnSoftwareError("turnHost", faults);
  const files = nodeFiles(settings);
  const userData = userDataOf(files);
  const bytes = gzipSync(userData, { level: 9 }).length;
  if (bytes > TURN_USER_DATA_BUDGET_BYTES) {
    throw turnSoftwareError("turnHost", [userDataFaultText(bytes, TURN_USER_DATA_BUDGET_BYTES)]);
  }
  return { files, packages, userData };
}

function nodeFiles(settings: TurnHostSettings): HostFile[] {
  return [
    { path: `${SETTINGS}/turn.json`, content: turnJson(settings), mode: "0644" },
    { path: paths.base, content: nodeConfig(settings), mode: "0644" },
    cloudWatchAgentFile(settings),
    program("turn-boot", "turn-boot.sh"),
    ...["address", "secrets", "certificate", "check", "lifecycle"].map((name) =>
      program(`turn-${name}`, `turn-${name}.py`),
    ),
    { path: `${PROGRAMS}/turn_node.py`, content: moduleFile("turn_node.py"), mode: "0644" },
    ...nodeUnits(),
    ...systemFiles(),
  ];
}

/** Each under `files/` with its ending, on the node without. */
function program(name: string, source: string): HostFile {
  return { path: `${PROGRAMS}/${name}`, content: moduleFile(source), mode: "0755" };
}

/** cloud-init writes the files before it installs packages: coturn's unit is ours before there is a coturn. */
function userDataOf(files: readonly HostFile[]): string {
  const document = {
    package_update: true,
    packages,
    write_files: files.map(({ path, content, mode }) => ({ path, permissions: mode, content })),
    runcmd: [[`${PROGRAMS}/turn-boot`]],
  };
  // cloud-init reads YAML 1.1, where more words than in 1.2 are no strings.
  return `#cloud-config\n${stringify(document, { version: "1.1", lineWidth: 0, blockQuote: "literal" })}`;
}
