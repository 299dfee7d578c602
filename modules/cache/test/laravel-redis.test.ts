import { describe, expect, it } from "vitest";
import { laravelRedis, queueKeys, type RedisStore } from "../src/index.js";

const cluster: RedisStore = {
  endpoint: { mode: "cluster", configurationEndpoint: "clustercfg.cache.example", port: 6379 },
  authTokenSecretArn: "arn:cache-token",
};
const single: RedisStore = {
  endpoint: {
    mode: "single",
    primaryEndpoint: "master.queue.example",
    readerEndpoint: "replica.queue.example",
    port: 6379,
  },
  authTokenSecretArn: "arn:queue-token",
};

describe("what Laravel needs with a store of its own for queues", () => {
  const split = laravelRedis({ cache: cluster, queue: single });

  it("T-32b: names the configuration and the primary endpoint, never a node, and TLS", () => {
    expect(split.variables).toMatchObject({
      REDIS_SCHEME: "tls",
      REDIS_HOST: "master.queue.example",
      REDIS_PORT: "6379",
      REDIS_CACHE_HOST: "clustercfg.cache.example",
      REDIS_CACHE_PORT: "6379",
    });
    expect(split.secretVariables["REDIS_URL"]).toEqual({
      secretArn: "arn:queue-token",
      before: "tls://:",
      after: "@master.queue.example:6379",
      encoding: "url",
    });
  });

  it("uses the names that Laravel 11 and later read, and names the session driver", () => {
    expect(split.variables).toMatchObject({
      CACHE_STORE: "redis",
      SESSION_DRIVER: "redis",
      SESSION_CONNECTION: "cache",
      QUEUE_CONNECTION: "redis",
    });
    expect(split.variables["CACHE_DRIVER"]).toBeUndefined();
  });

  it("T-32: keeps the queue's plain name and sends locks to the store that evicts nothing", () => {
    expect(split.queueName).toBe("default");
    expect(split.variables).toMatchObject({
      REDIS_QUEUE: "default",
      REDIS_QUEUE_CONNECTION: "default",
      REDIS_CACHE_CONNECTION: "cache",
      REDIS_CACHE_LOCK_CONNECTION: "default",
      REDIS_DB: "0",
      REDIS_CACHE_DB: "0",
    });
  });

  it("T-32: gives cache and the rest different prefixes, and none with braces", () => {
    const { REDIS_PREFIX: all, CACHE_PREFIX: cache } = split.variables;

    expect(all).toBe("laravel_");
    expect(cache).toBe("cache_");
  });

  it("names secrets by ARN only", () => {
    expect(Object.keys(split.variables).filter((name) => /PASSWORD|URL|TOKEN/.test(name))).toEqual([]);
    expect(split.secretVariables).toMatchObject({
      REDIS_PASSWORD: { secretArn: "arn:queue-token", before: "", after: "", encoding: "plain" },
      REDIS_CACHE_PASSWORD: { secretArn: "arn:cache-token", before: "", after: "", encoding: "plain" },
    });
  });

  it("T-32: says what config/database.php must hold, and what not", () => {
    expect(split.rules).toEqual([
      {
        id: "default-connection",
        file: "config/database.php",
        rule: "'redis' => ['default' => ['scheme' => env('REDIS_SCHEME'), 'host' => env('REDIS_HOST'), 'port' => env('REDIS_PORT'), 'password' => env('REDIS_PASSWORD'), 'database' => env('REDIS_DB')]]",
        because: "without the scheme the client speaks plain text, and the store takes TLS only",
      },
      {
        id: "cache-connection",
        file: "config/database.php",
        rule: "'redis' => ['clusters' => ['cache' => [['scheme' => env('REDIS_SCHEME'), 'host' => env('REDIS_CACHE_HOST'), 'port' => env('REDIS_CACHE_PORT')], 'options' => ['password' => env('REDIS_CACHE_PASSWORD'), 'context' => []]]]], and no 'redis' => ['cache' => …]",
        because:
          "Laravel prefers a plain connection cache to a cluster of that name, and a plain client gets MOVED; phpredis takes a cluster's password from the options alone, and without a context, be it empty, it speaks plain text to the nodes and reaches none",
      },
      {
        id: "no-cache-clear",
        file: "deployment hooks",
        rule: "no artisan cache:clear, no Cache::flush()",
        because: "both empty database 0 of every shard, and the sessions are in it: everybody is logged out",
      },
    ]);
  });
});

describe("what Laravel needs with one cluster for everything", () => {
  const shared = laravelRedis({ cache: cluster, queue: cluster });

  it("T-32: puts the queue's name in braces, and says so for every other queue", () => {
    expect(shared.queueName).toBe("{default}");
    expect(shared.variables["REDIS_QUEUE"]).toBe("{default}");
    expect(shared.rules.map(({ id }) => id)).toEqual([
      "default-connection",
      "cache-connection",
      "no-cache-clear",
      "queue-in-braces",
    ]);
  });

  it("T-32: asks for the cluster default and for no plain connection of that name", () => {
    const [rule] = shared.rules;

    expect(rule?.rule).toContain("'redis' => ['clusters' => ['default' => [[");
    expect(rule?.rule).toContain("and no 'redis' => ['default' => …]");
    expect(shared.variables["REDIS_HOST"]).toBe("clustercfg.cache.example");
    expect(shared.secretVariables["REDIS_URL"]?.after).toBe("@clustercfg.cache.example:6379");
  });
});

describe("the keys of a queue", () => {
  it("are Laravel's", () => {
    expect(queueKeys("default")).toEqual({
      pending: "queues:default",
      notify: "queues:default:notify",
      delayed: "queues:default:delayed",
      reserved: "queues:default:reserved",
    });
  });
});
