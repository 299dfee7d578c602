import { describe, expect, it } from "vitest";
import { turnCapacity, turnCapacityOf } from "../src/capacity.js";
import { logFilters } from "../src/log-filters.js";

describe("turnCapacity", () => {
  it("MON-TURN-2: plans with 80 % of the network where that is what ends first", () => {
    expect(turnCapacityOf("t3.medium")).toEqual({
      networkGbpsBaseline: 0.256,
      relayMbps: 204,
      calls: 68,
      allocations: 816,
    });
  });

  it("MON-TURN-2: plans with the processors where they end first", () => {
    expect(turnCapacityOf("c6in.large").relayMbps).toBe(2 * 300);
    expect(turnCapacityOf("c6in.large").relayMbps).toBeLessThan(3125 * 0.8);
  });

  it("T-20f: never gives out more allocations than there are ports", () => {
    for (const { allocations, relayMbps, networkGbpsBaseline } of Object.values(turnCapacity)) {
      expect(allocations).toBeLessThanOrEqual(65_535 - 49_152);
      expect(relayMbps).toBeLessThanOrEqual(networkGbpsBaseline * 800);
    }
  });

  it.each(["t4g.small", "constructor"])("fails when the type is %s", (type) => {
    expect(() => turnCapacityOf(type)).toThrow(
      `turnCapacityOf has 1 fault:\n  - turnCapacityOf: instanceType is "${type}", of which the capacity table does not know the network. ` +
        `Allowed: ${Object.keys(turnCapacity).join(", ")}. For another, add EC2's BaselineBandwidthInGbps to modules/turn/src/capacity.ts.`,
    );
  });
});

describe("logFilters", () => {
  it("TURN-13, TURN-14: have a name and a metric each, and only patterns that CloudWatch reads as text", () => {
    expect(new Set(logFilters.map(({ metricName }) => metricName)).size).toBe(logFilters.length);
    for (const { name, metricName, pattern, unit } of logFilters) {
      expect(metricName).toBe(name);
      expect(unit).toBe("Count");
      expect(pattern).toMatch(/^(\??"[^"]+"( |$))+$/);
    }
  });
});
