import { type Configuration, configurationKey, readConfiguration } from "./configuration.js";
import { methodPath } from "./methods.js";
import type { ProviderPool } from "./pool.js";
import { configureResponse, errorsIn } from "./protocol.js";
import type { ProviderProcess } from "./provider-process.js";

/** Processes that are kept although nobody uses them: a stack has up to three provider configurations. */
const KEPT_IDLE = 3;

/** A process that was configured, and what the provider answered to that. */
export interface Configured {
  readonly key: string;
  readonly provider: ProviderProcess;
  /** Undefined if the provider refused it. */
  readonly configuration: Configuration | undefined;
  readonly answer: Buffer;
  users: number;
}

/**
 * One process for each provider configuration. Connections that configure theirs alike share it:
 * Terraform opens new ones for plan and apply and, when its provider is reattached, closes none until it ends.
 */
export class ConfiguredProviders {
  // In the order of last use, since a Map keeps the order of insertion.
  private readonly entries = new Map<string, Promise<Configured>>();

  constructor(private readonly pool: ProviderPool) {}

  /** The process that is, or now gets, configured by `request`. The caller gives it back. */
  async acquire(request: Buffer): Promise<Configured> {
    const key = configurationKey(request);
    const known = await this.entries.get(key)?.catch(() => undefined);
    if (known?.provider.alive) {
      known.users += 1;
      return known;
    }
    const configuring = this.configure(key, request);
    this.entries.set(key, configuring);
    const forget = () => {
      if (this.entries.get(key) === configuring) this.entries.delete(key);
    };
    try {
      const configured = await configuring;
      if (!configured.configuration) forget();
      return configured;
    } catch (error) {
      forget();
      throw error;
    }
  }

  /** `spent`: nobody may use it after us, since it was stopped, or left in the middle of something. */
  async release(configured: Configured, spent: boolean): Promise<void> {
    configured.users -= 1;
    const current = await this.entries.get(configured.key)?.catch(() => undefined);
    const kept = current === configured && !spent && configured.provider.alive;
    if (current === configured) this.entries.delete(configured.key);
    if (kept) this.entries.set(configured.key, Promise.resolve(configured));
    else if (configured.users === 0) await this.pool.end(configured.provider);
    await this.endSurplus();
  }

  private async configure(key: string, request: Buffer): Promise<Configured> {
    const provider = await this.pool.take();
    try {
      const answer = await provider.call(methodPath("Configure"), request);
      const refused = errorsIn(configureResponse.decode(answer).diagnostics).length > 0;
      return {
        key,
        provider,
        configuration: refused ? undefined : readConfiguration(request),
        answer,
        users: 1,
      };
    } catch (error) {
      await this.pool.end(provider);
      throw error;
    }
  }

  private async endSurplus(): Promise<void> {
    const all = await Promise.all([...this.entries.values()].map((entry) => entry.catch(() => undefined)));
    const idle = all.filter((one) => one !== undefined).filter((one) => one.users === 0);
    for (const one of idle.slice(0, Math.max(0, idle.length - KEPT_IDLE))) {
      this.entries.delete(one.key);
      await this.pool.end(one.provider);
    }
  }
}
