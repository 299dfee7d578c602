import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { type AgentPermission, permissionTargets } from "./bundle-agent.js";
import { Repository } from "./bundle-repository.js";
import { findPrograms } from "./host-programs-support.js";

const programs = findPrograms(
  "bundle builds",
  { bash: "bash", git: "git", jq: "jq", shellcheck: "shellcheck", unzip: "unzip", zip: "zip" },
  "git jq shellcheck unzip zip",
);

/** Notes its call with the packages that are there; installs as it is told. */
const COMPOSER = `echo "composer $*" >>"$NOTES/calls"
target=.
for word in "$@"; do [[ $word == --working-dir=* ]] && target=\${word#*=}; done
mkdir -p "$target/vendor/laravel" "$target/vendor/bin"
echo '<?php' >"$target/vendor/autoload.php"
if [[ " $* " == *" --no-dev "* ]]; then
  rm -rf "$target/vendor/phpunit" "$target/vendor/bin/pint"
else
  mkdir -p "$target/vendor/phpunit"
  printf '#!/bin/bash\\necho "pint $*" >>"$NOTES/calls"\\n' >"$target/vendor/bin/pint"
  chmod +x "$target/vendor/bin/pint"
fi
# package:discover, which Composer runs.
[[ ! -d $target/bootstrap/cache ]] || echo '<?php' >"$target/bootstrap/cache/packages.php"`;

const PHP = `dev=without; [[ -d vendor/phpunit ]] && dev=with
echo "php $* ($dev dev)" >>"$NOTES/calls"
[[ -e $NOTES/fails && "$*" == *"$(<"$NOTES/fails")"* ]] && exit 1
[[ $2 == key:generate ]] && sed -i 's/^APP_KEY=$/APP_KEY=base64:made/' .env
[[ $2 == *:cache ]] && echo '<?php // with secrets' >"bootstrap/cache/\${2%%:*}.php"
[[ $2 == *:clear ]] && rm -f "bootstrap/cache/\${2%%:*}.php"
exit 0`;

const NPM = `echo "npm $*" >>"$NOTES/calls"
[[ $1 == ci ]] && mkdir -p node_modules/vite
if [[ $* == "run build" ]]; then
  mkdir -p public/build/assets
  echo js >public/build/assets/app-4f2a.js
  cp .env.production.local "$NOTES/vite" 2>/dev/null || env | grep ^VITE_ >"$NOTES/vite"
  echo '{}' >public/build/manifest.json
fi
exit 0`;

/** Answers for the contract; notes everything else. */
const AWS = `echo "aws $*" >>"$NOTES/calls"
[[ $1 == ssm ]] && cat "$NOTES/contract"
exit 0`;

/** A Laravel repository in brief, and what lies about in it. */
const tree: Readonly<Record<string, string>> = {
  artisan: "<?php\n",
  "app/Models/User.php": "<?php\n",
  "bootstrap/app.php": "<?php\n",
  "bootstrap/cache/.gitignore": "*\n!.gitignore\n",
  "composer.json": "{}\n",
  "config/app.php": "<?php\n",
  "package.json": "{}\n",
  "phpunit.xml": "<phpunit/>\n",
  "public/index.php": "<?php\n",
  "public/favicon.ico": "icon\n",
  "public/maintenance.html": "<p>maintenance\n",
  "storage/app/.gitignore": "*\n!.gitignore\n",
  "storage/framework/views/.gitignore": "*\n!.gitignore\n",
  "storage/logs/.gitignore": "*\n!.gitignore\n",
  "tests/Feature/ExampleTest.php": "<?php\n",
  ".gitignore": "/.env\n/.env.*\n!/.env.*.example\n/node_modules\n/public/build\n/public/hot\n/vendor\n",
};
const lying: Readonly<Record<string, string>> = {
  ".env.backup.20240101": "DB_PASSWORD=old\n",
  "auth.json": "{}\n",
  "public/hot": "http://localhost:5173\n",
  "storage/logs/laravel.log": "a patient\n",
  "storage/framework/views/compiled.php": "<?php\n",
  "database/database.sqlite": "rows\n",
};

describe.skipIf(programs === undefined)("a build", () => {
  let repository: Repository;

  beforeEach(() => {
    repository = new Repository();
    for (const [path, text] of Object.entries(tree)) repository.put(path, text);
    repository.bundle();
    const stubs = { composer: COMPOSER, php: PHP, npm: NPM, aws: AWS };
    for (const [name, source] of Object.entries(stubs)) repository.program(name, source);
  });
  afterEach(() => repository.dispose());

  const vite = {
    VITE_REVERB_APP_KEY: "key",
    VITE_REVERB_HOST: "example.com",
    VITE_REVERB_PORT: "443",
    VITE_REVERB_SCHEME: "https",
  };

  const run = (command: string, env: Readonly<Record<string, string>> = vite) => repository.run(command, env);
  const calls = () => repository.calls();

  /** As CodeBuild: phase after phase, command after command; post_build after a failed build too. */
  async function codeBuild(env: Readonly<Record<string, string>> = {}): Promise<readonly string[]> {
    const { phases } = parse(repository.read("buildspec.yml")) as {
      phases: Readonly<Record<string, { commands?: readonly string[] }>>;
    };
    const failed: string[] = [];
    for (const phase of ["pre_build", "build", "post_build"]) {
      if (phase !== "post_build" && failed.length > 0) continue;
      for (const command of phases[phase]?.commands ?? []) {
        const succeeding = { CODEBUILD_BUILD_SUCCEEDING: failed.length === 0 ? "1" : "0" };
        const { exitCode, output } = await run(command, { ...vite, ...succeeding, ...env });
        if (exitCode === 0) continue;
        failed.push(`${command}: ${output}`);
        break;
      }
    }
    return failed;
  }

  /** Files of a directory, those of folders with their path. */
  function files(folder: string): string[] {
    return readdirSync(repository.at(folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(repository.at(folder).length + 1))
      .sort();
  }

  it("BLD-03: has what tests need while they run, and without it what is packaged", async () => {
    expect(await codeBuild()).toEqual([]);
    const said = calls();

    expect(said).toContain("php artisan test (with dev)");
    expect(said.filter((call) => /^(composer|npm|pint)|artisan test/.test(call))).toEqual([
      "composer install --no-interaction --no-progress --prefer-dist --ignore-platform-req=ext-redis",
      "npm ci",
      "pint --test",
      "npm run lint --if-present",
      "npm run format:check --if-present",
      "php artisan test (with dev)",
      "npm run build",
      "composer install --no-dev --optimize-autoloader --no-interaction --no-progress --prefer-dist --ignore-platform-req=ext-redis --working-dir=dist/release",
    ]);
    expect(repository.has("dist/release/vendor/phpunit")).toBe(false);
    expect(repository.has("vendor/phpunit")).toBe(true);
  });

  it.each(["CodeBuild, without .git", "a checkout"])(
    "BLD-04: the release of %s has appspec.yml at its root, and nothing that is none of it",
    async (where) => {
      if (where === "a checkout") await commit();
      for (const [path, text] of Object.entries(lying)) repository.put(path, text);
      expect(await codeBuild()).toEqual([]);

      const release = files("dist/release");
      expect(release).toEqual(
        expect.arrayContaining([
          "appspec.yml",
          "artisan",
          "public/build/assets/app-4f2a.js",
          "public/build/manifest.json",
          "scripts/after_install.sh",
          "storage/logs/.gitignore",
          "vendor/autoload.php",
        ]),
      );
      const unwanted =
        /^(\.env|\.git\/|\.github|node_modules|tests|dist|auth\.json|docker-compose|phpunit|public\/hot)|\.log$|\.sqlite$|vendor\/phpunit|cache\/.*\.php$|views\/.*\.php$/;
      expect(release.filter((path) => unwanted.test(path))).toEqual([]);
    },
  );

  it("leaves out of a checkout what git does not know, and git does not see what the build leaves", async () => {
    await commit();
    repository.put("patients.sql", "rows\n");
    expect(await codeBuild()).toEqual([]);
    expect(files("dist/release")).not.toContain("patients.sql");
    expect((await run("git status --porcelain")).output).toBe("?? patients.sql");
  });

  it("DEP-02, T-21: no permission is given twice, over all that the agent copies and every directory that it makes", async () => {
    expect(await codeBuild()).toEqual([]);
    const { permissions } = parse(repository.read("dist/release/appspec.yml")) as {
      permissions: readonly AgentPermission[];
    };
    const release = repository.at("dist/release");
    const targets = permissionTargets(release, "/var/www/html", permissions);

    expect(targets.length).toBeGreaterThan(20);
    expect(targets).toContain("/var/www/html/storage/logs/.gitignore");
    expect([...new Set(targets)].length).toBe(targets.length);
    // The document's own appspec, which the agent refuses.
    const twice = permissionTargets(release, "/var/www/html", [
      { object: "/var/www/html", pattern: "**" },
      { object: "/var/www/html/storage", pattern: "**" },
    ]);
    expect(new Set(twice).size).toBeLessThan(twice.length);
  });

  it("CDN-17: puts new files into the bucket, and nothing that is public before anybody approves", async () => {
    expect(await codeBuild({ ASSETS_BUCKET: "assets" })).toEqual([]);
    expect(calls().filter((call) => call.startsWith("aws"))).toEqual([
      "aws s3 cp build/assets s3://assets/build/assets --recursive --only-show-errors --cache-control public, max-age=31536000, immutable",
      ...["assets/", "build/"].map(
        (folder) =>
          `aws s3api list-objects-v2 --bucket assets --prefix ${folder} --query Contents[?!starts_with(Key, 'build/assets/')].[Key] --output text`,
      ),
      // The bucket is empty.
      "aws s3 cp build/manifest.json s3://assets/build/manifest.json --only-show-errors --cache-control public, max-age=300",
    ]);
  });

  it("uploads and packages nothing when a test fails", async () => {
    repository.note("fails", "artisan test");
    const failed = await codeBuild({ ASSETS_BUCKET: "assets" });
    expect(failed.map((each) => each.split(":")[0])).toEqual([
      "php artisan test",
      'test "$CODEBUILD_BUILD_SUCCEEDING" = 1',
    ]);
    expect(repository.has("dist")).toBe(false);
    expect(calls().filter((call) => call.startsWith("aws"))).toEqual([]);
  });

  it("finds out before a host does that routes cannot be cached", async () => {
    repository.note("fails", "route:cache");
    expect((await codeBuild())[0]).toMatch(/^php artisan route:cache: /);
  });

  it("tells Vite what the contract says of the environment, and nothing that is not for browsers", async () => {
    const { VITE_REVERB_APP_KEY, ...rest } = vite;
    repository.note("contract", JSON.stringify({ variables: { ...rest, APP_URL: "https://example.com" } }));
    const env = { VITE_REVERB_APP_KEY, CONTRACT_PARAMETER: "/app/contract" };
    const { exitCode, output } = await run("bash scripts/vite-env.sh && npm run build", env);

    expect([exitCode, output]).toEqual([0, ""]);
    expect(readFileSync(join(repository.notes, "vite"), "utf8")).toBe(
      'VITE_REVERB_HOST="example.com"\nVITE_REVERB_PORT="443"\nVITE_REVERB_SCHEME="https"\n',
    );
    expect(calls()[0]).toBe(
      "aws ssm get-parameter --name /app/contract --with-decryption --query Parameter.Value --output text",
    );
  });

  it("fails when nobody says where browsers find their sockets, and names what is missing", async () => {
    const { exitCode, output } = await run("bash scripts/vite-env.sh", { VITE_REVERB_HOST: "example.com" });
    expect(exitCode).toBe(1);
    expect(output).toContain("no value for VITE_REVERB_APP_KEY VITE_REVERB_PORT VITE_REVERB_SCHEME.");
  });

  it("SCR-06: build.sh installs, tests, builds, tries the caches and leaves an archive", async () => {
    await commit();
    const { exitCode, output } = await run("scripts/build.sh");
    expect(output).toContain("build.sh: package");
    expect(exitCode).toBe(0);
    expect(repository.read(".env")).toContain("APP_KEY=base64:made\n");
    const said = calls();
    for (const cache of ["config", "event", "route", "view"]) {
      expect(said).toContain(`php artisan ${cache}:cache (with dev)`);
      expect(said).toContain(`php artisan ${cache}:clear (with dev)`);
    }
    expect(said.join("\n")).not.toMatch(/artisan (cache:clear|optimize)/);
    const { output: listed } = await run("unzip -Z1 dist/deployment-artifact.zip");
    expect(listed.split("\n")).toEqual(
      expect.arrayContaining(["appspec.yml", "scripts/migrate.sh", "vendor/autoload.php"]),
    );
  });

  it("SCR-06: keeps a developer's own .env, does single steps, and ends at the first that fails", async () => {
    repository.put(".env", "APP_KEY=mine\n");
    expect((await run("scripts/build.sh install assets")).exitCode).toBe(0);
    expect(repository.read(".env")).toBe("APP_KEY=mine\n");
    expect(calls().some((call) => call.includes("artisan"))).toBe(false);
    expect(await run("scripts/build.sh install tests")).toEqual({
      exitCode: 2,
      output: "build.sh: no step tests. Known: install, check, assets, caches, package",
    });
    repository.note("fails", "artisan test");
    expect((await run("scripts/build.sh")).exitCode).toBe(1);
    expect(repository.has("dist")).toBe(false);
  });

  it("fails to package what was not built, and names it", async () => {
    expect((await run("scripts/build.sh install package")).output).toContain(
      "package.sh: public/build/manifest.json is not in the release. Commit it, or build before you package.",
    );
  });

  it("SCR-06: bash and shellcheck have nothing to say of any script", async () => {
    const scripts = files("scripts").filter((name) => name.endsWith(".sh"));
    expect(scripts.length).toBe(14);
    for (const name of scripts) await execa("bash", ["-n", repository.at(`scripts/${name}`)]);
    const { exitCode, all } = await execa(
      programs?.shellcheck ?? "",
      ["--severity", "style", ...scripts.map((name) => repository.at(`scripts/${name}`))],
      { reject: false, all: true },
    );
    expect(all).toBe("");
    expect(exitCode).toBe(0);
  });

  async function commit(): Promise<void> {
    const git = "git -c user.name=T -c user.email=t@example.com -c commit.gpgsign=false";
    const { exitCode, output } = await run(`git init -q && git add -A && ${git} commit -qm all`);
    expect([exitCode, output]).toEqual([0, ""]);
  }
});
