import { describe, expect, it } from "vitest";
import { ephemeralPorts, type Flow, flow, flows, ports, turnRelayPorts } from "../src/index.js";

const groups = ["alb", "app", "database", "database-proxy", "cache", "turn", "endpoints"];

const to = (party: string, protocol: string, port: number) =>
  flows.filter((line) => line.to === party && line.protocol === protocol && line.ports.from === port);

const line = ({ from, to, protocol, ports }: Flow) => `${from} → ${to} ${protocol} ${ports.from}-${ports.to}`;

describe("port matrix", () => {
  it("holds these flows and no other", () => {
    expect(flows.map(line)).toEqual([
      "viewers → alb tcp 80-80",
      "viewers → alb tcp 443-443",
      "alb → app tcp 8080-8080",
      "admin → app tcp 22-22",
      "app → database tcp 5432-5432",
      "app → database-proxy tcp 5432-5432",
      "database-proxy → database tcp 5432-5432",
      "app → cache tcp 6379-6379",
      "app → internet tcp 443-443",
      "app → internet tcp 80-80",
      "app → endpoints tcp 443-443",
      "turn → endpoints tcp 443-443",
      "internet → turn udp 3478-3478",
      "internet → turn tcp 3478-3478",
      "internet → turn tcp 5349-5349",
      "internet → turn udp 49152-65535",
      "turn → internet -1 0-65535",
    ]);
  });

  it("PORT-04: lets the load balancer alone reach the application's port", () => {
    expect(to("app", "tcp", ports.app).map((found) => found.from)).toEqual(["alb"]);
  });

  it("PORT-05: lets administrators alone reach SSH", () => {
    expect(to("app", "tcp", ports.ssh).map((found) => found.from)).toEqual(["admin"]);
  });

  it("PORT-06: lets the application alone reach PostgreSQL, itself or through its proxy", () => {
    expect(to("database", "tcp", ports.postgresql).map((found) => found.from)).toEqual([
      "app",
      "database-proxy",
    ]);
    expect(to("database-proxy", "tcp", ports.postgresql).map((found) => found.from)).toEqual(["app"]);
  });

  it("PORT-07: lets the application alone reach Redis", () => {
    expect(to("cache", "tcp", ports.redis).map((found) => found.from)).toEqual(["app"]);
  });

  it("PORT-08: lets the internet reach TURN over UDP 3478", () => {
    expect(to("turn", "udp", 3478).map((found) => found.from)).toEqual(["internet"]);
  });

  it("PORT-09: lets the internet reach TURN over TLS on 5349", () => {
    expect(to("turn", "tcp", 5349).map((found) => found.from)).toEqual(["internet"]);
  });

  it("PORT-10: lets the internet reach the relay range", () => {
    expect(turnRelayPorts).toEqual({ from: 49152, to: 65535 });
    expect(to("turn", "udp", 49152).map((found) => [found.from, found.ports])).toEqual([
      ["internet", turnRelayPorts],
    ]);
  });

  it("T-01: keeps Reverb off the application's port, and opens no port for it", () => {
    expect(ports.reverb).not.toBe(ports.app);
    expect(
      flows.filter((found) => found.ports.from <= ports.reverb && found.ports.to >= ports.reverb),
    ).toEqual([flow("turn-any")]);
  });

  it("T-05: gives the database and the cache no flow of their own", () => {
    expect(flows.filter((found) => found.from === "database" || found.from === "cache")).toEqual([]);
  });

  it("T-06: has no flow twice: EC2 refuses a rule that is there already", () => {
    expect(new Set(flows.map(line)).size).toBe(flows.length);
  });

  it("gives every flow an id of its own that can stand in an address", () => {
    expect(new Set(flows.map((found) => found.id)).size).toBe(flows.length);
    for (const { id } of flows) expect(id).toMatch(/^[a-z]+(-[a-z]+)*$/);
  });

  it("gives every flow a group at one end at least, and a range that is one", () => {
    for (const found of flows) {
      expect(groups.includes(found.from) || groups.includes(found.to), found.id).toBe(true);
      expect(found.ports.from, found.id).toBeLessThanOrEqual(found.ports.to);
      expect(found.ports.to, found.id).toBeLessThanOrEqual(65535);
    }
  });

  it("gives every flow a purpose that EC2 takes as a description, and the requirements it carries", () => {
    for (const found of flows) {
      expect(found.purpose, found.id).toMatch(/^[A-Za-z0-9 ._\-:/()#,@[\]+=&;{}!$*]{1,255}$/);
      expect(found.requirements.length, found.id).toBeGreaterThan(0);
    }
  });

  it("keeps the relay range among the ports that may send replies", () => {
    expect(turnRelayPorts.from).toBeGreaterThanOrEqual(ephemeralPorts.from);
    expect(turnRelayPorts.to).toBeLessThanOrEqual(ephemeralPorts.to);
  });

  it("fails for a flow that is not there", () => {
    expect(() => flow("telnet")).toThrow(
      new Error(`No flow "telnet" in the port matrix. Known: ${flows.map((found) => found.id).join(", ")}.`),
    );
    expect(flow("alb-app").to).toBe("app");
  });
});
