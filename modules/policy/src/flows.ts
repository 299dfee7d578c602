import { QuestionError } from "./errors.js";
import type { NetworkModel, Subnet } from "./network/model.js";
import type { SubnetSelector } from "./packets/hosts.js";
import type { Hop } from "./packets/journey.js";
import { selectSubnets } from "./packets/parties.js";
import { type Question, type Reach, reach } from "./packets/reach.js";
import type { PortRange } from "./packets/traffic.js";

/** One line of a table of flows: what must be possible, or must not. */
export interface Flow extends Omit<Question, "port" | "portRange"> {
  readonly id: string;
  readonly title: string;
  /** A destination port or a range of them. Needed for tcp and udp. */
  readonly ports?: number | PortRange;
  /**
   * `reachable`: every packet arrives and every reply comes back. `refused`: not one packet arrives, whatever
   * becomes of a reply; a packet that gets in is an exposure even when its reply is lost.
   */
  readonly expect: "reachable" | "refused";
}

export interface FlowFinding {
  readonly id: string;
  readonly title: string;
  readonly expect: Flow["expect"];
  /** `unknown` fails either expectation: what can't be read proves nothing. */
  readonly status: "pass" | "fail" | "unknown";
  readonly reachable: boolean;
  readonly reply: boolean;
  readonly reason: string;
  readonly trace: readonly Hop[];
}

/** Answers every flow; never throws for a flow, and gives as many findings as there are flows. */
export function checkFlows(model: NetworkModel, flows: readonly Flow[]): FlowFinding[] {
  return flows.map((flow) => {
    const { id, title, expect } = flow;
    const answer = ask(model, flow);
    const { status, reason } = judge(answer, expect);
    const { reachable, reply, trace } = answer;
    return { id, title, expect, status, reachable, reply, reason, trace };
  });
}

/**
 * One flow, or several, for every subnet that the selector means.
 * @throws QuestionError when it means none
 */
export function forEverySubnet(
  model: NetworkModel,
  selector: SubnetSelector,
  flowsOf: (subnet: Subnet) => Flow | readonly Flow[],
): Flow[] {
  return selectSubnets(model, selector).flatMap((subnet) => flowsOf(subnet));
}

/** A text table: one line a flow, worst first, and the reason of each under it. */
export function renderFlows(findings: readonly FlowFinding[]): string {
  const order = ["fail", "unknown", "pass"];
  const sorted = [...findings].sort((a, b) => order.indexOf(a.status) - order.indexOf(b.status));
  const rows = [
    ["STATUS", "FLOW", "EXPECTED", "TITLE"],
    ...sorted.map((finding) => [finding.status, finding.id, finding.expect, finding.title]),
  ];
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd();
  const [head = [], ...body] = rows;
  const lines = body.flatMap((row, index) => [line(row), `        ${sorted[index]?.reason ?? ""}`]);
  const count = (status: FlowFinding["status"]): number =>
    findings.filter((finding) => finding.status === status).length;
  const total = `${findings.length} flows: ${count("pass")} pass, ${count("fail")} fail, ${count("unknown")} unknown`;
  return [line(head), ...lines, total].join("\n");
}

function ask(model: NetworkModel, flow: Flow): Reach {
  const { ports, ...question } = flow;
  try {
    if (ports === undefined) return reach(model, question);
    return reach(
      model,
      typeof ports === "number" ? { ...question, port: ports } : { ...question, portRange: ports },
    );
  } catch (error) {
    if (!(error instanceof QuestionError)) throw error;
    return {
      reachable: false,
      reply: false,
      request: "unknown",
      answer: undefined,
      trace: [],
      reason: `unknown: ${error.message}`,
    };
  }
}

function judge(answer: Reach, expect: Flow["expect"]): Pick<FlowFinding, "status" | "reason"> {
  const reason = answer.reason ?? "";
  if (answer.request === "unknown") return { status: "unknown", reason };
  if (expect === "refused") {
    if (answer.request === "refused") return { status: "pass", reason };
    return { status: "fail", reason: `the request arrives: ${arrival(answer)}` };
  }
  if (answer.answer === "unknown") return { status: "unknown", reason };
  if (answer.reachable && answer.reply)
    return { status: "pass", reason: `request and reply pass: ${arrival(answer)}` };
  return { status: "fail", reason };
}

/** What let the request in: the last check that a rule decided. */
function arrival(answer: Reach): string {
  const request = answer.trace.filter((hop) => hop.leg === "request" && hop.decision !== "skipped");
  const last = request.at(-1);
  const way = last === undefined ? "nothing filters it" : `${last.check} ${last.at}: ${last.by}`;
  return answer.request === "partly" ? `${answer.reason ?? ""} (${way})` : way;
}
