import { hostLogs, type LaravelHost, type LaravelHostProps, laravelHost } from "../src/index.js";

/** The least that a host needs. */
export const leastHost: LaravelHostProps = {
  distribution: "amazonLinux2023",
  roles: ["web", "worker", "scheduler"],
  region: "sa-east-1",
  environment: "production",
  contractParameter: "/telemedicina/production/application-contract",
  autoScaling: {
    groupName: "telemedicina-production-asg-app-sa-east-1",
    launchHook: "telemedicina-production-launch-sa-east-1",
    terminateHook: "telemedicina-production-terminate-sa-east-1",
  },
  vpcCidr: "10.0.0.0/16",
  memoryMiB: 4096,
  logGroupNames: Object.fromEntries(
    Object.keys(hostLogs).map((stream) => [
      stream,
      `telemedicina-production-log-group-app-${stream}-sa-east-1`,
    ]),
  ) as LaravelHostProps["logGroupNames"],
  queueName: "default",
  dataVolumeGiB: 100,
};

export function host(changes: Partial<LaravelHostProps> = {}): LaravelHost {
  return laravelHost({ ...leastHost, ...changes });
}

/** Text of the one file at that path. */
export function fileOf({ files }: LaravelHost, path: string): string {
  const found = files.filter((file) => file.path === path);
  if (found.length !== 1) {
    throw new Error(
      `${found.length} files at ${path}; there are ${files.map((file) => file.path).join(", ")}`,
    );
  }
  return found[0]?.content ?? "";
}

export function paths({ files }: LaravelHost): string[] {
  return files.map(({ path }) => path);
}

/** Props that the type would not take, as YAML or JavaScript may give them. */
export function careless(changes: object): Partial<LaravelHostProps> {
  return changes as Partial<LaravelHostProps>;
}

/** `name = value` lines, of the last section if there are several. */
export function directives(text: string): Record<string, string> {
  return Object.fromEntries(
    text.split("\n").flatMap((line) => {
      const [, name, value] = /^([^=\s]+)\s*=\s*(.*)$/.exec(line) ?? [];
      return name === undefined || value === undefined ? [] : [[name, value]];
    }),
  );
}
