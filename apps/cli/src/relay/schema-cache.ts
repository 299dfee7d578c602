import { methodPath } from "./methods.js";
import type { ProviderPool } from "./pool.js";
import { type BlockSchema, ResourceSchemas } from "./schema.js";

/**
 * The provider's answer to GetSchema, asked once and ahead: it never changes, is megabytes long, takes seconds,
 * and every command of Terraform asks for it anew.
 */
export class SchemaCache {
  private asked: Promise<Buffer> | undefined;
  private parsed: ResourceSchemas | undefined;

  constructor(private readonly pool: ProviderPool) {}

  async answer(): Promise<Buffer> {
    this.asked ??= this.ask();
    try {
      return await this.asked;
    } catch (error) {
      this.asked = undefined;
      throw error;
    }
  }

  async of(type: string): Promise<BlockSchema> {
    this.parsed ??= new ResourceSchemas(await this.answer());
    const schema = this.parsed.get(type);
    if (schema) return schema;
    throw new Error(
      `Relay: the provider has no resource type ${JSON.stringify(type)}, so its values cannot be made up.\n` +
        `  it has: ${this.parsed.types.length} resource types\n` +
        "  do:     take the type out of the relay's rules, or use a provider version that has it.",
    );
  }

  private async ask(): Promise<Buffer> {
    const provider = await this.pool.unconfigured();
    return provider.call(methodPath("GetSchema"), Buffer.alloc(0));
  }
}
