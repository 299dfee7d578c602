import { chmodSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer, type Server as HttpServer } from "node:http";
import type { AddressInfo } from "node:net";
import { execa } from "execa";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import {
  awsEnvironment,
  findPrograms,
  freePort,
  GROUP,
  HostDirectory,
  PYTHON_WITH_BOTO3,
  Server,
} from "./host-programs-support.js";

const programs = findPrograms(
  "render-env",
  {
    python: "/usr/bin/python3",
    boto3: PYTHON_WITH_BOTO3,
    moto: "moto_server",
    php: "php",
    dotenv: "/usr/share/php/Dotenv/autoload.php",
  },
  "python3-boto3 php-cli php-vlucas-phpdotenv; pip install 'moto[server]'",
);

const PARAMETER = "/telemedicina/development/application";

/** The file as Laravel has it: read by its own library, then by the rule of its env() for quotes. */
const READ_DOTENV = `
  require '/usr/share/php/Dotenv/autoload.php';
  $values = Dotenv\\Dotenv::parse(file_get_contents($argv[1]));
  echo json_encode(array_map(fn ($v) => preg_match('/\\A([\\'"])(.*)\\1\\z/', $v, $m) ? $m[2] : $v, $values));`;

/** Notes the modes that new files beside .env have at every step of the operating system that Python takes. */
const WATCH = `
import glob, os, stat, sys
seen, looking = set(), False
def look(event, arguments):
    global looking
    if looking or not event.startswith("os."):
        return
    looking = True
    for path in glob.glob(os.environ["WATCHED"] + "/.render-env-*"):
        seen.add(oct(stat.S_IMODE(os.stat(path).st_mode)))
    with open(os.environ["WATCHED"] + "/seen", "w") as file:
        file.write(" ".join(sorted(seen)))
    looking = False
sys.addaudithook(look)
`;

describe.skipIf(!programs)("render-env with the emulator's Parameter Store and Secrets Manager", () => {
  let moto: Server;
  let gate: Gate;
  let host: HostDirectory;
  const arns: Record<string, string> = {};

  const plain = (secretArn: string) => ({ secretArn, before: "", after: "", encoding: "plain" });
  const key = (secretArn: string, jsonKey: string) => ({ ...plain(secretArn), jsonKey });

  beforeAll(async () => {
    const url = `http://127.0.0.1:${await freePort()}`;
    moto = await Server.start(
      "moto_server",
      [programs?.moto ?? "", "-H", "127.0.0.1", "-p", new URL(url).port],
      { ready: async () => (await fetch(`${url}/moto-api/data.json`)).ok },
    );
    gate = await Gate.open(url);
    const secrets: Record<string, string> = {
      appKey: "base64:q83v+/==",
      redis: "a/b+c d%e?f#g@h:é",
      database: JSON.stringify({ username: "app", password: `p"w'$x\\ #1\\` }),
      text: "no JSON",
    };
    for (const [name, value] of Object.entries(secrets)) {
      const made = await gate.ask("secretsmanager", "CreateSecret", { Name: name, SecretString: value });
      arns[name] = String(made["ARN"]);
    }
  });
  afterAll(async () => {
    await gate?.close();
    await moto?.stop();
  });
  beforeEach(() => {
    gate.refused.clear();
    host = new HostDirectory();
    host.configure({ environmentFile: host.file(".env") });
    return () => host.remove();
  });

  const contract = (contents: object) =>
    gate.ask("ssm", "PutParameter", {
      Name: PARAMETER,
      Value: JSON.stringify({ variables: {}, secretVariables: {}, ...contents }),
      Type: "String",
      Overwrite: true,
      Tier: "Advanced",
    });
  const render = (env: Record<string, string> = {}) =>
    host.run("render-env.py", [], { ...awsEnvironment(gate.url), ...env });
  const asLaravelReads = async (): Promise<Record<string, string>> => {
    const { stdout } = await execa("php", ["-r", READ_DOTENV, "--", host.file(".env")]);
    return JSON.parse(stdout) as Record<string, string>;
  };
  const leftovers = () => readdirSync(host.path).filter((name) => name.startsWith(".render-env-"));

  it("writes variables and secrets: whole, a key of one, encoded for a URL", async () => {
    await contract({
      variables: { DB_HOST: "127.0.0.1", APP_ENV: "development" },
      secretVariables: {
        REDIS_URL: {
          ...plain(arns["redis"] ?? ""),
          before: "tls://:",
          after: "@cache:6379",
          encoding: "url",
        },
        REDIS_PASSWORD: plain(arns["redis"] ?? ""),
        DB_USERNAME: key(arns["database"] ?? "", "username"),
        DB_PASSWORD: key(arns["database"] ?? "", "password"),
        APP_KEY: plain(arns["appKey"] ?? ""),
      },
    });

    const ended = await render();

    expect(ended).toEqual({
      exitCode: 0,
      stdout: `render-env: ${host.file(".env")} is written: 2 variables and 5 with a secret.`,
      stderr: "",
    });
    expect(host.read(".env")).toBe(
      [
        `# Written by render-env from ${PARAMETER}: what is changed here is lost.`,
        'APP_ENV="development"',
        'APP_KEY="base64:q83v+/=="',
        'DB_HOST="127.0.0.1"',
        String.raw`DB_PASSWORD="p\"w'\$x\\ #1\\"`,
        'DB_USERNAME="app"',
        'REDIS_PASSWORD="a/b+c d%e?f#g@h:é"',
        'REDIS_URL="tls://:a%2Fb%2Bc%20d%25e%3Ff%23g%40h%3A%C3%A9@cache:6379"',
        "",
      ].join("\n"),
    );
    expect(await asLaravelReads()).toMatchObject({ DB_PASSWORD: `p"w'$x\\ #1\\` });
  });

  it("writes every value so that Laravel's own reader has it as it was", async () => {
    const variables = { ...awkward, ...random(400) };
    await contract({ variables });

    expect((await render()).exitCode).toBe(0);

    expect(await asLaravelReads()).toEqual(variables);
  });

  it("reads a secret once, however many lines want it", async () => {
    await contract({
      secretVariables: Object.fromEntries(
        ["A", "B", "C"].map((name) => [name, key(arns["database"] ?? "", "username")]),
      ),
    });
    gate.asked.length = 0;

    await render();

    expect(gate.asked).toEqual(["AmazonSSM.GetParameter", "secretsmanager.GetSecretValue"]);
  });

  it("writes the same file again, and puts the mode right that somebody has changed", async () => {
    await contract({ variables: { B: "2", A: "1" } });
    await render();
    const first = host.read(".env");
    chmodSync(host.file(".env"), 0o666);

    await render();

    expect(host.read(".env")).toBe(first);
    expect((statSync(host.file(".env")).mode & 0o777).toString(8)).toBe("640");
  });

  it("has the mode 0640 from the first letter, whatever the umask", async () => {
    await contract({ variables: { A: "1" }, secretVariables: { APP_KEY: plain(arns["appKey"] ?? "") } });
    mkdirSync(host.file("python"));
    host.write("python/sitecustomize.py", WATCH);
    const umask = process.umask(0);

    const ended = await render({
      PYTHONPATH: host.file("python"),
      WATCHED: host.path,
    });
    process.umask(umask);

    expect(ended.stderr).toBe("");
    // mkstemp's own, then the file's.
    expect(host.read("seen")).toBe("0o600 0o640");
    const { mode, uid, gid } = statSync(host.file(".env"));
    expect([(mode & 0o777).toString(8), uid]).toEqual(["640", process.getuid?.()]);
    expect((await execa("stat", ["-c", "%G", host.file(".env")])).stdout).toBe(GROUP);
    expect(gid).toBe(process.getgid?.());
  });

  describe("fails when", () => {
    const before = 'OLD="1"\n';
    beforeEach(() => {
      host.write(".env", before, 0o640);
    });
    const unchanged = () => {
      expect(host.read(".env")).toBe(before);
      expect(leftovers()).toEqual([]);
    };

    it("the parameter is missing, and leaves the old file", async () => {
      await gate.ask("ssm", "DeleteParameter", { Name: PARAMETER }).catch(() => undefined);

      expect(await render()).toEqual({
        exitCode: 1,
        stdout: "",
        stderr: [
          `render-env: 1 fault, ${host.file(".env")} is as it was:`,
          `  - SSM parameter ${PARAMETER}: ParameterNotFound: Parameter ${PARAMETER} not found. Apply the stack that makes it.`,
        ].join("\n"),
      });
      unchanged();
    });

    it("the parameter holds something else", async () => {
      await gate.ask("ssm", "PutParameter", {
        Name: PARAMETER,
        Value: "[]",
        Type: "String",
        Overwrite: true,
      });

      expect((await render()).stderr).toBe(
        [
          `render-env: 1 fault, ${host.file(".env")} is as it was:`,
          `  - SSM parameter ${PARAMETER} is no contract: no object secretVariables, variables in it. Apply the stack that makes it.`,
        ].join("\n"),
      );
      unchanged();
    });

    it("secrets are missing or refused, and says so of all of them at once, without any that it has read", async () => {
      const absent = "arn:aws:secretsmanager:us-east-1:123456789012:secret:absent-AbCdEf";
      gate.refused.add(arns["redis"] ?? "");
      await contract({
        variables: { A: "1" },
        secretVariables: {
          APP_KEY: plain(arns["appKey"] ?? ""),
          REDIS_PASSWORD: plain(arns["redis"] ?? ""),
          TURN_SECRET: plain(absent),
          REDIS_URL: plain(arns["redis"] ?? ""),
        },
      });

      const { exitCode, stdout, stderr } = await render();

      expect([exitCode, stdout]).toEqual([1, ""]);
      expect(stderr).toBe(
        [
          `render-env: 2 faults, ${host.file(".env")} is as it was:`,
          `  - secret ${absent} (for TURN_SECRET): ResourceNotFoundException: Secrets Manager can't find the specified secret. Apply the stack that makes it and gives it a value.`,
          `  - secret ${arns["redis"]} (for REDIS_PASSWORD, REDIS_URL): AccessDeniedException: not authorized to perform: secretsmanager:GetSecretValue Let the instance's role read it and decrypt with its key.`,
        ].join("\n"),
      );
      unchanged();
    });

    it("a key is not in its secret, or the secret is no JSON, and names keys, not values", async () => {
      await contract({
        secretVariables: {
          DB_PASSWORD: key(arns["database"] ?? "", "pass"),
          REVERB_APP_KEY: key(arns["text"] ?? "", "app_key"),
        },
      });

      expect((await render()).stderr).toBe(
        [
          `render-env: 2 faults, ${host.file(".env")} is as it was:`,
          `  - secret ${arns["database"]} has no text in key pass; keys found: password, username. Give it a value with that key.`,
          `  - secret ${arns["text"]} is no JSON object, and its key app_key is wanted. Give it a value with that key.`,
        ].join("\n"),
      );
      unchanged();
    });

    it("AWS is out of reach, after some attempts", async () => {
      const nobody = `http://127.0.0.1:${await freePort()}`;

      const { exitCode, stderr } = await render({ AWS_ENDPOINT_URL: nobody });

      expect(exitCode).toBe(1);
      expect(stderr).toBe(
        [
          `render-env: 1 fault, ${host.file(".env")} is as it was:`,
          `  - SSM parameter ${PARAMETER}: Could not connect to the endpoint URL: "${nobody}/" Check the instance's profile and its way to AWS: NAT gateway or endpoint, security group, DNS.`,
        ].join("\n"),
      );
      unchanged();
    });

    it("the host has no such group, with nothing left of the new file", async () => {
      await contract({ variables: { A: "1" } });
      host.configure({ environmentFile: host.file(".env"), webGroup: "no-such-group" });

      expect((await render()).stderr).toBe(
        [
          `render-env: 1 fault, ${host.file(".env")} is as it was:`,
          `  - ${host.file(".env")} cannot be written: "getgrnam(): name not found: 'no-such-group'". Make its directory and the group no-such-group.`,
        ].join("\n"),
      );
      unchanged();
    });
  });

  describe("with PgBouncer", () => {
    beforeEach(async () => {
      mkdirSync(host.file("pgbouncer"));
      host.write("reload", `#!/bin/sh\necho reloaded >>${host.file("reloads")}\n`, 0o755);
      host.configure({
        environmentFile: host.file(".env"),
        pgbouncer: {
          databasesFile: host.file("pgbouncer/databases.ini"),
          userListFile: host.file("pgbouncer/userlist.txt"),
          group: GROUP,
          reload: [host.file("reload")],
        },
      });
      await serving(["replica-1", "replica-2"]);
    });
    const serving = (replicas: readonly string[]) =>
      contract({
        secretVariables: {
          DB_USERNAME: key(arns["database"] ?? "", "username"),
          DB_PASSWORD: key(arns["database"] ?? "", "password"),
        },
        pgbouncerDatabases: {
          ...Object.fromEntries(
            replicas.map((host, index) => [
              `app_read_${index + 1}`,
              { host, port: 5432, databaseName: "app" },
            ]),
          ),
          app: { host: "writer", port: 5432, databaseName: "app" },
        },
      });
    const reloads = () => (host.has("reloads") ? host.read("reloads").split("\n").length - 1 : 0);

    it("writes what it serves, and the password as PgBouncer quotes it, for its group only", async () => {
      expect((await render()).stderr).toBe("");

      expect(host.read("pgbouncer/databases.ini")).toBe(
        [
          "[databases]",
          "app = host=writer port=5432 dbname=app",
          "app_read_1 = host=replica-1 port=5432 dbname=app",
          "app_read_2 = host=replica-2 port=5432 dbname=app",
          "",
        ].join("\n"),
      );
      expect(host.read("pgbouncer/userlist.txt")).toBe(`"app" "p""w'$x\\ #1\\"\n`);
      expect((statSync(host.file("pgbouncer/userlist.txt")).mode & 0o777).toString(8)).toBe("640");
    });

    it("has PgBouncer read them when they have changed, and then only", async () => {
      await render();
      await render();
      expect(reloads()).toBe(1);

      await serving(["replica-1"]);
      await render();
      expect(reloads()).toBe(2);
    });

    it("fails when PgBouncer does not read them, and has it try again the next time", async () => {
      host.write("reload", "#!/bin/sh\nexit 3\n", 0o755);

      expect((await render()).stderr).toBe(
        [
          `render-env: 1 fault, ${host.file(".env")} is written:`,
          `  - PgBouncer has not read its new files: ${host.file("reload")} ended with 3. See its log.`,
        ].join("\n"),
      );
      host.write("reload", `#!/bin/sh\necho reloaded >>${host.file("reloads")}\n`, 0o755);
      expect((await render()).exitCode).toBe(0);
      expect(reloads()).toBe(1);
    });

    it("fails when the contract has no password for it", async () => {
      await contract({ pgbouncerDatabases: {} });

      expect((await render()).stderr).toBe(
        [
          `render-env: 1 fault, ${host.file(".env")} is as it was:`,
          "  - the contract has no DB_USERNAME, which PgBouncer needs. Apply the stack that makes it.",
        ].join("\n"),
      );
    });

    it("writes none of the three when one cannot be", async () => {
      rmSync(host.file("pgbouncer"), { recursive: true });
      writeFileSync(host.file(".env"), "OLD=1\n");

      expect((await render()).exitCode).toBe(1);

      expect(host.read(".env")).toBe("OLD=1\n");
      expect(leftovers()).toEqual([]);
    });
  });
});

const awkward = {
  SPACES: "  two words ",
  HASH: "a #b",
  DOLLAR: "$HOME ${HOME} \\$x",
  DOUBLE: 'say "this"',
  IN_DOUBLE: '"quoted"',
  IN_SINGLE: "'quoted'",
  TWO_SINGLE: "''",
  BACKSLASH_AT_END: "C:\\",
  BACKSLASHES: "\\\\n\\t\\",
  EQUALS_QUOTE: 'a="b',
  LINES: "one\ntwo\r\n",
  TAB: "a\tb",
  EMPTY: "",
  ACCENTS: "São João €",
  BRACES: "{default}",
};

/** Values of what quoting can go wrong with, the same ones every time. */
function random(count: number): Record<string, string> {
  const letters = ["\\", '"', "'", "$", "{", "}", "#", "=", " ", "a", "n", "\n", "é"];
  let state = 42;
  const next = (below: number) => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return Math.floor((state / 2147483648) * below);
  };
  const value = () => Array.from({ length: 1 + next(8) }, () => letters[next(letters.length)]).join("");
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [`R${index}`, value()]));
}

/** Before the emulator, which knows no permissions: notes what is asked for, and refuses some secrets. */
class Gate {
  readonly asked: string[] = [];
  readonly refused = new Set<string>();

  private constructor(
    private readonly server: HttpServer,
    readonly url: string,
    private readonly emulator: string,
  ) {}

  static async open(emulator: string): Promise<Gate> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const gate = new Gate(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}`, emulator);
    server.on("request", (request, response) => {
      const parts: Buffer[] = [];
      request.on("data", (part: Buffer) => parts.push(part));
      request.on("end", async () => {
        const body = Buffer.concat(parts).toString();
        const target = String(request.headers["x-amz-target"]);
        gate.asked.push(target);
        if ([...gate.refused].some((arn) => body.includes(arn))) {
          response.writeHead(400, { "content-type": "application/x-amz-json-1.1" });
          const message = "not authorized to perform: secretsmanager:GetSecretValue";
          response.end(JSON.stringify({ __type: "AccessDeniedException", Message: message }));
          return;
        }
        const answer = await fetch(emulator, { method: "POST", body, headers: passed(request.headers) });
        response.writeHead(answer.status, { "content-type": "application/x-amz-json-1.1" });
        response.end(await answer.text());
      });
    });
    return gate;
  }

  async ask(
    service: "ssm" | "secretsmanager",
    action: string,
    input: object,
  ): Promise<Record<string, unknown>> {
    const target = `${service === "ssm" ? "AmazonSSM" : service}.${action}`;
    const answer = await fetch(this.emulator, {
      method: "POST",
      headers: {
        "content-type": "application/x-amz-json-1.1",
        "x-amz-target": target,
        authorization: `AWS4-HMAC-SHA256 Credential=test/20200101/us-east-1/${service}/aws4_request`,
      },
      body: JSON.stringify(input),
    });
    if (!answer.ok) throw new Error(`${target}: ${await answer.text()}`);
    return (await answer.json()) as Record<string, unknown>;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

function passed(headers: NodeJS.Dict<string | string[]>): Record<string, string> {
  const names = ["content-type", "x-amz-target", "authorization", "x-amz-date"];
  return Object.fromEntries(names.map((name) => [name, String(headers[name] ?? "")]));
}
