import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { FakeRun, type RunScript } from "./fake-run.js";

/** What a request meets instead of an answer, once each. */
export interface Fault {
  /** `POST /runs`: method and the beginning of the path below `/api/v2`. */
  readonly request: string;
  /** `reset` cuts the connection, `reset after` once the request has been carried out, `cut` half-way in the answer. */
  readonly what:
    | "reset"
    | "reset after"
    | "cut"
    | { readonly status: number; readonly headers?: Record<string, string> };
}

export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly token: string | undefined;
  readonly at: number;
}

interface FakeWorkspace {
  readonly id: string;
  readonly name: string;
  executionMode: string;
  lockedBy?: { readonly type: "users" | "runs" | "teams"; readonly id: string };
}

interface Configuration {
  readonly id: string;
  readonly workspace: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  archive?: Buffer;
}

/**
 * The documented API of HCP Terraform as far as our scripts use it, on loopback: JSON:API, its statuses, uploads and
 * logs by secret addresses, and runs that go through their states one at each look. It runs no Terraform.
 */
export class FakeHcp {
  readonly workspaces = new Map<string, FakeWorkspace>();
  readonly runs: FakeRun[] = [];
  readonly configurations: Configuration[] = [];
  readonly requests: SeenRequest[] = [];
  readonly faults: Fault[] = [];
  readonly scripts = new Map<string, RunScript>();
  /** Projects that there are. */
  readonly projects = ["platform"];

  private constructor(private readonly server: Server) {}

  static async start(): Promise<FakeHcp> {
    const server = createServer();
    const fake = new FakeHcp(server);
    server.on("request", (request, response) => void fake.receive(request, response));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return fake;
  }

  get address(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  /** A workspace, and what its runs will find. */
  workspace(name: string, script: RunScript = {}): FakeWorkspace {
    const made: FakeWorkspace = { id: `ws-${name}`, name, executionMode: "remote" };
    this.workspaces.set(name, made);
    this.scripts.set(name, script);
    return made;
  }

  runsOf(workspace: string): readonly FakeRun[] {
    return this.runs.filter((run) => run.workspace === workspace);
  }

  /** Requests that were carried out, as `POST /runs`. */
  get calls(): readonly string[] {
    return this.requests.map(({ method, path }) => `${method} ${path}`);
  }

  private async receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await read(request);
    const url = new URL(request.url ?? "", this.address);
    const method = request.method ?? "";
    const path = url.pathname.replace("/api/v2", "");
    const fault = this.takeFault(`${method} ${path}`);
    if (fault === "reset") return void request.socket.destroy();
    if (typeof fault === "object") return void response.writeHead(fault.status, fault.headers ?? {}).end();
    this.requests.push({ method, path, token: request.headers.authorization, at: performance.now() });
    const answer = this.answer(method, path, url, body, request.headers.authorization);
    if (fault === "reset after") return void request.socket.destroy();
    if (fault === "cut") {
      response.writeHead(answer.status, { "content-length": "1000" });
      response.write("{", () => request.socket.destroy());
      return;
    }
    if (answer.text !== undefined) return void response.writeHead(answer.status).end(answer.text);
    response.writeHead(answer.status, { "content-type": "application/vnd.api+json" });
    response.end(answer.json === undefined ? "" : JSON.stringify(answer.json));
  }

  private takeFault(request: string): Fault["what"] | undefined {
    const index = this.faults.findIndex((fault) => request.startsWith(fault.request));
    return index < 0 ? undefined : this.faults.splice(index, 1)[0]?.what;
  }

  private answer(method: string, path: string, url: URL, body: Buffer, authorization?: string): Answer {
    if (path.startsWith("/_blob/")) return this.blob(method, path, body);
    const token = authorization?.replace("Bearer ", "");
    if (token !== "plan-token" && token !== "apply-token") return error(401, "unauthorized");
    const document = body.length === 0 ? undefined : (JSON.parse(body.toString()) as Payload);
    const route = `${method} ${path}`;
    for (const [pattern, handle] of this.routes()) {
      const match = pattern.exec(route);
      if (match !== null) return handle({ id: decodeURIComponent(match[1] ?? ""), url, document, token });
    }
    return error(404, "not found");
  }

  private routes(): readonly (readonly [RegExp, (call: Call) => Answer])[] {
    return [
      [/^GET \/organizations\/acme\/workspaces\/([^/]+)$/, ({ id }) => this.showWorkspace(id)],
      [/^PATCH \/organizations\/acme\/workspaces\/([^/]+)$/, (call) => this.changeWorkspace(call)],
      [/^POST \/organizations\/acme\/workspaces$/, (call) => this.createWorkspace(call)],
      [/^GET \/organizations\/acme\/projects$/, ({ url }) => this.listProjects(url)],
      [/^POST \/workspaces\/([^/]+)\/configuration-versions$/, (call) => this.createConfiguration(call)],
      [/^GET \/configuration-versions\/([^/]+)$/, ({ id }) => this.showConfiguration(id)],
      [/^POST \/runs$/, (call) => this.createRun(call)],
      [/^GET \/workspaces\/([^/]+)\/runs$/, (call) => this.listRuns(call)],
      [/^GET \/runs\/([^/]+)$/, ({ id }) => this.withRun(id, (run) => data(run.look()))],
      [/^POST \/runs\/([^/]+)\/actions\/apply$/, (call) => this.confirm(call)],
      [/^GET \/plans\/plan-([^/]+)$/, ({ id }) => this.logOf(id, "plan")],
      [/^GET \/applies\/apply-([^/]+)$/, ({ id }) => this.logOf(id, "apply")],
      [
        /^GET \/runs\/([^/]+)\/policy-checks$/,
        ({ id }) => this.withRun(id, (run) => data(run.policyChecks())),
      ],
      [/^GET \/runs\/([^/]+)\/task-stages$/, ({ id }) => this.withRun(id, (run) => data(run.taskStages()))],
      [
        /^GET \/task-stages\/ts-([^/]+)\/policy-evaluations$/,
        ({ id }) => this.withRun(id, (run) => data(run.policyEvaluations())),
      ],
    ];
  }

  private showWorkspace(name: string): Answer {
    const found = this.workspaces.get(name);
    if (found === undefined) return error(404, "not found");
    return data({
      id: found.id,
      type: "workspaces",
      attributes: { name, locked: found.lockedBy !== undefined, "execution-mode": found.executionMode },
      relationships: { "locked-by": { data: found.lockedBy ?? null } },
    });
  }

  private createWorkspace({ document }: Call): Answer {
    const { attributes, relationships } = (document as Payload).data;
    const name = String(attributes["name"]);
    if (this.workspaces.has(name)) return error(422, "Name has already been taken");
    if (relationships?.["project"]?.data.id !== "prj-platform") return error(404, "not found");
    this.workspace(name).executionMode = String(attributes["execution-mode"]);
    return { ...this.showWorkspace(name), status: 201 };
  }

  private changeWorkspace({ id, document }: Call): Answer {
    const found = this.workspaces.get(id);
    if (found === undefined) return error(404, "not found");
    found.executionMode = String((document as Payload).data.attributes["execution-mode"]);
    return this.showWorkspace(id);
  }

  private listProjects(url: URL): Answer {
    const wanted = url.searchParams.get("filter[names]");
    const found = this.projects.filter((name) => name === wanted);
    return data(found.map((name) => ({ id: `prj-${name}`, type: "projects", attributes: { name } })));
  }

  private createConfiguration({ id, document }: Call): Answer {
    const workspace = id.replace(/^ws-/, "");
    if (!this.workspaces.has(workspace)) return error(404, "not found");
    const made = {
      id: `cv-${this.configurations.length + 1}`,
      workspace,
      attributes: (document as Payload).data.attributes,
    };
    this.configurations.push(made);
    const upload = `${this.address}/_blob/upload-${made.id}`;
    return {
      status: 201,
      json: {
        data: {
          id: made.id,
          type: "configuration-versions",
          attributes: { ...made.attributes, status: "pending", "upload-url": upload },
        },
      },
    };
  }

  private showConfiguration(id: string): Answer {
    const found = this.configurations.find((one) => one.id === id);
    if (found === undefined) return error(404, "not found");
    const status = found.archive === undefined ? "pending" : "uploaded";
    return data({ id, type: "configuration-versions", attributes: { ...found.attributes, status } });
  }

  /** A configuration that is not uploaded cannot be run, and a speculative one only planned. */
  private createRun({ document }: Call): Answer {
    const { attributes, relationships } = (document as Payload).data;
    const configuration = this.configurations.find(
      ({ id }) => id === relationships?.["configuration-version"]?.data.id,
    );
    if (configuration?.archive === undefined) return error(422, "configuration version is not uploaded");
    const { workspace, attributes: made } = configuration;
    const run = new FakeRun(`run-${this.runs.length + 1}`, workspace, configuration.id, {
      message: String(attributes["message"]),
      planOnly: made["speculative"] === true || attributes["plan-only"] === true,
      savePlan: attributes["save-plan"] === true,
      autoApply: attributes["auto-apply"] === true,
      script: this.scripts.get(workspace) ?? {},
    });
    this.runs.push(run);
    return { status: 201, json: { data: run.show() } };
  }

  /** The newest first, page by page. */
  private listRuns({ id, url }: Call): Answer {
    const all = this.runsOf(id.replace(/^ws-/, "")).toReversed();
    const size = Number(url.searchParams.get("page[size]") ?? 20);
    const page = Number(url.searchParams.get("page[number]") ?? 1);
    const entries = all.slice((page - 1) * size, page * size).map((run) => run.show());
    const next = page * size < all.length ? page + 1 : null;
    return { status: 200, json: { data: entries, meta: { pagination: { "next-page": next } } } };
  }

  /** A token that may not apply is told that there is no such run. */
  private confirm({ id, token }: Call): Answer {
    if (token !== "apply-token") return error(404, "not found");
    return this.withRun(id, (run) =>
      run.confirm() ? { status: 202 } : error(409, "transition not allowed"),
    );
  }

  private logOf(id: string, phase: "plan" | "apply"): Answer {
    const url = `${this.address}/_blob/${phase}-${id}`;
    return data({ id: `${phase}-${id}`, type: `${phase}s`, attributes: { "log-read-url": url } });
  }

  private blob(method: string, path: string, body: Buffer): Answer {
    const [, kind = "", id = ""] = /^\/_blob\/(upload|plan|apply)-(.+)$/.exec(path) ?? [];
    if (kind === "upload" && method === "PUT") {
      const configuration = this.configurations.find((one) => one.id === id);
      if (configuration !== undefined) configuration.archive = body;
      return { status: 200, text: "" };
    }
    return this.withRun(id, (run) => ({
      status: 200,
      text: kind === "plan" ? run.planLog() : run.applyLog(),
    }));
  }

  private withRun(id: string, answer: (run: FakeRun) => Answer): Answer {
    const run = this.runs.find((one) => one.id === id);
    return run === undefined ? error(404, "not found") : answer(run);
  }
}

interface Answer {
  readonly status: number;
  readonly json?: unknown;
  readonly text?: string;
}

interface Call {
  readonly id: string;
  readonly url: URL;
  readonly document: Payload | undefined;
  readonly token: string;
}

interface Payload {
  readonly data: {
    readonly attributes: Readonly<Record<string, unknown>>;
    readonly relationships?: Readonly<Record<string, { readonly data: { readonly id: string } }>>;
  };
}

function data(json: unknown): Answer {
  return { status: 200, json: { data: json } };
}

function error(status: number, title: string): Answer {
  return { status, json: { errors: [{ status: String(status), title }] } };
}

async function read(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
