import type { Configuration } from "./configuration.js";
import type { ConfiguredProviders } from "./configured.js";
import { isExempt } from "./exemptions.js";
import type { Instance, Ledger } from "./ledger.js";
import { methodPath } from "./methods.js";
import { configureResponse, type Diagnostic, errorsIn, readRequest, readResponse } from "./protocol.js";
import type { ProviderProcess } from "./provider-process.js";
import type { Treatment } from "./rules.js";
import { fromDynamic } from "./values.js";

const AT_ONCE = 8;

/** A resource instance that should be gone and is not. */
export interface Leftover {
  readonly type: string;
  readonly id: string;
  readonly treatment: Treatment;
  /**
   * `exists`: deleted for Terraform, but the emulator still has it. `not deleted`: nobody deleted it, and it
   * is there. `unreadable`: the provider could not tell.
   */
  readonly what: "exists" | "not deleted" | "unreadable";
  /** A sentence for the report. */
  readonly detail: string;
}

/**
 * Looks for every instance that was created and reports those that are still there. Takes a provider process for
 * each region and account, and a read for each instance; forgets the instances that are gone.
 */
export async function findLeftovers(
  ledger: Ledger,
  configured: ConfiguredProviders,
): Promise<readonly Leftover[]> {
  const found = ledger
    .all()
    .filter((instance) => instance.treatment === "simulated")
    .map(notDeleted);
  for (const [configuration, instances] of byView(ledger.all())) {
    const one = await configured.acquire(configuration.request);
    try {
      if (!one.configuration) throw refused(one.answer);
      found.push(...(await readAll(ledger, one.provider, instances)));
    } finally {
      await configured.release(one, false);
    }
  }
  return found.sort((a, b) => `${a.type} ${a.id}`.localeCompare(`${b.type} ${b.id}`));
}

function byView(instances: readonly Instance[]): readonly (readonly [Configuration, readonly Instance[]])[] {
  const groups = new Map<string, { configuration: Configuration; instances: Instance[] }>();
  for (const instance of instances) {
    const { configuration } = instance;
    if (instance.treatment === "simulated" || !configuration) continue;
    const group = groups.get(configuration.view) ?? { configuration, instances: [] };
    group.instances.push(instance);
    groups.set(configuration.view, group);
  }
  return [...groups.values()].map((group) => [group.configuration, group.instances] as const);
}

function refused(answer: Buffer): Error {
  const errors = errorsIn(configureResponse.decode(answer).diagnostics);
  return new Error(
    "Relay: the search for leftovers could not configure the provider as Terraform had configured it.\n" +
      `  it said: ${errors.map(sentence).join("; ")}\n` +
      "  do:      keep the emulator running until the search is over.",
  );
}

async function readAll(
  ledger: Ledger,
  provider: ProviderProcess,
  instances: readonly Instance[],
): Promise<readonly Leftover[]> {
  const found: Leftover[] = [];
  const queue = [...instances];
  const worker = async () => {
    for (let instance = queue.shift(); instance; instance = queue.shift()) {
      const leftover = await look(provider, instance);
      if (leftover) found.push(leftover);
      else ledger.forget(instance);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return found;
}

async function look(provider: ProviderProcess, instance: Instance): Promise<Leftover | undefined> {
  if (instance.deleted && isExempt(instance.type)) return undefined;
  const request = readRequest.encode({
    type_name: instance.type,
    current_state: instance.state,
    private: instance.private,
  });
  const response = readResponse.decode(await provider.call(methodPath("ReadResource"), request));
  const [error] = errorsIn(response.diagnostics);
  if (error) {
    return {
      ...named(instance),
      what: "unreadable",
      detail: `the provider could not read it: ${sentence(error)}`,
    };
  }
  if (fromDynamic(response.new_state) === null) return undefined;
  return instance.deleted
    ? { ...named(instance), what: "exists", detail: "Terraform deleted it, but the emulator still has it" }
    : notDeleted(instance);
}

function notDeleted(instance: Instance): Leftover {
  return { ...named(instance), what: "not deleted", detail: "it was created and nobody deleted it" };
}

function named(instance: Instance): Pick<Leftover, "type" | "id" | "treatment"> {
  return { type: instance.type, id: instance.id, treatment: instance.treatment };
}

function sentence(error: Diagnostic): string {
  return [error.summary, error.detail].filter((part) => part).join(": ");
}
