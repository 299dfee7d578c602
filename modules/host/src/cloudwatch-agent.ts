import type { HostFile } from "./host-file.js";
import { HOST_METRICS_NAMESPACE } from "./host-metrics.js";
import { hostLogStreams, hostLogs } from "./log-streams.js";
import { SETTINGS } from "./paths.js";
import { type HostSettings, hasRole } from "./settings.js";

const CLOUDWATCH_AGENT_FILE = `${SETTINGS}/cloudwatch-agent.json`;

/** What the CloudWatch agent collects. Its `${aws:…}` is the agent's own notation. */
export function cloudWatchAgentFile(settings: HostSettings): HostFile {
  return {
    path: CLOUDWATCH_AGENT_FILE,
    content: `${JSON.stringify(configuration(settings), null, 1)}\n`,
    mode: "0644",
  };
}

function configuration(settings: HostSettings) {
  return {
    agent: { metrics_collection_interval: 60, region: settings.region },
    metrics: metrics(settings),
    logs: { logs_collected: { files: { collect_list: collectList(settings) } } },
  };
}

function metrics(settings: HostSettings) {
  return {
    namespace: HOST_METRICS_NAMESPACE,
    append_dimensions: {
      AutoScalingGroupName: "${aws:AutoScalingGroupName}",
      InstanceId: "${aws:InstanceId}",
    },
    // Sums over all hosts and what an alarm asks for. A metric takes part where it has the dimensions.
    aggregation_dimensions: [
      ["AutoScalingGroupName"],
      ["AutoScalingGroupName", "InstanceId"],
      // A queue is of the environment, whichever group measures it.
      ["Queue"],
      ["AutoScalingGroupName", "path"],
      ["AutoScalingGroupName", "exe"],
    ],
    metrics_collected: {
      disk: { measurement: ["used_percent"], resources: ["/", "/data"], drop_device: true },
      mem: { measurement: ["used_percent"] },
      ...(hasRole(settings, "web")
        ? { procstat: ["nginx", "php-fpm"].map((exe) => ({ exe, measurement: ["pid_count"] })) }
        : {}),
      statsd: {
        service_address: "127.0.0.1:8125",
        metrics_collection_interval: 10,
        metrics_aggregation_interval: 60,
      },
    },
  };
}

function collectList({ roles, logGroupNames }: HostSettings) {
  return hostLogStreams(roles).map((stream) => {
    const { path, entryStart } = hostLogs[stream];
    return {
      file_path: path,
      log_group_name: logGroupNames[stream],
      log_stream_name: "{instance_id}",
      ...(entryStart === undefined ? {} : { multi_line_start_pattern: entryStart }),
    };
  });
}
