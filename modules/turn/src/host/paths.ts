/** Settings of the node's own programs, and what they read. */
export const SETTINGS = "/etc/telemedicina";
export const PROGRAMS = "/usr/local/sbin";
export const NODE_LOG = "/var/log/turn-node.log";
/** `turn-boot` makes it once its configuration has taken the place of the package's. */
export const CONFIGURED = "/etc/turnserver";

/** Where the programs find what they work on; `turn.json` tells them. */
export const paths = {
  /** `turnserver.conf` without the node's addresses, which it learns at boot. */
  base: `${SETTINGS}/turnserver.conf`,
  configuration: "/etc/turnserver.conf",
  database: "/var/lib/turn/turndb",
  certificate: "/etc/turnserver/cert.pem",
  key: "/etc/turnserver/key.pem",
  log: "/var/log/turnserver/turnserver.log",
  /** Marks that a boot forgets. */
  state: "/run/turn-node",
  /** Not certbot's own, whose timer would renew behind our back. */
  certbot: "/var/lib/turn-certbot",
} as const;
