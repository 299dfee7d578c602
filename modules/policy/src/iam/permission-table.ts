import { type Catalog, loadCatalog } from "./catalog.js";
import { attachedName } from "./check-policies.js";
import type { PolicyException } from "./finding.js";
import {
  type Attachment,
  literal,
  type Place,
  type Policy,
  type PolicyModel,
  type Statement,
  type Text,
} from "./model.js";
import { matches } from "./patterns.js";
import { breadth } from "./resources.js";

/** An action on a resource, and whoever reads it can find the statement. */
export interface Permission {
  readonly effect: "Allow" | "Deny";
  /** The name of an attached policy of AWS, where that is all that the documents tell. */
  readonly action: string;
  /** `all but …` where the statement says what it does not mean. */
  readonly resource: string;
  /** `StringEquals aws:SourceAccount = 111111111111`; empty when it holds always. */
  readonly conditions: readonly string[];
  /** Why everything is allowed, or why AWS's policy is used; absent where the resource is named. */
  readonly reason?: string;
  readonly address: string;
  readonly sid: string;
}

/** A role and all that policies on it say. */
export interface RolePermissions {
  /** Address, or the name of a role that the documents only mention. */
  readonly role: string;
  readonly path: string | undefined;
  /** Who may take the role, and under which conditions. */
  readonly trusts: readonly { readonly principal: string; readonly conditions: readonly string[] }[];
  readonly permissions: readonly Permission[];
}

/**
 * What every role may do, as data for a page: roles by address, policies by address, then statements,
 * actions and resources as they stand. The same documents always give the same table.
 * @param exceptions those of `checkPolicies`, whose reasons explain the wildcards
 */
export async function permissionTable(
  model: PolicyModel,
  exceptions: readonly PolicyException[] = [],
): Promise<RolePermissions[]> {
  const catalog = await loadCatalog(model);
  const roles = new Map<string, RoleParts>();
  const partsOf = (place: Policy | Attachment): RoleParts => {
    const key = `${place.document} ${holderName(place)}`;
    const parts = roles.get(key) ?? { name: holderName(place), trust: [], identity: [], attachments: [] };
    roles.set(key, parts);
    return parts;
  };
  for (const policy of [...model.policies].sort(byPlace)) {
    if (policy.kind === "trust") partsOf(policy).trust.push(policy);
    if (policy.kind === "identity") partsOf(policy).identity.push(policy);
  }
  for (const attachment of [...model.attachments].sort(byPlace))
    partsOf(attachment).attachments.push(attachment);
  return [...roles.values()]
    .map(({ name, trust, identity, attachments }) => ({
      role: name,
      path: trust[0]?.path,
      trusts: trust.flatMap(trustsOf),
      permissions: [
        ...attachments.map((attachment) => attached(attachment, exceptions)),
        ...identity.flatMap((policy) => permissionsOf(policy, catalog, exceptions)),
      ],
    }))
    .sort((a, b) => compare(a.role, b.role) || compare(a.path ?? "", b.path ?? ""));
}

/** What hangs on one role. Addresses are unique only inside a document, so a role is one of its document. */
interface RoleParts {
  readonly name: string;
  readonly trust: Policy[];
  readonly identity: Policy[];
  readonly attachments: Attachment[];
}

function holderName({ address, holder }: Policy | Attachment): string {
  return holder ?? address;
}

function byPlace(a: Place, b: Place): number {
  return a.document - b.document || compare(a.address, b.address) || compare(a.attribute, b.attribute);
}

function trustsOf({ statements }: Policy): RolePermissions["trusts"] {
  return statements.flatMap((statement) =>
    statement.principals.map(({ id }) => ({ principal: shown(id), conditions: conditionsOf(statement) })),
  );
}

function permissionsOf(
  policy: Policy,
  catalog: Catalog,
  exceptions: readonly PolicyException[],
): Permission[] {
  return policy.statements.flatMap((statement) => {
    const negates = (name: string) => statement.negations.includes(name);
    const actions = cellsOf(statement.actions, negates("NotAction"), ({ written }) => written);
    const resources = cellsOf(statement.resources, negates("NotResource"), shown);
    return actions.flatMap((action) =>
      resources.map((resource) => {
        const reason =
          action.of && resource.of
            ? whyEverything(policy, statement, action.of, resource.of, catalog, exceptions)
            : undefined;
        return {
          effect: statement.effect,
          action: action.says,
          resource: resource.says,
          conditions: conditionsOf(statement),
          ...(reason === undefined ? {} : { reason }),
          address: policy.address,
          sid: statement.sid,
        };
      }),
    );
  });
}

/** What a row says of actions or of resources. */
interface Cell {
  readonly says: string;
  /** None where it is what a statement does not mean. */
  readonly of?: Text;
}

/** A negation is one row: two of them, "all but a" and "all but b", would be everything. */
function cellsOf(texts: readonly Text[], isNegated: boolean, say: (text: Text) => string): Cell[] {
  if (!isNegated) return texts.map((of) => ({ says: say(of), of }));
  return [{ says: `all but ${texts.map(say).join(" and ")}` }];
}

function whyEverything(
  { address }: Policy,
  { effect, sid }: Statement,
  action: Text,
  resource: Text,
  catalog: Catalog,
  exceptions: readonly PolicyException[],
): string | undefined {
  if (effect === "Deny" || breadth(resource) === "named") return undefined;
  const means = catalog.expand(literal(action) ?? "");
  if (means.length > 0 && means.every(({ resourceTypes }) => resourceTypes.length === 0))
    return "AWS limits this action to no resource.";
  return reasonOf(exceptions, "named-resources", address, sid, action.written);
}

function attached(attachment: Attachment, exceptions: readonly PolicyException[]): Permission {
  const sid = attachedName(attachment);
  const reason = reasonOf(exceptions, "own-policies", attachment.address, sid);
  return {
    effect: "Allow",
    action: sid,
    resource: "*",
    conditions: [],
    ...(reason === undefined ? {} : { reason }),
    address: attachment.address,
    sid,
  };
}

function reasonOf(
  exceptions: readonly PolicyException[],
  rule: PolicyException["rule"],
  address: string,
  sid: string,
  action?: string,
): string | undefined {
  return exceptions.find(
    (one) =>
      one.rule === rule &&
      one.sid === sid &&
      matches(one.address, address) &&
      (one.action === undefined || one.action === action),
  )?.reason;
}

function conditionsOf({ conditions }: Statement): string[] {
  return conditions.map(
    ({ operator, key, values }) => `${operator} ${key.written} = ${values.map(shown).join(" or ")}`,
  );
}

/** A reference by the resource where it ends, in whatever stack that is. */
function shown({ pieces, written }: Text): string {
  if (pieces.some(({ kind }) => kind === "unknown")) return written;
  return pieces
    .map((piece) => {
      if (piece.kind === "reference") return `\${${piece.block.address}.${piece.attribute}}`;
      return piece.kind === "text" ? piece.text : "";
    })
    .join("");
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
