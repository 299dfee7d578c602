import { type RedisEndpoint, writeHost } from "./endpoint.js";

/** What Laravel needs to know of a store; a {@link ReplicationGroup} is one. */
export interface RedisStore {
  readonly endpoint: RedisEndpoint;
  readonly authTokenSecretArn: string;
}

/** Which store has which use. Both may be the same one. */
export interface LaravelStores {
  /** Cache and sessions. */
  readonly cache: RedisStore;
  /** Queues, locks and Reverb's Pub/Sub. */
  readonly queue: RedisStore;
}

/** A line of `.env` with a secret in it: `before`, the secret, `after`. The host puts it together when it is deployed to. */
export interface SecretVariable {
  readonly secretArn: string;
  readonly before: string;
  readonly after: string;
  /** How the secret stands between them. */
  readonly encoding: "plain" | "url";
}

/** What the application's own files must say; nothing here can say it for them. */
export interface LaravelRule {
  readonly id: string;
  readonly file: string;
  readonly rule: string;
  /** What happens otherwise. */
  readonly because: string;
}

export interface LaravelRedis {
  /** Lines of `.env` without a secret; hosts may be references that Terraform fills in. */
  readonly variables: Readonly<Record<string, string>>;
  /** Lines of `.env` with one. */
  readonly secretVariables: Readonly<Record<string, SecretVariable>>;
  /** Name for `queue:work --queue=…`, and for every `onQueue()`. */
  readonly queueName: string;
  readonly rules: readonly LaravelRule[];
}

/** Connections of `config/database.php`: Laravel's own name for the first, and the one its cache uses. */
const QUEUE_CONNECTION = "default";
const CACHE_CONNECTION = "cache";

/** What Laravel needs to use the two stores: lines of `.env`, secrets by ARN only, and rules for its configuration files. */
export function laravelRedis({ cache, queue }: LaravelStores): LaravelRedis {
  const queueName = queueNameFor(queue.endpoint);
  const queueHost = writeHost(queue.endpoint);
  return {
    variables: {
      REDIS_CLIENT: "phpredis",
      REDIS_SCHEME: "tls",
      REDIS_HOST: queueHost,
      REDIS_PORT: String(queue.endpoint.port),
      // A cluster has no other; and Reverb asks for a database only where it is not 0.
      REDIS_DB: "0",
      REDIS_CACHE_HOST: writeHost(cache.endpoint),
      REDIS_CACHE_PORT: String(cache.endpoint.port),
      REDIS_CACHE_DB: "0",
      // Constants, where Laravel would take APP_NAME: renaming the application must not lose sessions and jobs.
      REDIS_PREFIX: "laravel_",
      CACHE_PREFIX: "cache_",
      CACHE_STORE: "redis",
      REDIS_CACHE_CONNECTION: CACHE_CONNECTION,
      // Locks must not be evicted: two workers would hold one.
      REDIS_CACHE_LOCK_CONNECTION: QUEUE_CONNECTION,
      SESSION_DRIVER: "redis",
      SESSION_CONNECTION: CACHE_CONNECTION,
      QUEUE_CONNECTION: "redis",
      REDIS_QUEUE_CONNECTION: QUEUE_CONNECTION,
      REDIS_QUEUE: queueName,
      REVERB_SCALING_ENABLED: "true",
      REVERB_SCALING_CHANNEL: "reverb",
    },
    secretVariables: {
      REDIS_PASSWORD: { secretArn: queue.authTokenSecretArn, before: "", after: "", encoding: "plain" },
      REDIS_CACHE_PASSWORD: { secretArn: cache.authTokenSecretArn, before: "", after: "", encoding: "plain" },
      // Reverb speaks TLS only to a URL that says tls; REDIS_SCHEME does not reach it.
      REDIS_URL: {
        secretArn: queue.authTokenSecretArn,
        before: "tls://:",
        after: `@${queueHost}:${queue.endpoint.port}`,
        encoding: "url",
      },
    },
    queueName,
    rules: [
      connectionRule(QUEUE_CONNECTION, "REDIS", queue.endpoint),
      connectionRule(CACHE_CONNECTION, "REDIS_CACHE", cache.endpoint),
      keepSessions,
      ...(queue.endpoint.mode === "cluster" ? [oneSlotPerQueue] : []),
    ],
  };
}

/** Keys of a queue, as Laravel's Redis queue makes them: each of its scripts touches several. */
export function queueKeys(queueName: string) {
  const pending = `queues:${queueName}`;
  return {
    pending,
    notify: `${pending}:notify`,
    delayed: `${pending}:delayed`,
    reserved: `${pending}:reserved`,
  };
}

/** In braces, all keys of the queue have one slot. */
function queueNameFor(endpoint: RedisEndpoint): string {
  return endpoint.mode === "cluster" ? "{default}" : "default";
}

function connectionRule(name: string, prefix: string, endpoint: RedisEndpoint): LaravelRule {
  const file = "config/database.php";
  const server = `'scheme' => env('REDIS_SCHEME'), 'host' => env('${prefix}_HOST'), 'port' => env('${prefix}_PORT')`;
  if (endpoint.mode === "single") {
    return {
      id: `${name}-connection`,
      file,
      rule: `'redis' => ['${name}' => [${server}, 'password' => env('${prefix}_PASSWORD'), 'database' => env('${prefix}_DB')]]`,
      because: "without the scheme the client speaks plain text, and the store takes TLS only",
    };
  }
  return {
    id: `${name}-connection`,
    file,
    rule:
      `'redis' => ['clusters' => ['${name}' => [[${server}], ` +
      `'options' => ['password' => env('${prefix}_PASSWORD'), 'context' => []]]]], and no 'redis' => ['${name}' => …]`,
    because:
      `Laravel prefers a plain connection ${name} to a cluster of that name, and a plain client gets MOVED; ` +
      "phpredis takes a cluster's password from the options alone, and without a context, be it empty, it speaks plain text to the nodes and reaches none",
  };
}

const keepSessions: LaravelRule = {
  id: "no-cache-clear",
  file: "deployment hooks",
  rule: "no artisan cache:clear, no Cache::flush()",
  because: "both empty database 0 of every shard, and the sessions are in it: everybody is logged out",
};

const oneSlotPerQueue: LaravelRule = {
  id: "queue-in-braces",
  file: "jobs and workers",
  rule: "every queue name in braces: onQueue('{mail}'), queue:work --queue='{default}'",
  because: "the keys of another name lie in different slots, and every push and pop fails with CROSSSLOT",
};
