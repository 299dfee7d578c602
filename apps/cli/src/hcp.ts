import { join } from "node:path";
import { type EnvironmentConfig, loadEnvironment, loadEnvironments } from "@telemedicina/config";
import { execa } from "execa";
import { UserError } from "./errors.js";
import { ENVIRONMENTS, projectRoot } from "./project.js";

/**
 * Runs one of the scripts that speak with HCP Terraform, as the workflows run it, and returns its exit code. They are
 * no part of this package because the jobs that hold a token install no package.
 */
export async function hcpScript(
  script: "hcp-plan" | "hcp-apply" | "hcp-prepare",
  args: readonly string[],
  address?: string,
): Promise<number> {
  const root = projectRoot();
  const { exitCode } = await execa("node", [join("scripts/ci", `${script}.mjs`), ...args], {
    cwd: root,
    stdio: "inherit",
    reject: false,
    env: address === undefined ? {} : { TFE_ADDRESS: address },
  });
  return exitCode ?? 1;
}

/** The environment, which must be one that HCP Terraform runs. */
export function hcpEnvironment(name: string): EnvironmentConfig {
  const files = join(projectRoot(), ENVIRONMENTS);
  const config = loadEnvironment(files, name);
  if (config.state.backend === "hcp") return config;
  const others = loadEnvironments(files).filter(({ state }) => state.backend === "hcp");
  const known = others.length === 0 ? "none is" : others.map((other) => other.name).join(", ");
  throw new UserError(
    `${ENVIRONMENTS}/${name}.yaml: state.backend is "${config.state.backend}". Allowed: an environment with its state ` +
      `in HCP Terraform (${known}). Set state.backend to hcp, or plan with Terraform in the stack's own directory.`,
  );
}

/** Both names under which Terraform and its tfe provider look for the token, whichever of them is set. */
export function withHcpToken(env: Readonly<NodeJS.ProcessEnv>): Record<string, string> {
  const set = Object.fromEntries(
    Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
  const token = set["TFE_TOKEN"] || set["TF_TOKEN_app_terraform_io"];
  return token === undefined ? set : { ...set, TFE_TOKEN: token, TF_TOKEN_app_terraform_io: token };
}
