import { turnRelayPorts } from "@telemedicina/core";
import type { HostFile } from "./host-file.js";
import { NODE_LOG, paths } from "./paths.js";

/** Kernel, log rotation, and upgrades that must not end calls. */
export function systemFiles(): HostFile[] {
  return [
    file(
      "/etc/sysctl.d/90-turn.conf",
      "# Relayed ports are coturn's alone.",
      `net.ipv4.ip_local_port_range = 1024 ${turnRelayPorts.from - 1}`,
      "# Bursts of media, until coturn comes to read them.",
      "net.core.rmem_max = 8388608",
      "net.core.wmem_max = 8388608",
      "net.core.netdev_max_backlog = 4096",
    ),
    file(
      "/etc/logrotate.d/turn",
      `${paths.log} ${NODE_LOG} {`,
      "    hourly",
      "    size 100M",
      "    rotate 3",
      "    compress",
      "    missingok",
      "    notifempty",
      "    copytruncate",
      "}",
    ),
    file("/etc/apt/apt.conf.d/60turn", 'Unattended-Upgrade::Package-Blacklist { "coturn"; };'),
    file("/etc/needrestart/conf.d/turn.conf", "$nrconf{override_rc}{qr(^coturn)} = 0;"),
  ];
}

function file(path: string, ...lines: readonly string[]): HostFile {
  return { path, content: `${lines.join("\n")}\n`, mode: "0644" };
}
