import { createHmac } from "node:crypto";
import { type TurnCredential, turnCredential } from "@telemedicina/turn";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hasFingerprint } from "./turn-client.js";
import {
  Call,
  credentialOf,
  findCoturn,
  PUBLIC_ADDRESS,
  pause,
  Relay,
  SECRET,
  uclient,
} from "./turn-support.js";

const programs = findCoturn();
const hmac = (encoding: "hex" | "base64", text: string, algorithm = "sha1") =>
  createHmac(algorithm, SECRET).update(text).digest(encoding);

afterAll(Relay.removeAll);

describe.skipIf(programs === undefined)("credentials at a real coturn", () => {
  const tools = programs as NonNullable<typeof programs>;
  let relay: Relay;

  beforeAll(async () => {
    relay = await Relay.start(tools, { tls: true });
  });

  it.each([
    ["UDP", []],
    ["TCP", ["-t"]],
  ])("TURN-09: a credential of turnCredential relays over %s without loss", async (_way, args) => {
    const call = await uclient(tools, relay, credentialOf("patient-42"), ["-n", "50", "-m", "2", ...args]);

    expect(call.output).toContain("tot_send_msgs=100, tot_recv_msgs=100");
    expect({ exitCode: call.exitCode, lost: call.lost }).toEqual({ exitCode: 0, lost: "0" });
  });

  it("TURN-07, TURN-12: a call over TLS, whose client checks the certificate, loses nothing", async () => {
    const call = await Call.begin(relay, SECRET, "tls");

    expect(await call.talk(100)).toEqual({ sent: 200, arrived: 200 });
    await call.end();
    expect(relay.log).toMatch(/username=<\d+:doctor-7>, lifetime=600, cipher=\S+, method=TLSv1\.2/);
  });

  it("TURN-09: coturn also takes the halves of a user name in the other order, and the time alone", async () => {
    const until = Math.floor(Date.now() / 1000) + 3600;
    for (const username of [`patient-42:${until}`, `${until}`]) {
      expect(await allocates({ username, credential: hmac("base64", username) }), username).toBe(0);
    }
  });

  /** The strategy document's own function: hex, and the two halves in the other order for the signature. */
  const documents = (until: number): TurnCredential => ({
    username: `${until}:4f2a`,
    credential: hmac("hex", `4f2a:${until}`),
  });
  const soon = Math.floor(Date.now() / 1000) + 3600;
  it.each<[string, TurnCredential]>([
    ["of the strategy document's function", documents(soon)],
    ["in hex", { username: `${soon}:p`, credential: hmac("hex", `${soon}:p`) }],
    [
      "with the halves swapped for the signature",
      { username: `${soon}:p`, credential: hmac("base64", `p:${soon}`) },
    ],
    [
      "of the hex digest in base64",
      { username: `${soon}:p`, credential: Buffer.from(hmac("hex", `${soon}:p`)).toString("base64") },
    ],
    ["of SHA-256", { username: `${soon}:p`, credential: hmac("base64", `${soon}:p`, "sha256") }],
    ["of another secret", credentialOf("p", "south")],
    [
      "that has expired",
      turnCredential({ secret: SECRET, userId: "p", ttlSeconds: 60, now: new Date(Date.now() - 120_000) }),
    ],
    ["of nobody", { username: "", credential: "" }],
  ])("T-15, TURN-09: a credential %s is refused", async (_what, credential) => {
    expect(await allocates(credential)).toBe(401);
  });

  it("T-18: a call outlives its credential; what begins later is refused", async () => {
    const credential = turnCredential({ secret: SECRET, userId: "p", ttlSeconds: 2, now: new Date() });
    const client = await relay.client(credential);
    expect((await client.allocate()).error).toBe(0);
    await pause(3_500);

    expect((await client.refresh(600)).error).toBe(0);
    expect((await client.permit({ ip: PUBLIC_ADDRESS, port: 5000 })).error).toBe(0);
    expect(await allocates(credential)).toBe(401);
    await client.refresh(0);
    client.close();
  });

  it("TURN-03, T-17: clients are told the public address", async () => {
    const client = await relay.client();
    await client.allocate();

    expect(client.relayed?.ip).toBe(PUBLIC_ADDRESS);
    await client.refresh(0);
    client.close();
  });

  it("TURN-08, PORT-10: the relayed port is one of the rendered range", async () => {
    const client = await relay.client();
    await client.allocate();

    expect(client.relayed?.port).toBeGreaterThanOrEqual(relay.relayPorts.from);
    expect(client.relayed?.port).toBeLessThanOrEqual(relay.relayPorts.to);
    await client.refresh(0);
    client.close();
  });

  it("TURN-06, TURN-19: a STUN question is answered without a credential, with a fingerprint", async () => {
    const client = await relay.client();
    const answer = await client.binding();

    expect({ error: answer.error, fingerprint: hasFingerprint(answer) }).toEqual({
      error: 0,
      fingerprint: true,
    });
    client.close();
  });

  async function allocates(credential: TurnCredential): Promise<number> {
    const client = await relay.client(credential);
    const { error } = await client.allocate();
    if (error === 0) await client.refresh(0);
    client.close();
    return error;
  }
});

describe.skipIf(programs === undefined)("the rendered configuration at a real coturn", () => {
  const tools = programs as NonNullable<typeof programs>;

  it("TURN-02: coturn understands every line of it", async () => {
    const relay = await Relay.start(tools, { tls: true });

    expect(relay.log).not.toMatch(/Bad configuration format|CONFIG(URATION ALERT| ERROR)/);
    expect(relay.log).toContain(`TLS/TCP listener opened on : 127.0.0.1:${relay.tlsPort}`);
    expect(await relay.program("turn-check.py", ["--interval", "0.2", "boot"])).toMatchObject({
      exitCode: 0,
    });
    await relay.remove();
  });

  it("TURN-02: the boot check fails where coturn did not understand a line, and starts all the same", async () => {
    const relay = await Relay.start(tools, { lines: ["no-tlsv2"] });
    const check = await relay.program("turn-check.py", ["--interval", "0.2", "boot"]);

    expect(check.exitCode).toBe(1);
    expect(check.stdout).toMatch(
      /^turn-check.py: coturn did not understand its configuration, see \S+, lines \[\d+/,
    );
    await relay.remove();
  });

  it("TURN-05: with lt-cred-mech beside use-auth-secret calls are the same, and coturn complains", async () => {
    const relay = await Relay.start(tools, { lines: ["lt-cred-mech"] });
    const call = await Call.begin(relay);

    expect(await call.talk()).toEqual({ sent: 40, arrived: 40 });
    expect(relay.log).toContain("CONFIGURATION ALERT: You specified --lt-cred-mech and --use-auth-secret");
    call.close();
    await relay.remove();
  });
});
