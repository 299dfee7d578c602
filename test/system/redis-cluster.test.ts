import { laravelRedis, maxmemoryPolicies, queueKeys, type RedisEndpoint } from "@telemedicina/cache";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findRedis, type RedisPrograms, RedisServer, startCluster } from "./redis-support.js";

const found = findRedis();
const programs = found as RedisPrograms;

const cluster: RedisEndpoint = { mode: "cluster", configurationEndpoint: "127.0.0.1", port: 6379 };
const single: RedisEndpoint = {
  mode: "single",
  primaryEndpoint: "127.0.0.1",
  readerEndpoint: "127.0.0.1",
  port: 6379,
};

/** What the module tells Laravel for the stores as they are, and for one cluster with everything in it. */
const split = laravelRedis({ cache: store(cluster), queue: store(single) });
const shared = laravelRedis({ cache: store(cluster), queue: store(cluster) });

/** Laravel's scripts for a push and a pop, by what they touch: job and notification; delayed to pending, pending to reserved. */
const PUSH = "redis.call('rpush', KEYS[1], ARGV[1]) redis.call('rpush', KEYS[2], 1) return 'pushed'";
const POP =
  "local job = redis.call('lpop', KEYS[1]) if job then redis.call('zadd', KEYS[2], 1, job) redis.call('lpop', KEYS[3]) end return job";
const SIZE =
  "return redis.call('llen', KEYS[1]) + redis.call('zcard', KEYS[2]) + redis.call('zcard', KEYS[3])";

/** Room for about a megabyte of content beside what an empty server uses. */
const MEGABYTE = 1024 * 1024;

describe.skipIf(!found)("Laravel on a cluster", () => {
  let first: RedisServer;
  let second: RedisServer;

  beforeAll(async () => {
    [first, second] = await startCluster(programs, [
      "--maxmemory-policy",
      maxmemoryPolicies.cacheAndSessions,
    ]);
  });
  afterAll(async () => {
    await first?.stop();
    await second?.stop();
  });

  it("T-32: refuses a queue without braces, whose keys lie in four slots", async () => {
    const keys = queueKeys("default");
    const slots = await Promise.all(Object.values(keys).map((key) => first.ask("CLUSTER", "KEYSLOT", key)));

    expect(new Set(slots)).toEqual(new Set(["11255", "7628", "15370", "5202"]));
    expect(await first.follow("EVAL", PUSH, "2", keys.pending, keys.notify, "job")).toContain("CROSSSLOT");
    expect(await first.follow("EVAL", SIZE, "3", keys.pending, keys.delayed, keys.reserved)).toContain(
      "CROSSSLOT",
    );
    expect(await first.follow("DEL", keys.pending, keys.reserved)).toContain("CROSSSLOT");
  });

  it("T-32: takes the queue by the name that the module gives for a cluster, script for script", async () => {
    const keys = queueKeys(shared.queueName);
    const slots = await Promise.all(Object.values(keys).map((key) => first.ask("CLUSTER", "KEYSLOT", key)));

    expect(slots).toEqual(["5718", "5718", "5718", "5718"]);
    expect(await second.follow("EVAL", PUSH, "2", keys.pending, keys.notify, "job-1")).toBe("pushed");
    expect(await second.follow("EVAL", SIZE, "3", keys.pending, keys.delayed, keys.reserved)).toBe("1");
    expect(await second.follow("EVAL", POP, "3", keys.pending, keys.reserved, keys.notify)).toBe("job-1");
    expect(await first.follow("ZCARD", keys.reserved)).toBe("1");
  });

  it("T-32: takes a transaction within a slot and refuses one across slots", async () => {
    const keys = queueKeys(shared.queueName);
    const plain = queueKeys("default");
    const node = Number(await first.ask("CLUSTER", "KEYSLOT", keys.pending)) <= 8191 ? first : second;

    const within = await node.session("MULTI", `RPUSH ${keys.pending} a`, `RPUSH ${keys.notify} 1`, "EXEC");
    const across = await first.session("MULTI", `SET ${plain.notify} a`, `SET ${plain.pending} b`, "EXEC");

    expect(within).toEqual(["OK", "QUEUED", "QUEUED", "1", "1"]);
    expect(across.at(-1)).toContain("EXECABORT");
  });

  it("T-32: has database 0 only, as the module says", async () => {
    expect(await first.ask("SELECT", "1")).toContain("SELECT is not allowed in cluster mode");
    expect(await first.ask("SELECT", shared.variables["REDIS_DB"] ?? "")).toBe("OK");
    expect(await first.ask("SELECT", split.variables["REDIS_CACHE_DB"] ?? "")).toBe("OK");
  });

  it("T-32: sends a plain client away, which is why the module asks for a cluster connection", async () => {
    const key = "foo"; // slot 12182
    const moved = `MOVED 12182 127.0.0.1:${second.port}`;

    expect(await first.ask("SET", key, "1")).toBe(moved);
    expect(await first.follow("SET", key, "1")).toBe("OK");
    expect(split.rules.find(({ id }) => id === "cache-connection")?.rule).toContain(
      "'clusters' => ['cache' =>",
    );
  });

  it("RED-08: carries Reverb's message from one node to a subscriber on another", async () => {
    const channel = shared.variables["REVERB_SCALING_CHANNEL"] ?? "";
    const { listening, message } = second.subscribe(channel);
    await listening;
    await first.ask("PUBLISH", channel, "hello");

    expect(await message).toBe("hello");
  });

  it("RED-09: when full, drops only what expires, and goes on taking cached values", async () => {
    const { CACHE_PREFIX: prefix = "" } = split.variables;
    // One tag, one slot, one node: what is counted below is that node's.
    const tagSet = `${prefix}{tag}:keys`;
    const node = Number(await first.ask("CLUSTER", "KEYSLOT", tagSet)) <= 8191 ? first : second;
    await node.ask("CONFIG", "SET", "maxmemory", String((await usedMemory(node)) + MEGABYTE));
    await node.ask("SADD", tagSet, "a", "b");

    const answers = await fill(node, (index) => `SET ${prefix}{tag}:${index} ${"x".repeat(4096)} EX 3600`);

    expect(new Set(answers)).toEqual(new Set(["OK"]));
    expect(await evicted(node)).toBeGreaterThan(0);
    expect(await node.ask("SCARD", tagSet)).toBe("2");

    await node.ask("CONFIG", "SET", "maxmemory", "0");
  });
});

describe.skipIf(!found)("Laravel's queues on a store of their own", () => {
  let server: RedisServer;
  const keys = queueKeys(split.queueName);

  beforeAll(async () => {
    server = await RedisServer.start(programs, ["--maxmemory-policy", maxmemoryPolicies.queues]);
  });
  afterAll(() => server?.stop());

  it("RED-08: takes the queue by its plain name, transactions, other databases and Pub/Sub", async () => {
    const { listening, message } = server.subscribe(split.variables["REVERB_SCALING_CHANNEL"] ?? "");
    await listening;

    expect(split.queueName).toBe("default");
    expect(await server.ask("EVAL", PUSH, "2", keys.pending, keys.notify, "job-1")).toBe("pushed");
    expect(await server.ask("EVAL", SIZE, "3", keys.pending, keys.delayed, keys.reserved)).toBe("1");
    expect(await server.ask("EVAL", POP, "3", keys.pending, keys.reserved, keys.notify)).toBe("job-1");
    expect(
      await server.session("MULTI", `RPUSH ${keys.pending} a`, `RPUSH ${keys.notify} 1`, "EXEC"),
    ).toEqual(["OK", "QUEUED", "QUEUED", "1", "1"]);
    expect(await server.ask("SELECT", "1")).toBe("OK");
    await server.ask("PUBLISH", split.variables["REVERB_SCALING_CHANNEL"] ?? "", "hello");
    expect(await message).toBe("hello");
  });

  it("RED-09: when full, refuses the push aloud and loses no job that it took", async () => {
    await server.ask("FLUSHALL");
    await server.ask("CONFIG", "SET", "maxmemory", String((await usedMemory(server)) + MEGABYTE));

    const answers = await fill(server, (index) => `RPUSH ${keys.pending} ${index}-${"x".repeat(4096)}`);
    const taken = answers.filter((answer) => /^[0-9]+$/.test(answer)).length;
    const refused = answers.filter((answer) => answer.includes("OOM command not allowed when used memory"));

    expect(taken).toBeGreaterThan(0);
    expect(refused.length).toBeGreaterThan(0);
    expect(taken + refused.length).toBe(answers.length);
    // What the client's own buffers took is free again; now there is no room for the smallest job.
    await server.ask("CONFIG", "SET", "maxmemory", String((await usedMemory(server)) - MEGABYTE / 2));
    expect(await server.ask("EVAL", PUSH, "2", keys.pending, keys.notify, "job")).toContain(
      "OOM command not allowed",
    );
    expect(await server.ask("LLEN", keys.pending)).toBe(String(taken));
    expect(await evicted(server)).toBe(0);
    // Workers go on: taking a job makes the room that reserving it needs.
    const job = await server.ask("EVAL", POP, "3", keys.pending, keys.reserved, keys.notify);
    expect(job.slice(0, 4)).toBe("0-xx");
    expect(await server.ask("ZCARD", keys.reserved)).toBe("1");
  });
});

function store(endpoint: RedisEndpoint) {
  return { endpoint, authTokenSecretArn: "arn:aws:secretsmanager:us-east-1:111111111111:secret:token" };
}

/** Twice as much as there is room for. */
function fill(server: RedisServer, command: (index: number) => string): Promise<string[]> {
  const commands = Array.from({ length: 512 }, (_, index) => command(index));
  return server.session(...commands);
}

async function usedMemory(server: RedisServer): Promise<number> {
  return figure(await server.ask("INFO", "memory"), "used_memory");
}

async function evicted(server: RedisServer): Promise<number> {
  return figure(await server.ask("INFO", "stats"), "evicted_keys");
}

function figure(info: string, name: string): number {
  return Number(new RegExp(`^${name}:([0-9]+)`, "m").exec(info)?.[1]);
}
