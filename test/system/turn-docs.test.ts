import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { credentialVectors, turnCapacity } from "@telemedicina/turn";
import { execa } from "execa";
import { describe, expect, it } from "vitest";
import { root } from "../src/project.js";
import { findPrograms } from "./host-programs-support.js";

const page = readFileSync(join(root, "docs/turn.md"), "utf8");
const programs = findPrograms("turn documentation", { php: "php" }, "php-cli");

describe.skipIf(programs === undefined)("the PHP function of docs/turn.md, run by PHP", () => {
  it.each(credentialVectors)("T-15, TURN-09: makes what TypeScript makes: $username", async (vector) => {
    const urls = ["turn:turn-a.example.com:3478?transport=udp"];

    expect(await run({ ...vector, urls })).toEqual({
      urls,
      username: vector.username,
      credential: vector.credential,
    });
  });

  it("T-15: takes the time of the host where none is given", async () => {
    const made = await run({ userId: "patient-42", secret: "north", ttlSeconds: 3600, urls: [], now: null });
    const left = Number(String(made["username"]).split(":")[0]) - Date.now() / 1000;

    expect(left).toBeGreaterThan(3590);
    expect(left).toBeLessThanOrEqual(3601);
  });

  async function run(input: object): Promise<Record<string, unknown>> {
    const directory = mkdtempSync(join(tmpdir(), "turn-docs-"));
    try {
      const call =
        "$v = json_decode($argv[1], true); echo json_encode(turnCredentials($v['userId'], $v['secret'], $v['urls'], $v['ttlSeconds'], $v['now']), JSON_UNESCAPED_SLASHES);";
      writeFileSync(join(directory, "snippet.php"), `${snippet()}\n${call}\n`);
      const { stdout, stderr } = await execa(programs?.php ?? "", [
        "-d",
        "error_reporting=-1",
        join(directory, "snippet.php"),
        JSON.stringify(input),
      ]);
      expect(stderr).toBe("");
      return JSON.parse(stdout) as Record<string, unknown>;
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  }
});

describe("docs/turn.md", () => {
  it("T-15: has every vector, and no other", () => {
    const cells = credentialVectors.map(
      ({ secret, userId, ttlSeconds, now, username, credential }) =>
        `| \`${secret}\` | \`${userId}\` | ${ttlSeconds} | ${now} | \`${username}\` | \`${credential}\` |`,
    );

    expect(tableAfter("| secret | user id |")).toEqual(cells);
  });

  it("MON-TURN-2: has the capacities of the table that quotas and alarms are made from", () => {
    const rows = tableAfter("| instance type | baseline").map((row) =>
      row.split("|").map((cell) => cell.trim()),
    );

    expect(rows.length).toBeGreaterThan(5);
    for (const [, types = "", ...cells] of rows) {
      for (const type of types.split(", ")) {
        const { networkGbpsBaseline, relayMbps, calls, allocations } = turnCapacity[type] ?? {};
        expect(
          cells.slice(0, 4).map((cell) => Number(cell.replace(",", ""))),
          type,
        ).toEqual([networkGbpsBaseline, relayMbps, calls, allocations]);
      }
    }
  });
});

function snippet(): string {
  return /```php\n([\s\S]*?)```/.exec(page)?.[1] ?? "";
}

/** Rows of the table that begins with this head. */
function tableAfter(head: string): string[] {
  const lines = page.split("\n");
  const begin = lines.findIndex((line) => line.startsWith(head)) + 2;
  const length = lines.slice(begin).findIndex((line) => !line.startsWith("|"));
  return lines.slice(begin, begin + length);
}
