import { chmodSync } from "node:fs";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { fileURLToPath } from "node:url";
import { Client, credentials, type ServiceError } from "@grpc/grpc-js";
import { ExtData } from "@msgpack/msgpack";
import protobuf from "protobufjs";
import { type Relay, type RelayOptions, startRelay } from "../../src/relay/index.js";
import { configureRequest } from "../../src/relay/protocol.js";
import { CHANNEL_OPTIONS } from "../../src/relay/provider-process.js";
import type { BlockSchema } from "../../src/relay/schema.js";
import { blockSchema } from "../../src/relay/schema.js";
import { toDynamic } from "../../src/relay/values.js";

export const UNKNOWN = new ExtData(0, Uint8Array.of(0));

const BINARY = fileURLToPath(new URL("fake-provider.mjs", import.meta.url));
chmodSync(BINARY, 0o755);

/** Answers in base64 by method, as the fake provider wants them. */
export function answers(by: Readonly<Record<string, Uint8Array>>): string {
  return JSON.stringify(
    Object.fromEntries(
      Object.entries(by).map(([name, bytes]) => [name, Buffer.from(bytes).toString("base64")]),
    ),
  );
}

/** A relay before fake providers. */
export function fakeRelay(options: Partial<RelayOptions> = {}): Promise<Relay> {
  return startRelay({
    providerBinary: BINARY,
    providerEnv: {},
    rules: [],
    accountId: "111111111111",
    region: "us-east-1",
    // None ahead: each start costs a tenth of a second of the unit lane.
    warm: 0,
    ...options,
  });
}

/** One connection, as Terraform would open it. */
export class Terraform {
  private readonly client: Client;

  constructor(relay: Pick<Relay, "port">) {
    this.client = new Client(`127.0.0.1:${relay.port}`, credentials.createInsecure(), CHANNEL_OPTIONS);
  }

  call(method: string, request: Uint8Array | string): Promise<Buffer> {
    return this.raw(`/tfplugin5.Provider/${method}`, Buffer.from(request));
  }

  raw(path: string, request: Buffer): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      this.client.makeUnaryRequest(path, same, same, request, (error, answer) =>
        error ? reject(error) : resolve(answer ?? Buffer.alloc(0)),
      );
    });
  }

  /** The error of a call that must fail. */
  async failure(method: string, request: Uint8Array | string): Promise<ServiceError> {
    try {
      await this.call(method, request);
    } catch (error) {
      return error as ServiceError;
    }
    throw new Error(`${method} did not fail`);
  }

  /** The process that answers what needs a configuration. */
  async pid(): Promise<number> {
    return Number((await this.call("ReadDataSource", "pid")).toString());
  }

  /** Configures as Terraform would, and returns the process that then answers. */
  async configure(config: unknown): Promise<number> {
    await this.call("Configure", configureRequest.encode({ config: toDynamic(config) }));
    return this.pid();
  }

  close(): void {
    this.client.close();
  }
}

/** A way to the relay that can be cut, as when Terraform is killed: a client's own close waits for its calls. */
export async function cable(relay: Relay): Promise<{ readonly port: number; cut(): void }> {
  const sockets: Socket[] = [];
  const server = createServer((near) => {
    const far = connect(relay.port, "127.0.0.1");
    near.pipe(far).pipe(near);
    for (const socket of [near, far]) sockets.push(socket.on("error", () => socket.destroy()));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    cut: () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Waits until the process is gone; fails after five seconds. */
export async function gone(pid: number): Promise<void> {
  for (let tries = 0; tries < 100; tries += 1) {
    if (!isAlive(pid)) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`process ${pid} is still alive`);
}

const same = (bytes: Buffer): Buffer => bytes;

/** A schema written by hand: attributes as `name: [type, flags]`, blocks as `name: [nesting, block, limits]`. */
export interface HandMade {
  readonly attributes?: Readonly<Record<string, readonly [type: unknown, flags?: Flags]>>;
  readonly blocks?: Readonly<Record<string, readonly [nesting: number, block: HandMade, limits?: Limits]>>;
}
interface Flags {
  readonly optional?: boolean;
  readonly required?: boolean;
  readonly computed?: boolean;
  readonly sensitive?: boolean;
  readonly write_only?: boolean;
}
interface Limits {
  readonly min_items?: number;
  readonly max_items?: number;
}

export const SINGLE = 1;
export const LIST = 2;
export const SET = 3;
export const MAP = 4;

export function schema(hand: HandMade): BlockSchema {
  return blockSchema(message(hand));
}

function message(hand: HandMade): Parameters<typeof blockSchema>[0] {
  return {
    attributes: Object.entries(hand.attributes ?? {}).map(([name, [type, flags]]) => ({
      name,
      type: Buffer.from(JSON.stringify(type)),
      ...(flags ?? { computed: true }),
    })),
    block_types: Object.entries(hand.blocks ?? {}).map(([type_name, [nesting, block, limits]]) => ({
      type_name,
      nesting,
      block: message(block),
      ...limits,
    })),
  };
}

// Written apart from the product's own messages, with Terraform's field numbers, so that one checks the other.
const SCHEMAS = protobuf
  .parse(
    `syntax = "proto3";
  message Attribute { string name = 1; bytes type = 2; string description = 3; bool required = 4; bool optional = 5;
    bool computed = 6; bool sensitive = 7; int32 description_kind = 8; bool deprecated = 9; bool write_only = 10; }
  message NestedBlock { string type_name = 1; Block block = 2; int32 nesting = 3; int64 min_items = 4; int64 max_items = 5; }
  message Block { int64 version = 1; repeated Attribute attributes = 2; repeated NestedBlock block_types = 3; string description = 4; }
  message Schema { int64 version = 1; Block block = 2; }
  message Response { Schema provider = 1; map<string, Schema> resource_schemas = 2; map<string, Schema> data_source_schemas = 3; }`,
    { keepCase: true },
  )
  .root.lookupType("Response");

/** A provider's answer to GetSchema. */
export function schemaAnswer(resources: Readonly<Record<string, HandMade>>): Buffer {
  const schemas = Object.fromEntries(
    Object.entries(resources).map(([type, hand]) => [type, { version: 1, block: message(hand) }]),
  );
  const provider = { block: message({ attributes: { region: ["string"] } }) };
  return Buffer.from(
    SCHEMAS.encode(
      SCHEMAS.fromObject({ provider, resource_schemas: schemas, data_source_schemas: schemas }),
    ).finish(),
  );
}
