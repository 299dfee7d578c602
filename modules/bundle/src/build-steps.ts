/** A command of a build, for a shell and for Windows; on Windows none where it is a script. */
export interface BuildCommand {
  readonly shell: string;
  readonly windows?: string;
}

export type BuildStepName = "install" | "check" | "assets" | "caches" | "package";

/** What a build does, in order; `buildspec.yml`, `build.sh`, `build.bat` and the workflow are made of it. */
export const buildSteps: Readonly<Record<BuildStepName, readonly BuildCommand[]>> = {
  // With what tests need. Hosts have the redis extension and CodeBuild's PHP has not. No build asks for Redis, and to
  // compile it would be one more thing from the network that can fail one.
  install: [
    same("composer install --no-interaction --no-progress --prefer-dist --ignore-platform-req=ext-redis"),
    same("npm ci"),
    {
      shell: "test -f .env || { cp .env.development.example .env && php artisan key:generate; }",
      windows:
        "if not exist .env (copy .env.development.example .env && php artisan key:generate || exit /b 1)",
    },
  ],
  check: [
    { shell: "vendor/bin/pint --test", windows: "vendor\\bin\\pint --test" },
    same("npm run lint --if-present"),
    same("npm run format:check --if-present"),
    same("php artisan test"),
  ],
  assets: [{ shell: "bash scripts/vite-env.sh" }, same("npm run build")],
  // That they can be made is found out here and not on a host. They are taken away again: they hold this environment.
  // No cache:clear, which would ask for Redis.
  caches: [
    ...["config:cache", "event:cache", "route:cache", "view:cache"],
    ...["config:clear", "event:clear", "route:clear", "view:clear"],
  ].map((command) => same(`php artisan ${command}`)),
  package: [{ shell: "bash scripts/package.sh" }],
};

export const buildStepNames = Object.keys(buildSteps) as readonly BuildStepName[];

/** The commands of some steps, for a shell. */
export function shellCommands(...names: readonly BuildStepName[]): readonly string[] {
  return names.flatMap((name) => buildSteps[name].map(({ shell }) => shell));
}

function same(command: string): BuildCommand {
  return { shell: command, windows: command };
}
