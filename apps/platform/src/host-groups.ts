import type { Colour, Scaling } from "@telemedicina/compute";
import type { EnvironmentConfig } from "@telemedicina/config";
import type { HostRole } from "@telemedicina/host";

/** Hosts of one kind: an Auto Scaling group. */
export interface HostGroup {
  /** In names and construct ids: contract. */
  readonly name: "web" | "web-green" | "workers" | "scheduler";
  readonly roles: readonly HostRole[];
  readonly instanceTypes: readonly string[];
  readonly minSize: number;
  readonly desiredSize: number;
  readonly maxSize: number;
  readonly scaling: Scaling;
  /** Of the two groups that a release is shifted between. */
  readonly colour?: Colour;
}

/**
 * The groups of an environment. Whatever the layout, hosts that serve are the group `web`: changing it moves no address.
 * With blue/green it is blue, and `web-green` stands beside it. Hosts that work or schedule have no colours: each queue
 * and the schedule have one owner, whichever colour serves.
 */
export function hostGroups(
  { compute, pipeline }: EnvironmentConfig,
  queueName: string,
): readonly HostGroup[] {
  const { layout, instanceTypes, minSize, desiredCapacity, maxSize, scaling } = compute;
  const web = {
    name: "web",
    instanceTypes,
    minSize,
    desiredSize: desiredCapacity,
    maxSize,
    scaling,
  } as const;
  if (layout.kind === "together") return [{ ...web, roles: ["web", "worker", "scheduler"] }];
  const { workers, scheduler } = layout;
  return [
    ...servingGroups({ ...web, roles: ["web"] }, pipeline.strategy),
    {
      name: "workers",
      roles: ["worker"],
      instanceTypes: workers.instanceTypes,
      minSize: workers.minSize,
      desiredSize: workers.desiredCapacity,
      maxSize: workers.maxSize,
      scaling: { kind: "queue", queueName, addAboveQueueDepth: workers.addAboveQueueDepth },
    },
    {
      name: "scheduler",
      roles: ["scheduler"],
      instanceTypes: scheduler.instanceTypes,
      ...{ minSize: 1, desiredSize: 1, maxSize: 1 },
      scaling: { kind: "fixed" },
    },
  ];
}

function servingGroups(
  web: HostGroup,
  { kind }: EnvironmentConfig["pipeline"]["strategy"],
): readonly HostGroup[] {
  if (kind === "rolling") return [web];
  return [
    { ...web, colour: "blue" },
    { ...web, name: "web-green", colour: "green" },
  ];
}
