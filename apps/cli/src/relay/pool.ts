import { type ProviderCommand, ProviderProcess } from "./provider-process.js";

/**
 * Provider processes that are started before they are asked for: a start takes seconds. One of them, the
 * common one, is never configured and answers for everybody what needs no configuration.
 */
export class ProviderPool {
  private common: Promise<ProviderProcess>;
  private readonly warm: Promise<ProviderProcess>[] = [];
  private readonly running = new Set<ProviderProcess>();
  private readonly starting = new Set<Promise<unknown>>();
  private closed = false;

  constructor(
    private readonly command: ProviderCommand,
    private readonly size: number,
  ) {
    this.common = this.start();
    // The common one is asked first, so it need not share the processor with the others.
    const refill = () => this.refill();
    this.common.then(refill, refill);
  }

  /** The process that stays without a configuration; a new one if the last has died. */
  async unconfigured(): Promise<ProviderProcess> {
    const current = await this.common.catch(() => undefined);
    if (!current?.alive) this.common = this.start();
    return this.common;
  }

  /** A process that nobody has used. Its taker ends it. */
  async take(): Promise<ProviderProcess> {
    for (let next = this.warm.shift(); next; next = this.warm.shift()) {
      this.refill();
      const provider = await next;
      if (provider.alive) return provider;
    }
    return this.start();
  }

  async end(provider: ProviderProcess): Promise<void> {
    await provider.stop();
    this.running.delete(provider);
  }

  async close(): Promise<void> {
    this.closed = true;
    await Promise.allSettled(this.starting);
    await Promise.all([...this.running].map((provider) => this.end(provider)));
  }

  private refill(): void {
    while (!this.closed && this.warm.length < this.size) this.warm.push(this.start());
  }

  private start(): Promise<ProviderProcess> {
    const started = this.started();
    this.starting.add(started);
    // Whoever takes it meets its error; until then it must not count as unhandled.
    const forget = () => this.starting.delete(started);
    started.then(forget, forget);
    return started;
  }

  private async started(): Promise<ProviderProcess> {
    if (this.closed) throw new Error("Relay: it is closed; start another one.");
    const provider = await ProviderProcess.start(this.command);
    this.running.add(provider);
    return provider;
  }
}
