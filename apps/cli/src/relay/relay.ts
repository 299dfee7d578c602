import { constants } from "node:fs";
import { access, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ConfiguredProviders } from "./configured.js";
import { Connection } from "./connection.js";
import { noSuchBinary } from "./errors.js";
import type { Books } from "./intercept.js";
import { Ledger } from "./ledger.js";
import { findLeftovers, type Leftover } from "./leftovers.js";
import { ProviderPool } from "./pool.js";
import { type RelayRule, RuleBook } from "./rules.js";
import { SchemaCache } from "./schema-cache.js";
import { SeedSource } from "./seeds.js";
import { RelayServer } from "./server.js";
import { type RelayStats, Tally } from "./stats.js";

const PROVIDER_ADDRESS = "registry.terraform.io/hashicorp/aws";
const DEFAULT_WARM = 2;

export interface RelayOptions {
  /** Path of the `terraform-provider-aws` binary. */
  readonly providerBinary: string;
  /**
   * The environment of the provider processes: endpoint, credentials. Besides it they inherit only PATH, TMPDIR
   * and the TF_LOG settings, so nothing of the person's own AWS setup can reach them.
   */
  readonly providerEnv: Readonly<Record<string, string>>;
  readonly rules: readonly RelayRule[];
  /** Simulate every managed resource, whatever the rules say (`--quick`). Default false. */
  readonly simulateAll?: boolean;
  /** The account in made-up ARNs, unless the provider assumes a role of another one. */
  readonly accountId: string;
  /** The region in made-up ARNs, unless the provider's configuration names one. */
  readonly region: string;
  /**
   * Provider processes that wait for a configuration, besides one for all that needs none. Default 2; each
   * takes about 0.5 GB.
   */
  readonly warm?: number;
  /** Gets each line that a provider process logs. */
  readonly onLog?: (pid: number, line: string) => void;
}

export interface Relay {
  readonly port: number;
  /** The value for TF_REATTACH_PROVIDERS. */
  readonly reattach: string;
  /**
   * Holds for the calls that come after it. What was really created must be destroyed with the same setting, or
   * it stays on the emulator; `leftovers()` then names it.
   */
  setSimulateAll(on: boolean): void;
  /** What was created, updated and deleted since the start or the last reset. */
  stats(): RelayStats;
  resetStats(): void;
  /** Asks the emulator, through a real provider, for everything that was created; returns what is still there. */
  leftovers(): Promise<readonly Leftover[]>;
  /** Breaks off what is running, ends every provider process and waits for it. */
  close(): Promise<void>;
}

export async function startRelay(options: RelayOptions): Promise<Relay> {
  await mustBeExecutable(options.providerBinary);
  const socketDir = await mkdtemp(join(tmpdir(), "relay-"));
  const books = booksOf(options);
  const pool = new ProviderPool(
    { binary: options.providerBinary, env: options.providerEnv, socketDir, onLog: options.onLog },
    options.warm ?? DEFAULT_WARM,
  );
  const shared = { pool, books, configured: new ConfiguredProviders(pool), schemas: new SchemaCache(pool) };
  // Ahead, while Terraform initializes. A failure comes up when somebody needs the schema.
  shared.schemas.answer().catch(() => undefined);
  const server = new RelayServer(() => new Connection(shared));
  const port = await server.listen();
  return {
    port,
    reattach: reattachValue(port),
    setSimulateAll: (on) => {
      books.rules.simulateAll = on;
    },
    stats: () => books.tally.stats(),
    resetStats: () => books.tally.reset(),
    leftovers: () => findLeftovers(books.ledger, shared.configured),
    close: async () => {
      await server.close();
      await pool.close();
      await rm(socketDir, { recursive: true, force: true });
    },
  };
}

function booksOf(options: RelayOptions): Books {
  return {
    rules: new RuleBook(options.rules, options.simulateAll ?? false),
    seeds: new SeedSource(),
    tally: new Tally(),
    ledger: new Ledger(),
    accountId: options.accountId,
    region: options.region,
  };
}

/** `Test` tells Terraform that the process is not its own to end. */
function reattachValue(port: number): string {
  return JSON.stringify({
    [PROVIDER_ADDRESS]: {
      Protocol: "grpc",
      ProtocolVersion: 5,
      Pid: process.pid,
      Test: true,
      Addr: { Network: "tcp", String: `127.0.0.1:${port}` },
    },
  });
}

async function mustBeExecutable(binary: string): Promise<void> {
  try {
    await access(binary, constants.X_OK);
  } catch {
    throw noSuchBinary(binary);
  }
}
