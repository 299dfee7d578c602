import { describe, expect, it } from "vitest";
import { Interrupted } from "../../src/errors.js";
import { listenForInterrupts, unlessStopped } from "../../src/rehearse/interrupts.js";

describe("unlessStopped", () => {
  it("is the promise while nobody stops the run", async () => {
    const { signal } = new AbortController();
    expect(await unlessStopped(Promise.resolve(1), signal)).toBe(1);
    await expect(unlessStopped(Promise.reject(new Error("no")), signal)).rejects.toThrow("no");
  });

  it("does not wait once the run is stopped", async () => {
    const controller = new AbortController();
    const waiting = unlessStopped(new Promise(() => undefined), controller.signal);
    controller.abort(new Interrupted("SIGTERM"));
    await expect(waiting).rejects.toThrow("Stopped by SIGTERM.");
    await expect(unlessStopped(Promise.resolve(1), controller.signal)).rejects.toThrow("Stopped by SIGTERM.");
  });
});

describe("listenForInterrupts", () => {
  it("keeps the first reason, and gives the signals back", () => {
    const before = process.listenerCount("SIGINT");
    const interrupts = listenForInterrupts(() => undefined);
    expect(process.listenerCount("SIGINT")).toBe(before + 1);
    interrupts.stop(new Error("emulator died"));
    interrupts.stop(new Error("later"));
    expect(interrupts.signal.reason).toEqual(new Error("emulator died"));
    interrupts.dispose();
    expect(process.listenerCount("SIGINT")).toBe(before);
  });
});
