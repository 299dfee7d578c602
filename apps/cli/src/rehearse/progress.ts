import { Listr } from "listr2";

/** Shows what a long run is doing. */
export interface Progress {
  /** Runs one step; `update` says how far it is. */
  step<T>(title: string, work: (update: (text: string) => void) => Promise<T>): Promise<T>;
  note(text: string): void;
}

/** Below this a live list would wrap its lines and repeat them. */
const NARROWEST = 60;

/** A live list in a terminal, plain lines in a log. */
export function progressFor(stream: NodeJS.WriteStream): Progress {
  const isWide = stream.isTTY && stream.columns >= NARROWEST;
  return isWide && process.env["CI"] === undefined ? new LiveProgress() : new PlainProgress(stream);
}

class LiveProgress implements Progress {
  async step<T>(title: string, work: (update: (text: string) => void) => Promise<T>): Promise<T> {
    const started = performance.now();
    let result: T | undefined;
    const list = new Listr(
      [
        {
          title,
          task: async (_context, task) => {
            const clock = setInterval(() => show(), 1_000);
            let text = "";
            const show = (): void => {
              task.title = [title, text, elapsed(started)].filter((part) => part !== "").join("  ");
            };
            try {
              result = await work((next) => {
                text = next;
                show();
              });
            } finally {
              clearInterval(clock);
              show();
            }
          },
        },
      ],
      // We end things in order ourselves on Ctrl-C, and the error is printed in full at the end.
      { registerSignalListeners: false, renderer: "default", rendererOptions: { showErrorMessage: false } },
    );
    await list.run();
    return result as T;
  }

  note(text: string): void {
    process.stdout.write(`${text}\n`);
  }
}

/** Says at least this often that a step still goes on. */
const HEARTBEAT_MS = 30_000;

class PlainProgress implements Progress {
  constructor(private readonly stream: NodeJS.WritableStream) {}

  async step<T>(title: string, work: (update: (text: string) => void) => Promise<T>): Promise<T> {
    const started = performance.now();
    let text = "";
    const line = (suffix: string): void => {
      this.note([title, text, suffix, elapsed(started)].filter((part) => part !== "").join("  "));
    };
    const heartbeat = setInterval(() => line("…"), HEARTBEAT_MS);
    try {
      const result = await work((next) => {
        text = next;
      });
      line("");
      return result;
    } catch (error) {
      line("FAILED");
      throw error;
    } finally {
      clearInterval(heartbeat);
    }
  }

  note(text: string): void {
    this.stream.write(`${text}\n`);
  }
}

function elapsed(started: number): string {
  return `${((performance.now() - started) / 1000).toFixed(1)} s`;
}
