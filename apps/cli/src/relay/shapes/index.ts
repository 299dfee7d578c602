import { BY_NAME } from "./by-name.js";
import { EC2 } from "./ec2.js";
import { ID_IS } from "./id-is.js";
import { SERVICES } from "./services.js";

const ID_ATTRIBUTE = new Map(
  Object.entries(ID_IS).flatMap(([attribute, types]) => types.map((type) => [type, attribute] as const)),
);

/**
 * The template for an attribute of a resource type. `path` is the attribute's place without indices
 * (`master_user_secret.secret_arn`). A template names what is drawn (`{hex17}`, `{uuid}`), where we are
 * (`{region}`) or another attribute of the same resource (`{name}`); `{hex16:x}` draws the same wherever the
 * label x stands.
 */
export function templateFor(type: string, path: readonly string[]): string {
  const attribute = path.at(-1) ?? "";
  return (path.length === 1 ? ofType(type, attribute) : undefined) ?? byName(attribute);
}

function ofType(type: string, attribute: string): string | undefined {
  const own = SERVICES[type]?.[attribute];
  if (own !== undefined) return own;
  const ec2 = EC2[type];
  if (ec2 && attribute === "id") return `${ec2[0]}-{hex17}`;
  if (ec2 && attribute === "arn") return `arn:{partition}:ec2:{region}:{account}:${ec2[1]}/{id}`;
  const idIs = ID_ATTRIBUTE.get(type);
  return attribute === "id" && idIs ? `{${idIs}}` : undefined;
}

function byName(attribute: string): string {
  return BY_NAME.find(([pattern]) => pattern.test(attribute))?.[1] ?? "{attribute}-{hex12}";
}
