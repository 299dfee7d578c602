import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { checkEnvironments, type EnvironmentFile } from "../src/check.js";
import { ConfigError, type ConfigFault } from "../src/fault.js";

export const environmentsDirectory = join(import.meta.dirname, "../environments");
export const faultsDirectory = join(import.meta.dirname, "faults");

/** The environment files of a folder under their bare names, so that messages do not depend on where tests run. */
export function filesIn(directory: string): EnvironmentFile[] {
  return readdirSync(directory)
    .filter((name) => /\.ya?ml$/.test(name))
    .map((path) => ({ path, text: readFileSync(join(directory, path), "utf8") }));
}

export function faultsOf(files: readonly EnvironmentFile[]): readonly ConfigFault[] {
  return new ConfigError(checkEnvironments(files).faults).faults;
}

/** The smallest valid production file: what is not here has a default. */
export const production = `name: production
accountId: "333333333333"
region: sa-east-1
drRegion: us-east-1
domain: telemedicina.example.com
phase: 2
owner: devops-team@company.com
costCenter: telemedicina
github: { owner: telemedicina-para-todos, repository: infrastructure }
state: { backend: s3 }
network:
  cidr: 10.30.0.0/16
  availabilityZones: { a: sae1-az1, b: sae1-az2 }
  nat: perAz
observability: { alarmEmails: [devops-team@company.com] }
`;

export const development = `name: development
accountId: "111111111111"
region: us-east-1
drRegion: us-west-2
domain: dev.telemedicina.example.com
phase: 2
owner: devops-team@company.com
costCenter: telemedicina
github: { owner: telemedicina-para-todos, repository: infrastructure }
state: { backend: s3 }
network:
  cidr: 10.10.0.0/16
  availabilityZones: { a: use1-az1, b: use1-az2 }
  nat: single
`;
