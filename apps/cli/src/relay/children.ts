import type { ChildProcess } from "node:child_process";

/** Every provider process of this Node process that has not ended yet. */
const alive = new Set<ChildProcess>();
const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
let installed = false;

/** Makes sure that `child` does not outlive us, whichever way we leave. */
export function adopt(child: ChildProcess): void {
  install();
  alive.add(child);
  child.once("exit", () => alive.delete(child));
}

function install(): void {
  if (installed) return;
  installed = true;
  process.on("exit", killAll);
  for (const signal of SIGNALS) process.on(signal, onSignal);
}

/**
 * A signal that somebody else handles is theirs: the rehearsal still needs its providers to destroy what it
 * made. Only if nobody else listens do we take Node's default, after ending the children.
 */
function onSignal(signal: NodeJS.Signals): void {
  if (process.listenerCount(signal) > 1) return;
  killAll();
  process.removeListener(signal, onSignal);
  process.kill(process.pid, signal);
}

function killAll(): void {
  for (const child of alive) child.kill("SIGKILL");
}
