import { createServer, type Server as HttpServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { awsEnvironment, findPrograms, HostDirectory, PYTHON_WITH_BOTO3 } from "./host-programs-support.js";

const programs = findPrograms(
  "host-lifecycle",
  { python: "/usr/bin/python3", boto3: PYTHON_WITH_BOTO3 },
  "python3-boto3",
);

/** The instance metadata service and EC2 Auto Scaling in one, of which a test reads what was asked in what order. */
class Cloud {
  readonly said: string[] = [];
  state = "InService";

  private constructor(private readonly server: HttpServer) {}

  static async open(): Promise<Cloud> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const cloud = new Cloud(server);
    server.on("request", (request, response) => {
      const parts: Buffer[] = [];
      request.on("data", (part: Buffer) => parts.push(part));
      request.on("end", () => response.end(cloud.answer(request.url ?? "", Buffer.concat(parts).toString())));
    });
    return cloud;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  private answer(path: string, body: string): string {
    if (path.endsWith("/api/token")) return "token";
    if (path.endsWith("/instance-id")) return "i-0123456789abcdef0";
    if (path.endsWith("/target-lifecycle-state")) return this.state;
    const asked = new URLSearchParams(body);
    this.said.push(
      ["Action", "AutoScalingGroupName", "LifecycleHookName", "InstanceId", "LifecycleActionResult"]
        .flatMap((key) => asked.get(key) ?? [])
        .join(" "),
    );
    const action = asked.get("Action");
    return `<${action}Response xmlns="http://autoscaling.amazonaws.com/doc/2011-01-01/"><${action}Result/></${action}Response>`;
  }

  close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }
}

describe.skipIf(programs === undefined)("host-lifecycle", () => {
  let cloud: Cloud;
  let host: HostDirectory;

  beforeEach(async () => {
    cloud = await Cloud.open();
    host = new HostDirectory();
    host.configure({ workerStopSeconds: 30 });
  });
  afterEach(() => {
    cloud.close();
    host.remove();
  });

  /** @param stop what laravelctl does */
  function run(command: string, stop = "exit 0") {
    host.write("laravelctl", `#!/bin/sh\necho "$@" >> ${host.file("stopped")}\n${stop}\n`, 0o755);
    return host.run(
      "host-lifecycle.py",
      ["--interval", "0.2", "--heartbeat", "0.5", "--flush", "0.2", command],
      {
        ...awsEnvironment(cloud.url),
        AWS_EC2_METADATA_SERVICE_ENDPOINT: cloud.url,
        PATH: `${host.path}:${process.env["PATH"]}`,
      },
    );
  }

  const of = (hook: string, result = "") => `app ${hook} i-0123456789abcdef0${result}`;

  it("ASG-05: answers the launch hook: serve, or take another host", async () => {
    expect(await run("launched")).toMatchObject({ exitCode: 0 });
    expect(await run("failed")).toMatchObject({ exitCode: 0 });
    expect(cloud.said).toEqual([
      `CompleteLifecycleAction ${of("ready", " CONTINUE")}`,
      `CompleteLifecycleAction ${of("ready", " ABANDON")}`,
    ]);
  });

  it("ASG-06, T-56: a host that has to go ends its jobs, then its WebSockets, and asks for time meanwhile", async () => {
    setTimeout(() => {
      cloud.state = "Terminated";
    }, 1000);
    const ended = await run("watch", 'case "$*" in *worker*) sleep 2 ;; esac');
    expect(ended.exitCode).toBe(0);
    expect(host.read("stopped").trim().split("\n")).toEqual([
      "stop laravel-scheduler laravel-worker",
      "stop laravel-reverb",
    ]);
    const heartbeat = `RecordLifecycleActionHeartbeat ${of("drain")}`;
    expect(cloud.said.filter((line) => line === heartbeat).length).toBeGreaterThanOrEqual(2);
    expect(cloud.said.filter((line) => line !== heartbeat)).toEqual([
      `CompleteLifecycleAction ${of("drain", " CONTINUE")}`,
    ]);
    expect(cloud.said.at(-1)).toMatch(/^CompleteLifecycleAction/);
  });

  it("ASG-06: what cannot be stopped does not keep the host, and is told", async () => {
    cloud.state = "Terminated";
    const ended = await run("watch", "exit 3");
    expect(ended.exitCode).toBe(0);
    expect(ended.stdout).toContain(
      "laravelctl stop laravel-scheduler laravel-worker ended with 3, going on without it",
    );
    expect(cloud.said.at(-1)).toBe(`CompleteLifecycleAction ${of("drain", " CONTINUE")}`);
  });
});
