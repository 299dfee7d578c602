import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { turnHost } from "@telemedicina/turn";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findPrograms } from "./host-programs-support.js";
import { findCoturn, hostProps, Relay } from "./turn-support.js";

const programs = findPrograms(
  "turn files",
  {
    shellcheck: "shellcheck",
    cloudInit: "cloud-init",
    analyze: "systemd-analyze",
    python: "/usr/bin/python3",
    sh: "bash",
  },
  "shellcheck cloud-init systemd python3",
);
const coturn = findCoturn();
const host = turnHost(hostProps);

describe.skipIf(programs === undefined)("what a relay's user data has in it", () => {
  const tools = programs as NonNullable<typeof programs>;
  const directory = mkdtempSync(join(tmpdir(), "turn-files-"));
  const at = (path: string) => join(directory, path);
  const programFiles = host.files.filter(({ path }) => path.startsWith("/usr/local/sbin/"));

  beforeAll(() => {
    for (const { path, content, mode } of host.files) {
      mkdirSync(dirname(at(path)), { recursive: true });
      writeFileSync(at(path), content.replaceAll("/usr/local/sbin/", at("/usr/local/sbin/")));
      chmodSync(at(path), Number.parseInt(mode, 8));
    }
  });
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  it("TURN-01: is a document that cloud-init takes", async () => {
    writeFileSync(at("user-data"), host.userData);
    const { all } = await execa(tools.cloudInit, ["schema", "--config-file", at("user-data")], { all: true });

    expect(all).toContain("Valid");
  });

  it("TURN-01: has shell that shellcheck finds no fault in, and Python that compiles", async () => {
    const shell = programFiles.filter(({ content }) => content.startsWith("#!/bin/bash"));
    const python = programFiles.filter((file) => !shell.includes(file));

    expect({ shell: shell.length, python: python.length }).toEqual({ shell: 1, python: 6 });
    await execa(
      tools.shellcheck,
      shell.map(({ path }) => at(path)),
    );
    const compile = "import sys\nfor name in sys.argv[1:]: compile(open(name).read(), name, 'exec')";
    await execa(tools.python, ["-c", compile, ...python.map(({ path }) => at(path))]);
  });

  it("TURN-01: has units that systemd finds no fault in", async () => {
    // The package's own, of which ours has a part.
    const packaged = readFileSync("/lib/systemd/system/coturn.service", "utf8");
    writeFileSync(at("/etc/systemd/system/coturn.service"), packaged);
    const units = host.files
      .filter(({ path }) => /\/[a-z-]+\.(service|timer)$/.test(path))
      .map(({ path }) => at(path));
    const verified = await execa(
      tools.analyze,
      ["verify", "--man=no", ...units, at("/etc/systemd/system/coturn.service")],
      { reject: false, all: true },
    );

    expect(units).toHaveLength(7);
    // Units of this machine are read too, and what the package's own says of itself.
    const ours = verified.all
      .split("\n")
      .filter((line) => line.includes(directory) && !line.includes("InaccessibleDirectories"));
    expect({ ours, exitCode: verified.exitCode }).toEqual({ ours: [], exitCode: 0 });
  });
});

describe.skipIf(programs === undefined)("turn-boot, with every program that it calls played", () => {
  const directory = mkdtempSync(join(tmpdir(), "turn-boot-"));
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  const boot = async (...failing: readonly string[]) => {
    const [calls, script] = [join(directory, "calls"), join(directory, "turn-boot")];
    const played = ["address", "secrets", "certificate", "check", "lifecycle"].map((name) => `turn-${name}`);
    for (const name of [...played, "sysctl", "systemctl", "curl", "dpkg", "install"]) {
      const end = failing.includes(name) ? "exit 1" : "exit 0";
      writeFileSync(join(directory, name), `#!/bin/sh\necho "${name} $*" >> ${calls}\n${end}\n`, {
        mode: 0o755,
      });
    }
    writeFileSync(join(directory, "turn.json"), JSON.stringify({ region: "sa-east-1" }));
    writeFileSync(calls, "");
    const text = host.files.find(({ path }) => path === "/usr/local/sbin/turn-boot")?.content ?? "";
    writeFileSync(script, text.replaceAll("/etc/telemedicina/turn.json", join(directory, "turn.json")));
    const path = `${directory}:${process.env["PATH"]}`;
    const { exitCode } = await execa("bash", [script], { env: { PATH: path }, reject: false });
    const made = readFileSync(calls, "utf8").split("\n");
    return {
      exitCode,
      calls: made.filter((call) => /^(turn-|systemctl|install)/.test(call)).map((call) => call.trim()),
    };
  };

  const before = [
    "systemctl daemon-reload",
    "systemctl enable --now turn-lifecycle.service",
    "turn-address",
    "install -d -o root -g turnserver -m 0750 /etc/turnserver",
    "turn-secrets",
    "turn-certificate",
    "systemctl enable coturn",
    "systemctl restart coturn",
    "turn-check boot",
  ];
  const after = [
    "systemctl enable --now turn-secrets.timer turn-certificate.timer turn-check.timer",
    "turn-lifecycle launched",
  ];

  it.each([
    ["all is well", []],
    ["there is no certificate", ["turn-certificate"]],
    ["there is no CloudWatch agent", ["curl"]],
  ])(
    "TURN-01: where %s, the node is put into service, and coturn starts when its addresses and secrets are there",
    async (_what, failing) => {
      expect(await boot(...failing)).toEqual({ exitCode: 0, calls: [...before, ...after] });
    },
  );

  it.each(["turn-address", "turn-secrets", "turn-check"])(
    "TURN-01: where %s fails, the group is told to take another node",
    async (failing) => {
      const { exitCode, calls } = await boot(failing);
      const reached = before.findIndex((call) => call.startsWith(failing));

      expect({ exitCode, calls }).toEqual({
        exitCode: 1,
        calls: [...before.slice(0, reached + 1), "turn-lifecycle failed"],
      });
    },
  );
});

describe.skipIf(coturn === undefined)("the log of a real coturn", () => {
  it("LOG-06: goes on at its beginning when logrotate cuts it", async () => {
    const relay = await Relay.start(coturn as NonNullable<typeof coturn>);
    const before = relay.log.length;
    await relay.shell(
      `cp ${relay.file("turnserver.log")} ${relay.file("copy")}; : > ${relay.file("turnserver.log")}`,
    );
    const client = await relay.client();
    await client.allocate();

    expect(relay.log).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+0000: /);
    expect(relay.log.length).toBeLessThan(before);
    client.close();
    await relay.remove();
  });
});
