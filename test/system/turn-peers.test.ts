import { type LogFilterName, logFilters } from "@telemedicina/turn";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { until } from "./relay-support.js";
import type { TurnClient } from "./turn-client.js";
import { Call, credentialOf, findCoturn, Relay } from "./turn-support.js";

const programs = findCoturn();

afterAll(Relay.removeAll);

describe.skipIf(programs === undefined)("peers of a real coturn", () => {
  const tools = programs as NonNullable<typeof programs>;
  let relay: Relay;
  let four: TurnClient;
  let six: TurnClient;

  beforeAll(async () => {
    // Nodes have no IPv6 and answer 440 to who wants some; with it, its part of the deny list can be seen at work.
    relay = await Relay.start(tools, { lines: ["relay-ip=::1"] });
    four = await relay.client(credentialOf("four"));
    six = await relay.client(credentialOf("six"));
    await four.allocate();
    await six.allocate(6);
  });

  afterAll(() => {
    for (const client of [four, six]) client?.close();
  });

  it.each([
    ["a private network, 10/8", "10.9.9.9"],
    ["the VPC's range, which no registry knows", "44.10.3.4"],
    ["the metadata service", "169.254.169.254"],
    ["Linux's other name of loopback", "0.0.0.0"],
    ["a loopback address that is not the relay's", "127.0.0.53"],
    ["172.16/12", "172.31.0.2"],
    ["192.168/16", "192.168.1.1"],
    ["a carrier's network", "100.64.0.1"],
    ["a group", "224.0.0.251"],
    ["everybody", "255.255.255.255"],
  ])("TURN-20, T-13: %s is refused with 403", async (_what, ip) => {
    const { error, reason } = await four.permit({ ip, port: 80 });
    expect({ error, reason }).toEqual({ error: 403, reason: "Forbidden IP" });
    expect((await four.bind(0x4000, { ip, port: 80 })).error).toBe(403);
  });

  it.each([
    ["a private network (ULA)", "fd12:3456:789a::1"],
    ["the metadata service", "fd00:ec2::254"],
    ["the VPC's range", "2600:1f18:1234:5601::5"],
    ["10/8 mapped into IPv6", "::ffff:a09:909"],
    ["169.254.169.254 as NAT64 has it", "64:ff9b::a9fe:a9fe"],
    ["10/8 as 6to4 has it", "2002:a09:909::1"],
    ["10/8 as old IPv6 has it", "::a09:909"],
    ["link-local", "fe80::1"],
    ["a group", "ff02::1"],
  ])("TURN-20, T-13: in IPv6, %s is refused with 403", async (_what, ip) => {
    expect((await six.permit({ ip, port: 80 })).error).toBe(403);
  });

  it("T-13: an address of the internet is not refused, beside the VPC's range or elsewhere", async () => {
    expect((await four.permit({ ip: "44.11.0.1", port: 80 })).error).toBe(0);
    expect((await four.permit({ ip: "8.8.8.8", port: 80 })).error).toBe(0);
    expect((await six.permit({ ip: "2600:1f18:1234:5700::5", port: 80 })).error).toBe(0);
  });

  it("T-13, TURN-20: two clients of this relay reach each other at its public address", async () => {
    const call = await Call.begin(relay);
    expect(await call.talk(100)).toEqual({ sent: 200, arrived: 200 });
    await call.end();
  });
});

describe.skipIf(programs === undefined)("a relay without IPv6", () => {
  it("T-13: a client that asks for an IPv6 address gets 440", async () => {
    const relay = await Relay.start(programs as NonNullable<typeof programs>);
    const client = await relay.client();

    expect((await client.allocate(6)).error).toBe(440);
    client.close();
    await relay.remove();
  });
});

describe.skipIf(programs === undefined)("quotas of a real coturn", () => {
  const tools = programs as NonNullable<typeof programs>;

  it("TURN-20, T-20f: a user's thirteenth allocation is refused with 486, and another user's first is not", async () => {
    const relay = await Relay.start(tools);
    const clients = await Promise.all(Array.from({ length: 13 }, () => relay.client(credentialOf("greedy"))));
    const errors: number[] = [];
    for (const client of clients) errors.push((await client.allocate()).error);

    expect(errors).toEqual([...Array<number>(12).fill(0), 486]);
    const other = await relay.client(credentialOf("modest"));
    expect((await other.allocate()).error).toBe(0);
    await clients[0]?.refresh(0);
    await until("the freed place", async () => (await clients[12]?.allocate())?.error === 0, 5_000);
    for (const client of [...clients, other]) client.close();
    await relay.remove();
  });

  it("TURN-20, T-20f: beyond total-quota everybody is refused with 486", async () => {
    const relay = await Relay.start(tools, { props: { capacity: { allocations: 2 } } });
    const clients = await Promise.all(["a", "b", "c"].map((user) => relay.client(credentialOf(user))));
    const errors: number[] = [];
    for (const client of clients) errors.push((await client.allocate()).error);

    expect(errors).toEqual([0, 0, 486]);
    for (const client of clients) client.close();
    await relay.remove();
  });
});

describe.skipIf(programs === undefined)("metric filters on the log of a real coturn", () => {
  const tools = programs as NonNullable<typeof programs>;

  it("TURN-13, TURN-14, T-20d, T-20e: each filter counts what happened in this run, and nothing else", async () => {
    const relay = await Relay.start(tools, { tls: true, props: { userQuota: 2 } });
    const call = await Call.begin(relay);
    await call.talk();
    const greedy = await Promise.all([1, 2, 3].map(() => relay.client(credentialOf("greedy"))));
    for (const client of greedy) await client.allocate();
    const curious = await relay.client(credentialOf("curious"));
    await curious.allocate();
    await curious.permit({ ip: "169.254.169.254", port: 80 });
    await curious.bind(0x4001, { ip: "10.0.0.1", port: 80 });
    const strangers = await Promise.all([1, 2].map(() => relay.client(credentialOf("stranger", "south"))));
    for (const client of strangers) await client.allocate();
    const clients = [call.doctor, call.patient, ...greedy, curious, ...strangers];
    const requests = clients.reduce((sum, client) => sum + client.requests, 0);
    for (const client of clients) client.close();

    expect(counts(relay.log)).toEqual({
      Requests: requests,
      Allocations: 5,
      AuthFailures: 2,
      QuotaRefusals: 1,
      PeerRefusals: 2,
      ConfigurationFaults: 0,
      TlsUnavailable: 0,
    });
    expect(users(relay.log, "Allocations")).toEqual(["curious", "doctor-7", "greedy", "patient-7"]);
    expect(users(relay.log, "AuthFailures")).toEqual(["stranger"]);
    expect(users(relay.log, "QuotaRefusals")).toEqual(["greedy"]);
    expect(users(relay.log, "PeerRefusals")).toEqual(["curious"]);
    // The challenge of each client, which is no failure.
    expect(relay.log.split("\n").filter((line) => line.includes("error 401")).length).toBe(
      clients.length + 2,
    );
    await relay.remove();
  });

  it("T-20d: a line that coturn did not understand, and a missing certificate, are counted", async () => {
    const relay = await Relay.start(tools, { lines: ["no-tlsv2"] });
    const found = counts(relay.log);

    // Every pass over the file logs it: coturn makes three.
    expect(found).toMatchObject({ ConfigurationFaults: 3, TlsUnavailable: 2, Requests: 0 });
    await relay.remove();
  });
});

function counts(log: string): Record<LogFilterName, number> {
  const found = logFilters.map(({ name }) => [name, matching(log, name).length]);
  return Object.fromEntries(found) as Record<LogFilterName, number>;
}

function users(log: string, name: LogFilterName): string[] {
  return [...new Set(matching(log, name).map((line) => /<\d+:([^>]+)>/.exec(line)?.[1] ?? "nobody"))].sort();
}

function matching(log: string, name: LogFilterName): string[] {
  const pattern = logFilters.find((filter) => filter.name === name)?.pattern ?? "";
  return log.split("\n").filter((line) => matches(pattern, line));
}

/**
 * CloudWatch Logs' filter patterns for unstructured lines, as far as ours go: a term in quotes must stand in the line as it
 * is; of terms with a question mark, one must.
 */
function matches(pattern: string, line: string): boolean {
  const terms = [...pattern.matchAll(/(\??)"([^"]+)"/g)].map(([, optional, text = ""]) => ({
    optional: optional === "?",
    found: line.includes(text),
  }));
  const some = terms.filter(({ optional }) => optional);
  return (
    terms.every(({ optional, found }) => optional || found) &&
    (some.length === 0 || some.some(({ found }) => found))
  );
}
