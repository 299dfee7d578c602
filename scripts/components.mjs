// The programs that some tests run, from Debian's packages. Where all must run (REQUIRE_COMPONENTS=1, as in CI)
// the missing ones are installed; elsewhere the tests that need one are skipped and say so.
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { delimiter, join } from "node:path";

const components = [
  { package: "redis-server", present: () => onPath("redis-server") && onPath("redis-cli") },
  { package: "postgresql", present: () => onPath("initdb") || debianPostgresql() },
  // What application hosts run.
  { package: "nginx-light", present: () => found("nginx") },
  { package: "php8.2-fpm", present: () => found("php-fpm8.2") },
  { package: "php8.2-cli", present: () => onPath("php8.2") },
  { package: "php8.2-pgsql", present: () => phpHas("pdo_pgsql") },
  { package: "php8.2-redis", present: () => phpHas("redis") },
  { package: "php-vlucas-phpdotenv", present: () => existsSync("/usr/share/php/Dotenv/autoload.php") },
  { package: "iproute2", present: () => found("ss") },
  { package: "supervisor", present: () => onPath("supervisord") },
  { package: "pgbouncer", present: () => found("pgbouncer") },
  { package: "cloud-init", present: () => onPath("cloud-init") },
  { package: "shellcheck", present: () => onPath("shellcheck") },
  { package: "python3-boto3", present: () => existsSync("/usr/lib/python3/dist-packages/boto3") },
  // What the program that shifts traffic between blue and green calls.
  { package: "awscli", present: () => onPath("aws") },
  { package: "systemd", present: () => onPath("systemd-analyze") },
  // What releases are built and packaged with.
  { package: "jq", present: () => onPath("jq") },
  { package: "unzip", present: () => onPath("unzip") },
  { package: "zip", present: () => onPath("zip") },
  // What pages are shown in.
  { package: "chromium", present: () => onPath("chromium") },
  // What relays run.
  { package: "coturn", present: () => onPath("turnserver") },
  { package: "sqlite3", present: () => onPath("sqlite3") },
  { package: "openssl", present: () => onPath("openssl") },
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

/** Daemons stand where only root looks for them. */
function found(program) {
  return (
    onPath(program) ||
    ["/usr/sbin", "/usr/local/sbin"].some((directory) => existsSync(join(directory, program)))
  );
}

function phpHas(extension) {
  const folder = "/etc/php/8.2/mods-available";
  return existsSync(join(folder, `${extension}.ini`));
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
