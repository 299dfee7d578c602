import { readFileSync } from "node:fs";
import { cpus } from "node:os";
import { afterAll, describe, expect, it } from "vitest";
import type { TurnClient } from "./turn-client.js";
import { credentialOf, findCoturn, Relay, uclient } from "./turn-support.js";

const programs = findCoturn();
/** What the kernel counts processor time in. */
const TICKS_PER_SECOND = 100;

afterAll(Relay.removeAll);

/**
 * What coturn does for a second of processor time, as the rendered configuration has it: with its log, its quotas and its
 * secrets in SQLite. Processor time, since client and relay share this machine; so a busy machine changes little. A
 * measurement and no check: run it with TURN_LOAD=1 on a machine that does nothing else.
 */
describe.skipIf(programs === undefined || process.env["TURN_LOAD"] !== "1")("load on a real coturn", () => {
  const tools = programs as NonNullable<typeof programs>;

  it("prints allocations for a second of one processor", async () => {
    const relay = await Relay.start(tools, { ports: 2000, props: { capacity: { allocations: 16_000 } } });
    const [rounds, together] = [36, 50];
    // Open to the end, and fewer than ports: coturn keeps both addresses of a client for a second after its end.
    const open: TurnClient[] = [];
    const before = processorSeconds(relay.pid);
    const began = Date.now();
    let answered = 0;
    for (let round = 0; round < rounds; round += 1) {
      const clients = await Promise.all(
        Array.from({ length: together }, (_, index) => relay.client(credentialOf(`user-${round}-${index}`))),
      );
      const answers = await Promise.all(clients.map((client) => client.allocate()));
      answered += answers.filter(({ error }) => error === 0).length;
      await Promise.all(clients.map((client) => client.refresh(0)));
      open.push(...clients);
    }
    const used = processorSeconds(relay.pid) - before;
    const wall = (Date.now() - began) / 1000;
    for (const client of open) client.close();

    report({
      allocations: answered,
      processor: used,
      wall,
      perSecond: Math.round(answered / used),
    });
    expect(answered).toBe(rounds * together);
    expect(answered / used).toBeGreaterThan(500);
  });

  it.each([
    ["video, 1,000 bytes a packet", { bytes: 1000, clients: 20, interval: 4, least: 0.9 }],
    ["speech, 160 bytes a packet", { bytes: 160, clients: 20, interval: 4, least: 0.9 }],
    ["video, three times as much of it", { bytes: 1000, clients: 60, interval: 4, least: 0.9 }],
  ])("prints relayed throughput for a second of one processor: %s", async (what, load) => {
    const { bytes, clients, interval, least } = load;
    const relay = await Relay.start(tools, { ports: 2000, props: { maxBps: 125_000_000, userQuota: 1000 } });
    const packets = 1000;
    const before = processorSeconds(relay.pid);
    const args = { "-m": clients, "-n": packets, "-l": bytes, "-z": interval };
    const began = Date.now();
    const call = await uclient(tools, relay, credentialOf("load"), Object.entries(args).flat().map(String));
    const wall = (Date.now() - began) / 1000;
    const used = processorSeconds(relay.pid) - before;
    const received = Number(
      /tot_recv_msgs=(\d+)\n/.exec(call.output.split("start_mclient: tot_send_msgs").at(-1) ?? "")?.[1] ?? 0,
    );
    // Between two clients of one relay each packet passes it twice: in at one's allocation, out at the other's.
    const sent = 2 * received;

    report({
      what,
      lost: `${Math.round((1 - received / (clients * packets)) * 10_000) / 100} %`,
      wall,
      processor: used,
      packetsPerSecond: Math.round(sent / used),
      mbitPerSecond: Math.round((sent * bytes * 8) / used / 1e6),
    });
    expect(received).toBeGreaterThan(least * clients * packets);
  });
});

function processorSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1)?.split(" ") ?? [];
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}

function report(figures: object): void {
  const machine = `${cpus().length} x ${cpus()[0]?.model ?? "unknown"}`;
  process.stderr.write(`LOAD ${machine}: ${JSON.stringify(figures)}\n`);
}
