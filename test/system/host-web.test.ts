import { createHash, randomBytes } from "node:crypto";
import { utimesSync, writeFileSync } from "node:fs";
import { createServer, type Server as HttpServer, type IncomingMessage, request } from "node:http";
import type { Socket } from "node:net";
import { gunzipSync } from "node:zlib";
import { type DistributionName, laravelHost } from "@telemedicina/host";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findPrograms, Server } from "./host-programs-support.js";
import { debianHost, HostTree } from "./host-support.js";
import { startPhpFpm } from "./php-fpm-support.js";
import { until } from "./relay-support.js";

const programs = findPrograms(
  "nginx and php-fpm",
  { nginx: "nginx", fpm: "php-fpm8.2" },
  "nginx-light php8.2-fpm",
);

/** Of the test's network: what comes from there is the load balancer. */
const BALANCER = "127.1.2.3";
const OUTSIDER = "127.0.0.1";

/** Stands in for the application: says what it was told. */
const APPLICATION = `<?php
if ($_SERVER['REQUEST_URI'] === '/health') { echo "alive\\n"; exit; }
if ($_SERVER['REQUEST_URI'] === '/slow') { usleep(6500000); echo "slow\\n"; exit; }
if ($_SERVER['REQUEST_URI'] === '/held') { sleep(6); echo "held\\n"; exit; }
if ($_SERVER['REQUEST_URI'] === '/log') { error_log('the application says this'); exit; }
header('Content-Type: application/json');
echo json_encode([
  'server' => $_SERVER,
  'files' => $_FILES,
  'ini' => array_map('ini_get', array_combine($names = [
    'memory_limit', 'upload_max_filesize', 'post_max_size', 'expose_php', 'date.timezone', 'display_errors',
    'opcache.validate_timestamps', 'upload_tmp_dir', 'realpath_cache_size'], $names)),
  'environment' => getenv('HOST_SECRET'),
], JSON_THROW_ON_ERROR);
`;

describe.skipIf(programs === undefined)("nginx and php-fpm as rendered", () => {
  let tree: HostTree;
  let nginx: Server;
  let fpm: Server;
  let reverb: Reverb;

  beforeAll(async () => {
    // Memory for a pool of four.
    tree = await HostTree.render({
      ...debianHost,
      roles: ["web"],
      vpcCidr: "127.1.0.0/16",
      memoryMiB: 1200,
    });
    const placeholder = tree.read("/etc/telemedicina/placeholder.php");
    // Opcache keeps no file that was written in the last two seconds.
    utimesSync(tree.write("/var/www/html/public/index.php", placeholder), 1, 1);
    tree.write("/var/www/html/public/robots.txt", "User-agent: *\n");
    tree.write("/var/www/html/public/.env", "APP_KEY=secret\n");
    tree.write("/var/www/html/public/.well-known/security.txt", "Contact: mailto:security@example.com\n");
    tree.write("/var/www/html/public/info.php", "<?php echo 'leaked';\n");
    tree.write("/var/www/html/public/build/app-4f2a.js", `export const text = "${"x".repeat(5000)}";\n`);
    reverb = await Reverb.start(tree.port(8081));
    fpm = await startFpm();
    nginx = await Server.start(
      "nginx",
      [programs?.nginx ?? "", "-e", "stderr", "-c", tree.at("/etc/nginx/nginx.conf"), "-g", "daemon off;"],
      { ready: async () => (await get("/health")).status === 200 },
    );
  });

  afterAll(async () => {
    await nginx?.stop("SIGQUIT");
    await fpm?.stop("SIGQUIT");
    await reverb?.stop();
    tree?.remove();
  });

  it("T-30f: before the first release /health answers, and everything else says that there is none", async () => {
    expect(await get("/health")).toMatchObject({ status: 200, body: "no release yet\n" });

    const page = await get("/login");
    expect(page).toMatchObject({ status: 503, body: "no release yet\n" });
    expect(page.headers["retry-after"]).toBe("60");

    // From here on there is one. Its files replace the placeholder, and php-fpm is reloaded, as a release does it.
    writeFileSync(tree.at("/var/www/html/public/index.php"), APPLICATION);
    expect(await get("/health")).toMatchObject({ body: "no release yet\n" });
    fpm.signal("SIGUSR2");
    await until("the release", async () => (await get("/health")).body === "alive\n");
  });

  it("CMP-10, T-30e: serves the application on 8080, with /health through php-fpm", async () => {
    expect(await get("/health")).toMatchObject({ status: 200, body: "alive\n" });
    const told = await application("/appointments?page=2");

    expect(told.server).toMatchObject({
      REQUEST_URI: "/appointments?page=2",
      QUERY_STRING: "page=2",
      REQUEST_METHOD: "GET",
      SCRIPT_FILENAME: tree.at("/var/www/html/public/index.php"),
      SCRIPT_NAME: "/index.php",
      DOCUMENT_ROOT: tree.at("/var/www/html/public"),
      SERVER_NAME: "app.example.com",
      HTTP_HOST: "app.example.com",
      USER: process.getuid?.() === 0 ? "www-data" : expect.anything(),
    });
  });

  it("T-61: from the load balancer, PHP has the viewer's address and https", async () => {
    const { server } = await application("/", {
      from: BALANCER,
      headers: {
        "X-Forwarded-For": "203.0.113.66, 198.51.100.7, 127.1.9.9",
        "X-Forwarded-Proto": "https",
        "X-Forwarded-Host": "evil.example.com",
        "X-Forwarded-Prefix": "/evil",
        "X-Forwarded-Port": "1",
        Forwarded: "host=evil.example.com",
        Proxy: "http://evil.example.com",
        "X-Origin-Verify": "the secret of the load balancer",
      },
    });

    expect(server).toMatchObject({
      REMOTE_ADDR: "198.51.100.7",
      HTTPS: "on",
      REQUEST_SCHEME: "https",
      SERVER_PORT: "443",
      HTTP_X_FORWARDED_FOR: "198.51.100.7",
      HTTP_X_FORWARDED_PROTO: "https",
      HTTP_X_FORWARDED_PORT: "443",
      HTTP_HOST: "app.example.com",
    });
    for (const name of ["X_FORWARDED_HOST", "X_FORWARDED_PREFIX", "FORWARDED", "PROXY", "X_ORIGIN_VERIFY"]) {
      expect(server).not.toHaveProperty(`HTTP_${name}`);
    }
  });

  it("T-61: from elsewhere nobody may say who he is and how he came", async () => {
    const { server } = await application("/", {
      from: OUTSIDER,
      headers: { "X-Forwarded-For": "198.51.100.7", "X-Forwarded-Proto": "https", "X-Forwarded-Port": "443" },
    });

    expect(server).toMatchObject({
      REMOTE_ADDR: OUTSIDER,
      REQUEST_SCHEME: "http",
      SERVER_PORT: "80",
      HTTP_X_FORWARDED_FOR: OUTSIDER,
      HTTP_X_FORWARDED_PROTO: "http",
      HTTP_X_FORWARDED_PORT: "80",
    });
    expect(server).not.toHaveProperty("HTTPS");
  });

  it("says nothing of itself, and hands the application nothing of the system's environment", async () => {
    const page = await get("/");

    expect(page.headers["server"]).toBe("nginx");
    expect(page.headers).not.toHaveProperty("x-powered-by");
    expect(JSON.parse(page.body)).toMatchObject({ environment: false });
  });

  it("PHP has the settings of the file, for requests with the memory of a request", async () => {
    expect((await application("/")).ini).toEqual({
      memory_limit: "128M",
      upload_max_filesize: "50M",
      post_max_size: "50M",
      expose_php: "",
      "date.timezone": "UTC",
      display_errors: "",
      "opcache.validate_timestamps": "0",
      upload_tmp_dir: tree.at("/data/scratch"),
      realpath_cache_size: "4096K",
    });
  });

  it.each(["/.env", "/.git/config", "/build/.env", "/info.php", "/index.php", "/index.php/x", "/info.php/x"])(
    "does not serve %s",
    async (path) => {
      const page = await get(path);

      expect(page.status).toBe(404);
      expect(page.body).not.toMatch(/secret|leaked|server/);
    },
  );

  it("serves files as they are: those of a build for ever, compressed", async () => {
    const plain = await get("/robots.txt");
    const script = await get("/build/app-4f2a.js", {
      headers: { "Accept-Encoding": "gzip", Via: "1.1 edge" },
    });

    expect(plain).toMatchObject({ status: 200, body: "User-agent: *\n" });
    expect((await get("/.well-known/security.txt")).status).toBe(200);
    expect(script.headers).toMatchObject({ "content-encoding": "gzip" });
    expect(script.headers["cache-control"]).toContain("public, immutable");
    expect(gunzipSync(script.bytes).toString()).toContain("xxxxx");
    expect((await get("/build/app-0000.js")).status).toBe(404);
  });

  it("takes an upload of megabytes, beside the data volume's scratch, and refuses more than 50", async () => {
    const upload = (size: number) => {
      const boundary = "xxBOUNDARYxx";
      const body = Buffer.concat([
        Buffer.from(
          `--${boundary}\r\nContent-Disposition: form-data; name="exam"; filename="exam.pdf"\r\nContent-Type: application/pdf\r\n\r\n`,
        ),
        Buffer.alloc(size),
        Buffer.from(`\r\n--${boundary}--\r\n`),
      ]);
      return get("/exams", {
        method: "POST",
        body,
        headers: { "Content-Type": `multipart/form-data; boundary=${boundary}` },
      });
    };
    const taken = JSON.parse((await upload(20 * 1024 * 1024)).body) as Told;

    expect(taken.files).toMatchObject({ exam: { error: 0, size: 20 * 1024 * 1024 } });
    expect(taken.files["exam"]?.tmp_name).toContain(tree.at("/data/scratch/"));
    expect((await upload(51 * 1024 * 1024)).status).toBe(413);
  });

  it("T-01: a WebSocket through /app is Reverb's: 101, and frames both ways", async () => {
    const socket = await webSocket("/app/app-key?protocol=7&client=js", {
      "X-Forwarded-For": "198.51.100.7",
      "X-Forwarded-Proto": "https",
      "X-Forwarded-Host": "evil.example.com",
      "X-Origin-Verify": "the secret of the load balancer",
    });

    expect(await socket.exchange("ping")).toBe("echo: ping");
    expect(await socket.exchange("x".repeat(100))).toBe(`echo: ${"x".repeat(100)}`);
    expect(reverb.seen.at(-1)).toMatchObject({
      url: "/app/app-key?protocol=7&client=js",
      headers: {
        host: "app.example.com",
        upgrade: "websocket",
        connection: "upgrade",
        "x-forwarded-for": "198.51.100.7",
        "x-forwarded-proto": "https",
      },
    });
    for (const name of ["x-forwarded-host", "x-origin-verify"])
      expect(reverb.seen.at(-1)?.headers).not.toHaveProperty(name);
    socket.end();
  });

  it("T-01: Reverb's HTTP API is behind /apps, and /application is the application's", async () => {
    const page = await get("/apps/1/events", { method: "POST", body: Buffer.from("{}") });

    expect(page).toMatchObject({ status: 200, body: "reverb" });
    expect(reverb.seen.at(-1)).toMatchObject({ url: "/apps/1/events", method: "POST" });
    expect(reverb.seen.at(-1)?.headers).not.toHaveProperty("upgrade");
    expect((await application("/application")).server["REQUEST_URI"]).toBe("/application");
    expect((await application("/apple")).server["REQUEST_URI"]).toBe("/apple");
  });

  it("the access log has who, what and how long, and nothing that a query, referer or reset link holds", async () => {
    await get("/exams/7?signature=s3cr3t&email=ana%40example.com", {
      from: BALANCER,
      headers: {
        "X-Forwarded-For": "198.51.100.7",
        Referer: "https://app.example.com/?token=s3cr3t",
        "User-Agent": 'a"b',
      },
    });
    await get("/reset-password/s3cr3t?email=ana%40example.com");
    await until("both lines", () => {
      const text = tree.read("/var/log/nginx/access.log");
      return ["/exams/7", "/reset-password/"].every((path) => text.includes(`"${path}`));
    });
    const lines = tree.read("/var/log/nginx/access.log").trim().split("\n");
    const entries = lines.map((line) => JSON.parse(line) as Record<string, unknown>);

    expect(entries.find(({ path }) => path === "/exams/7")).toMatchObject({
      client: "198.51.100.7",
      method: "GET",
      status: 200,
      agent: 'a"b',
      request: expect.stringMatching(/^[0-9a-f]{32}$/),
      seconds: expect.any(Number),
    });
    expect(entries.map(({ path }) => path)).toContain("/reset-password/-");
    expect(entries.map(({ path }) => path)).not.toContain("/health");
    expect(lines.join("\n")).not.toMatch(/s3cr3t|ana|app-key\?/);
  });

  it("what the application logs and whatever takes five seconds is in php-fpm's own files", async () => {
    await get("/log");
    await until("the error log", () =>
      tree.read("/var/log/php-fpm/error.log").includes("the application says this"),
    );
    expect((await get("/slow")).body).toBe("slow\n");
    await until("the slow log", () =>
      /\[pool www\] pid \d+\nscript_filename = .*index\.php\n\[0x[0-9a-f]+\] usleep\(\)/.test(
        tree.read("/var/log/php-fpm/slow.log"),
      ),
    );
    expect(await status()).toMatchObject({ "slow requests": 1 });
  });

  it("the status page answers on the loopback's own port while no process is idle, and nowhere else", async () => {
    const held = [1, 2, 3, 4, 5].map(() => get("/held"));
    await until("a pool at its limit", async () => (await status())["max children reached"] === 1);

    expect(await status()).toMatchObject({
      pool: "www",
      "process manager": "dynamic",
      "active processes": 4,
      "idle processes": 0,
    });
    expect((await get("/other", { port: tree.port(8082) })).status).toBe(404);
    await expect(get("/fpm-status", { port: tree.port(8082), to: "127.1.0.1" })).rejects.toThrow(
      "ECONNREFUSED",
    );
    expect((await Promise.all(held)).map(({ body }) => body)).toEqual(Array(5).fill("held\n"));
    expect((await application("/fpm-status")).server["REQUEST_URI"]).toBe("/fpm-status");
  });

  it("with Reverb down /app says 503, and the host stays healthy", async () => {
    await reverb.stop();

    expect((await get("/apps/1/events")).status).toBe(503);
    expect((await get("/health")).status).toBe(200);
  });

  it("T-30e: with php-fpm down /health says 503, and back up it says 200", async () => {
    await fpm.stop("SIGTERM");
    const health = await get("/health");

    expect(health).toMatchObject({ status: 503, body: "unavailable\n" });
    expect(health.headers["retry-after"]).toBe("10");
    expect((await get("/")).status).toBe(503);
    expect((await get("/robots.txt")).status).toBe(200);

    fpm = await startFpm();
    expect((await get("/health")).status).toBe(200);
  });

  function startFpm(): Promise<Server> {
    return startPhpFpm(tree, programs?.fpm ?? "", { HOST_SECRET: "secret" });
  }

  function get(path: string, options: GetOptions = {}): Promise<Page> {
    return ask(path, { port: tree.port(8080), ...options });
  }

  async function application(path: string, options: GetOptions = {}): Promise<Told> {
    return JSON.parse((await get(path, options)).body) as Told;
  }

  async function status(): Promise<Record<string, unknown>> {
    const { body } = await get("/fpm-status?json", { port: tree.port(8082) });
    return JSON.parse(body) as Record<string, unknown>;
  }

  /** Through nginx, from the load balancer. */
  function webSocket(path: string, headers: Readonly<Record<string, string>>): Promise<WebSocketClient> {
    return new Promise((resolve, reject) => {
      const key = randomBytes(16).toString("base64");
      const upgrade = request({
        host: "127.0.0.1",
        port: tree.port(8080),
        localAddress: BALANCER,
        path,
        headers: {
          Host: "app.example.com",
          Connection: "Upgrade",
          Upgrade: "websocket",
          "Sec-WebSocket-Key": key,
          "Sec-WebSocket-Version": "13",
          ...headers,
        },
      });
      upgrade.once("error", reject);
      upgrade.once("response", ({ statusCode }) => reject(new Error(`no upgrade: ${statusCode}`)));
      upgrade.once("upgrade", (answer, socket) => {
        expect(answer.statusCode).toBe(101);
        expect(answer.headers["sec-websocket-accept"]).toBe(acceptance(key));
        resolve(new WebSocketClient(socket as Socket));
      });
      upgrade.end();
    });
  }
});

describe.skipIf(programs === undefined)("every distribution's nginx and php-fpm", () => {
  it.each<DistributionName>(["amazonLinux2023", "ubuntu2404", "debian12"])(
    "CMP-06: nginx -t and php-fpm -t accept what is rendered for %s",
    async (distribution) => {
      const tree = await HostTree.render(debianHost);
      try {
        const { files } = laravelHost({ ...debianHost, distribution });
        // Users and directories of that distribution are not on this machine.
        const here = (path: RegExp) =>
          tree
            .moved(files.find((file) => path.test(file.path))?.content ?? "")
            .replace(/^user nginx nginx;$/m, "user www-data www-data;")
            .replace(/= nginx$/gm, "= www-data")
            .replaceAll("/run/php-fpm/", "/run/php/");
        const configuration = tree.write("/etc/nginx/nginx.conf", here(/nginx\.conf$/));
        const pool = tree.write("/run/php/pool.conf", here(/www\.conf$/));

        const nginx = await execa(programs?.nginx ?? "", ["-t", "-e", "stderr", "-c", configuration], {
          reject: false,
        });
        const fpm = await execa(programs?.fpm ?? "", ["--test", "--fpm-config", pool], { reject: false });

        expect(nginx.stderr).toContain("test is successful");
        expect(nginx.stderr).not.toMatch(/warn|emerg/);
        expect(fpm.stderr).toContain("test is successful");
        expect(fpm.stderr).not.toMatch(/WARNING|ERROR/);
      } finally {
        tree.remove();
      }
    },
  );
});

interface Told {
  readonly server: Readonly<Record<string, string>>;
  readonly files: Readonly<Record<string, { readonly tmp_name: string }>>;
  readonly ini: Readonly<Record<string, string>>;
}

interface Page {
  readonly status: number;
  readonly headers: IncomingMessage["headers"];
  readonly bytes: Buffer;
  readonly body: string;
}

interface GetOptions {
  readonly from?: string;
  readonly to?: string;
  readonly port?: number;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer;
}

function ask(path: string, options: GetOptions): Promise<Page> {
  const { from = OUTSIDER, to = "127.0.0.1", port, method = "GET", headers = {}, body } = options;
  return new Promise((resolve, reject) => {
    const asked = request({
      host: to,
      port,
      localAddress: from,
      path,
      method,
      agent: false,
      headers: { Host: "app.example.com", ...headers, ...(body ? { "Content-Length": body.length } : {}) },
    });
    asked.once("error", reject);
    asked.once("response", (answer) => {
      const chunks: Buffer[] = [];
      answer.on("data", (chunk: Buffer) => chunks.push(chunk));
      answer.once("error", reject);
      answer.once("end", () => {
        const bytes = Buffer.concat(chunks);
        resolve({
          status: answer.statusCode ?? 0,
          headers: answer.headers,
          bytes,
          body: bytes.toString(),
        });
      });
    });
    asked.end(body);
  });
}

function acceptance(key: string): string {
  return createHash("sha1").update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest("base64");
}

/** Stands in for Reverb: takes every WebSocket and echoes its text; answers everything else with its name. */
class Reverb {
  readonly seen: { url: string; method: string; headers: IncomingMessage["headers"] }[] = [];
  private readonly sockets = new Set<Socket>();

  private constructor(private readonly server: HttpServer) {
    const note = ({ url = "", method = "", headers }: IncomingMessage) =>
      this.seen.push({ url, method, headers });
    server.on("request", (asked, answer) => {
      note(asked);
      answer.end("reverb");
    });
    server.on("connection", (socket: Socket) => this.sockets.add(socket));
    server.on("upgrade", (asked: IncomingMessage, socket: Socket) => {
      note(asked);
      socket.write(
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
          `Sec-WebSocket-Accept: ${acceptance(asked.headers["sec-websocket-key"] ?? "")}\r\n\r\n`,
      );
      socket.on("data", (frame: Buffer) => {
        const mask = frame.subarray(2, 6);
        const text = frame.subarray(6).map((byte, index) => byte ^ (mask[index % 4] ?? 0));
        const payload = Buffer.from(`echo: ${Buffer.from(text).toString()}`);
        socket.write(Buffer.concat([Buffer.from([0x81, payload.length]), payload]));
      });
      socket.on("error", () => socket.destroy());
    });
  }

  static async start(port: number): Promise<Reverb> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
    return new Reverb(server);
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }
}

/** A browser's end of a WebSocket: short text frames. */
class WebSocketClient {
  constructor(private readonly socket: Socket) {}

  exchange(text: string): Promise<string> {
    const mask = randomBytes(4);
    const payload = Buffer.from(text).map((byte, index) => byte ^ (mask[index % 4] ?? 0));
    const answer = new Promise<string>((resolve, reject) => {
      this.socket.once("data", (frame: Buffer) => resolve(frame.subarray(2).toString()));
      this.socket.once("close", () => reject(new Error("the WebSocket was closed")));
    });
    this.socket.write(Buffer.concat([Buffer.from([0x81, 0x80 | payload.length]), mask, payload]));
    return answer;
  }

  end(): void {
    this.socket.destroy();
  }
}
