import protobuf from "protobufjs";

/**
 * The few messages of Terraform's provider protocol 5 that the relay looks into. What it only hands on
 * (diagnostics, identities) is declared as bytes: the same on the wire, and nothing can get lost.
 */
const SOURCE = `
syntax = "proto3";
message DynamicValue { bytes msgpack = 1; bytes json = 2; }
message Diagnostic { int32 severity = 1; string summary = 2; string detail = 3; }
message Attribute {
  string name = 1; bytes type = 2; bool optional = 5; bool computed = 6; bool write_only = 10;
}
message NestedBlock { string type_name = 1; Block block = 2; int32 nesting = 3; int32 min_items = 4; int32 max_items = 5; }
message Block { repeated Attribute attributes = 2; repeated NestedBlock block_types = 3; }
message Schema { Block block = 2; }
message ConfigureRequest { string terraform_version = 1; DynamicValue config = 2; bytes client_capabilities = 3; }
message ConfigureResponse { repeated bytes diagnostics = 1; }
message ReadRequest {
  string type_name = 1; DynamicValue current_state = 2; bytes private = 3; bytes provider_meta = 4;
  bytes client_capabilities = 5; bytes current_identity = 6;
}
message ReadResponse { DynamicValue new_state = 1; repeated bytes diagnostics = 2; bytes private = 3; bytes new_identity = 5; }
message ApplyRequest {
  string type_name = 1; DynamicValue prior_state = 2; DynamicValue planned_state = 3; DynamicValue config = 4;
  bytes planned_private = 5; bytes provider_meta = 6; bytes planned_identity = 7;
}
message ApplyResponse {
  DynamicValue new_state = 1; bytes private = 2; repeated bytes diagnostics = 3; bool legacy_type_system = 4;
  bytes new_identity = 5;
}
message ResourceIdentityData { DynamicValue identity_data = 1; }
message Empty {}
message HealthCheckResponse { int32 status = 1; }
`;

const root = protobuf.parse(SOURCE, { keepCase: true }).root;

export interface DynamicValue {
  readonly msgpack?: Uint8Array;
  readonly json?: Uint8Array;
}
export interface Diagnostic {
  readonly severity?: number;
  readonly summary?: string;
  readonly detail?: string;
}
export interface AttributeMessage {
  readonly name: string;
  readonly type: Uint8Array;
  readonly optional?: boolean;
  readonly computed?: boolean;
  readonly write_only?: boolean;
}
export interface NestedBlockMessage {
  readonly type_name: string;
  readonly block?: BlockMessage | null;
  readonly nesting: number;
  readonly min_items?: number;
  readonly max_items?: number;
}
export interface BlockMessage {
  readonly attributes?: readonly AttributeMessage[];
  readonly block_types?: readonly NestedBlockMessage[];
}
export interface ConfigureRequest {
  readonly terraform_version?: string;
  readonly config?: DynamicValue | null;
}
export interface ReadRequest {
  readonly type_name: string;
  readonly current_state?: DynamicValue | null;
  readonly private?: Uint8Array;
  readonly current_identity?: Uint8Array;
}
export interface ReadResponse {
  readonly new_state?: DynamicValue | null;
  readonly diagnostics?: readonly Uint8Array[];
  readonly private?: Uint8Array;
  readonly new_identity?: Uint8Array;
}
export interface ApplyRequest {
  readonly type_name: string;
  readonly prior_state?: DynamicValue | null;
  readonly planned_state?: DynamicValue | null;
  readonly planned_private?: Uint8Array;
  readonly planned_identity?: Uint8Array;
}
export interface ApplyResponse {
  readonly new_state?: DynamicValue | null;
  readonly private?: Uint8Array;
  readonly diagnostics?: readonly Uint8Array[];
  readonly legacy_type_system?: boolean;
  readonly new_identity?: Uint8Array;
}

/** A message that can be read from and written to the wire. */
export interface Codec<T> {
  decode(bytes: Uint8Array): T;
  encode(message: T): Buffer;
}

export const diagnosticMessage = codec<Diagnostic>("Diagnostic");
export const schemaMessage = codec<{ readonly block?: BlockMessage | null }>("Schema");
export const configureRequest = codec<ConfigureRequest>("ConfigureRequest");
export const configureResponse = codec<{ readonly diagnostics?: readonly Uint8Array[] }>("ConfigureResponse");
export const readRequest = codec<ReadRequest>("ReadRequest");
export const readResponse = codec<ReadResponse>("ReadResponse");
export const applyRequest = codec<ApplyRequest>("ApplyRequest");
export const applyResponse = codec<ApplyResponse>("ApplyResponse");
export const identityData = codec<{ readonly identity_data?: DynamicValue | null }>("ResourceIdentityData");
export const emptyMessage = codec<Record<string, never>>("Empty");
export const healthCheckResponse = codec<{ readonly status: number }>("HealthCheckResponse");

const ERROR_SEVERITY = 1;

/** The diagnostics that mean failure; warnings do not count. */
export function errorsIn(diagnostics: readonly Uint8Array[] | undefined): Diagnostic[] {
  return (diagnostics ?? [])
    .map((bytes) => diagnosticMessage.decode(bytes))
    .filter((diagnostic) => diagnostic.severity === ERROR_SEVERITY);
}

function codec<T extends object>(name: string): Codec<T> {
  const type = root.lookupType(name);
  return {
    // toObject leaves out what the wire did not carry; the class instance would show prototype defaults.
    decode: (bytes) => type.toObject(type.decode(bytes), { arrays: true }) as T,
    encode: (message) => Buffer.from(type.encode(type.create(message as Record<string, unknown>)).finish()),
  };
}
