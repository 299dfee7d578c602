import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { type TurnCredential, type TurnHostProps, turnCredential, turnHost } from "@telemedicina/turn";
import { execa, execaSync } from "execa";
import { root } from "../src/project.js";
import { awsEnvironment, type Ended, findPrograms, freePort, Server } from "./host-programs-support.js";
import { until } from "./relay-support.js";
import { TurnClient, type Way } from "./turn-client.js";

export const SECRET = "north";
const REALM = "example.com";
/** What clients are told to be relayed at: an address of no machine (RFC 5737), so what is seen of it was mapped. */
export const PUBLIC_ADDRESS = "203.0.113.5";

export const hostProps: TurnHostProps = {
  region: "us-east-1",
  environment: "production",
  hostName: `turn-a.${REALM}`,
  realm: REALM,
  groupName: "acme-prod-asg-turn-a-us-east-1",
  launchHook: "launch-until-answering",
  terminateHook: "terminate-when-drained",
  secretName: "acme-prod-secret-turn-us-east-1",
  certificateSecretName: "acme-prod-secret-turn-a-certificate-us-east-1",
  // No special range has it: only the VPC's own line can refuse a peer there.
  vpcCidrs: ["10.20.0.0/16", "44.10.0.0/16", "2600:1f18:1234:5600::/56"],
  logGroupName: "acme-prod-log-group-turn-us-east-1",
  metricNamespace: "Acme/Turn",
  capacity: { allocations: 1200 },
  acmeEmail: "operations@example.com",
};

/** Only root can make files another user's, and start programs as one. Everybody else tests all but that. */
const isRoot = process.getuid?.() === 0;
const self = userInfo().username;
/** Who has the files that coturn reads, and those that it writes. */
export const owners = {
  read: isRoot ? "root:turnserver" : `${self}:${execaSync("id", ["-gn"]).stdout}`,
  written: isRoot ? "turnserver" : self,
};

const debian = "coturn sqlite3 openssl python3-boto3";

export function findCoturn() {
  return findPrograms(
    "turn",
    {
      turnserver: "turnserver",
      uclient: "turnutils_uclient",
      stunclient: "turnutils_stunclient",
      sqlite: "sqlite3",
      openssl: "openssl",
      setpriv: "setpriv",
    },
    debian,
  );
}

export type CoturnPrograms = NonNullable<ReturnType<typeof findCoturn>>;

/** One of the programs that the module installs on relays. */
function turnProgram(file: string): string {
  return join(root, "modules/turn/files", file);
}

function fileOf(props: TurnHostProps, path: string): string {
  return turnHost(props).files.find((file) => file.path === path)?.content ?? "";
}

/** A self-signed certificate for a name, which is what a relay gets from its authority. */
export function certificateFor(name: string, days = 90): { certificate: string; key: string } {
  const directory = mkdtempSync(join(tmpdir(), "turn-certificate-"));
  const [certificate, key] = [join(directory, "cert.pem"), join(directory, "key.pem")];
  const fixed = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];
  const named = ["-subj", `/CN=${name}`, "-addext", `subjectAltName=DNS:${name}`, "-days", String(days)];
  execaSync("openssl", [...fixed, ...named, "-keyout", key, "-out", certificate]);
  const pair = { certificate: readFileSync(certificate, "utf8"), key: readFileSync(key, "utf8") };
  rmSync(directory, { recursive: true, force: true });
  return pair;
}

export interface RelayOptions {
  readonly props?: Partial<TurnHostProps>;
  /** @default false - no certificate, hence no TLS */
  readonly tls?: boolean;
  /** UDP ports to relay at. @default 60 */
  readonly ports?: number;
  /** Lines that a test adds to the rendered ones, and says why. */
  readonly lines?: readonly string[];
}

/**
 * A relay's directory: the files as the module renders them, with the places and ports of a test. `turnserver.conf` is the
 * rendered one but for these lines:
 *
 * - addresses, ports and paths, which are the test's own;
 * - the three lines that `turn-address` adds on a node, for 127.0.0.1;
 * - `allow-loopback-peers`, since both ends of a test's call are on loopback. The denial of 127.0.0.0/8 stays; 127.0.0.1
 *   passes it as the relay's own address, as a node's private address does.
 */
export class Relay {
  readonly path = mkdtempSync(join(tmpdir(), "turn-test-"));
  private server: Server | undefined;
  private static readonly all = new Set<Relay>();

  private constructor(
    private readonly programs: CoturnPrograms,
    readonly port: number,
    readonly tlsPort: number,
    readonly relayPorts: { readonly from: number; readonly to: number },
  ) {
    Relay.all.add(this);
    // coturn reads and writes here as a user of its own.
    if (isRoot) execaSync("chown", ["turnserver:turnserver", this.path]);
    chmodSync(this.path, 0o755);
  }

  static async make(programs: CoturnPrograms, options: RelayOptions = {}): Promise<Relay> {
    const [port, tlsPort] = [await freePort(), await freePort()];
    const relay = new Relay(programs, port, tlsPort, freeRange(options.ports ?? 60));
    relay.configure(options);
    relay.secrets(SECRET);
    if (options.tls) relay.certify(hostProps.hostName);
    return relay;
  }

  static async start(programs: CoturnPrograms, options: RelayOptions = {}): Promise<Relay> {
    const relay = await Relay.make(programs, options);
    try {
      await relay.run();
      return relay;
    } catch (error) {
      await relay.remove();
      throw error;
    }
  }

  get config(): string {
    return this.file("turn.json");
  }

  get log(): string {
    return readFileSync(this.file("turnserver.log"), "utf8");
  }

  get pid(): number {
    return this.server?.pid ?? 0;
  }

  file(name: string): string {
    return join(this.path, name);
  }

  configure({ props = {}, lines = [] }: RelayOptions): void {
    const all = { ...hostProps, ...props };
    const json = JSON.parse(fileOf(all, "/etc/telemedicina/turn.json")) as {
      readonly paths: { readonly base: string };
    };
    const own: Readonly<Record<string, string>> = {
      "listening-ip": "127.0.0.1",
      "listening-port": String(this.port),
      "tls-listening-port": String(this.tlsPort),
      "min-port": String(this.relayPorts.from),
      "max-port": String(this.relayPorts.to),
      userdb: this.file("turndb"),
      cert: this.file("cert.pem"),
      pkey: this.file("key.pem"),
      "log-file": this.file("turnserver.log"),
    };
    const rendered = fileOf(all, json.paths.base)
      .trimEnd()
      .split("\n")
      .map((line) => {
        const [name = ""] = line.split("=");
        return name in own ? `${name}=${own[name]}` : line;
      });
    const node = [
      "relay-ip=127.0.0.1",
      `external-ip=${PUBLIC_ADDRESS}/127.0.0.1`,
      "allowed-peer-ip=127.0.0.1",
    ];
    const text = [...rendered, ...node, "allow-loopback-peers", ...lines];
    writeFileSync(this.file("turnserver.conf"), `${text.join("\n")}\n`);
    writeFileSync(this.file("base.conf"), `${rendered.join("\n")}\n`);
    const paths = {
      base: this.file("base.conf"),
      configuration: this.file("turnserver.conf"),
      database: this.file("turndb"),
      certificate: this.file("cert.pem"),
      key: this.file("key.pem"),
      log: this.file("turnserver.log"),
      state: this.file("state"),
      certbot: this.file("certbot"),
    };
    const ports = { turn: this.port, tls: this.tlsPort };
    writeFileSync(this.config, JSON.stringify({ ...json, paths, ports, relayPorts: this.relayPorts }));
  }

  /** What `turn-secrets` does on a node, for tests of something else. */
  secrets(...values: readonly string[]): void {
    execaSync(this.programs.sqlite, [this.file("turndb"), statements(values)]);
    if (isRoot) execaSync("sh", ["-c", `chown turnserver:turnserver ${this.file("turndb")}*`]);
  }

  /** The same while coturn runs. */
  async write(...values: readonly string[]): Promise<void> {
    await execa(this.programs.sqlite, [this.file("turndb"), statements(values)]);
  }

  accepted(): string[] {
    const { stdout } = execaSync(this.programs.sqlite, [
      this.file("turndb"),
      "SELECT value FROM turn_secret ORDER BY value",
    ]);
    return stdout.split("\n").filter((line) => line !== "");
  }

  certify(name: string, days = 90): string {
    const { certificate, key } = certificateFor(name, days);
    writeFileSync(this.file("cert.pem"), certificate);
    writeFileSync(this.file("key.pem"), key);
    return certificate;
  }

  /** coturn as its package runs it: as its own user, in the foreground. */
  async run(): Promise<void> {
    this.server = await Server.start("turnserver", this.command(), {
      ready: async () => {
        const client = await TurnClient.open({ over: "udp", port: this.port }, credentialOf("probe"), 300);
        return client
          .binding()
          .then(({ error }) => error === 0)
          .finally(() => client.close());
      },
    });
  }

  private command(): [string, ...string[]] {
    const { setpriv, turnserver } = this.programs;
    const plain: [string, ...string[]] = [
      turnserver,
      "-c",
      this.file("turnserver.conf"),
      `--pidfile=${this.file("pid")}`,
    ];
    return isRoot ? [setpriv, "--reuid=turnserver", "--regid=turnserver", "--clear-groups", ...plain] : plain;
  }

  signal(name: NodeJS.Signals): void {
    this.server?.signal(name);
  }

  async restart(): Promise<void> {
    await this.server?.stop();
    await this.run();
  }

  /**
   * Programs that a node has and this machine has not, for the node's own to find: systemctl for the one unit it is asked
   * about, and certbot, which signs a certificate itself. Each call is a line in `calls`.
   */
  installPrograms(certificateDays = 90): void {
    mkdirSync(this.file("bin"), { recursive: true });
    this.install(
      "systemctl",
      `pid=$(cat ${this.file("pid")} 2>/dev/null || echo 0)
case "$1" in
is-active) [ "$pid" != 0 ] && kill -0 "$pid" 2>/dev/null ;;
kill) kill -USR2 "$pid" ;;
stop) kill "$pid" ;;
restart)
  [ "$pid" = 0 ] || kill -KILL "$pid" 2>/dev/null
  ${this.command().join(" ")} >/dev/null 2>&1 </dev/null &
  ;;
esac`,
    );
    this.install(
      "certbot",
      `[ ! -e ${this.file("no-authority")} ] || exit 1
while [ $# -gt 0 ]; do
  case "$1" in --domain) name=$2 ;; --config-dir) dir=$2 ;; esac
  shift
done
mkdir -p "$dir/live/turn"
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "/CN=$name" -days ${certificateDays} \
  -addext "subjectAltName=DNS:$name" -keyout "$dir/live/turn/privkey.pem" -out "$dir/live/turn/fullchain.pem" 2>/dev/null`,
    );
  }

  /** What the node's programs called, of those. */
  calls(): string[] {
    return existsSync(this.file("calls"))
      ? readFileSync(this.file("calls"), "utf8").trimEnd().split("\n")
      : [];
  }

  private install(name: string, script: string): void {
    writeFileSync(
      this.file(join("bin", name)),
      `#!/bin/sh\necho "${name} $*" >> ${this.file("calls")}\n${script}\n`,
    );
    chmodSync(this.file(join("bin", name)), 0o755);
  }

  /** A client of this relay; over TLS it checks the certificate, as a browser does. */
  client(
    credential: TurnCredential = credentialOf("patient-42"),
    over: Way["over"] = "udp",
  ): Promise<TurnClient> {
    const ca = over === "tls" ? readFileSync(this.file("cert.pem"), "utf8") : "";
    const way: Way =
      over === "tls" ? { over, port: this.tlsPort, name: hostProps.hostName, ca } : { over, port: this.port };
    return TurnClient.open(way, credential);
  }

  /** Waits until no relayed address is left. */
  async quiet(): Promise<void> {
    const { from, to } = this.relayPorts;
    await until("the end of all allocations", async () => {
      const { stdout } = await this.shell(`ss -Hanu 'sport >= ${from} and sport <= ${to}' | wc -l`);
      return Number(stdout) === 0;
    });
  }

  /** Runs one of the node's programs to its end. */
  async program(
    file: string,
    args: readonly string[] = [],
    env: Readonly<Record<string, string>> = {},
  ): Promise<Ended> {
    const { exitCode, stdout, stderr } = await this.begin(file, args, env);
    return { exitCode: exitCode ?? -1, stdout, stderr };
  }

  begin(file: string, args: readonly string[], env: Readonly<Record<string, string>>) {
    return execa(turnProgram(file), ["--config", this.config, ...args], {
      env: {
        ...awsEnvironment("http://127.0.0.1:9"),
        PATH: `${this.file("bin")}:${process.env["PATH"]}`,
        PYTHONDONTWRITEBYTECODE: "1",
        ...env,
      },
      reject: false,
    });
  }

  shell(command: string): Promise<{ stdout: string }> {
    return execa("sh", ["-c", command]);
  }

  /** Those that a test left, too. */
  static async removeAll(): Promise<void> {
    for (const relay of Relay.all) await relay.remove();
  }

  async remove(): Promise<void> {
    Relay.all.delete(this);
    await this.server?.stop("SIGKILL");
    // One that systemctl started.
    await this.shell(`kill -KILL $(cat ${this.file("pid")}) 2>/dev/null || true`);
    rmSync(this.path, { recursive: true, force: true });
  }
}

/** UDP ports below the ephemeral ones as a node's are above: whatever is bound there is the relay's. */
function freeRange(size: number): { from: number; to: number } {
  const taken = ["udp", "udp6"].flatMap((family) =>
    readFileSync(`/proc/net/${family}`, "utf8")
      .split("\n")
      .map((row) => Number.parseInt(/^ *\d+: [0-9A-F]+:([0-9A-F]{4})/.exec(row)?.[1] ?? "0", 16)),
  );
  for (;;) {
    const from = 10_000 + 64 * Math.floor(Math.random() * 300);
    const to = from + size - 1;
    if (to < 32_768 && !taken.some((port) => port >= from && port <= to)) return { from, to };
  }
}

function statements(values: readonly string[]): string {
  const table =
    "CREATE TABLE IF NOT EXISTS turn_secret (realm varchar(127), value varchar(256), primary key (realm, value));";
  const rows = values.map((value) => `INSERT INTO turn_secret VALUES ('${REALM}', '${value}');`);
  return `PRAGMA journal_mode=WAL; ${table} BEGIN; DELETE FROM turn_secret; ${rows.join(" ")} COMMIT;`;
}

export function credentialOf(userId: string, secret = SECRET, ttlSeconds = 3600): TurnCredential {
  return turnCredential({ secret, userId, ttlSeconds, now: new Date() });
}

/** A call between two clients of one relay, each at its own relayed address, as browsers have it. */
export class Call {
  private constructor(
    readonly doctor: TurnClient,
    readonly patient: TurnClient,
  ) {}

  static async begin(relay: Relay, secret = SECRET, over: Way["over"] = "udp"): Promise<Call> {
    const call = new Call(
      await relay.client(credentialOf("doctor-7", secret), over),
      await relay.client(credentialOf("patient-7", secret), over),
    );
    await Promise.all([call.doctor, call.patient].map((client) => must(client.allocate())));
    await call.keep();
    return call;
  }

  /** What keeps a call alive: channels to each other's relayed address, and the allocations. */
  async keep(): Promise<void> {
    const { doctor, patient } = this;
    await must(doctor.bind(0x4000, patient.relayed ?? nowhere));
    await must(patient.bind(0x4000, doctor.relayed ?? nowhere));
    await Promise.all([doctor, patient].map((client) => must(client.refresh(600))));
  }

  /** Sends packets both ways and tells how many arrived, of how many. */
  async talk(packets = 20): Promise<{ sent: number; arrived: number }> {
    const { doctor, patient } = this;
    const before = doctor.received.length + patient.received.length;
    for (let index = 0; index < packets; index += 1) {
      doctor.send(0x4000, Buffer.alloc(200, index));
      patient.send(0x4000, Buffer.alloc(200, index));
      await pause(5);
    }
    await pause(200);
    return { sent: 2 * packets, arrived: doctor.received.length + patient.received.length - before };
  }

  async end(): Promise<void> {
    await Promise.all([this.doctor, this.patient].map((client) => must(client.refresh(0))));
    this.close();
  }

  close(): void {
    this.doctor.close();
    this.patient.close();
  }
}

const nowhere = { ip: "0.0.0.0", port: 1 };

async function must(answer: Promise<{ error: number; reason: string }>): Promise<void> {
  const { error, reason } = await answer;
  if (error !== 0) throw new Error(`the relay answered ${error} ${reason}`);
}

export function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** coturn's own client: calls between pairs of its clients through the relay. */
export async function uclient(
  programs: CoturnPrograms,
  relay: Relay,
  { username, credential }: TurnCredential,
  args: readonly string[] = [],
): Promise<{ exitCode: number; lost: string | undefined; output: string }> {
  const { exitCode, all } = await execa(
    programs.uclient,
    ["-p", String(relay.port), "-u", username, "-w", credential, "-y", "-c", ...args, "127.0.0.1"],
    { reject: false, all: true, timeout: 60_000 },
  );
  const output = all ?? "";
  return { exitCode: exitCode ?? -1, lost: /Total lost packets (\d+)/.exec(output)?.[1], output };
}
