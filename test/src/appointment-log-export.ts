import { createHash } from "node:crypto";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import type { Postgresql } from "./postgresql.js";
import { root } from "./project.js";

const sql = (name: string) => join(root, "modules/database/sql", name);

/** What the export needs of S3. */
export interface ObjectStore {
  put(key: string, body: Buffer, sha256: string): void;
  /** The checksum that the store worked out itself. */
  head(key: string): string | undefined;
}

/**
 * The export as modules/database/README.md describes it, with the SQL that the application runs.
 *
 * @param before first moment that is not exported, UTC
 * @returns rows exported
 */
export async function exportAppointmentLogs(
  database: Postgresql,
  store: ObjectStore,
  before: string,
): Promise<number> {
  let exported = 0;
  for (const [start = "", end = ""] of await database.file(sql("export_months.sql"), { before })) {
    exported += await exportMonth(database, store, { month_start: start, month_end: end });
  }
  return exported;
}

async function exportMonth(
  database: Postgresql,
  store: ObjectStore,
  month: { readonly month_start: string; readonly month_end: string },
): Promise<number> {
  let exported = 0;
  let after = { after_created_at: "-infinity", after_id: "00000000-0000-0000-0000-000000000000" };
  for (;;) {
    const rows = await database.file(sql("export_chunk.sql"), { ...month, ...after });
    const last = rows.at(-1);
    if (last === undefined) return exported;
    upload(store, rows);
    await database.file(sql("export_mark.sql"), { ids: `{${rows.map(([id]) => id).join(",")}}` });
    exported += rows.length;
    after = { after_created_at: last[1] ?? "", after_id: last[0] ?? "" };
  }
}

function upload(store: ObjectStore, rows: readonly string[][]): void {
  const key = rows[0]?.[2] ?? "";
  const body = gzipSync(rows.map(([, , , line]) => `${line}\n`).join(""));
  const sha256 = createHash("sha256").update(body).digest("base64");
  store.put(key, body, sha256);
  if (store.head(key) !== sha256) throw new Error(`${key} is not in the store as it was sent`);
}
