import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findPrograms, PYTHON_WITH_BOTO3 } from "./host-programs-support.js";
import { SecretsManager } from "./turn-aws.js";
import { Call, credentialOf, findCoturn, hostProps, owners, pause, Relay } from "./turn-support.js";

const programs = findCoturn();
const emulator = findPrograms(
  "turn rotation",
  { python: "/usr/bin/python3", boto3: PYTHON_WITH_BOTO3, moto: "moto_server" },
  "python3-boto3; pip install 'moto[server]'",
);

const OLD = "a".repeat(64);
const NEW = "b".repeat(64);
const OVERLAP_SECONDS = 6;

describe.skipIf(!(programs && emulator))("rotation of the secret at a real coturn", () => {
  const tools = programs as NonNullable<typeof programs>;
  let secrets: SecretsManager;
  let relay: Relay;

  beforeAll(async () => {
    secrets = await SecretsManager.start(emulator?.moto ?? "");
    await secrets.create(hostProps.secretName, OLD);
    relay = await Relay.make(tools, {
      props: { credentialTtlSeconds: 1, secretOverlapSeconds: OVERLAP_SECONDS },
      // So that a call proves itself anew again and again, as one of an hour does at every tenth minute.
      lines: ["stale-nonce=2"],
    });
    relay.secrets();
    await relay.run();
  });

  afterAll(async () => {
    await Relay.removeAll();
    await secrets?.stop();
  });

  const sync = (env: Record<string, string> = {}) =>
    relay.program("turn-secrets.py", [], { AWS_ENDPOINT_URL: secrets.url, ...env });
  const allocates = async (secret: string): Promise<number> => {
    const client = await relay.client(credentialOf("patient-42", secret));
    const { error } = await client.allocate();
    if (error === 0) await client.refresh(0);
    client.close();
    return error;
  };

  it("TURN-10, TURN-04: both secrets work in the overlap, then the new one alone, and a call goes through it all", async () => {
    expect(await allocates(OLD)).toBe(401);
    expect(await sync()).toMatchObject({ exitCode: 0, stdout: "turn-secrets.py: 1 accepted: 1 new, 0 gone" });
    expect([await allocates(OLD), await allocates(NEW)]).toEqual([0, 401]);
    const call = await Call.begin(relay, OLD);

    await secrets.put(hostProps.secretName, NEW);
    expect(await sync()).toMatchObject({ exitCode: 0, stdout: "turn-secrets.py: 2 accepted: 1 new, 0 gone" });
    expect(relay.accepted()).toEqual([OLD, NEW]);
    expect([await allocates(OLD), await allocates(NEW)]).toEqual([0, 0]);
    expect(await call.talk()).toEqual({ sent: 40, arrived: 40 });
    await call.keep();

    await pause(1000 * (OVERLAP_SECONDS + 1));
    expect(await sync()).toMatchObject({ exitCode: 0, stdout: "turn-secrets.py: 1 accepted: 0 new, 1 gone" });
    expect(relay.accepted()).toEqual([NEW]);
    expect([await allocates(OLD), await allocates(NEW)]).toEqual([401, 0]);
    await call.keep();
    expect(await call.talk()).toEqual({ sent: 40, arrived: 40 });
    await call.end();
    expect(relay.log).toContain("error 438: Stale nonce");
  });

  it("TURN-10: what coturn accepts stays as it is while AWS does not answer, and says so", async () => {
    const { exitCode, stdout } = await relay.program("turn-secrets.py", [], {
      AWS_ENDPOINT_URL: "http://127.0.0.1:9",
    });

    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/^turn-secrets.py: the accepted secrets stay as they are: Could not connect/);
    expect(relay.accepted()).toEqual([NEW]);
  });

  it("TURN-04: secrets stand neither in the configuration nor in a log, and only coturn may read them", async () => {
    const { stdout: mode } = await relay.shell(`stat -c '%a %U' ${relay.file("turndb")}`);

    expect(mode).toBe(`640 ${owners.written}`);
    const { stdout } = await relay.shell(`grep -rlE '${OLD}|${NEW}' ${relay.path} | grep -v turndb || true`);
    expect(stdout).toBe("");
  });

  it("TURN-10: coturn finds the secrets at every moment, while they are written again and again", async () => {
    const answers: number[] = [];
    let writing = true;
    const writer = (async () => {
      for (let round = 0; writing; round += 1) await relay.write(NEW, `other-${round}`);
    })();
    for (let round = 0; round < 50; round += 1) {
      // A user of its own, since quotas are counted down a moment after an allocation's end.
      const client = await relay.client(credentialOf(`patient-${round}`, NEW));
      answers.push((await client.allocate()).error);
      await client.refresh(0);
      client.close();
    }
    writing = false;
    await writer;

    expect(answers).toEqual(Array(50).fill(0));
  });
});
