import { createServer, type Server as NetServer, type Socket } from "node:net";
import {
  Server,
  ServerCredentials,
  type ServerDuplexStream,
  type ServerUnaryCall,
  type ServerWritableStream,
  type ServiceError,
  type sendUnaryData,
  status,
  type UntypedHandleCall,
} from "@grpc/grpc-js";
import type { Connection } from "./connection.js";
import { methodPath, PROVIDER_METHODS, type ProviderMethod } from "./methods.js";
import { emptyMessage, healthCheckResponse } from "./protocol.js";
import { CHANNEL_OPTIONS } from "./provider-process.js";

const SERVING = 1;
const LOOPBACK = "127.0.0.1";

/**
 * The gRPC server that Terraform takes for a provider. The sockets are accepted here and handed to gRPC, since
 * gRPC tells neither when a connection opens nor when it is gone.
 */
export class RelayServer {
  private readonly grpc = new Server(CHANNEL_OPTIONS);
  private readonly connections = new Map<string, Connection>();
  private readonly sockets = new Set<Socket>();
  private readonly closing = new Set<Promise<void>>();
  private readonly listener: NetServer;

  constructor(private readonly open: () => Connection) {
    this.addProvider();
    this.addPluginServices();
    const injector = this.grpc.createConnectionInjector(ServerCredentials.createInsecure());
    this.listener = createServer({ noDelay: true }, (socket) => {
      this.accept(socket);
      injector.injectConnection(socket);
    });
  }

  listen(): Promise<number> {
    return new Promise((resolve, reject) => {
      this.listener.once("error", reject);
      this.listener.listen(0, LOOPBACK, () => {
        const address = this.listener.address();
        resolve(typeof address === "object" && address ? address.port : 0);
      });
    });
  }

  async close(): Promise<void> {
    const stopped = new Promise<void>((resolve) => this.listener.close(() => resolve()));
    this.grpc.forceShutdown();
    for (const socket of this.sockets) socket.destroy();
    await stopped;
    await Promise.allSettled(this.closing);
  }

  private accept(socket: Socket): void {
    const peer = `${socket.remoteAddress}:${socket.remotePort}`;
    const connection = this.open();
    this.connections.set(peer, connection);
    this.sockets.add(socket);
    socket.once("close", () => {
      this.connections.delete(peer);
      this.sockets.delete(socket);
      const closing = connection.close().finally(() => this.closing.delete(closing));
      this.closing.add(closing);
    });
  }

  private addProvider(): void {
    for (const method of PROVIDER_METHODS) {
      this.unary(methodPath(method), (call, done) => {
        this.answer(method, call).then(
          (answer) => done(null, answer),
          (error: unknown) => done(asStatus(error)),
        );
      });
    }
  }

  private async answer(method: ProviderMethod, call: ServerUnaryCall<Buffer, Buffer>): Promise<Buffer> {
    const connection = this.connections.get(call.getPeer());
    if (!connection) throw new Error(`Relay: a call came from ${call.getPeer()}, which is not connected.`);
    return connection.answer(method, call.request, (cancel) => call.on("cancelled", cancel));
  }

  /** What go-plugin, under Terraform, wants of every plugin besides its own service. */
  private addPluginServices(): void {
    this.unary("/grpc.health.v1.Health/Check", (_, done) =>
      done(null, healthCheckResponse.encode({ status: SERVING })),
    );
    this.unary("/plugin.GRPCController/Shutdown", (_, done) => done(null, emptyMessage.encode({})));
    // Both streams carry nothing here; they stay open as long as the other side wants them.
    this.stream(
      "/plugin.GRPCStdio/StreamStdio",
      "serverStream",
      (call: ServerWritableStream<Buffer, Buffer>) => {
        call.on("cancelled", () => call.end());
      },
    );
    this.stream("/plugin.GRPCBroker/StartStream", "bidi", (call: ServerDuplexStream<Buffer, Buffer>) => {
      call.on("data", () => undefined);
      call.on("end", () => call.end());
      call.on("error", () => undefined);
    });
  }

  private unary(
    path: string,
    handler: (call: ServerUnaryCall<Buffer, Buffer>, done: sendUnaryData<Buffer>) => void,
  ): void {
    this.grpc.register(path, handler, same, same, "unary");
  }

  private stream<C>(path: string, type: "serverStream" | "bidi", handler: (call: C) => void): void {
    this.grpc.register(path, handler as UntypedHandleCall, same, same, type);
  }
}

const same = (bytes: Buffer): Buffer => bytes;

/** The provider's own status goes through; our faults are given a code whose text Terraform prints. */
function asStatus(error: unknown): Partial<ServiceError> {
  const { code, details, metadata } = error as Partial<ServiceError>;
  if (typeof code === "number" && details !== undefined) {
    return { code, details, ...(metadata && { metadata }) };
  }
  return { code: status.ABORTED, details: error instanceof Error ? error.message : String(error) };
}
