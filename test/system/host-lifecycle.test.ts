import { createServer, type Server as HttpServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  awsEnvironment,
  findPrograms,
  freePort,
  HostDirectory,
  PYTHON_WITH_BOTO3,
} from "./host-programs-support.js";

const programs = findPrograms(
  "host-lifecycle",
  { python: "/usr/bin/python3", boto3: PYTHON_WITH_BOTO3 },
  "python3-boto3",
);

/** The instance metadata service and EC2 Auto Scaling in one, of which a test reads what was asked in what order. */
class Cloud {
  readonly said: string[] = [];
  state = "InService";
  /** What the group answers instead of doing it. */
  refusal: { readonly code: string; readonly message: string } | undefined;

  private constructor(private readonly server: HttpServer) {}

  static async open(): Promise<Cloud> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const cloud = new Cloud(server);
    server.on("request", (request, response) => {
      const parts: Buffer[] = [];
      request.on("data", (part: Buffer) => parts.push(part));
      request.on("end", () => {
        const text = cloud.answer(request.url ?? "", Buffer.concat(parts).toString());
        response.statusCode = text.startsWith("<ErrorResponse") ? 400 : 200;
        response.end(text);
      });
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
    if (this.refusal !== undefined) {
      const { code, message } = this.refusal;
      return `<ErrorResponse><Error><Code>${code}</Code><Message>${message}</Message></Error></ErrorResponse>`;
    }
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
    const stopped = host.read("stopped").trim().split("\n");
    expect(stopped.slice(0, 2).sort()).toEqual(["stop laravel-scheduler", "stop laravel-worker"]);
    expect(stopped.slice(2)).toEqual(["stop laravel-reverb"]);
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
    expect(ended.stdout).toContain("laravelctl stop laravel-worker ended with 3, going on without it");
    expect(cloud.said.at(-1)).toBe(`CompleteLifecycleAction ${of("drain", " CONTINUE")}`);
  });

  it("ASG-06: a drain that outlasts laravelctl's time goes on, and frees the host", async () => {
    // Thirty seconds are laravelctl's own beyond the workers'.
    host.configure({ workerStopSeconds: -29 });
    cloud.state = "Terminated";
    const ended = await run("watch", 'case "$*" in *worker*) exec sleep 20 ;; esac');
    expect(ended.exitCode).toBe(0);
    expect(ended.stdout).toContain("laravelctl stop laravel-worker took more than 1 s, going on without it");
    expect(host.read("stopped")).toContain("stop laravel-reverb");
    expect(cloud.said.at(-1)).toBe(`CompleteLifecycleAction ${of("drain", " CONTINUE")}`);
  });

  it("a worker host has no WebSockets to end", async () => {
    host.configure({ roles: ["worker"] });
    cloud.state = "Terminated";
    await run("watch");
    expect(host.read("stopped")).toBe("stop laravel-worker\n");
  });

  it("is content when no hook waits for the host: answered before, or started by hand", async () => {
    cloud.refusal = {
      code: "ValidationError",
      message: "No active Lifecycle Action found with instance ID i-0123456789abcdef0",
    };
    const launched = await run("launched");
    expect(launched.exitCode).toBe(0);
    expect(launched.stdout).toContain(
      "No active Lifecycle Action found with instance ID i-0123456789abcdef0",
    );
    cloud.state = "Terminated";
    expect((await run("watch")).exitCode).toBe(0);
    expect(host.read("stopped").trim().split("\n")).toHaveLength(3);
  });

  it("fails when the group refuses the answer for another reason, so that it is given again", async () => {
    cloud.refusal = { code: "AccessDenied", message: "not authorized" };
    const ended = await run("launched");
    expect(ended.exitCode).toBe(1);
    expect(ended.stdout).toContain("ready of app: CONTINUE not answered");
  });

  it("answers nothing where there is no instance metadata: not on EC2", async () => {
    const ended = await host.run("host-lifecycle.py", ["launched"], {
      ...awsEnvironment(cloud.url),
      AWS_EC2_METADATA_SERVICE_ENDPOINT: `http://127.0.0.1:${await freePort()}`,
    });
    expect(ended.exitCode).toBe(0);
    expect(ended.stdout).toContain("no hook to answer");
    expect(cloud.said).toEqual([]);
  });
});
