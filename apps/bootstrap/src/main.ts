import { dirname, join, resolve } from "node:path";
import { loadEnvironment, loadEnvironments } from "@telemedicina/config";
import { synthesize } from "@telemedicina/core";
import { compose } from "./compose.js";

/**
 * What `cdktf` runs: synthesizes the bootstrap stack of every environment, or of the one named as the argument.
 * The cdktf CLI says in CDKTF_OUTDIR where it wants the result.
 */
const [, script = "", environment] = process.argv;
// cdktf runs this in apps/bootstrap, the other commands in the project's root.
const app = dirname(dirname(resolve(script)));
const files = join(app, "..", "..", "config", "environments");
try {
  const environments =
    environment === undefined ? loadEnvironments(files) : [loadEnvironment(files, environment)];
  synthesize(process.env["CDKTF_OUTDIR"] ?? join(app, "cdktf.out"), (cdktf) => {
    for (const config of environments) compose(cdktf, config);
  });
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 1;
}
