/**
 * The stacks of the platform that HCP Terraform runs, and whose outputs each of them may read: those that it
 * reads in one way of configuring it or another. This app cannot see the
 * platform's; `test/unit/hcp.test.ts` holds the two together.
 *
 * Bootstrap's own stacks are not among them: they make what a run would need, and the apply role may not change it.
 */
export const PLATFORM_AREAS = {
  network: [],
  security: [],
  data: ["network", "security"],
  app: ["network", "security"],
  edge: ["network", "security", "data", "app"],
  turn: ["network", "security"],
  delivery: ["security", "app", "edge"],
} as const satisfies Readonly<Record<string, readonly string[]>>;

export type PlatformArea = keyof typeof PLATFORM_AREAS;

export const platformAreas = Object.keys(PLATFORM_AREAS) as readonly PlatformArea[];

/** The areas that read the outputs of this one. */
export function readersOf(area: PlatformArea): readonly PlatformArea[] {
  return platformAreas.filter((reader) => (PLATFORM_AREAS[reader] as readonly string[]).includes(area));
}

/** Name of an area's stack, and of its workspace. */
export function stackName(environment: string, area: PlatformArea): string {
  return `${environment}-${area}`;
}
