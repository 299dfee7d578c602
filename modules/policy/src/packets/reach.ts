import { badQuestion } from "../errors.js";
import type { NetworkModel } from "../network/model.js";
import type { AmazonServiceHost, Host, VpcHost } from "./hosts.js";
import { type Hop, type Lane, type Leg, Log } from "./journey.js";
import { type Inside, inside, type Outside, outside, someAddress } from "./parties.js";
import { entryPath, exitPath, privatePath, type Result, type Trip } from "./paths.js";
import { readTraffic, type Traffic, type TrafficProps } from "./traffic.js";

/** One question: can `from` reach `to`, and does the reply come back? */
export interface Question extends TrafficProps {
  readonly from: Host;
  readonly to: Host;
  /**
   * Between two hosts of a VPC: by their private addresses, or at the public address of `to`, where security
   * group references no longer match. @default "private"
   */
  readonly via?: "private" | "public";
}

/**
 * `allowed`: every address and port of the question passes. `refused`: none does. `partly`: some do.
 * `unknown`: it hangs on something that the documents don't tell.
 */
export type Verdict = "allowed" | "refused" | "partly" | "unknown";

export interface Reach {
  /** Every packet of the question arrives. */
  readonly reachable: boolean;
  /** ... and to each of them, every possible reply comes back. True for packets that have no reply. */
  readonly reply: boolean;
  /** What becomes of the request. */
  readonly request: Verdict;
  /** What becomes of the reply to what arrived; undefined when nothing arrives or nothing replies. */
  readonly answer: Verdict | undefined;
  /** Every check, in order. */
  readonly trace: readonly Hop[];
  /** Why not, in one sentence; absent when request and reply pass. */
  readonly reason?: string;
}

/** @throws QuestionError when the question itself is wrong: a subnet that does not exist, a missing port. */
export function reach(model: NetworkModel, question: Question): Reach {
  const traffic = readTraffic(question);
  const { from, to } = question;
  if (question.via === "public" && !(from.kind === "vpc" && to.kind === "vpc"))
    throw badQuestion(
      'via: "public" is for two hosts of a VPC; the way to or from the internet is always public.',
    );
  if (from.kind === "vpc" && to.kind === "amazon-service") return toAmazonService(model, from, to);
  if (from.kind === "amazon-service" || to.kind === "amazon-service")
    throw badQuestion("An Amazon service answers hosts of a VPC; ask from host() to amazonService().");
  if (from.kind !== "vpc" && to.kind !== "vpc")
    throw badQuestion("Neither end is in a VPC; one of them must be host().");

  const trip = (): Trip => ({ model, traffic, log: new Log() });
  if (from.kind !== "vpc") return entry(trip(), outside(model, from), to as VpcHost);
  const client = inside(model, from);
  if (!client.ok) return unknownFrom(client.finding.text);
  if (to.kind !== "vpc") {
    const there = outside(model, to);
    const one = trip();
    return conclude(traffic, [{ trip: one, result: exitPath(one, client.value, there), ends: [there] }]);
  }
  const server = inside(model, to);
  if (!server.ok) return unknownFrom(server.finding.text);
  if (question.via === "public") return throughPublicAddress(trip, client.value, server.value);
  const one = trip();
  return conclude(traffic, [{ trip: one, result: privatePath(one, client.value, server.value), ends: [] }]);
}

function entry(trip: Trip, client: Outside, to: VpcHost): Reach {
  const server = inside(trip.model, to);
  if (!server.ok) return unknownFrom(server.finding.text);
  return conclude(trip.traffic, [{ trip, result: entryPath(trip, client, server.value), ends: [client] }]);
}

/** Out to the internet as one question, back in as another: both must pass. */
function throughPublicAddress(newTrip: () => Trip, client: Inside, server: Inside): Reach {
  const out = newTrip();
  const target = someAddress(out.model, `the public address of ${server.text}`, server.publicAddress);
  const exit: Part = { trip: out, result: exitPath(out, client, target), ends: [target] };
  const entries = exit.result.appearsAs.map((apparent): Part => {
    const trip = newTrip();
    return { trip, result: entryPath(trip, apparent, server), ends: [apparent] };
  });
  return conclude(out.traffic, [exit, ...entries]);
}

function toAmazonService(model: NetworkModel, from: VpcHost, to: AmazonServiceHost): Reach {
  const client = inside(model, from);
  if (!client.ok) return unknownFrom(client.finding.text);
  const at = SERVICES[to.service];
  const vpc = model.vpcs.find((each) => each.identity.key === client.value.vpc.key);
  const needsDns = to.service === "dns";
  if (needsDns && vpc === undefined) return unknownFrom(`${client.value.vpc.text} is not in the documents`);
  if (needsDns && vpc?.dnsSupport.ok === false) return unknownFrom(vpc.dnsSupport.finding.text);
  const isOff = needsDns && vpc?.dnsSupport.ok === true && !vpc.dnsSupport.value;
  const by = isOff
    ? "enable_dns_support is false"
    : "neither security groups nor NACLs filter it, and no route is needed";
  const hop: Hop = {
    leg: "request",
    check: "Amazon service",
    at,
    decision: isOff ? "refused" : "allowed",
    by,
  };
  return {
    reachable: !isOff,
    reply: !isOff,
    request: isOff ? "refused" : "allowed",
    answer: isOff ? undefined : "allowed",
    trace: [hop],
    ...(isOff ? { reason: `refused by Amazon service ${at}: ${by}` } : {}),
  };
}

const SERVICES = {
  dns: "AmazonProvidedDNS",
  imds: "instance metadata (169.254.169.254)",
  time: "Amazon Time Sync (169.254.169.123)",
} as const;

interface Part {
  readonly trip: Trip;
  readonly result: Result;
  /** Outside ends, whose addresses may not be known exactly. */
  readonly ends: readonly Outside[];
}

function conclude(traffic: Traffic, parts: readonly Part[]): Reach {
  const hasReply = traffic.replyPorts !== undefined;
  const request = all(parts.map((part) => verdictOf(part, "request", part.result.arrived)));
  const arrives = request.verdict !== "refused";
  const answer =
    hasReply && arrives
      ? all(parts.map((part) => verdictOf(part, "reply", part.result.returned)))
      : undefined;
  const isFine = !hasReply || answer?.verdict === "allowed";
  const reachable = request.verdict === "allowed";
  const reason = reachable ? (isFine ? undefined : answer?.reason) : request.reason;
  const hops = parts.flatMap((part) => part.trip.log.hops);
  const noReply: Hop = {
    leg: "reply",
    check: "ICMP",
    at: "the message",
    decision: "skipped",
    by: "an ICMP message of this type has no reply",
  };
  return {
    reachable,
    reply: reachable && isFine,
    request: request.verdict,
    answer: answer?.verdict,
    trace: [
      ...hops.filter((hop) => hop.leg === "request"),
      ...hops.filter((hop) => hop.leg === "reply"),
      ...(arrives && !hasReply ? [noReply] : []),
    ],
    ...(reason === undefined ? {} : { reason }),
  };
}

interface Judgement {
  readonly verdict: Verdict;
  readonly reason: string | undefined;
}

function verdictOf(part: Part, leg: Leg, lanes: readonly Lane[]): Judgement {
  const { log } = part.trip;
  const prefix = leg === "reply" ? "reply " : "";
  const refusal = log.refusals.find((each) => each.leg === leg);
  const doubt =
    lanes.find((lane) => lane.doubt !== undefined)?.doubt ?? log.lost.find((each) => each.leg === leg)?.doubt;
  if (doubt !== undefined) return { verdict: "unknown", reason: `${prefix}unknown: ${doubt.text}` };
  if (refusal === undefined && lanes.length === 0)
    return { verdict: "unknown", reason: `${prefix}unknown: the question has no addresses to judge` };
  if (refusal === undefined) return { verdict: "allowed", reason: undefined };
  if (lanes.length === 0) return { verdict: "refused", reason: `${prefix}${refusal.text}` };
  const vague = part.ends.find((end) => !end.exact);
  if (vague !== undefined)
    return {
      verdict: "unknown",
      reason: `${prefix}unknown: the addresses of ${vague.text} are not known, and only some would pass; ${refusal.text}`,
    };
  return { verdict: "partly", reason: `${prefix}partly ${refusal.text}; the rest passes` };
}

/** A chain of parts is as good as its worst. */
function all(judgements: readonly Judgement[]): Judgement {
  for (const verdict of ["refused", "unknown", "partly"] as const) {
    const found = judgements.find((each) => each.verdict === verdict);
    if (found !== undefined) return found;
  }
  return { verdict: "allowed", reason: undefined };
}

function unknownFrom(text: string): Reach {
  return {
    reachable: false,
    reply: false,
    request: "unknown",
    answer: undefined,
    trace: [],
    reason: `unknown: ${text}`,
  };
}
