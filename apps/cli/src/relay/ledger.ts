import type { Configuration } from "./configuration.js";
import type { DynamicValue } from "./protocol.js";
import type { Treatment } from "./rules.js";
import { fromDynamic, isObject } from "./values.js";

/** A resource instance that was created through the relay, as it was last seen. */
export interface Instance {
  readonly type: string;
  readonly id: string;
  readonly treatment: Treatment;
  readonly state: DynamicValue;
  readonly private: Uint8Array;
  readonly configuration: Configuration | undefined;
  /** Terraform deleted it, with success; whether the emulator did as well is to be seen. */
  readonly deleted: boolean;
}

/** What was applied, as far as it is needed to look for it later. */
export interface Applied {
  readonly type: string;
  readonly treatment: Treatment;
  readonly configuration: Configuration | undefined;
  readonly prior: DynamicValue | null | undefined;
  readonly state: DynamicValue | null | undefined;
  readonly private: Uint8Array | undefined;
}

/** Every instance that was created and may still exist. Simulated ones leave it when they are deleted. */
export class Ledger {
  private readonly instances = new Map<string, Instance>();

  record(applied: Applied): void {
    const prior = identify(applied, applied.prior);
    const current = identify(applied, applied.state);
    if (current) {
      if (prior && prior.key !== current.key) this.instances.delete(this.find(prior));
      this.instances.set(current.key, instance(applied, current, this.treatment(current, applied), false));
    } else if (prior) {
      this.gone(applied, prior);
    }
  }

  all(): readonly Instance[] {
    return [...this.instances.values()];
  }

  /** Forgets an instance of which it is known now that the emulator has none. */
  forget(one: Instance): void {
    for (const [key, candidate] of this.instances) if (candidate === one) this.instances.delete(key);
  }

  private gone(applied: Applied, prior: Identified): void {
    const key = this.find(prior);
    const known = this.instances.get(key);
    const made = known?.treatment ?? applied.treatment;
    if (made === "simulated") {
      this.instances.delete(key);
      return;
    }
    // A delete that only the relay answered leaves what the emulator really holds.
    const really = applied.treatment !== "simulated";
    this.instances.set(key, instance({ ...applied, ...(known && kept(known)) }, prior, made, really));
  }

  /** An instance that once reached the emulator stays one to look for, however it is updated later. */
  private treatment(current: Identified, applied: Applied): Treatment {
    const before = this.instances.get(current.key)?.treatment;
    return before && before !== "simulated" && applied.prior ? before : applied.treatment;
  }

  /** The delete may come through a connection that is configured otherwise than the one of the create. */
  private find(one: Identified): string {
    if (this.instances.has(one.key)) return one.key;
    const same = (key: string) => key.startsWith(one.name) && !this.instances.get(key)?.deleted;
    return [...this.instances.keys()].find(same) ?? one.key;
  }
}

interface Identified {
  readonly id: string;
  readonly name: string;
  readonly key: string;
  readonly state: DynamicValue;
}

function identify(applied: Applied, state: DynamicValue | null | undefined): Identified | undefined {
  const value = fromDynamic(state);
  if (!state || !isObject(value)) return undefined;
  const id = String(value["id"] ?? value["arn"] ?? Buffer.from(state.msgpack ?? []).toString("base64"));
  const region = typeof value["region"] === "string" ? value["region"] : "";
  const name = `${applied.type}\n${region}\n${id}\n`;
  return { id, name, key: name + (applied.configuration?.view ?? ""), state };
}

function kept(known: Instance): Pick<Instance, "configuration" | "private"> {
  return { configuration: known.configuration, private: known.private };
}

function instance(applied: Applied, one: Identified, treatment: Treatment, deleted: boolean): Instance {
  return {
    type: applied.type,
    id: one.id,
    treatment,
    // Copies: the message they are part of may be a thousand times as long.
    state: { msgpack: Uint8Array.from(one.state.msgpack ?? []) },
    private: Uint8Array.from(applied.private ?? []),
    configuration: applied.configuration,
    deleted,
  };
}
