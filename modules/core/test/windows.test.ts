import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { dailyWindow, type ServiceWindow, weeklyWindow, windowsMeet } from "../src/index.js";

const DAY = 24 * 60;
const WEEK = 7 * DAY;

describe("dailyWindow", () => {
  it.each([
    ["06:00-06:30", { start: 360, minutes: 30 }],
    ["23:45-00:15", { start: 1425, minutes: 30 }],
  ])("reads %s", (text, window) => expect(dailyWindow(text)).toEqual(window));

  it.each(["6:00-06:30", "24:00-24:30", "06:00", "06:60-07:00", " 06:00-06:30"])("refuses %j", (text) => {
    expect(dailyWindow(text)).toBeUndefined();
  });
});

describe("weeklyWindow", () => {
  it.each([
    ["mon:00:00-mon:01:00", { start: 0, minutes: 60 }],
    ["sun:23:30-mon:00:30", { start: 6 * DAY + 1410, minutes: 60 }],
  ])("reads %s", (text, window) => expect(weeklyWindow(text)).toEqual(window));

  it.each(["Sun:07:00-sun:08:00", "sun:07:00", "07:00-08:00"])("refuses %j", (text) => {
    expect(weeklyWindow(text)).toBeUndefined();
  });
});

describe("windowsMeet", () => {
  const window = (cycle: number) =>
    fc.record({ start: fc.nat(cycle - 1), minutes: fc.integer({ min: 1, max: DAY }) });

  it("is what counting every minute of the week says", () => {
    fc.assert(
      fc.property(window(DAY), window(WEEK), (daily, weekly) => {
        expect(windowsMeet(daily, weekly)).toBe(shareAMinute(daily, weekly));
      }),
    );
  });
});

function shareAMinute(daily: ServiceWindow, weekly: ServiceWindow): boolean {
  const taken = new Set(
    Array.from({ length: weekly.minutes }, (_, minute) => (weekly.start + minute) % WEEK),
  );
  return Array.from({ length: 7 }, (_, day) => day * DAY + daily.start).some((start) =>
    Array.from({ length: daily.minutes }, (_, minute) => (start + minute) % WEEK).some((minute) =>
      taken.has(minute),
    ),
  );
}
