import { describe, expect, it } from "vitest";
import { HOST_METRICS_NAMESPACE, hostLogStreams, hostLogs, hostMetrics } from "../src/index.js";
import { moduleFile } from "../src/module-file.js";
import { fileOf, host, leastHost } from "./support.js";

interface Agent {
  readonly metrics: {
    readonly namespace: string;
    readonly append_dimensions: Readonly<Record<string, string>>;
    readonly aggregation_dimensions: readonly (readonly string[])[];
    readonly metrics_collected: Readonly<Record<string, unknown>>;
  };
  readonly logs: {
    readonly logs_collected: {
      readonly files: {
        readonly collect_list: readonly {
          readonly file_path: string;
          readonly log_group_name: string;
          readonly log_stream_name: string;
          readonly multi_line_start_pattern?: string;
        }[];
      };
    };
  };
}

function agent(changes: Parameters<typeof host>[0] = {}): Agent {
  return JSON.parse(fileOf(host(changes), "/etc/telemedicina/cloudwatch-agent.json")) as Agent;
}

function collected(changes: Parameters<typeof host>[0] = {}) {
  return agent(changes).logs.logs_collected.files.collect_list;
}

describe("logs", () => {
  it("LOG-01, LOG-02, LOG-03, LOG-04, LOG-05, LOG-06: are collected from where the strategy has them", () => {
    expect(
      Object.fromEntries(collected().map(({ file_path, log_group_name }) => [file_path, log_group_name])),
    ).toEqual(
      Object.fromEntries(
        Object.entries({
          laravel: "/var/www/html/storage/logs/laravel.log",
          "nginx-access": "/var/log/nginx/access.log",
          "nginx-error": "/var/log/nginx/error.log",
          "php-fpm": "/var/log/php-fpm/error.log",
          "php-fpm-slow": "/var/log/php-fpm/slow.log",
          reverb: "/var/www/html/storage/logs/reverb.log",
          worker: "/var/www/html/storage/logs/worker.log",
          scheduler: "/var/www/html/storage/logs/scheduler.log",
          codedeploy: "/var/log/aws/codedeploy-agent/codedeploy-agent.log",
          "cloud-init": "/var/log/cloud-init-output.log",
          host: "/var/log/host-setup.log",
        }).map(([stream, path]) => [path, `telemedicina-production-log-group-app-${stream}-sa-east-1`]),
      ),
    );
    expect(new Set(collected().map(({ log_stream_name }) => log_stream_name))).toEqual(
      new Set(["{instance_id}"]),
    );
  });

  it("are those of the host's roles", () => {
    expect(hostLogStreams(["worker"])).toEqual(["laravel", "worker", "codedeploy", "cloud-init", "host"]);
    expect(hostLogStreams(["scheduler"])).toEqual([
      "laravel",
      "scheduler",
      "codedeploy",
      "cloud-init",
      "host",
    ]);
    expect(collected({ roles: ["worker"] })).toHaveLength(5);
    expect(hostLogStreams(leastHost.roles)).toEqual(Object.keys(hostLogs));
  });

  it("an entry of several lines stays one", () => {
    const start = (stream: keyof typeof hostLogs) => new RegExp(hostLogs[stream].entryStart ?? "^never$");

    expect(start("laravel").test("[2026-11-24 08:40:57] production.ERROR: no")).toBe(true);
    expect(start("laravel").test("[stacktrace]")).toBe(false);
    expect(start("laravel").test("#0 /var/www/html/app/Exam.php(7): load()")).toBe(false);
    expect(start("php-fpm").test("[24-Nov-2026 08:40:57] NOTICE: ready")).toBe(true);
    expect(start("php-fpm").test("PHP message: more")).toBe(false);
    expect(start("php-fpm-slow").test("[24-Nov-2026 08:40:57]  [pool www] pid 7")).toBe(true);
    expect(start("php-fpm-slow").test("[0x00007f00] sleep() /var/www/html/app/Exam.php:7")).toBe(false);
    expect(start("php-fpm-slow").test("script_filename = /var/www/html/public/index.php")).toBe(false);
  });
});

describe("metrics", () => {
  it("go to one namespace, by group and host and by what an alarm asks for", () => {
    expect(agent().metrics).toMatchObject({
      namespace: "Telemedicina/App",
      append_dimensions: {
        AutoScalingGroupName: "${aws:AutoScalingGroupName}",
        InstanceId: "${aws:InstanceId}",
      },
      aggregation_dimensions: [
        ["AutoScalingGroupName"],
        ["AutoScalingGroupName", "InstanceId"],
        ["Queue"],
        ["AutoScalingGroupName", "path"],
        ["AutoScalingGroupName", "exe"],
      ],
      metrics_collected: {
        disk: { measurement: ["used_percent"], resources: ["/", "/data"], drop_device: true },
        mem: { measurement: ["used_percent"] },
        procstat: [
          { exe: "nginx", measurement: ["pid_count"] },
          { exe: "php-fpm", measurement: ["pid_count"] },
        ],
        statsd: {
          service_address: "127.0.0.1:8125",
          metrics_collection_interval: 10,
          metrics_aggregation_interval: 60,
        },
      },
    });
    expect(HOST_METRICS_NAMESPACE).toBe("Telemedicina/App");
    expect(agent({ roles: ["worker"] }).metrics.metrics_collected).not.toHaveProperty("procstat");
  });

  it("each of its own dimensions is aggregated by the group, a queue by itself: whoever measures it, it is one", () => {
    for (const { dimension } of hostMetrics) {
      if (dimension === undefined) continue;
      expect(agent().metrics.aggregation_dimensions).toContainEqual(
        dimension === "Queue" ? ["Queue"] : ["AutoScalingGroupName", dimension],
      );
    }
  });

  it("the table names what the host's programs send, with its kind", () => {
    const metricsProgram = moduleFile("host-metrics.py");
    const turn = moduleFile("scheduler-turn.php");
    const [gauges = "", counters = ""] = metricsProgram.split("COUNTERS = {");

    for (const { name, source, kind } of hostMetrics) {
      if (source === "scheduler-turn") expect(turn).toContain(`'${name}:'`);
      if (source === "host-metrics" && kind === "delta")
        expect(counters.split("}")[0]).toContain(`"${name}"`);
      if (source === "host-metrics" && kind === "gauge")
        expect(gauges + counters).toMatch(new RegExp(`["\`]${name}[":]|f"${name}:`));
    }
    expect(hostMetrics.map(({ name }) => name)).toEqual([...new Set(hostMetrics.map(({ name }) => name))]);
  });
});
