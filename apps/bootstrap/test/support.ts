import { fileURLToPath } from "node:url";
import { type EnvironmentConfig, loadEnvironment, loadEnvironments } from "@telemedicina/config";
import type { PolicyStatement } from "@telemedicina/core";
import { type Attributes, type StackJson, synth } from "@telemedicina/core/testing";
import { compose } from "../src/compose.js";

const files = fileURLToPath(new URL("../../../config/environments", import.meta.url));

/** The environments as they are delivered. */
export const environments = loadEnvironments(files);

export const development = loadEnvironment(files, "development");

export const production = loadEnvironment(files, "production");

export const inHcp: EnvironmentConfig = {
  ...development,
  state: { backend: "hcp", organization: "acme", project: "Telemedicina Development" },
};

export const inLocalFiles: EnvironmentConfig = { ...development, state: { backend: "local" } };

/** Every stack of the app for one environment, by id. */
export function stacks(config: EnvironmentConfig): ReadonlyMap<string, StackJson> {
  return synth((app) => compose(app, config));
}

/** What Terraform reads for one environment's bootstrap. */
export function bootstrap(config: EnvironmentConfig): StackJson {
  return stackOf(config, "bootstrap");
}

/** What Terraform reads for its workspaces in HCP Terraform. */
export function workspaces(config: EnvironmentConfig): StackJson {
  return stackOf(config, "workspaces");
}

function stackOf(config: EnvironmentConfig, area: string): StackJson {
  const id = `${config.name}-${area}`;
  const stack = stacks(config).get(id);
  if (stack === undefined) throw new Error(`The engine wrote no stack named ${id}`);
  return stack;
}

export function statements(attributes: Attributes, attribute = "policy"): readonly PolicyStatement[] {
  const document = JSON.parse(String(attributes[attribute])) as { Statement: PolicyStatement[] };
  return document.Statement;
}

/** Every statement of every policy in the stack, with the address and attribute it stands in. */
export function allStatements(
  stack: StackJson,
): readonly { readonly at: string; readonly statement: PolicyStatement }[] {
  return stack.addresses().flatMap((address) =>
    ["policy", "assume_role_policy"].flatMap((attribute) => {
      const attributes = stack.at(address);
      if (attributes[attribute] === undefined) return [];
      return statements(attributes, attribute).map((statement) => ({
        at: `${address}.${attribute}`,
        statement,
      }));
    }),
  );
}

/** The role of a phase and its policies. */
export function role(stack: StackJson, phase: "plan" | "apply") {
  const found = stack
    .all("aws_iam_role")
    .filter(({ attributes }) => String(attributes["name"]).includes(`-terraform-${phase}-`));
  const [block] = found;
  if (block === undefined || found.length > 1)
    throw new Error(`Expected one ${phase} role, found ${found.length}`);
  const own = (type: string) =>
    stack.all(type).filter(({ attributes }) => attributes["role"] === `\${${block.address}.name}`);
  return {
    address: block.address,
    attributes: block.attributes,
    trust: statements(block.attributes, "assume_role_policy"),
    managed: own("aws_iam_role_policy_attachment").map(({ attributes }) => attributes["policy_arn"]),
    statements: own("aws_iam_role_policy").flatMap(({ attributes }) => statements(attributes)),
  };
}

export function list(value: string | readonly string[] | undefined): readonly string[] {
  if (value === undefined) return [];
  return typeof value === "string" ? [value] : value;
}
