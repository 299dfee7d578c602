import { type ConfigError, loadEnvironments } from "@telemedicina/config";
import { synthesize } from "@telemedicina/core";
import { compose } from "./compose.js";

/**
 * What `cdktf` runs: synthesizes every environment, or those named as arguments.
 * The cdktf CLI says in CDKTF_OUTDIR where it wants the result.
 */
try {
  const environments = loadEnvironments("config/environments");
  synthesize(process.env["CDKTF_OUTDIR"] ?? "cdktf.out", (app) => {
    for (const config of environments) compose(app, config);
  });
} catch (error) {
  process.stderr.write(`${(error as ConfigError).message}\n`);
  process.exitCode = 1;
}
