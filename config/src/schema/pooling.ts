import { z } from "zod";

const noPooling = z.strictObject({
  kind: z.literal("none").describe("Every PHP process holds a connection of its own."),
});

const rdsProxy = z.strictObject({
  kind: z
    .literal("rdsProxy")
    .describe(
      "AWS's pooler, for the writer only. About US$ 0.015 an hour for each vCPU of the database, at least two. PDO has to emulate prepares, or it pins connections.",
    ),
  maxConnectionsPercent: z
    .int()
    .min(1)
    .max(100)
    .default(80)
    .describe(
      "Share of `max_connections` that the proxy may take; the rest is for migrations and people. Default: 80.",
    ),
  maxIdleConnectionsPercent: z
    .int()
    .min(0)
    .max(100)
    .default(40)
    .describe("Share that stays open while idle, at most maxConnectionsPercent. Default: 40."),
  connectionBorrowTimeoutSeconds: z
    .int()
    .min(0)
    .max(3600)
    .default(30)
    .describe("Seconds that a request waits for a connection before it fails. Default: 30."),
  idleClientTimeoutSeconds: z
    .int()
    .min(1)
    .max(28_800)
    .default(1800)
    .describe("Seconds after which a silent client is dropped. Default: 1800."),
});

const pgbouncer = z.strictObject({
  kind: z
    .literal("pgbouncer")
    .describe("PgBouncer on each application host, free of charge, before replicas too."),
  poolMode: z
    .enum(["transaction", "session"])
    .default("transaction")
    .describe(
      "`transaction` shares connections best and keeps nothing of a session beyond a transaction; `session` keeps it and shares less. Default: transaction.",
    ),
  maxPreparedStatements: z
    .int()
    .min(0)
    .max(10_000)
    .default(0)
    .describe(
      "Named prepared statements kept for each client in transaction mode; needs PgBouncer 1.21. With 0 PDO has to emulate prepares: native ones return other clients' rows. Default: 0.",
    ),
  defaultPoolSize: z
    .int()
    .min(1)
    .max(1000)
    .default(20)
    .describe(
      "Connections to the database for each host. All hosts together, every group at its maxSize, have to fit 80 % of `max_connections`. Default: 20.",
    ),
  maxClientConnections: z
    .int()
    .min(1)
    .max(100_000)
    .default(500)
    .describe("PHP connections for each host; beyond it they are refused. Default: 500."),
});

export const poolingSchema = z
  .discriminatedUnion("kind", [noPooling, rdsProxy, pgbouncer])
  .prefault({ kind: "none" })
  .describe(
    "What stands between application and database. Migrations go past it in any case. Default: nothing.",
  );
