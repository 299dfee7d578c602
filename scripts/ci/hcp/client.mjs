// HCP Terraform's API, version 2: https://developer.hashicorp.com/terraform/cloud-docs/api-docs
import { setTimeout as sleep } from "node:timers/promises";
import { fail } from "../workflow.mjs";
import { hcpAccess, safeUrl } from "./address.mjs";

const TRIES = 6;
const ANSWER_MS = 60_000;
const UPLOAD_MS = 300_000;
const LONGEST_PAUSE_MS = 60_000;

/** What the other side said or did, in words for the report. */
export class HcpFault extends Error {}

/** Nobody knows whether the server took the request: its answer did not arrive, or was an error of its own. */
export class LostAnswer extends HcpFault {
  constructor(message, headers) {
    super(message);
    this.headers = headers;
  }
}

/** The server refused, in words of its own. */
export class Refusal extends HcpFault {
  constructor(status, what, detail) {
    super(`${what}: HTTP ${status}${detail === "" ? "" : ` (${detail})`}`);
    this.status = status;
  }
}

export class Client {
  #address;
  #token;

  constructor({ address, token } = hcpAccess()) {
    this.#address = address;
    this.#token = token;
  }

  /** Page of a run for people. */
  runUrl(organization, workspace, run) {
    return `${this.#address}/app/${organization}/workspaces/${workspace}/runs/${run}`;
  }

  /** Reads, and asks again when no answer or an error of the server comes: reading twice harms nobody. */
  async get(path) {
    return again(() => this.#api("GET", path));
  }

  /** All entries of a list, over its pages. */
  async list(path) {
    const entries = [];
    for (let page = 1; page; ) {
      const answer = await this.get(`${path}?page%5Bsize%5D=100&page%5Bnumber%5D=${page}`);
      entries.push(...answer.data);
      page = answer.meta?.pagination?.["next-page"];
    }
    return entries;
  }

  /** Changes something. Never sent twice here: whoever calls knows how to see whether it was taken. */
  async post(path, body) {
    return this.#api("POST", path, body);
  }

  /** Sets attributes to what they shall be; a second time changes nothing. */
  async patch(path, body) {
    return again(() => this.#api("PATCH", path, body));
  }

  /** `post` for what may be made twice without harm. */
  async postFreely(path, body) {
    return again(() => this.post(path, body));
  }

  /** Reads or writes a blob. Its address is its own secret: the token is not for that server. */
  async blob(url, content) {
    const target = safeUrl(url, "the address of a blob");
    const request =
      content === undefined
        ? { method: "GET" }
        : { method: "PUT", body: content, headers: { "content-type": "application/octet-stream" } };
    return again(async () => {
      const { text } = await send(target, request, `the blob store at ${target.host}`, UPLOAD_MS);
      return text;
    });
  }

  async #api(method, path, body) {
    const what = `${method} ${path.split("?")[0]}`;
    const { text } = await send(
      new URL(`/api/v2${path}`, this.#address),
      {
        method,
        headers: { authorization: `Bearer ${this.#token}`, "content-type": "application/vnd.api+json" },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      },
      what,
      ANSWER_MS,
    );
    return text === "" ? undefined : parse(text, what);
  }
}

function parse(text, what) {
  try {
    return JSON.parse(text);
  } catch {
    throw new HcpFault(`${what}: the answer is no JSON, so it is not from HCP Terraform's API`);
  }
}

async function again(request) {
  for (let attempt = 1; ; attempt++) {
    try {
      return await request();
    } catch (error) {
      if (!(error instanceof LostAnswer) || attempt === TRIES) throw error;
      await pause(attempt, error.headers);
    }
  }
}

/** One complete answer that is a success, after as many pauses as the server's rate limit asks for. */
async function send(url, request, what, timeoutMs) {
  for (let attempt = 1; ; attempt++) {
    const answer = await complete(url, request, what, timeoutMs);
    if (answer.ok) return answer;
    // Refused before it was looked at, so any request may come again.
    if (answer.status === 429 && attempt < TRIES) {
      await pause(attempt, answer.headers);
      continue;
    }
    if (answer.status >= 500) throw new LostAnswer(`${what}: HTTP ${answer.status}`, answer.headers);
    if (answer.status === 401) {
      fail(
        `${what}: HTTP 401. HCP Terraform does not know the token; it may have been replaced or have expired.`,
      );
    }
    throw new Refusal(answer.status, what, detail(answer.text));
  }
}

/** An answer that is cut off half-way is lost like one that never came. */
async function complete(url, request, what, timeoutMs) {
  try {
    // A redirect could lead the token or a plan elsewhere; the API has none where we ask, so one is a refusal.
    const signal = AbortSignal.timeout(timeoutMs);
    const response = await fetch(url, { ...request, redirect: "manual", signal });
    const { ok, status, headers } = response;
    return { ok, status, headers, text: await response.text() };
  } catch (error) {
    throw new LostAnswer(`${what}: ${error.cause?.code ?? error.cause?.message ?? error.message}`);
  }
}

/** Longer each time, and never all callers at once; unless the server says when. */
export async function pause(attempt, headers) {
  const asked =
    headers && (secondsUntil(headers.get("retry-after")) ?? seconds(headers.get("x-ratelimit-reset")));
  const own = Math.min(500 * 2 ** (attempt - 1), LONGEST_PAUSE_MS) * (0.75 + Math.random() / 4);
  await sleep(asked === undefined ? own : Math.min(asked * 1000, LONGEST_PAUSE_MS));
}

/** Retry-After is a number of seconds or a date. */
function secondsUntil(text) {
  const date = Date.parse(text ?? "");
  return seconds(text) ?? (Number.isNaN(date) ? undefined : Math.max(0, (date - Date.now()) / 1000));
}

function seconds(text) {
  return /^\d+(\.\d+)?$/.test(text ?? "") ? Number(text) : undefined;
}

/** JSON:API's errors in one line. */
function detail(text) {
  try {
    return JSON.parse(text)
      .errors.map((error) =>
        typeof error === "string" ? error : [error.title, error.detail].filter(Boolean).join(": "),
      )
      .join("; ");
  } catch {
    return text.slice(0, 200).trim();
  }
}
