import { Interrupted } from "../errors.js";
import { killAllGroups } from "../process-group.js";

const SIGNALS: readonly NodeJS.Signals[] = ["SIGINT", "SIGTERM", "SIGHUP"];

/** Exit code of a program that the operator stopped. */
export const EXIT_INTERRUPTED = 130;

export interface Interrupts {
  /** Fires once, with the reason why the run must stop. */
  readonly signal: AbortSignal;
  stop(reason: Error): void;
  /** Gives Ctrl-C back to whoever had it. */
  dispose(): void;
}

/**
 * Ctrl-C stops the run, which then ends everything in order; a second Ctrl-C ends everything at once.
 *
 * @param lastResort what must happen even then; synchronous
 */
export function listenForInterrupts(lastResort: () => void): Interrupts {
  const controller = new AbortController();
  const onSignal = (signal: NodeJS.Signals): void => {
    if (controller.signal.aborted) {
      killAllGroups();
      lastResort();
      process.exit(EXIT_INTERRUPTED);
    }
    process.stderr.write(`\n${signal}: ending what was started … (once more ends it at once)\n`);
    controller.abort(new Interrupted(signal));
  };
  for (const signal of SIGNALS) process.on(signal, onSignal);
  return {
    signal: controller.signal,
    stop: (reason) => controller.abort(reason),
    dispose: () => {
      for (const signal of SIGNALS) process.off(signal, onSignal);
    },
  };
}

/** The promise's result, unless the run is stopped before. */
export function unlessStopped<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(signal.reason as Error);
    if (signal.aborted) stop();
    signal.addEventListener("abort", stop, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", stop));
  });
}
