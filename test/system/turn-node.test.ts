import { appendFileSync } from "node:fs";
import { beforeEach, describe, expect, it } from "vitest";
import { findPrograms, PYTHON_WITH_BOTO3 } from "./host-programs-support.js";
import { until } from "./relay-support.js";
import { NodeSurroundings } from "./turn-aws.js";
import {
  Call,
  credentialOf,
  findCoturn,
  hostProps,
  owners,
  PUBLIC_ADDRESS,
  pause,
  Relay,
  type RelayOptions,
} from "./turn-support.js";

const programs = findCoturn();
const python = findPrograms(
  "turn node",
  { python: "/usr/bin/python3", boto3: PYTHON_WITH_BOTO3 },
  "python3-boto3",
);
const INSTANCE = "i-0123456789abcdef0";

describe.skipIf(!(programs && python))(
  "a relay's programs with a real coturn, and AWS's answers played",
  () => {
    const tools = programs as NonNullable<typeof programs>;
    let aws: NodeSurroundings;
    let relay: Relay;

    beforeEach(async () => {
      aws = await NodeSurroundings.start();
      return async () => {
        await Relay.removeAll();
        await aws.stop();
      };
    });

    const start = async (options: RelayOptions = {}) => {
      relay = await Relay.start(tools, options);
      relay.installPrograms();
    };
    const allocates = async (user: string): Promise<number> => {
      const client = await relay.client(credentialOf(user));
      const { error } = await client.allocate();
      // Else coturn keeps it for ten minutes, as that of a closed browser.
      if (error === 0) await client.refresh(0);
      client.close();
      return error;
    };
    const watch = () => relay.begin("turn-lifecycle.py", ["--interval", "0.2", "watch"], aws.environment);

    describe("drain", () => {
      it("TURN-18: new clients are refused at once, the running call goes on to its end, then the hook is completed", async () => {
        await start();
        const call = await Call.begin(relay);
        const watching = watch();
        await pause(600);
        expect(await allocates("before")).toBe(0);

        aws.metadata["autoscaling/target-lifecycle-state"] = "Terminated";
        await until("the end of new clients", async () => (await allocates("after")) === 401, 10_000);
        expect(await call.talk(100)).toEqual({ sent: 200, arrived: 200 });
        await call.keep();
        // As its timer does.
        expect(await relay.program("turn-secrets.py", [], aws.environment)).toMatchObject({ exitCode: 0 });
        expect(relay.accepted()).toEqual([]);
        expect(aws.actions()).toContain("RecordLifecycleActionHeartbeat");
        expect(aws.actions()).not.toContain("CompleteLifecycleAction");

        await call.end();
        const { exitCode, stdout } = await watching;
        expect(exitCode).toBe(0);
        expect(stdout).toMatch(/turn-lifecycle.py: 0 allocations left after \d+ s/);
        expect(aws.calls.at(-1)).toMatchObject({
          Action: "CompleteLifecycleAction",
          AutoScalingGroupName: hostProps.groupName,
          LifecycleHookName: hostProps.terminateHook,
          InstanceId: INSTANCE,
          LifecycleActionResult: "CONTINUE",
        });
        expect(relay.calls()).toEqual(["systemctl stop coturn"]);
      });

      it("TURN-18: calls that do not end are cut after drainSeconds", async () => {
        await start({ props: { drainSeconds: 2 } });
        const call = await Call.begin(relay);
        aws.metadata["autoscaling/target-lifecycle-state"] = "Terminated";
        const { exitCode, stdout } = await watch();

        expect(exitCode).toBe(0);
        expect(stdout).toContain("turn-lifecycle.py: 2 allocations left after 2 s");
        expect(aws.actions().at(-1)).toBe("CompleteLifecycleAction");
        call.close();
      });

      it("TURN-18: nothing is waited for where coturn no longer answers", async () => {
        await start();
        const call = await Call.begin(relay);
        relay.signal("SIGSTOP");
        aws.metadata["autoscaling/target-lifecycle-state"] = "Terminated";
        const { exitCode } = await watch();

        expect(exitCode).toBe(0);
        expect(aws.actions().at(-1)).toBe("CompleteLifecycleAction");
        relay.signal("SIGCONT");
        call.close();
      });

      it.each([
        ["launched", "CONTINUE"],
        ["failed", "ABANDON"],
      ])("TURN-01: the launch hook of a node that has %s gets %s", async (command, result) => {
        await start();

        expect(await relay.program("turn-lifecycle.py", [command], aws.environment)).toMatchObject({
          exitCode: 0,
        });
        expect(aws.calls).toMatchObject([
          {
            Action: "CompleteLifecycleAction",
            LifecycleHookName: hostProps.launchHook,
            LifecycleActionResult: result,
          },
        ]);
      });
    });

    describe("health", () => {
      const check = () => relay.program("turn-check.py", ["--interval", "0.2", "watch"], aws.environment);

      it("TURN-19: a relay that answers is left alone", async () => {
        await start();

        expect(await check()).toMatchObject({ exitCode: 0 });
        expect({ calls: relay.calls(), aws: aws.actions() }).toEqual({ calls: [], aws: [] });
      });

      it("TURN-18: a relay that does not answer three times is restarted, and serves again", async () => {
        await start();
        relay.signal("SIGSTOP");

        expect(await check()).toMatchObject({ exitCode: 0 });
        expect({ calls: relay.calls(), aws: aws.actions() }).toEqual({
          calls: ["systemctl restart coturn"],
          aws: [],
        });
        expect(await allocates("after")).toBe(0);
      });

      it("TURN-18: one that a restart does not help asks for another node", async () => {
        await start();
        await relay.shell(`printf 'no-udp\nno-tcp\n' >> ${relay.file("turnserver.conf")}`);
        relay.signal("SIGSTOP");

        expect(await check()).toMatchObject({ exitCode: 1 });
        expect(aws.calls).toMatchObject([
          { Action: "SetInstanceHealth", InstanceId: INSTANCE, HealthStatus: "Unhealthy" },
        ]);
      });
    });

    describe("address", () => {
      const claim = () => relay.begin("turn-address.py", ["--interval", "0.2"], aws.environment);
      const prepare = async (options: RelayOptions = {}) => {
        relay = await Relay.make(tools, options);
        relay.installPrograms();
        aws.metadata["local-ipv4"] = "127.0.0.1";
      };

      it("TURN-03, T-17: the node takes its fixed address, and clients are told that one", async () => {
        await prepare();
        appendFileSync(relay.file("base.conf"), "allow-loopback-peers\n");
        const { exitCode, stdout } = await claim();

        expect({ exitCode, stdout }).toEqual({
          exitCode: 0,
          stdout: `turn-address.py: ${hostProps.hostName}: ${PUBLIC_ADDRESS} for 127.0.0.1`,
        });
        expect(aws.calls).toMatchObject([
          {
            Action: "DescribeAddresses",
            "Filter.1.Name": "tag:TurnNode",
            "Filter.1.Value.1": hostProps.groupName,
          },
          {
            Action: "AssociateAddress",
            AllocationId: "eipalloc-0aa",
            InstanceId: INSTANCE,
            AllowReassociation: "true",
          },
        ]);
        const { stdout: written } = await relay.shell(
          `tail -n 3 ${relay.file("turnserver.conf")}; stat -c '%a %U:%G' ${relay.file("turnserver.conf")}`,
        );
        expect(written.split("\n")).toEqual([
          "relay-ip=127.0.0.1",
          `external-ip=${PUBLIC_ADDRESS}/127.0.0.1`,
          "allowed-peer-ip=127.0.0.1",
          `640 ${owners.read}`,
        ]);
        await relay.run();
        const client = await relay.client();
        await client.allocate();
        expect(client.relayed?.ip).toBe(PUBLIC_ADDRESS);
        client.close();
      });

      it("TURN-18: a predecessor that still has calls keeps the address until it is done", async () => {
        await prepare();
        aws.address.holder = "i-0aaaaaaaaaaaaaaaa";
        aws.holderState = { lifecycle: "Terminating:Wait", health: "HEALTHY" };
        const claiming = claim();
        await until("a sign of life", () => aws.actions().includes("RecordLifecycleActionHeartbeat"), 10_000);
        await pause(1_000);
        expect(aws.actions()).not.toContain("AssociateAddress");

        aws.holderState = { lifecycle: "Terminating:Proceed", health: "HEALTHY" };
        expect((await claiming).exitCode).toBe(0);
        expect(aws.address.holder).toBe(INSTANCE);
      });

      it("RTO-08: the address of a predecessor that is ill is taken at once", async () => {
        await prepare();
        aws.address.holder = "i-0aaaaaaaaaaaaaaaa";
        aws.holderState = { lifecycle: "Terminating:Wait", health: "UNHEALTHY" };

        expect((await claim()).exitCode).toBe(0);
        expect(aws.actions()).toEqual([
          "DescribeAddresses",
          "DescribeAutoScalingInstances",
          "AssociateAddress",
        ]);
      });

      it("TURN-01: after a reboot the address is already there", async () => {
        await prepare();
        aws.address.holder = INSTANCE;
        aws.metadata["public-ipv4"] = PUBLIC_ADDRESS;

        expect((await claim()).exitCode).toBe(0);
        expect(aws.actions()).toEqual(["DescribeAddresses"]);
      });
    });
  },
);
