import { createHash, randomBytes } from "node:crypto";
import { status } from "@grpc/grpc-js";
import { afterEach, describe, expect, it } from "vitest";
import { type Relay, type RelayOptions, startRelay } from "../../src/relay/index.js";
import { PROVIDER_METHODS } from "../../src/relay/methods.js";
import { configureResponse, diagnosticMessage } from "../../src/relay/protocol.js";
import { answers, cable, fakeRelay, gone, isAlive, schemaAnswer, Terraform } from "./fake.js";

let open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const one of open.reverse()) await one.close();
  open = [];
});

async function relayWith(options: Partial<RelayOptions> = {}): Promise<Relay> {
  const relay = await fakeRelay(options);
  open.push(relay);
  return relay;
}

function connect(relay: Relay): Terraform {
  const terraform = new Terraform(relay);
  open.push(terraform);
  return terraform;
}

/** What the fake provider makes of a request. */
const insideOut = (request: Buffer): Buffer => Buffer.from(request.map((byte) => byte ^ 0xff)).reverse();

describe("calls that the relay has no part in", () => {
  it("pass byte for byte in both directions, whatever the bytes", async () => {
    const rules = [{ type: "aws_a", mode: "simulate", reason: "r", moto: "1.0.0" }] as const;
    const terraform = connect(await relayWith({ rules }));
    // Configure and GetSchema are looked into only after the provider has answered, see below.
    const methods = PROVIDER_METHODS.filter((method) => method !== "GetSchema" && method !== "Configure");
    // The seed is printed with the failing case, so that it can be run again.
    const seed = process.env["RELAY_SEED"] ?? randomBytes(4).toString("hex");
    for (let round = 0; round < 150; round += 1) {
      const method = methods[round % methods.length] ?? "Stop";
      const request = pseudoRandom(`${seed}/${round}`, round < 100 ? round : (round * 7919) % 5000);
      const answer = await terraform.call(method, request);
      expect({ seed, round, method, same: answer.equals(insideOut(request)) }).toEqual({
        seed,
        round,
        method,
        same: true,
      });
    }
  });

  it("may be longer than the 4 MiB that gRPC allows by default", async () => {
    const terraform = connect(await relayWith());
    const request = randomBytes(5 * 1024 * 1024);
    expect((await terraform.call("PlanResourceChange", request)).equals(insideOut(request))).toBe(true);
  });

  it("fail as the provider fails them", async () => {
    const terraform = connect(await relayWith());
    expect(await terraform.failure("PlanResourceChange", "refuse")).toMatchObject({
      code: status.FAILED_PRECONDITION,
      details: "not in this state",
    });
  });

  it("ask for the schema once and repeat the answer byte for byte", async () => {
    const schema = schemaAnswer({ aws_a: { attributes: { id: ["string"] } } });
    const relay = await relayWith({ providerEnv: { FAKE_ANSWERS: answers({ GetSchema: schema }) } });
    expect((await connect(relay).call("GetSchema", "")).equals(schema)).toBe(true);
    expect((await connect(relay).call("GetSchema", "")).equals(schema)).toBe(true);
    // The provider would refuse this one.
    expect((await connect(relay).call("GetSchema", "refuse")).equals(schema)).toBe(true);
  });

  it("answer what go-plugin asks of every plugin", async () => {
    const terraform = connect(await relayWith());
    expect(
      (await terraform.raw("/grpc.health.v1.Health/Check", Buffer.from("0a06706c7567696e", "hex"))).toString(
        "hex",
      ),
    ).toBe("0801");
    expect(await terraform.raw("/plugin.GRPCController/Shutdown", Buffer.alloc(0))).toEqual(Buffer.alloc(0));
  });
});

const CONFIGURABLE = { FAKE_ANSWERS: answers({ Configure: Buffer.alloc(0), Stop: Buffer.alloc(0) }) };
const EAST = { region: "us-east-1" };
const WEST = { region: "us-west-2" };

/** Closes the connection and waits until the relay has noticed. */
async function leave(terraform: Terraform): Promise<void> {
  terraform.close();
  await new Promise((resolve) => setTimeout(resolve, 200));
}

describe("provider processes", () => {
  it("are one for each connection that has no configuration, and end with it", async () => {
    const relay = await relayWith();
    const [one, two] = [connect(relay), connect(relay)];
    const pids = [await one.pid(), await two.pid(), await one.pid(), await two.pid()];
    expect(pids[0]).not.toBe(pids[1]);
    expect(pids.slice(2)).toEqual(pids.slice(0, 2));
    one.close();
    await gone(pids[0] ?? 0);
    expect(await two.pid()).toBe(pids[1]);
  });

  it("are one for each configuration, whoever gives it", async () => {
    const relay = await relayWith({ providerEnv: CONFIGURABLE });
    const [east, west, again] = [connect(relay), connect(relay), connect(relay)];
    const pids = [await east.configure(EAST), await west.configure(WEST), await again.configure(EAST)];
    expect(pids[1]).not.toBe(pids[0]);
    expect(pids[2]).toBe(pids[0]);
  });

  it("are one for each configuration also when it is given by two at the same time", async () => {
    const relay = await relayWith({ providerEnv: CONFIGURABLE });
    const [one, two] = await Promise.all([connect(relay).configure(EAST), connect(relay).configure(EAST)]);
    expect(two).toBe(one);
  });

  it("wait for the next connection of their configuration", async () => {
    const relay = await relayWith({ providerEnv: CONFIGURABLE });
    const first = new Terraform(relay);
    const pid = await first.configure(EAST);
    await leave(first);
    expect(await connect(relay).configure(EAST)).toBe(pid);
  });

  it("are not used again once they were stopped", async () => {
    const relay = await relayWith({ providerEnv: CONFIGURABLE });
    const first = new Terraform(relay);
    const pid = await first.configure(EAST);
    await first.call("Stop", "");
    await leave(first);
    await gone(pid);
    expect(await connect(relay).configure(EAST)).not.toBe(pid);
  });

  it("are not used again when they were left in the middle of something", async () => {
    const relay = await relayWith({ providerEnv: CONFIGURABLE });
    const way = await cable(relay);
    const first = new Terraform(way);
    const pid = await first.configure(EAST);
    const waiting = first.failure("ApplyResourceChange", "hang");
    await new Promise((resolve) => setTimeout(resolve, 100));
    way.cut();
    expect((await waiting).code).toBe(status.UNAVAILABLE);
    first.close();
    await gone(pid);
    expect(await connect(relay).configure(EAST)).not.toBe(pid);
  });

  it("are not used again when they refused their configuration", async () => {
    const error = diagnosticMessage.encode({ severity: 1, summary: "no" });
    const refusal = configureResponse.encode({ diagnostics: [error] });
    const relay = await relayWith({ providerEnv: { FAKE_ANSWERS: answers({ Configure: refusal }) } });
    const [one, two] = [connect(relay), connect(relay)];
    expect(await two.configure(EAST)).not.toBe(await one.configure(EAST));
  });

  it("wait three at most, those last used", async () => {
    const relay = await relayWith({ providerEnv: CONFIGURABLE });
    const pids: number[] = [];
    for (const region of ["a", "b", "c", "d"]) {
      const terraform = new Terraform(relay);
      pids.push(await terraform.configure({ region }));
      await leave(terraform);
    }
    await gone(pids[0] ?? 0);
    expect(pids.map(isAlive)).toEqual([false, true, true, true]);
  });

  it("answer what needs no configuration as one for all", async () => {
    const relay = await relayWith({ providerEnv: CONFIGURABLE });
    const [one, two] = [connect(relay), connect(relay)];
    const common = async (terraform: Terraform) =>
      Number((await terraform.call("ValidateResourceTypeConfig", "pid")).toString());
    const pids = [await common(one), await common(two)];
    expect(pids[1]).toBe(pids[0]);
    const configured = await two.configure(EAST);
    expect(configured).not.toBe(pids[0]);
    expect([await common(one), await common(two)]).toEqual([pids[0], configured]);
    expect((await one.failure("ValidateResourceTypeConfig", "die")).details).toContain(
      `process ${pids[0]} exited`,
    );
    expect(await common(one)).not.toBe(pids[0]);
  });

  it("see nothing of our environment but what they are given", async () => {
    process.env["AWS_PROFILE"] = "production";
    process.env["TF_LOG"] = "debug";
    try {
      const terraform = connect(await relayWith({ providerEnv: { AWS_ENDPOINT_URL: "http://127.0.0.1:1" } }));
      const env = JSON.parse((await terraform.call("GetMetadata", "env")).toString()) as Record<
        string,
        string
      >;
      const expected = [
        "AWS_ENDPOINT_URL",
        "PATH",
        "PLUGIN_PROTOCOL_VERSIONS",
        "PLUGIN_UNIX_SOCKET_DIR",
        "TF_LOG",
        "TF_PLUGIN_MAGIC_COOKIE",
      ];
      if (process.env["TMPDIR"]) expected.push("TMPDIR");
      // macOS adds one by itself.
      const names = Object.keys(env).filter((name) => name !== "__CF_USER_TEXT_ENCODING");
      expect(names.sort()).toEqual(expected.sort());
      expect(env["PLUGIN_PROTOCOL_VERSIONS"]).toBe("5");
      expect(env["TF_PLUGIN_MAGIC_COOKIE"]).toBe(
        "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2",
      );
    } finally {
      delete process.env["AWS_PROFILE"];
      delete process.env["TF_LOG"];
    }
  });

  it("that die fail their call with all that is known, and nobody else's", async () => {
    const relay = await relayWith();
    const [dying, living] = [connect(relay), connect(relay)];
    const [pid, other] = [await dying.pid(), await living.pid()];
    const waiting = living.failure("PlanResourceChange", "hang");
    const message = (during: string) =>
      `Relay: the AWS provider process ${pid} exited with code 3 during ${during}.\n` +
      "  last lines of its log: \n    fatal error: out of memory\n" +
      "  do: run the command again, a new connection gets a new process. If it dies again, look for " +
      "want of memory (each process takes about 0.5 GB) and set TF_LOG=debug.";
    expect(await dying.failure("ApplyResourceChange", "die")).toMatchObject({
      code: status.ABORTED,
      details: message("ApplyResourceChange"),
    });
    expect((await dying.failure("ReadResource", "x")).details).toBe(message("ReadResource"));
    expect(await living.pid()).toBe(other);
    expect(await connect(relay).pid()).not.toBe(pid);
    process.kill(other, "SIGKILL");
    expect((await waiting).details).toBe(
      `Relay: the AWS provider process ${other} was ended by SIGKILL during PlanResourceChange.\n` +
        "  last lines of its log: (none)\n" +
        "  do: run the command again, a new connection gets a new process. If it dies again, look for " +
        "want of memory (each process takes about 0.5 GB) and set TF_LOG=debug.",
    );
  });

  it("that died while they waited are replaced", async () => {
    const relay = await relayWith({ providerEnv: CONFIGURABLE });
    const first = new Terraform(relay);
    const pid = await first.configure(EAST);
    await leave(first);
    process.kill(pid, "SIGKILL");
    await gone(pid);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(await connect(relay).configure(EAST)).not.toBe(pid);
  });

  it("hand their log to whoever wants it", async () => {
    const lines: [number, string][] = [];
    const relay = await relayWith({ onLog: (pid, line) => lines.push([pid, line]) });
    const terraform = connect(relay);
    const pid = await terraform.pid();
    await terraform.failure("Stop", "die");
    expect(lines).toEqual([[pid, "fatal error: out of memory"]]);
  });

  it("are all gone when the relay has closed, busy ones too", async () => {
    const relay = await fakeRelay({ warm: 2 });
    const [one, two] = [connect(relay), connect(relay)];
    const pids = [await one.pid(), await two.pid()];
    const waiting = one.failure("ApplyResourceChange", "hang");
    await relay.close();
    expect(pids.filter(isAlive)).toEqual([]);
    expect((await waiting).code).not.toBe(status.OK);
  });
});

describe("a provider that cannot be started", () => {
  it("fails the start of the relay when its binary is missing", async () => {
    await expect(
      startRelay({ providerBinary: "/nowhere/aws", providerEnv: {}, rules: [], accountId: "1", region: "r" }),
    ).rejects.toThrow(
      'Relay: the provider binary "/nowhere/aws" is missing or may not be executed.\n' +
        "  do: set TF_PROVIDER_MIRROR to a filesystem mirror that holds registry.terraform.io/hashicorp/aws, " +
        "or run `terraform providers mirror <dir>` where the registry can be reached.",
    );
  });

  it("fails the call with its last words when it ends before its handshake", async () => {
    const terraform = connect(await relayWith({ providerEnv: { FAKE_SILENT: "1" } }));
    const { code, details } = await terraform.failure("GetMetadata", "x");
    expect(code).toBe(status.ABORTED);
    expect(details.replace(/AWS provider \S+ \(process \d+\)/, "AWS provider BINARY (process PID)")).toBe(
      "Relay: the AWS provider BINARY (process PID) did not start: it ended (exit code 7) before its handshake.\n" +
        "  last lines of its log: \n    silent by order\n" +
        "  do: check that the file is a provider binary for this machine and that it may be executed.",
    );
  });

  it("fails the call when it greets in another protocol, and is ended", async () => {
    const terraform = connect(await relayWith({ providerEnv: { FAKE_GREETING: "1|6|unix|/tmp/x|grpc|" } }));
    const { details } = await terraform.failure("GetMetadata", "x");
    expect(details).toContain('got:     "1|6|unix|/tmp/x|grpc|"');
  });
});

/** Reproducible bytes. */
function pseudoRandom(seed: string, length: number): Buffer {
  const blocks: Buffer[] = [];
  for (let size = 0; size < length; size += 32)
    blocks.push(createHash("sha256").update(`${seed}/${size}`).digest());
  return Buffer.concat(blocks).subarray(0, length);
}
