import { withFewRetries } from "./configuration.js";
import type { Configured, ConfiguredProviders } from "./configured.js";
import { answerApply, answerRead, type Books } from "./intercept.js";
import { methodPath, type ProviderMethod, TRACELESS } from "./methods.js";
import type { ProviderPool } from "./pool.js";
import type { ProviderProcess } from "./provider-process.js";
import type { SchemaCache } from "./schema-cache.js";

/** What the connections of a relay share. */
export interface Shared {
  readonly pool: ProviderPool;
  readonly configured: ConfiguredProviders;
  readonly schemas: SchemaCache;
  readonly books: Books;
}

/** How a call tells what would break it off. */
export type OnCancel = (cancel: () => void) => void;

/** One connection of Terraform, that is one provider configuration in one step. */
export class Connection {
  private configured: Configured | undefined;
  private own: Promise<ProviderProcess> | undefined;
  private stopped = false;
  private inFlight = 0;

  constructor(private readonly shared: Shared) {}

  async answer(method: ProviderMethod, request: Buffer, onCancel: OnCancel): Promise<Buffer> {
    const call = {
      request,
      configuration: this.configured?.configuration,
      forward: () => this.forward(method, request, onCancel),
      schemaOf: (type: string) => this.shared.schemas.of(type),
    };
    switch (method) {
      case "GetSchema":
        return this.shared.schemas.answer();
      case "Configure":
        return this.configure(request);
      case "ReadResource":
        return answerRead(this.shared.books, call);
      case "ApplyResourceChange":
        return answerApply(this.shared.books, call);
      default:
        return call.forward();
    }
  }

  /** Terraform is gone. */
  async close(): Promise<void> {
    const own = await this.own?.catch(() => undefined);
    if (own) await this.shared.pool.end(own);
    if (this.configured)
      await this.shared.configured.release(this.configured, this.stopped || this.inFlight > 0);
  }

  private async configure(request: Buffer): Promise<Buffer> {
    const before = this.configured;
    this.configured = await this.shared.configured.acquire(withFewRetries(request));
    if (before) await this.shared.configured.release(before, false);
    return this.configured.answer;
  }

  private async forward(method: ProviderMethod, request: Buffer, onCancel: OnCancel): Promise<Buffer> {
    if (method === "Stop") this.stopped = true;
    this.inFlight += 1;
    try {
      return await (await this.providerFor(method)).call(methodPath(method), request, onCancel);
    } finally {
      this.inFlight -= 1;
    }
  }

  private providerFor(method: ProviderMethod): ProviderProcess | Promise<ProviderProcess> {
    if (this.configured) return this.configured.provider;
    if (this.own) return this.own;
    if (TRACELESS.has(method)) return this.shared.pool.unconfigured();
    this.own = this.shared.pool.take();
    return this.own;
  }
}
