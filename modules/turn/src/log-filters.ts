/** A count of lines in the relays' log, for a CloudWatch metric filter. */
export interface LogFilter {
  readonly name: LogFilterName;
  /** CloudWatch Logs' filter pattern: a quoted term is text that the line must have; with `?` before, one of several. */
  readonly pattern: string;
  readonly metricName: string;
  readonly unit: "Count";
  /** What one line means. */
  readonly meaning: string;
}

export type LogFilterName =
  | "Requests"
  | "Allocations"
  | "AuthFailures"
  | "QuotaRefusals"
  | "PeerRefusals"
  | "ConfigurationFaults"
  | "TlsUnavailable";

/**
 * Patterns of what coturn 4.6 writes with `verbose`. There is no metric of its own: Debian and Ubuntu build it without
 * Prometheus.
 *
 * A refused request has two lines, of which one names what was asked. 401 alone counts nothing: every client gets one
 * before it has a nonce. A client without a sound credential tries about fifteen times for each call, so AuthFailures
 * measures whether there are any, and not how many people.
 */
export const logFilters: readonly LogFilter[] = [
  filter(
    "Requests",
    '?"processed, success" ?"incoming packet message processed, error"',
    "A TURN request was answered, well or badly. STUN alone is not logged.",
  ),
  filter(
    "Allocations",
    '"incoming packet ALLOCATE processed, success"',
    "A client got a relayed address: most calls take several, and use one or none.",
  ),
  filter(
    "AuthFailures",
    '"check_stun_auth: Cannot find credentials"',
    "A credential was expired, or not signed with a secret that the relays have.",
  ),
  filter(
    "QuotaRefusals",
    '"ALLOCATE processed, error 486"',
    "A user, or all together, had as many allocations as are allowed.",
  ),
  filter(
    "PeerRefusals",
    '?"CREATE_PERMISSION processed, error 403" ?"CHANNEL_BIND processed, error 403"',
    "A client wanted to send to an address of the deny list.",
  ),
  filter(
    "ConfigurationFaults",
    '?"Bad configuration format" ?"CONFIGURATION ALERT" ?"CONFIG ERROR"',
    "coturn did not understand its configuration, and runs without what it did not understand.",
  ),
  filter(
    "TlsUnavailable",
    '"cannot start TLS"',
    "A relay started without a certificate: clients behind strict firewalls cannot reach it.",
  ),
];

function filter(name: LogFilterName, pattern: string, meaning: string): LogFilter {
  return { name, pattern, metricName: name, unit: "Count", meaning };
}
