import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { exportAppointmentLogs, type ObjectStore } from "../src/appointment-log-export.js";
import { findPostgresql, Postgresql } from "../src/postgresql.js";
import { root } from "../src/project.js";

const bin = findPostgresql();

const sql = (name: string) => join(root, "modules/database/sql", name);
const APPOINTMENT = "00000000-0000-4000-8000-0000000000aa";
const USER = "00000000-0000-4000-8000-0000000000bb";
const KEY = /^appointment-logs\/(\d{4})\/(\d{2})\/appointment_logs_(\d{4})(\d{2})_[0-9a-f-]{36}\.json\.gz$/;

describe.skipIf(bin === undefined)("appointment_logs on a real PostgreSQL", () => {
  let database: Postgresql;

  beforeAll(async () => {
    database = await Postgresql.start(bin ?? "");
  });

  afterAll(() => database?.stop());

  beforeEach(async () => {
    await database.query(`
      DROP TABLE IF EXISTS appointment_logs, appointments, users;
      CREATE TABLE appointments (id uuid PRIMARY KEY);
      CREATE TABLE users (id uuid PRIMARY KEY);
      INSERT INTO appointments VALUES ('${APPOINTMENT}');
      INSERT INTO users VALUES ('${USER}');`);
    await database.file(sql("appointment_logs.sql"));
  });

  it("APL-01: the table has the columns of the strategy, the export's mark, and its five indexes", async () => {
    const columns = await database.query(
      `SELECT column_name, data_type, is_nullable FROM information_schema.columns
       WHERE table_name = 'appointment_logs' ORDER BY ordinal_position`,
    );
    const indexes = await database.query(
      "SELECT indexname FROM pg_indexes WHERE tablename = 'appointment_logs' ORDER BY 1",
    );

    expect(columns).toEqual([
      ["id", "uuid", "NO"],
      ["appointment_id", "uuid", "NO"],
      ["user_id", "uuid", "YES"],
      ["event", "character varying", "NO"],
      ["payload", "jsonb", "YES"],
      ["exported_to_s3_at", "timestamp with time zone", "YES"],
      ["created_at", "timestamp with time zone", "NO"],
      ["updated_at", "timestamp with time zone", "NO"],
    ]);
    expect(indexes.flat()).toEqual([
      "appointment_logs_pkey",
      "idx_appointment_logs_appointment_event",
      "idx_appointment_logs_created_at",
      "idx_appointment_logs_event_created",
      "idx_appointment_logs_unexported",
      "idx_appointment_logs_user_id",
    ]);
  });

  it("APL-02: takes the eight events and no other", async () => {
    const events = [
      "created",
      "cancelled",
      "started",
      "ended",
      "rescheduled",
      "no_show",
      "updated",
      "deleted",
    ];
    for (const event of events) await insert(1, { event });

    expect(await counted("TRUE")).toBe(8);
    for (const event of ["paid", "Created", ""]) {
      await expect(insert(1, { event })).rejects.toThrow(
        'violates check constraint "appointment_logs_event_check"',
      );
    }
    expect(await counted("TRUE")).toBe(8);
  });

  it("T-34: an appointment with a history cannot be deleted; one without can", async () => {
    await insert(1);

    await expect(database.query(`DELETE FROM appointments WHERE id = '${APPOINTMENT}'`)).rejects.toThrow(
      'violates foreign key constraint "appointment_logs_appointment_id_fkey"',
    );
    expect(await counted("TRUE")).toBe(1);
    await database.query(`DELETE FROM appointment_logs; DELETE FROM appointments`);
  });

  it("T-34: a deleted user leaves the history, and in its payload who acted", async () => {
    await insert(1);
    await database.query(`DELETE FROM users WHERE id = '${USER}'`);

    expect(await database.query("SELECT user_id, payload->>'actor_id' FROM appointment_logs")).toEqual([
      ["", USER],
    ]);
  });

  it("DB-11, APL-03: 120,000 rows are read by index, a few pages at a time", async () => {
    await fillTable();
    const [[pages = "0"] = []] = await database.query(
      "SELECT relpages FROM pg_class WHERE relname = 'appointment_logs'",
    );
    const [[appointment = "", user = ""] = []] = await database.query(
      "SELECT appointment_id, user_id FROM appointment_logs WHERE event = 'ended' LIMIT 1",
    );
    const month = "created_at >= '2025-03-01Z' AND created_at < '2025-04-01Z'";
    const queries: [string, string][] = [
      [
        "idx_appointment_logs_appointment_event",
        `SELECT * FROM appointment_logs WHERE appointment_id = '${appointment}' ORDER BY created_at`,
      ],
      ["idx_appointment_logs_user_id", `SELECT * FROM appointment_logs WHERE user_id = '${user}'`],
      [
        "idx_appointment_logs_event_created",
        `SELECT count(*) FROM appointment_logs WHERE event = 'no_show' AND ${month}`,
      ],
      ["idx_appointment_logs_created_at", `SELECT * FROM appointment_logs WHERE ${month}`],
      ["idx_appointment_logs_unexported", chunkOfJune()],
    ];

    expect(Number(pages)).toBeGreaterThan(2000);
    for (const [index, query] of queries) {
      const plan = await explain(query);
      process.stdout.write(`${index}: ${plan.milliseconds} ms, ${plan.buffers} of ${pages} pages\n`);
      expect(plan.indexes, query).toEqual([index]);
      expect(plan.nodes, query).not.toContain("Seq Scan");
      // Time is the machine's; pages are the query's. 100 ms are some thousand pages even from disk.
      expect(plan.buffers, query).toBeLessThan(Number(pages) / 10);
    }
    const chunk = await explain(chunkOfJune());
    expect(chunk.rows).toBe(1000);
    expect(chunk.limit).toEqual(["Index Scan"]);
  });

  describe("export", () => {
    const before = "2026-04-01T00:00:00Z";

    it("APL-06: exports 2,500 rows in chunks of 1000 without loss or repeat, and nothing the second time", async () => {
      await insert(1200, { from: "2026-01-10Z" });
      await insert(1000, { from: "2026-02-10Z" });
      await insert(300, { from: "2026-03-10Z" });
      const store = new MemoryStore();

      expect(await exportAppointmentLogs(database, store, before)).toBe(2500);
      expect(store.linesByObject()).toEqual([1000, 200, 1000, 300]);
      expect(store.ids()).toEqual(await ids());
      expect(await counted("exported_to_s3_at IS NULL")).toBe(0);

      expect(await exportAppointmentLogs(database, store, before)).toBe(0);
      expect(store.puts).toHaveLength(4);
    });

    it("APL-06: writes rows that come later, also into a month that is exported, under keys of their own", async () => {
      await insert(1500, { from: "2026-01-10Z" });
      const store = new MemoryStore();
      await exportAppointmentLogs(database, store, before);
      await insert(7, { from: "2026-01-01Z" });
      await insert(3, { from: "2026-03-31T23:59:59Z", stepMilliseconds: 1 });

      expect(await exportAppointmentLogs(database, store, before)).toBe(10);
      expect(new Set(store.puts).size).toBe(store.puts.length);
      expect(store.puts).toHaveLength(4);
      expect(store.ids()).toEqual(await ids());
    });

    it("APL-06: rows of the same moment, over the end of a chunk, are neither lost nor repeated", async () => {
      await insert(2100, { from: "2026-01-10Z", stepMilliseconds: 0 });
      const store = new MemoryStore();

      expect(await exportAppointmentLogs(database, store, before)).toBe(2100);
      expect(store.linesByObject()).toEqual([1000, 1000, 100]);
      expect(store.ids()).toEqual(await ids());
    });

    it("APL-06: a run that broke off between upload and mark writes the same object again", async () => {
      await insert(1500, { from: "2026-01-10Z" });
      const store = new MemoryStore();
      store.breakAfter = 2;
      await expect(exportAppointmentLogs(database, store, before)).rejects.toThrow("The network is gone");
      expect(await counted("exported_to_s3_at IS NULL")).toBe(500);

      store.breakAfter = undefined;
      expect(await exportAppointmentLogs(database, store, before)).toBe(500);
      expect(store.puts).toHaveLength(3);
      expect(store.puts[2]).toBe(store.puts[1]);
      expect(store.ids()).toEqual(await ids());
    });

    it("APL-06: marks nothing whose object is not in the store as it was sent", async () => {
      await insert(10, { from: "2026-01-10Z" });
      const store = new MemoryStore();
      store.corrupt = true;

      await expect(exportAppointmentLogs(database, store, before)).rejects.toThrow(
        "is not in the store as it was sent",
      );
      expect(await counted("exported_to_s3_at IS NULL")).toBe(10);
    });

    it("exports no row of the current month, and UTC decides which month a row is in", async () => {
      await insert(1, { from: "2026-03-31T23:59:59.999Z" });
      await insert(1, { from: "2026-04-01T00:00:00Z" });
      const store = new MemoryStore();

      expect(await exportAppointmentLogs(database, store, before)).toBe(1);
      expect(store.puts[0]).toMatch(/^appointment-logs\/2026\/03\/appointment_logs_202603_/);
    });

    it("APL-04: objects have the documented key of their rows' month and hold gzipped JSON, a row a line", async () => {
      await insert(1100, { from: "2026-01-10Z" });
      await insert(5, { from: "2025-12-31T23:00:00Z" });
      const store = new MemoryStore();
      await exportAppointmentLogs(database, store, before);

      expect(store.objects.size).toBe(3);
      for (const [key, body] of store.objects) {
        const [, year, month, yearAgain, monthAgain] = KEY.exec(key) ?? [];
        expect(year, key).toBeDefined();
        expect([yearAgain, monthAgain]).toEqual([year, month]);
        for (const row of rowsIn(body)) {
          expect(Object.keys(row).sort()).toEqual([
            "appointment_id",
            "created_at",
            "event",
            "id",
            "payload",
            "updated_at",
            "user_id",
          ]);
          expect(row["created_at"]).toMatch(new RegExp(`^${year}-${month}-\\d\\dT[\\d:]{8}\\.\\d{6}Z$`));
          expect(row["payload"]).toEqual({ actor_id: USER, note: 'line\nbreak, "quotes", ção' });
        }
      }
    });

    it("pruning deletes what is old and was exported over a week ago, and nothing that was not exported", async () => {
      await insert(1200, { from: "2023-01-10Z" });
      await insert(5, { from: "2025-06-10Z" });
      await database.query("UPDATE appointment_logs SET exported_to_s3_at = now() - interval '8 days'");
      await insert(4, { from: "2023-02-10Z" });
      await database.query(
        "UPDATE appointment_logs SET exported_to_s3_at = now() WHERE exported_to_s3_at IS NULL",
      );
      await insert(3, { from: "2023-03-10Z" });
      const counts: number[] = [];
      for (let run = 0; run < 3; run += 1) {
        await database.file(sql("prune.sql"), { before: "2024-01-01Z" });
        counts.push(await counted("TRUE"));
      }

      expect(counts).toEqual([212, 12, 12]);
      expect(await counted("exported_to_s3_at IS NULL")).toBe(3);
    });
  });

  async function insert(
    count: number,
    row: { readonly event?: string; readonly from?: string; readonly stepMilliseconds?: number } = {},
  ): Promise<void> {
    const { event = "updated", from = "2026-01-01Z", stepMilliseconds = 1000 } = row;
    await database.query(`
      INSERT INTO appointment_logs (id, appointment_id, user_id, event, payload, created_at)
      SELECT gen_random_uuid(), '${APPOINTMENT}', '${USER}', '${event}',
             jsonb_build_object('actor_id', '${USER}', 'note', E'line\\nbreak, "quotes", ção'),
             timestamptz '${from}' + n * interval '${stepMilliseconds} milliseconds'
      FROM generate_series(0, ${count - 1}) AS n`);
  }

  /** 120,000 rows of two and a half years, of 20,000 appointments and 1000 users; all but the last month's are exported. */
  async function fillTable(): Promise<void> {
    await database.query(`
      INSERT INTO appointments SELECT gen_random_uuid() FROM generate_series(1, 20000);
      INSERT INTO users SELECT gen_random_uuid() FROM generate_series(1, 1000);
      CREATE TEMPORARY TABLE a AS SELECT row_number() OVER () - 1 AS n, id FROM appointments;
      CREATE TEMPORARY TABLE u AS SELECT row_number() OVER () - 1 AS n, id FROM users;
      INSERT INTO appointment_logs (id, appointment_id, user_id, event, payload, created_at, exported_to_s3_at)
      SELECT gen_random_uuid(), a.id, u.id,
             (ARRAY['created', 'cancelled', 'started', 'ended', 'rescheduled', 'no_show', 'updated', 'deleted'])[i % 8 + 1],
             jsonb_build_object('actor_id', u.id, 'actor_role', 'doctor', 'note', repeat('x', 100)),
             created_at, CASE WHEN created_at < '2026-06-01Z' THEN now() END
      FROM (SELECT i, timestamptz '2024-01-01Z' + i * interval '657 seconds' AS created_at
            FROM generate_series(0, 119999) AS i) AS moments
      JOIN a ON a.n = i % 20000 JOIN u ON u.n = i * 17 % 1000
      ORDER BY i`);
    await database.query("VACUUM ANALYZE appointment_logs");
  }

  async function counted(condition: string): Promise<number> {
    const [[count = ""] = []] = await database.query(
      `SELECT count(*) FROM appointment_logs WHERE ${condition}`,
    );
    return Number(count);
  }

  async function ids(): Promise<string[]> {
    return (await database.query("SELECT id FROM appointment_logs ORDER BY id::text")).flat();
  }

  async function explain(query: string) {
    const lines = await database.query(`EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) ${query}`);
    const [{ Plan: plan, "Execution Time": milliseconds }] = JSON.parse(lines.flat().join("\n")) as [
      Explained,
    ];
    const nodes = everyNode(plan);
    const limit = nodes.find((node) => node["Node Type"] === "Limit");
    return {
      rows: plan["Actual Rows"],
      limit: (limit?.Plans ?? []).map((node) => node["Node Type"]),
      milliseconds,
      buffers: plan["Shared Hit Blocks"] + plan["Shared Read Blocks"],
      nodes: nodes.map((node) => node["Node Type"]),
      indexes: nodes.flatMap((node) => node["Index Name"] ?? []),
    };
  }
});

/** A chunk from the middle of June 2026, as the application runs it. */
function chunkOfJune(): string {
  return readFileSync(sql("export_chunk.sql"), "utf8")
    .replaceAll(/^--.*$/gm, "")
    .replace(":month_start", "'2026-06-01Z'")
    .replace(":month_end", "'2026-07-01Z'")
    .replace(":after_created_at", "'2026-06-10Z'")
    .replace(":after_id", `'${USER}'`);
}

interface PlanNode {
  readonly "Node Type": string;
  readonly "Index Name"?: string;
  readonly "Actual Rows": number;
  readonly "Shared Hit Blocks": number;
  readonly "Shared Read Blocks": number;
  readonly Plans?: readonly PlanNode[];
}

interface Explained {
  readonly Plan: PlanNode;
  readonly "Execution Time": number;
}

function everyNode(node: PlanNode): PlanNode[] {
  return [node, ...(node.Plans ?? []).flatMap(everyNode)];
}

function rowsIn(body: Buffer): Record<string, unknown>[] {
  const lines = gunzipSync(body).toString("utf8").trimEnd().split("\n");
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
}

/** S3 as far as the export sees it. */
class MemoryStore implements ObjectStore {
  readonly objects = new Map<string, Buffer>();
  /** Keys in the order in which they were written. */
  readonly puts: string[] = [];
  /** The connection is lost after this many uploads. */
  breakAfter: number | undefined;
  /** A bit falls over on the way. */
  corrupt = false;

  put(key: string, body: Buffer): void {
    this.objects.set(key, this.corrupt ? Buffer.concat([body, Buffer.from("!")]) : body);
    this.puts.push(key);
    if (this.puts.length === this.breakAfter) throw new Error("The network is gone");
  }

  head(key: string): string | undefined {
    const body = this.objects.get(key);
    return body === undefined ? undefined : createHash("sha256").update(body).digest("base64");
  }

  linesByObject(): number[] {
    return [...this.objects.values()].map((body) => rowsIn(body).length);
  }

  /** With repeats, if there are any. */
  ids(): string[] {
    return [...this.objects.values()]
      .flatMap(rowsIn)
      .map((row) => String(row["id"]))
      .sort();
  }
}
