import { createHash, createHmac, randomBytes } from "node:crypto";
import { createSocket } from "node:dgram";
import { connect } from "node:net";
import { connect as connectTls } from "node:tls";
import type { TurnCredential } from "@telemedicina/turn";

const COOKIE = Buffer.from([0x21, 0x12, 0xa4, 0x42]);
const methods = { binding: 1, allocate: 3, refresh: 4, createPermission: 8, channelBind: 9 } as const;
const attributes = {
  username: 0x06,
  integrity: 0x08,
  error: 0x09,
  channel: 0x0c,
  lifetime: 0x0d,
  peer: 0x12,
  realm: 0x14,
  nonce: 0x15,
  relayed: 0x16,
  family: 0x17,
  transport: 0x19,
  fingerprint: 0x8028,
} as const;

export interface Address {
  readonly ip: string;
  readonly port: number;
}

/** An attribute of a request. IPv6 addresses are mixed with the transaction's id, which is not known before. */
type Wanted = readonly [type: number, value: (id: Buffer) => Buffer];

export interface Answer {
  /** 0 when the server did what was asked. */
  readonly error: number;
  readonly reason: string;
  readonly attributes: ReadonlyMap<number, Buffer>;
}

/** How a client reaches the relay. */
export type Way =
  | { readonly over: "udp" | "tcp"; readonly port: number }
  | { readonly over: "tls"; readonly port: number; readonly name: string; readonly ca: string };

/** Messages to and from the relay, one by one whatever carries them. */
interface Line {
  send(message: Buffer): void;
  close(): void;
}

/**
 * A TURN client (RFC 8656), as a browser is one: it tells each answer, which coturn's own client does not. Every request is
 * one line in coturn's log, and `requests` counts them.
 */
export class TurnClient {
  requests = 0;
  relayed: Address | undefined;
  readonly received: Buffer[] = [];
  private line: Line = { send: () => undefined, close: () => undefined };
  private realm = "";
  private nonce: Buffer = Buffer.alloc(0);
  private authenticates = false;
  private readonly waiting = new Map<string, (answer: Buffer) => void>();

  private constructor(
    private readonly credential: TurnCredential,
    private readonly patience: number,
  ) {}

  /** @param patience milliseconds to wait for an answer */
  static async open(way: Way, credential: TurnCredential, patience = 5_000): Promise<TurnClient> {
    const client = new TurnClient(credential, patience);
    const take = (message: Buffer) => client.take(message);
    client.line = way.over === "udp" ? await datagrams(way.port, take) : await stream(way, take);
    return client;
  }

  /** Asks for a relayed address, for IPv4 peers or IPv6. */
  async allocate(family: 4 | 6 = 4): Promise<Answer> {
    const transport: Wanted = [attributes.transport, () => Buffer.from([17, 0, 0, 0])];
    const six: Wanted = [attributes.family, () => Buffer.from([2, 0, 0, 0])];
    const wanted = family === 6 ? [transport, six] : [transport];
    const answer = await this.request(methods.allocate, wanted);
    const relayed = answer.attributes.get(attributes.relayed);
    if (relayed) this.relayed = readAddress(relayed);
    return answer;
  }

  permit(peer: Address): Promise<Answer> {
    return this.request(methods.createPermission, [[attributes.peer, (id) => writeAddress(peer, id)]]);
  }

  bind(channel: number, peer: Address): Promise<Answer> {
    const number = Buffer.alloc(4);
    number.writeUInt16BE(channel);
    return this.request(methods.channelBind, [
      [attributes.channel, () => number],
      [attributes.peer, (id) => writeAddress(peer, id)],
    ]);
  }

  /** 0 seconds end the allocation. */
  refresh(seconds: number): Promise<Answer> {
    const lifetime = Buffer.alloc(4);
    lifetime.writeUInt32BE(seconds);
    return this.request(methods.refresh, [[attributes.lifetime, () => lifetime]]);
  }

  binding(): Promise<Answer> {
    return this.once(methods.binding, []);
  }

  /** Sends media through the channel; it comes out at the peer. */
  send(channel: number, data: Buffer): void {
    const frame = Buffer.alloc(4);
    frame.writeUInt16BE(channel, 0);
    frame.writeUInt16BE(data.length, 2);
    // To full words, as streams want it; over UDP it does no harm.
    this.line.send(Buffer.concat([frame, data, Buffer.alloc((4 - (data.length % 4)) % 4)]));
  }

  close(): void {
    this.line.close();
  }

  /** The first request gets the nonce with a 401, a stale nonce a new one with a 438. */
  private async request(method: number, wanted: readonly Wanted[]): Promise<Answer> {
    const answer = await this.once(method, wanted);
    const challenged = answer.error === 401 && !this.authenticates;
    if (!challenged && answer.error !== 438) return answer;
    this.realm = answer.attributes.get(attributes.realm)?.toString() ?? "";
    this.nonce = answer.attributes.get(attributes.nonce) ?? Buffer.alloc(0);
    this.authenticates = true;
    return this.once(method, wanted);
  }

  private async once(method: number, wanted: readonly Wanted[]): Promise<Answer> {
    const id = randomBytes(12);
    const message = this.authenticates ? this.signed(method, id, wanted) : encode(method, id, wanted);
    this.requests += 1;
    const answer = await new Promise<Buffer>((resolve, reject) => {
      const silence = new Error(`no answer to a TURN request in ${this.patience} ms`);
      const timer = setTimeout(() => reject(silence), this.patience);
      this.waiting.set(id.toString("hex"), (found) => {
        clearTimeout(timer);
        resolve(found);
      });
      this.line.send(message);
    });
    return decode(answer);
  }

  private signed(method: number, id: Buffer, wanted: readonly Wanted[]): Buffer {
    const { username, credential } = this.credential;
    const all: Wanted[] = [
      ...wanted,
      [attributes.username, () => Buffer.from(username)],
      [attributes.realm, () => Buffer.from(this.realm)],
      [attributes.nonce, () => this.nonce],
    ];
    const message = encode(method, id, all);
    // The length counts what is being signed for.
    message.writeUInt16BE(message.length - 20 + 24, 2);
    const key = createHash("md5").update(`${username}:${this.realm}:${credential}`).digest();
    const signature = createHmac("sha1", key).update(message).digest();
    return Buffer.concat([message, attribute(attributes.integrity, signature)]);
  }

  private take(message: Buffer): void {
    if ((message[0] ?? 0) >= 0x40) {
      this.received.push(message.subarray(4, 4 + message.readUInt16BE(2)));
      return;
    }
    const id = message.subarray(8, 20).toString("hex");
    this.waiting.get(id)?.(message);
    this.waiting.delete(id);
  }
}

async function datagrams(port: number, take: (message: Buffer) => void): Promise<Line> {
  const socket = createSocket("udp4").on("message", take);
  await new Promise<void>((resolve) => socket.bind(0, "127.0.0.1", resolve));
  return { send: (message) => socket.send(message, port, "127.0.0.1"), close: () => socket.close() };
}

async function stream(way: Way, take: (message: Buffer) => void): Promise<Line> {
  const to = { host: "127.0.0.1", port: way.port };
  const socket = way.over === "tls" ? connectTls({ ...to, servername: way.name, ca: way.ca }) : connect(to);
  await new Promise<void>((resolve, reject) => {
    socket.once(way.over === "tls" ? "secureConnect" : "connect", () => resolve()).once("error", reject);
  });
  let rest: Buffer = Buffer.alloc(0);
  socket.on("data", (data: Buffer) => {
    rest = Buffer.concat([rest, data]);
    while (rest.length >= 4 && rest.length >= sizeOf(rest)) {
      take(rest.subarray(0, sizeOf(rest)));
      rest = rest.subarray(sizeOf(rest));
    }
  });
  return { send: (message) => socket.write(message), close: () => socket.destroy() };
}

/** Of the message that a stream goes on with: channel data to full words, or STUN with its head. */
function sizeOf(bytes: Buffer): number {
  const length = bytes.readUInt16BE(2);
  return (bytes[0] ?? 0) >= 0x40 ? 4 + Math.ceil(length / 4) * 4 : 20 + length;
}

export function hasFingerprint(answer: Answer): boolean {
  return answer.attributes.has(attributes.fingerprint);
}

function encode(method: number, id: Buffer, wanted: readonly Wanted[]): Buffer {
  const body = Buffer.concat(wanted.map(([type, value]) => attribute(type, value(id))));
  const head = Buffer.alloc(4);
  head.writeUInt16BE(method, 0);
  head.writeUInt16BE(body.length, 2);
  return Buffer.concat([head, COOKIE, id, body]);
}

function attribute(type: number, value: Buffer): Buffer {
  const head = Buffer.alloc(4);
  head.writeUInt16BE(type, 0);
  head.writeUInt16BE(value.length, 2);
  return Buffer.concat([head, value, Buffer.alloc((4 - (value.length % 4)) % 4)]);
}

function decode(message: Buffer): Answer {
  const found = new Map<number, Buffer>();
  for (let at = 20; at + 4 <= message.length; ) {
    const length = message.readUInt16BE(at + 2);
    found.set(message.readUInt16BE(at), message.subarray(at + 4, at + 4 + length));
    at += 4 + length + ((4 - (length % 4)) % 4);
  }
  const error = found.get(attributes.error);
  return {
    error: error === undefined ? 0 : (error[2] ?? 0) * 100 + (error[3] ?? 0),
    reason: error?.subarray(4).toString() ?? "",
    attributes: found,
  };
}

/** Addresses go over the wire mixed with the cookie. Of an IPv6 one no test asks. */
function readAddress(value: Buffer): Address | undefined {
  if (value[1] !== 1) return undefined;
  return { port: value.readUInt16BE(2) ^ 0x2112, ip: [...mixed(value.subarray(4), COOKIE)].join(".") };
}

function writeAddress({ ip, port }: Address, id: Buffer): Buffer {
  const bytes = ip.includes(":") ? bytesOfSix(ip) : Buffer.from(ip.split(".").map(Number));
  const head = Buffer.from([0, bytes.length === 16 ? 2 : 1, 0, 0]);
  head.writeUInt16BE(port ^ 0x2112, 2);
  return Buffer.concat([head, mixed(bytes, Buffer.concat([COOKIE, id]))]);
}

function mixed(bytes: Buffer, mask: Buffer): Buffer {
  return Buffer.from(bytes.map((byte, index) => byte ^ (mask[index] ?? 0)));
}

function bytesOfSix(ip: string): Buffer {
  const [left = [], right = []] = ip.split("::").map((half) => half.split(":").filter((word) => word !== ""));
  const words = [...left, ...Array<string>(8 - left.length - right.length).fill("0"), ...right];
  return Buffer.concat(words.map((word) => Buffer.from(word.padStart(4, "0"), "hex")));
}
