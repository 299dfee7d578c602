import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { permissionExceptions as inBootstrap } from "@telemedicina/bootstrap/permission-exceptions";
import { loadEnvironments } from "@telemedicina/config";
import { compose } from "@telemedicina/platform";
import { permissionExceptions as inPlatform } from "@telemedicina/platform/permission-exceptions";
import { permissionTable, readPolicies } from "@telemedicina/policy";
import { App } from "cdktf";
import { Command } from "commander";
import { renderApplication } from "../docs/application.js";
import { renderExceptions } from "../docs/exceptions.js";
import { type EnvironmentPermissions, renderPermissionsPage } from "../docs/permissions.js";
import { renderPorts } from "../docs/ports.js";
import {
  PASSED,
  parseRequirements,
  proofsOf,
  renderRequirements,
  type TestResults,
} from "../docs/requirements.js";
import { renderRunbook, runbookPage } from "../docs/runbooks.js";
import { UserError } from "../errors.js";
import { ENVIRONMENTS, projectRoot } from "../project.js";
import { synthesizeAll } from "../synth.js";

/** Where the test scripts of package.json leave their results. */
const RESULTS = ".results";

/** `docs`: writes the pages of docs/ that are made from code, config and the last test run. */
export function docsCommand(): Command {
  return new Command("docs")
    .description("write the generated pages of docs/ (after a test run)")
    .option("--check", "write nothing; fail when a page is not current")
    .action(async (options: { check?: boolean }) => {
      const root = projectRoot();
      const pages = await renderPages(root);
      if (options.check === true) {
        requireCurrent(root, pages);
        console.log(`${pages.size} generated pages are current.`);
        return;
      }
      for (const [page, text] of pages) {
        const file = join(root, page);
        mkdirSync(dirname(file), { recursive: true });
        writeFileSync(file, text);
        console.log(`Wrote ${page}.`);
      }
    });
}

async function renderPages(root: string): Promise<ReadonlyMap<string, string>> {
  const areas = parseRequirements(readFileSync(join(root, "docs/requirements.yaml"), "utf8"));
  const environments = loadEnvironments(join(root, ENVIRONMENTS));
  const composed = environments.map((config) => ({ config, stacks: compose(new App(), config) }));
  const proofs = proofsOf(readResults(root), (file) => relative(root, file), countedOutcomes());
  return new Map([
    ["docs/requirements.md", renderRequirements(areas, proofs, idleModules(root))],
    ["docs/ports.md", renderPorts()],
    ["docs/exceptions.md", renderExceptions(environments)],
    [
      "docs/application.md",
      renderApplication(
        composed.map(({ config, stacks }) => ({
          environment: config.name,
          contract: stacks.data.contract,
        })),
      ),
    ],
    ...composed.map(
      ({ config, stacks }) => [runbookPage(config.name), renderRunbook(config, stacks)] as const,
    ),
    ["docs/permissions.md", renderPermissionsPage(await environmentPermissions())],
  ]);
}

/** Folders of the modules of constructs that neither app uses. What has none, such as the deploy bundle, is for others than stacks. */
function idleModules(root: string): string[] {
  const used = ["bootstrap", "platform"].flatMap((app) => {
    const text = readFileSync(join(root, "apps", app, "package.json"), "utf8");
    return Object.keys((JSON.parse(text) as { dependencies: object }).dependencies);
  });
  return readdirSync(join(root, "modules"))
    .filter((module) => !used.includes(`@telemedicina/${module}`) && hasConstructs(root, module))
    .map((module) => `modules/${module}`);
}

function hasConstructs(root: string, module: string): boolean {
  const text = readFileSync(join(root, "modules", module, "package.json"), "utf8");
  return "constructs" in ((JSON.parse(text) as { peerDependencies?: object }).peerDependencies ?? {});
}

async function environmentPermissions(): Promise<EnvironmentPermissions[]> {
  return Promise.all(
    synthesizeAll().map(async ({ config, bootstrap, stacks }) => {
      const documents = [bootstrap, ...stacks].map(({ directory }) =>
        JSON.parse(readFileSync(join(directory, "cdk.tf.json"), "utf8")),
      );
      const model = readPolicies(documents);
      return {
        environment: config.name,
        roles: await permissionTable(model, [...inBootstrap, ...inPlatform]),
      };
    }),
  );
}

/**
 * Where a component is absent its tests are skipped; the page still names them, because CI, where every component
 * must run, wrote it.
 */
function countedOutcomes(): readonly string[] {
  return process.env["REQUIRE_COMPONENTS"] === "1" ? PASSED : [...PASSED, "skipped", "pending"];
}

function readResults(root: string): TestResults[] {
  const directory = join(root, RESULTS);
  const files = existsSync(directory) ? readdirSync(directory).filter((name) => name.endsWith(".json")) : [];
  const missing = ["unit", "system"].filter((lane) => !files.includes(`${lane}.json`));
  if (missing.length > 0) {
    const runs = missing.map((lane) => `\`npm run test:${lane}\``).join(" and ");
    throw new UserError(
      `The proofs come from test runs, and ${RESULTS}/ lacks some. Run ${runs}, then this command again.`,
    );
  }
  return files.sort().map((name) => JSON.parse(readFileSync(join(directory, name), "utf8")) as TestResults);
}

function requireCurrent(root: string, pages: ReadonlyMap<string, string>): void {
  const stale = [...pages].filter(([page, text]) => {
    const file = join(root, page);
    return !existsSync(file) || readFileSync(file, "utf8") !== text;
  });
  if (stale.length === 0) return;
  throw new UserError(
    `Not current: ${stale.map(([page]) => page).join(", ")}. ` +
      "Run `npm run test:unit`, `npm run test:system` and `npm run docs`, and commit what it writes.",
  );
}
