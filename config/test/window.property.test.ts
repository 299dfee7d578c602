import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { dailyLength, weeklyLength, windowsOverlap } from "../src/rules/window.js";

const week = 7 * 24 * 60;
const days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
const backup = fc.record({ start: fc.nat(24 * 60 - 1), length: fc.integer({ min: 1, max: 24 * 60 - 1 }) });
const maintenance = fc.record({ start: fc.nat(week - 1), length: fc.integer({ min: 1, max: 24 * 60 - 1 }) });

describe("windows against a list of every minute of the week", () => {
  it("overlap when they share a minute, past midnight and past Sunday too", () => {
    fc.assert(
      fc.property(backup, maintenance, (daily, weekly) => {
        const taken = new Set<number>();
        for (let day = 0; day < 7; day++) {
          for (let minute = 0; minute < daily.length; minute++)
            taken.add((day * 24 * 60 + daily.start + minute) % week);
        }
        const shared = Array.from({ length: weekly.length }, (_, minute) => (weekly.start + minute) % week);
        const overlap = windowsOverlap(dailyText(daily), weeklyText(weekly));
        expect(overlap).toBe(shared.some((minute) => taken.has(minute)));
      }),
    );
  });

  it("are as long as they were made", () => {
    fc.assert(
      fc.property(backup, maintenance, (daily, weekly) => {
        expect(dailyLength(dailyText(daily))).toBe(daily.length);
        expect(weeklyLength(weeklyText(weekly))).toBe(weekly.length);
      }),
    );
  });
});

function dailyText({ start, length }: { start: number; length: number }): string {
  return `${clock(start)}-${clock(start + length)}`;
}

function weeklyText({ start, length }: { start: number; length: number }): string {
  const moment = (minute: number) => `${days[Math.floor((minute % week) / 1440)]}:${clock(minute)}`;
  return `${moment(start)}-${moment(start + length)}`;
}

function clock(minute: number): string {
  const inDay = minute % 1440;
  return [Math.floor(inDay / 60), inDay % 60].map((part) => String(part).padStart(2, "0")).join(":");
}
