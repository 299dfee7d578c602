import type { HostFile } from "./host-file.js";
import { CONFIGURED, NODE_LOG, PROGRAMS } from "./paths.js";

/** What systemd runs: coturn as its package has it, with a few lines more, and the node's own programs. */
export function nodeUnits(): HostFile[] {
  return [
    unit("coturn.service.d/node.conf", coturn()),
    unit("turn-lifecycle.service", lifecycle()),
    ...timed("turn-secrets", "Accepted secrets", "OnUnitInactiveSec=60"),
    ...timed("turn-certificate", "Certificate", "OnUnitInactiveSec=3600", "RandomizedDelaySec=600"),
    ...timed("turn-check", "Health of the relay", "OnUnitInactiveSec=30"),
  ];
}

/**
 * The package starts coturn as soon as it is installed, with a configuration that asks nobody for a credential: so not
 * before ours is there. Each call has two sockets at least.
 */
function coturn(): string {
  return lines(
    "[Unit]",
    `ConditionPathExists=${CONFIGURED}`,
    "StartLimitIntervalSec=0",
    "",
    "[Service]",
    "LimitNOFILE=65536",
    "LogsDirectory=turnserver",
    "NoNewPrivileges=yes",
    "ProtectSystem=full",
    "Restart=always",
    "RestartSec=2",
  );
}

function lifecycle(): string {
  return lines(
    "[Unit]",
    "Description=Drain when the Auto Scaling group terminates this node",
    "Wants=network-online.target",
    "After=network-online.target",
    "StartLimitIntervalSec=0",
    "",
    "[Service]",
    `ExecStart=${PROGRAMS}/turn-lifecycle watch`,
    "Restart=on-failure",
    "RestartSec=10",
    ...log,
    "",
    "[Install]",
    "WantedBy=multi-user.target",
  );
}

function timed(name: string, description: string, ...when: readonly string[]): HostFile[] {
  const command = name === "turn-check" ? `${name} watch` : name;
  return [
    unit(
      `${name}.service`,
      lines(
        "[Unit]",
        `Description=${description}`,
        "",
        "[Service]",
        "Type=oneshot",
        `ExecStart=${PROGRAMS}/${command}`,
        "TimeoutStartSec=600",
        ...log,
      ),
    ),
    unit(
      `${name}.timer`,
      lines(
        "[Unit]",
        `Description=${description}, again and again`,
        "",
        "[Timer]",
        "OnActiveSec=30",
        ...when,
        "AccuracySec=1",
        "",
        "[Install]",
        "WantedBy=timers.target",
      ),
    ),
  ];
}

const log = [`StandardOutput=append:${NODE_LOG}`, "StandardError=inherit"];

function unit(name: string, content: string): HostFile {
  return { path: `/etc/systemd/system/${name}`, content, mode: "0644" };
}

function lines(...text: readonly string[]): string {
  return `${text.join("\n")}\n`;
}
