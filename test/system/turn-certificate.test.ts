import { X509Certificate } from "node:crypto";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:tls";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { findPrograms, PYTHON_WITH_BOTO3 } from "./host-programs-support.js";
import { until } from "./relay-support.js";
import { SecretsManager } from "./turn-aws.js";
import { Call, certificateFor, findCoturn, hostProps, owners, Relay, SECRET } from "./turn-support.js";

const programs = findCoturn();
const emulator = findPrograms(
  "turn certificate",
  { python: "/usr/bin/python3", boto3: PYTHON_WITH_BOTO3, moto: "moto_server" },
  "python3-boto3; pip install 'moto[server]'",
);

describe.skipIf(!(programs && emulator))("the certificate of a relay with a real coturn", () => {
  const tools = programs as NonNullable<typeof programs>;
  let secrets: SecretsManager;
  let relay: Relay;
  let secret: string;

  beforeAll(async () => {
    secrets = await SecretsManager.start(emulator?.moto ?? "");
  });
  afterAll(() => secrets?.stop());

  beforeEach(async ({ task }) => {
    // As Terraform makes it: without a value.
    secret = `certificate-${task.id}`;
    await secrets.create(secret);
    relay = await Relay.make(tools, { props: { certificateSecretName: secret } });
    relay.installPrograms();
    return Relay.removeAll;
  });

  const run = () => relay.program("turn-certificate.py", [], { AWS_ENDPOINT_URL: secrets.url });
  const installed = () => readFileSync(relay.file("cert.pem"), "utf8");
  const keep = (pair: { certificate: string; key: string }) => secrets.put(secret, JSON.stringify(pair));
  const asked = () => relay.calls().filter((call) => call.startsWith("certbot"));
  const noAuthority = () => writeFileSync(relay.file("no-authority"), "");
  const served = () =>
    new Promise<string>((resolve, reject) => {
      const socket = connect({ host: "127.0.0.1", port: relay.tlsPort, rejectUnauthorized: false }, () => {
        const certificate = socket.getPeerX509Certificate();
        socket.destroy();
        resolve(certificate?.fingerprint256 ?? "none");
      }).once("error", reject);
    });
  const fingerprint = (certificate: string) => new X509Certificate(certificate).fingerprint256;

  it("T-20b, TURN-07: the first node asks the authority for its own name, and keeps what it gets", async () => {
    expect(await run()).toMatchObject({ exitCode: 0 });

    expect(asked()).toEqual([
      `certbot certonly --non-interactive --agree-tos --email operations@example.com --dns-route53 --domain ${hostProps.hostName} --cert-name turn --key-type ecdsa --force-renewal --config-dir ${relay.file("certbot")}`,
    ]);
    const kept = JSON.parse(await secrets.value(secret)) as { certificate: string; key: string };
    expect(kept).toEqual({ certificate: installed(), key: readFileSync(relay.file("key.pem"), "utf8") });
    const { stdout } = await relay.shell(`stat -c '%a %U:%G' ${relay.file("key.pem")}`);
    expect(stdout).toBe(`640 ${owners.read}`);
  });

  it("T-20b: the node after it takes the kept one, and asks nobody", async () => {
    const pair = certificateFor(hostProps.hostName);
    await keep(pair);

    expect(await run()).toMatchObject({ exitCode: 0 });
    expect({ certificate: installed(), asked: asked() }).toEqual({
      certificate: pair.certificate,
      asked: [],
    });
  });

  it("T-20b: one that ends in less than 30 days is renewed", async () => {
    const pair = certificateFor(hostProps.hostName, 29);
    await keep(pair);

    expect(await run()).toMatchObject({ exitCode: 0 });
    expect(asked()).toHaveLength(1);
    expect(installed()).not.toBe(pair.certificate);
    expect(JSON.parse(await secrets.value(secret))).toMatchObject({ certificate: installed() });
  });

  it("T-20b: while the authority does not answer, what still lives is served, and the unit fails", async () => {
    const pair = certificateFor(hostProps.hostName, 5);
    await keep(pair);
    noAuthority();

    const { exitCode, stdout } = await run();
    expect(exitCode).toBe(1);
    // What the alarm's filter looks for.
    expect(stdout).toContain("certbot did not get a certificate");
    expect(installed()).toBe(pair.certificate);
  });

  it.each([
    ["of another name", () => certificateFor("turn-b.example.com")],
    [
      "whose key is another's",
      () => ({ ...certificateFor(hostProps.hostName), key: certificateFor(hostProps.hostName).key }),
    ],
  ])("T-20b: one %s is not taken", async (_what, make) => {
    await keep(make());
    noAuthority();
    const { exitCode, stdout } = await run();

    expect(exitCode).toBe(1);
    expect(stdout).toContain("NO CERTIFICATE: this node serves UDP and TCP, and no TLS");
  });

  it("TURN-07, T-20b: at a renewal coturn serves the new certificate, and a call over TLS goes on", async () => {
    const before = relay.certify(hostProps.hostName, 10);
    await relay.run();
    const call = await Call.begin(relay, SECRET, "tls");
    expect(await served()).toBe(fingerprint(before));

    expect(await run()).toMatchObject({ exitCode: 0 });
    expect(installed()).not.toBe(before);
    await until("the new certificate", async () => (await served()) === fingerprint(installed()), 10_000);
    expect(relay.calls()).toContain("systemctl kill --kill-whom=main --signal=SIGUSR2 coturn");
    expect(await call.talk(100)).toEqual({ sent: 200, arrived: 200 });
    await call.keep();
    await call.end();
  });

  it("T-20b: a certificate that comes late is served once no call would be cut", async () => {
    noAuthority();
    await relay.run();
    const call = await Call.begin(relay);
    expect(await run()).toMatchObject({ exitCode: 1 });
    expect(relay.log).toContain("cannot start TLS and DTLS listeners");

    rmSync(relay.file("no-authority"));
    expect((await run()).stdout).toContain("TLS comes when no call is left");
    expect(await call.talk()).toEqual({ sent: 40, arrived: 40 });
    await call.end();
    await relay.quiet();
    expect(await run()).toMatchObject({ exitCode: 0 });
    expect(relay.calls()).toContain("systemctl restart coturn");
    await until("TLS", async () => (await served()) === fingerprint(installed()), 10_000);
    expect(asked()).toHaveLength(2);
  });
});
