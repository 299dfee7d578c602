// Usage: node scripts/ci/seal.mjs <environment>
// Encrypts the plans that plan.mjs saved, before they become an artifact that everybody can read who may read the
// repository: a plan has in clear what the state has. unseal.mjs opens them, with the role that applies them.
import { createCipheriv, randomBytes } from "node:crypto";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { newDataKey } from "./kms.mjs";
import { CIPHER, PLAN, SEALED } from "./sealed.mjs";
import { readDocument, stacksOf } from "./stacks.mjs";
import { environmentArgument } from "./workflow.mjs";

for (const stack of stacksOf(environmentArgument("node scripts/ci/seal.mjs <environment>"))) {
  const plan = join(stack.directory, PLAN);
  if (!existsSync(plan)) continue;
  const keyId = readDocument(stack).terraform?.backend?.s3?.kms_key_id;
  // A state that is not in the account has no key there, and no workflow.
  if (keyId === undefined) continue;
  writeFileSync(
    join(stack.directory, SEALED),
    JSON.stringify(seal(readFileSync(plan), stack.name, newDataKey(keyId))),
  );
  rmSync(plan);
}

/** Bound to the stack's name: the plan of one cannot be put in the place of another's. */
function seal(plan, name, { plain, wrapped }) {
  const iv = randomBytes(12);
  const cipher = createCipheriv(CIPHER, plain, iv).setAAD(Buffer.from(name));
  const text = Buffer.concat([cipher.update(plan), cipher.final()]);
  return {
    wrapped,
    iv: iv.toString("base64"),
    tag: cipher.getAuthTag().toString("base64"),
    plan: text.toString("base64"),
  };
}
