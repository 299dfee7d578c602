// Usage: node scripts/ci/unseal.mjs <environment>
// Opens the plans that seal.mjs encrypted, for apply.mjs, and a state that could not be saved, for an operator.
// One that anybody has touched since does not open.
import { createDecipheriv } from "node:crypto";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { openDataKey } from "./kms.mjs";
import { boundTo, CIPHER, PLAN, SEALED } from "./sealed.mjs";
import { stacksOf } from "./stacks.mjs";
import { environmentArgument, fail } from "./workflow.mjs";

for (const stack of stacksOf(environmentArgument("node scripts/ci/unseal.mjs <environment>"))) {
  for (const [file, sealedFile] of Object.entries(SEALED)) {
    const sealed = join(stack.directory, sealedFile);
    if (!existsSync(sealed)) continue;
    const content = open(JSON.parse(readFileSync(sealed, "utf8")), stack, file);
    writeFileSync(join(stack.directory, file), content, { mode: 0o600 });
    rmSync(sealed);
  }
}

function open({ wrapped, iv, tag, content }, stack, file) {
  const bytes = (text) => Buffer.from(text, "base64");
  const decipher = createDecipheriv(CIPHER, openDataKey(wrapped), bytes(iv))
    .setAAD(boundTo(stack, file))
    .setAuthTag(bytes(tag));
  try {
    return Buffer.concat([decipher.update(bytes(content)), decipher.final()]);
  } catch {
    return fail(
      file === PLAN
        ? `The plan of ${stack.name} is not the one that was sealed, so it is not applied. Run this workflow again: it plans anew.`
        : `${file} of ${stack.name} is not the one that was sealed. Do not push it: take what is missing back by terraform import.`,
    );
  }
}
