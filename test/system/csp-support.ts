import { type ChildProcess, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Duplex } from "node:stream";
import { execaSync } from "execa";
import { until } from "./relay-support.js";

/** What a path answers. */
export interface Answer {
  readonly type: string;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A violation as the browser itself reports it to `report-uri`. */
export interface Report {
  readonly "document-uri": string;
  readonly "effective-directive": string;
  readonly "blocked-uri": string;
}

interface Posted {
  readonly "csp-report": Report;
}

/**
 * The answer to a request, by host and path; without one, 404. It stands for the whole internet: the browser finds
 * `example.com` and `example.org` here, and no other name anywhere.
 */
export type Answers = (host: string, path: string) => Answer | undefined;

/** A web server by TLS on a free port of loopback, that takes WebSockets and remembers what it was asked. */
export class Site {
  /** `host/path` of every request and WebSocket, without the query. */
  readonly asked: string[] = [];
  readonly reports: Report[] = [];
  /** What pages posted to `/results`. */
  readonly results: Record<string, unknown>[] = [];
  private readonly sockets = new Set<Duplex>();

  private constructor(
    private readonly server: Server,
    private readonly directory: string,
    readonly port: number,
  ) {}

  static async start(openssl: string, answers: Answers): Promise<Site> {
    const directory = mkdtempSync(join(tmpdir(), "csp-site-"));
    const { key, cert } = certificate(openssl, directory);
    const server = createServer({ key, cert });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const site = new Site(server, directory, (server.address() as AddressInfo).port);
    server.on("request", (request, response) => void site.answer(request, response, answers));
    server.on("upgrade", (request, socket) => site.greet(request, socket));
    server.on("connection", (socket) => {
      site.sockets.add(socket);
      socket.on("close", () => site.sockets.delete(socket));
    });
    return site;
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
    rmSync(this.directory, { recursive: true, force: true });
  }

  private async answer(request: IncomingMessage, response: ServerResponse, answers: Answers): Promise<void> {
    const { host, path } = this.note(request);
    if (request.method === "POST") {
      const body = await text(request);
      if (path === "/csp-reports") this.reports.push((JSON.parse(body) as Posted)["csp-report"]);
      if (path === "/results") this.results.push(JSON.parse(body) as Record<string, unknown>);
      response.writeHead(204).end();
      return;
    }
    const answer = answers(host, path);
    if (answer === undefined) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, { ...answer.headers, "content-type": answer.type }).end(answer.body);
  }

  /** Completes the handshake and says one word, which is all that a page needs to know. */
  private greet(request: IncomingMessage, socket: Duplex): void {
    this.note(request);
    socket.on("error", () => socket.destroy());
    const accept = createHash("sha1")
      .update(`${request.headers["sec-websocket-key"]}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
      .digest("base64");
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
    );
    const word = Buffer.from("hello");
    socket.write(Buffer.concat([Buffer.from([0x81, word.length]), word]));
  }

  private note(request: IncomingMessage): { host: string; path: string } {
    const host = (request.headers.host ?? "").replace(/:\d+$/, "");
    const path = (request.url ?? "/").replace(/\?.*$/, "");
    this.asked.push(`${host}${path}`);
    return { host, path };
  }
}

/** A headless Chromium with a camera that shows a test picture, in a profile of its own. */
export class Browser {
  private constructor(
    private readonly child: ChildProcess,
    private readonly profile: string,
  ) {}

  static open(chromium: string, site: Site, url: string): Browser {
    const profile = mkdtempSync(join(tmpdir(), "csp-browser-"));
    const child = spawn(chromium, [...switches(site, profile), url], { stdio: "ignore" });
    return new Browser(child, profile);
  }

  /** The page as it stands when it has loaded, scripts and all. */
  static read(chromium: string, site: Site, url: string): Promise<string> {
    const profile = mkdtempSync(join(tmpdir(), "csp-browser-"));
    const child = spawn(chromium, [...switches(site, profile), "--dump-dom", url], {
      stdio: ["ignore", "pipe", "ignore"],
      timeout: 60_000,
    });
    return new Promise((resolve, reject) => {
      let dom = "";
      child.stdout?.on("data", (chunk: Buffer) => {
        dom += chunk.toString();
      });
      child.on("error", reject);
      child.on("close", () => {
        discard(profile).then(() => resolve(dom), reject);
      });
    });
  }

  async close(): Promise<void> {
    const { child } = this;
    if (child.exitCode === null && child.signalCode === null) {
      const ended = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGTERM");
      const late = setTimeout(() => child.kill("SIGKILL"), 5000);
      await ended;
      clearTimeout(late);
    }
    await discard(this.profile);
  }
}

/** Its helpers write on for a moment when it has ended, and a retry inside `rmSync` does not look at what is new. */
async function discard(profile: string): Promise<void> {
  await until(`the profile ${profile} to be gone`, async () => {
    try {
      rmSync(profile, { recursive: true, force: true });
      return true;
    } catch {
      return false;
    }
  });
}

function switches(site: Site, profile: string): string[] {
  return [
    "--headless=new",
    // Its sandbox wants a user who is not root; what it opens are this test's own pages.
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
    "--mute-audio",
    "--ignore-certificate-errors",
    `--host-resolver-rules=${["*.example.com", "*.example.org"].map((name) => `MAP ${name} 127.0.0.1:${site.port}`).join(", ")}, MAP * ~NOTFOUND`,
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
    `--user-data-dir=${profile}`,
  ];
}

function certificate(openssl: string, directory: string): { key: Buffer; cert: Buffer } {
  const [key, cert] = [join(directory, "key.pem"), join(directory, "cert.pem")];
  const subject = ["-subj", "/CN=csp.test", "-addext", "subjectAltName=DNS:*.example.com,DNS:*.example.org"];
  const out = ["-keyout", key, "-out", cert];
  execaSync(openssl, ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", ...subject, ...out]);
  return { key: readFileSync(key), cert: readFileSync(cert) };
}

async function text(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
