import type { Finding } from "../network/model.js";
import { type Box, parseAddresses, type Range } from "../ranges.js";

export type Leg = "request" | "reply";

/** What can decide over a packet on its way. */
export type CheckKind =
  | "security group"
  | "NACL"
  | "route table"
  | "internet gateway"
  | "NAT gateway"
  | "gateway endpoint"
  | "public address"
  | "Amazon service"
  | "ICMP";

/** One check on the way, in order. */
export interface Hop {
  readonly leg: Leg;
  readonly check: CheckKind;
  /** The resource that decided: address, and Name tag or construct path. */
  readonly at: string;
  /** `partly allowed`: some of the addresses or ports that were asked about. `skipped`: it does not apply here. */
  readonly decision: "allowed" | "refused" | "partly allowed" | "unknown" | "skipped";
  /** The rule that decided, or what is missing. */
  readonly by: string;
}

/** What a check says about a box of packets. */
export interface Ruling {
  readonly box: Box;
  readonly outcome: "allowed" | "refused" | "unknown";
  readonly by: string;
  /** Said of a refused box, for one packet of it. */
  readonly refusal?: (box: Box) => string;
  readonly doubt?: Finding | undefined;
}

/** Packets that have come this far, and why that is not certain. */
export interface Lane {
  readonly box: Box;
  readonly doubt: Finding | undefined;
}

interface Refusal {
  readonly leg: Leg;
  readonly text: string;
}

/** What all parts of one question write into. */
export class Log {
  readonly hops: Hop[] = [];
  readonly refusals: Refusal[] = [];
  readonly lost: { readonly leg: Leg; readonly doubt: Finding }[] = [];
}

/** The packets of one leg that have passed every check so far. Each step yields a new journey. */
export class Journey {
  constructor(
    readonly log: Log,
    readonly leg: Leg,
    readonly lanes: readonly Lane[],
  ) {}

  /** Every lane goes through a check; what it refuses goes no further. */
  through(check: CheckKind, at: string, rule: (box: Box) => readonly Ruling[]): Journey {
    if (this.lanes.length === 0) return this;
    const ruled = this.lanes.flatMap((lane) => rule(lane.box).map((ruling) => ({ lane, ruling })));
    const rulings = ruled.map(({ ruling }) => ruling);
    this.record(check, at, rulings);
    const passed = ruled.flatMap(({ lane, ruling }): Lane[] =>
      ruling.outcome === "refused" ? [] : [{ box: ruling.box, doubt: lane.doubt ?? ruling.doubt }],
    );
    return new Journey(this.log, this.leg, passed);
  }

  /** A check that does not depend on addresses or ports. */
  gate(check: CheckKind, at: string, outcome: Ruling["outcome"], by: string, doubt?: Finding): Journey {
    return this.through(check, at, (box) => [{ box, outcome, by, refusal: () => by, doubt }]);
  }

  note(check: CheckKind, at: string, decision: Hop["decision"], by: string): Journey {
    if (this.lanes.length > 0) this.log.hops.push({ leg: this.leg, check, at, decision, by });
    return this;
  }

  only(lanes: readonly Lane[]): Journey {
    return new Journey(this.log, this.leg, lanes);
  }

  /** The way leads where the simulator can't follow. */
  lose(check: CheckKind, at: string, doubt: Finding): Journey {
    if (this.lanes.length === 0) return this;
    this.log.hops.push({ leg: this.leg, check, at, decision: "unknown", by: doubt.text });
    this.log.lost.push({ leg: this.leg, doubt });
    return this.only([]);
  }

  /** The answer to what arrived: same ends, other destination ports. */
  reply(ports: Range): Journey {
    return new Journey(this.log, "reply", this.lanes).toPorts(ports);
  }

  toPorts(port: Range): Journey {
    return this.only(this.lanes.map((lane) => ({ ...lane, box: { ...lane.box, port } })));
  }

  private record(check: CheckKind, at: string, rulings: readonly Ruling[]): void {
    const refused = rulings.filter((ruling) => ruling.outcome === "refused");
    const unsure = rulings.find((ruling) => ruling.outcome === "unknown");
    const first = worstOf(refused);
    const said = first?.refusal?.(sample(first.box));
    const allowedBy = [
      ...new Set(rulings.filter(({ outcome }) => outcome === "allowed").map(({ by }) => by)),
    ].join(", ");
    if (said !== undefined)
      this.log.refusals.push({ leg: this.leg, text: `refused by ${check} ${at}: ${said}` });
    this.log.hops.push({
      leg: this.leg,
      check,
      at,
      ...(said !== undefined
        ? { decision: refused.length === rulings.length ? "refused" : "partly allowed", by: said }
        : unsure !== undefined
          ? { decision: "unknown", by: unsure.doubt?.text ?? unsure.by }
          : { decision: "allowed", by: allowedBy }),
    });
  }
}

/** A documentation address (RFC 5737): the one that reasons show where any public address would do. */
const EXAMPLE = parseAddresses("198.51.100.7")?.lo ?? 0;

function holdsExample(box: Box): boolean {
  return [box.client, box.server].some((range) => range.lo <= EXAMPLE && EXAMPLE <= range.hi);
}

/** The refusal to tell: the lowest port first, then the example address, then the lowest address. */
function worstOf(rulings: readonly Ruling[]): Ruling | undefined {
  return [...rulings].sort(
    (a, b) =>
      a.box.port.lo - b.box.port.lo ||
      Number(holdsExample(b.box)) - Number(holdsExample(a.box)) ||
      a.box.client.lo - b.box.client.lo ||
      a.box.server.lo - b.box.server.lo,
  )[0];
}

/** One packet of a box. */
function sample(box: Box): Box {
  const one = (range: Range): Range => {
    const at = range.lo <= EXAMPLE && EXAMPLE <= range.hi ? EXAMPLE : range.lo;
    return { lo: at, hi: at };
  };
  return {
    client: one(box.client),
    server: one(box.server),
    port: { lo: box.port.lo, hi: box.port.lo },
  };
}
