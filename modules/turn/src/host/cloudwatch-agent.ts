import type { HostFile } from "./host-file.js";
import { NODE_LOG, paths, SETTINGS } from "./paths.js";
import type { TurnHostSettings } from "./settings.js";

/** What the CloudWatch agent sends. Its `{instance_id}` and `${aws:…}` are the agent's own notation. */
export function cloudWatchAgentFile(settings: TurnHostSettings): HostFile {
  const configuration = {
    agent: { region: settings.region },
    metrics: metrics(settings),
    logs: {
      logs_collected: {
        files: {
          collect_list: [
            // Its times have a zone.
            { ...stream(settings, paths.log, "turnserver"), timestamp_format: "%Y-%m-%dT%H:%M:%S%z" },
            stream(settings, NODE_LOG, "node"),
            stream(settings, "/var/log/cloud-init-output.log", "cloud-init"),
          ],
        },
      },
    },
  };
  return {
    path: `${SETTINGS}/cloudwatch-agent.json`,
    content: `${JSON.stringify(configuration, null, 1)}\n`,
    mode: "0644",
  };
}

/** The first three say that the instance type is too small, and why. */
function metrics({ metricNamespace }: TurnHostSettings) {
  return {
    namespace: metricNamespace,
    append_dimensions: { AutoScalingGroupName: "${aws:AutoScalingGroupName}" },
    aggregation_dimensions: [["AutoScalingGroupName"]],
    metrics_collected: {
      ethtool: {
        metrics_include: [
          "bw_out_allowance_exceeded",
          "pps_allowance_exceeded",
          "conntrack_allowance_exceeded",
        ],
      },
      disk: { measurement: ["used_percent"], resources: ["/"], drop_device: true },
    },
  };
}

function stream({ logGroupName }: TurnHostSettings, file: string, name: string) {
  return { file_path: file, log_group_name: logGroupName, log_stream_name: `{instance_id}/${name}` };
}
