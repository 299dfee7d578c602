// Which addresses appear and vanish against a base revision: a vanished address is something that will be destroyed,
// a renamed one is both. The goldens hold them, so this needs neither an account nor a plan.
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";

const GOLDEN = "test/golden";

/** [{ app, vanished, appeared }] for the apps whose addresses of this environment differ. */
export function addressChanges(environment, base) {
  const now = existsSync(GOLDEN) ? readdirSync(GOLDEN) : [];
  const before = git("ls-tree", "--name-only", `${base}:${GOLDEN}`);
  return [...new Set([...before, ...now])].sort().flatMap((app) => {
    const file = `${GOLDEN}/${app}/${environment}/addresses.txt`;
    const old = git("show", `${base}:${file}`);
    const current = existsSync(file) ? lines(readFileSync(file, "utf8")) : [];
    const vanished = old.filter((address) => !current.includes(address));
    const appeared = current.filter((address) => !old.includes(address));
    return vanished.length + appeared.length === 0 ? [] : [{ app, vanished, appeared }];
  });
}

/** Lines of git's answer; none when the base does not have that path yet. */
function git(...args) {
  const { status, stdout } = spawnSync("git", args, { encoding: "utf8" });
  return status === 0 ? lines(stdout) : [];
}

function lines(text) {
  return text.split("\n").filter((line) => line !== "");
}
