import type { Configuration } from "./configuration.js";
import { fill } from "./fill.js";
import type { Ledger } from "./ledger.js";
import { merge } from "./merge.js";
import {
  type ApplyRequest,
  type ApplyResponse,
  applyRequest,
  applyResponse,
  type Codec,
  type DynamicValue,
  errorsIn,
  identityData,
  readRequest,
  readResponse,
} from "./protocol.js";
import type { RuleBook, Treatment } from "./rules.js";
import type { BlockSchema } from "./schema.js";
import type { SeedSource } from "./seeds.js";
import type { Change, Tally } from "./stats.js";
import { encodeValue, fromDynamic, hasUnknown, isObject, toDynamic } from "./values.js";

/** What all connections of a relay share. */
export interface Books {
  readonly rules: RuleBook;
  readonly seeds: SeedSource;
  readonly tally: Tally;
  readonly ledger: Ledger;
  readonly accountId: string;
  readonly region: string;
}

/** The call at hand. */
export interface Call {
  readonly request: Buffer;
  readonly configuration: Configuration | undefined;
  /** Sends the request, as it is, to the provider. */
  forward(): Promise<Buffer>;
  schemaOf(type: string): Promise<BlockSchema>;
}

/** A resource that is simulated or echoed reads back as state has it. */
export async function answerRead(books: Books, call: Call): Promise<Buffer> {
  const request = peek(readRequest, call.request, []);
  if (!request || books.rules.treatmentOf(request.type_name) === "emulated") return call.forward();
  return readResponse.encode({
    new_state: request.current_state ?? toDynamic(null),
    ...(request.private && { private: request.private }),
    ...(request.current_identity && { new_identity: request.current_identity }),
  });
}

export async function answerApply(books: Books, call: Call): Promise<Buffer> {
  const request = peek(applyRequest, call.request, ["prior_state", "planned_state"]);
  if (!request) return call.forward();
  const treatment = books.rules.treatmentOf(request.type_name);
  const answer = await applied(books, call, request, treatment);
  const response = peek(applyResponse, answer, ["new_state"]);
  if (response) book(books, call, request, response, treatment);
  return answer;
}

async function applied(
  books: Books,
  call: Call,
  request: ApplyRequest,
  treatment: Treatment,
): Promise<Buffer> {
  if (treatment === "simulated") return applyResponse.encode(await simulate(books, call, request));
  const answer = await call.forward();
  return treatment === "echoed" ? echo(call, request, answer) : answer;
}

async function simulate(books: Books, call: Call, request: ApplyRequest): Promise<ApplyResponse> {
  const planned = fromDynamic(request.planned_state);
  const state = isObject(planned)
    ? fill(await call.schemaOf(request.type_name), planned, {
        type: request.type_name,
        seed: books.seeds.next(request.type_name, encodeValue(planned)),
        region: regionOf(planned) ?? call.configuration?.region ?? books.region,
        account: call.configuration?.account ?? books.accountId,
      })
    : null;
  return {
    new_state: toDynamic(state),
    ...(request.planned_private && { private: request.planned_private }),
    ...knownIdentity(request.planned_identity),
    // Terraform then forgives what the rules of a new provider would forbid; the values are ours, not AWS's.
    legacy_type_system: true,
  };
}

async function echo(call: Call, request: ApplyRequest, answer: Buffer): Promise<Buffer> {
  const response = peek(applyResponse, answer, ["new_state"]);
  const actual = fromDynamic(response?.new_state);
  const planned = fromDynamic(request.planned_state);
  if (!response || errorsIn(response.diagnostics).length > 0 || !isObject(actual) || !isObject(planned))
    return answer;
  const state = merge(await call.schemaOf(request.type_name), planned, actual);
  return applyResponse.encode({ ...response, new_state: toDynamic(state) });
}

function book(
  books: Books,
  call: Call,
  request: ApplyRequest,
  response: ApplyResponse,
  treatment: Treatment,
): void {
  books.ledger.record({
    type: request.type_name,
    treatment,
    configuration: call.configuration,
    prior: request.prior_state,
    state: response.new_state,
    private: response.private ?? request.planned_private,
  });
  const change = changeOf(request, response);
  if (change) books.tally.add(change, treatment, request.type_name);
}

/** Undefined if the provider failed. */
function changeOf(request: ApplyRequest, response: ApplyResponse): Change | undefined {
  if (errorsIn(response.diagnostics).length > 0) return undefined;
  if (fromDynamic(response.new_state) === null) return "deleted";
  return fromDynamic(request.prior_state) === null ? "created" : "updated";
}

/** Provider 6 lets each resource name its region. */
function regionOf(planned: Record<string, unknown>): string | undefined {
  const region = planned["region"];
  return typeof region === "string" && !hasUnknown(region) ? region : undefined;
}

/**
 * What we cannot read is none of our business: it is handed on as it is. `values` are the fields whose content
 * must be legible too.
 */
function peek<T extends object>(codec: Codec<T>, bytes: Buffer, values: readonly (keyof T)[]): T | undefined {
  try {
    const message = codec.decode(bytes);
    for (const field of values) fromDynamic(message[field] as DynamicValue | null | undefined);
    return message;
  } catch {
    return undefined;
  }
}

/** A planned identity may hold unknown values; then Terraform is better served with none. */
function knownIdentity(planned: Uint8Array | undefined): Pick<ApplyResponse, "new_identity"> {
  if (!planned) return {};
  const identity = fromDynamic(identityData.decode(planned).identity_data);
  return identity === null || hasUnknown(identity) ? {} : { new_identity: planned };
}
