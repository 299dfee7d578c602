import { createServer } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { portHolder, portInUse } from "../../src/emulator/ports.js";

function listen(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () =>
      resolve((server.address() as { port: number }).port),
    );
    onTestFinished(() => void server.close());
  });
}

describe("portInUse", () => {
  it("names the process that holds the port, when the system tells", async () => {
    const port = await listen();
    const holder = await portHolder(port);
    expect(holder === undefined || holder.includes(`(process ${process.pid})`)).toBe(true);
    expect((await portInUse(port)).message).toBe(
      [
        `Port ${port} of 127.0.0.1 is in use, so the emulator cannot have it.`,
        `  held by: ${holder ?? "a process that this user may not see"}`,
        "  do: end that process, or choose another port with --port, or leave --port out to get a free one.",
      ].join("\n"),
    );
  });
});
