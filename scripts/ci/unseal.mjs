// Usage: node scripts/ci/unseal.mjs <environment>
// Opens the plans that seal.mjs encrypted, for apply.mjs. One that anybody has touched since does not open.
import { createDecipheriv } from "node:crypto";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { openDataKey } from "./kms.mjs";
import { CIPHER, PLAN, SEALED } from "./sealed.mjs";
import { stacksOf } from "./stacks.mjs";
import { environmentArgument, fail } from "./workflow.mjs";

for (const stack of stacksOf(environmentArgument("node scripts/ci/unseal.mjs <environment>"))) {
  const sealed = join(stack.directory, SEALED);
  if (!existsSync(sealed)) continue;
  writeFileSync(join(stack.directory, PLAN), open(JSON.parse(readFileSync(sealed, "utf8")), stack.name), {
    mode: 0o600,
  });
  rmSync(sealed);
}

function open({ wrapped, iv, tag, plan }, name) {
  const bytes = (text) => Buffer.from(text, "base64");
  const decipher = createDecipheriv(CIPHER, openDataKey(wrapped), bytes(iv))
    .setAAD(Buffer.from(name))
    .setAuthTag(bytes(tag));
  try {
    return Buffer.concat([decipher.update(bytes(plan)), decipher.final()]);
  } catch {
    return fail(
      `The plan of ${name} is not the one that was sealed, so it is not applied. Run this workflow again: it plans anew.`,
    );
  }
}
