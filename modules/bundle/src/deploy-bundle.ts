import { appspec } from "./appspec.js";
import { buildBat, buildScript } from "./build-scripts.js";
import { afterDeploymentBuildspec, buildspec } from "./buildspec.js";
import type { BundleFile } from "./bundle-file.js";
import { dockerCompose } from "./docker-compose.js";
import { developmentEnv, productionEnv } from "./env-templates.js";
import { bundleError } from "./errors.js";
import { propsFaults } from "./faults.js";
import { moduleFile } from "./module-file.js";
import type { BundleProps } from "./props.js";
import { scriptSettings } from "./script-settings.js";
import { resolveSettings } from "./settings.js";
import { workflow } from "./workflow.js";

/** Scripts that are the same for everybody; what they are told stands in `scripts/settings.sh`. */
const scripts = [
  "after_allow_traffic",
  "after_install",
  "application_start",
  "application_stop",
  "assets",
  "before_install",
  "common",
  "deploy",
  "migrate",
  "package",
  "validate_service",
  "vite-env",
];

/**
 * What a Laravel repository needs so that it is built, packaged and deployed here. The same files for the same props.
 *
 * @throws one error with every fault of the props
 */
export function deployBundle(props: BundleProps = {}): readonly BundleFile[] {
  const faults = propsFaults({ ...props });
  if (faults.length > 0) throw bundleError(faults);
  const settings = resolveSettings(props);
  return [
    plain(".env.development.example", developmentEnv(settings)),
    plain(".env.production.example", productionEnv()),
    plain(".github/workflows/deploy.yml", workflow(settings)),
    plain("appspec.yml", appspec(settings)),
    plain("buildspec-after-deployment.yml", afterDeploymentBuildspec()),
    plain("buildspec.yml", buildspec(settings)),
    plain("docker-compose.yml", dockerCompose(settings)),
    plain("scripts/build.bat", buildBat()),
    program("scripts/build.sh", buildScript()),
    plain("scripts/settings.sh", scriptSettings(settings)),
    ...scripts.map((name) => program(`scripts/${name}.sh`, moduleFile(`${name}.sh`))),
  ].sort((a, b) => (a.path < b.path ? -1 : 1));
}

function plain(path: string, content: string): BundleFile {
  return { path, content, mode: "0644" };
}

function program(path: string, content: string): BundleFile {
  return { path, content, mode: "0755" };
}
