// The programs that some tests run, from Debian's packages. Where all must run (REQUIRE_COMPONENTS=1, as in CI)
// the missing ones are installed; elsewhere the tests that need one are skipped and say so.
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { delimiter, join } from "node:path";

const components = [
  { package: "redis-server", present: () => onPath("redis-server") && onPath("redis-cli") },
  { package: "postgresql", present: () => onPath("initdb") || debianPostgresql() },
];

const missing = components.filter(({ present }) => !present()).map((component) => component.package);
if (missing.length > 0) {
  if (process.env.REQUIRE_COMPONENTS !== "1") {
    console.log(
      `Not on this machine, so their tests are skipped: ${missing.join(", ")} (apt-get install ${missing.join(" ")}).`,
    );
  } else {
    install(missing);
  }
}

function install(packages) {
  const sudo = process.getuid?.() === 0 ? [] : ["sudo", "--non-interactive"];
  console.log(`Installing ${packages.join(", ")} …`);
  for (const args of [["update"], ["install", "--yes", "--no-install-recommends", ...packages]]) {
    const [program, ...rest] = [...sudo, "apt-get", "--quiet", ...args];
    const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
    const { status, error } = spawnSync(program, rest, { stdio: ["ignore", "ignore", "inherit"], env });
    if (status === 0) continue;
    console.error(`${[program, ...rest].join(" ")} failed (${error?.message ?? `exit code ${status}`}).`);
    console.error(
      `Install ${packages.join(" and ")} by hand, or unset REQUIRE_COMPONENTS to skip what needs them.`,
    );
    process.exit(1);
  }
}

function onPath(program) {
  return (process.env.PATH ?? "").split(delimiter).some((directory) => existsSync(join(directory, program)));
}

function debianPostgresql() {
  const versions = "/usr/lib/postgresql";
  return (
    existsSync(versions) &&
    readdirSync(versions).some((name) => existsSync(join(versions, name, "bin/initdb")))
  );
}
