// Usage: node scripts/ci/seal.mjs <environment>
// Encrypts the plans that plan.mjs saved, before they become an artifact that everybody can read who may read the
// repository: a plan has in clear what the state has. unseal.mjs opens them, with the role that applies them.
// After an apply that could not save its state it does the same with that state, for an operator.
import { createCipheriv, randomBytes } from "node:crypto";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { newDataKey } from "./kms.mjs";
import { boundTo, CIPHER, SEALED } from "./sealed.mjs";
import { readDocument, stacksOf } from "./stacks.mjs";
import { environmentArgument } from "./workflow.mjs";

for (const stack of stacksOf(environmentArgument("node scripts/ci/seal.mjs <environment>"))) {
  for (const [file, sealedFile] of Object.entries(SEALED)) {
    const clear = join(stack.directory, file);
    if (!existsSync(clear)) continue;
    const keyId = readDocument(stack).terraform?.backend?.s3?.kms_key_id;
    // A state that is not in the account has no key there, and no workflow.
    if (keyId === undefined) continue;
    const sealed = seal(readFileSync(clear), boundTo(stack, file), newDataKey(keyId));
    writeFileSync(join(stack.directory, sealedFile), JSON.stringify(sealed));
    rmSync(clear);
  }
}

function seal(content, bound, { plain, wrapped }) {
  const iv = randomBytes(12);
  const cipher = createCipheriv(CIPHER, plain, iv).setAAD(bound);
  const text = Buffer.concat([cipher.update(content), cipher.final()]);
  return {
    wrapped,
    iv: iv.toString("base64"),
    tag: cipher.getAuthTag().toString("base64"),
    content: text.toString("base64"),
  };
}
