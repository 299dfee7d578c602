import { assert, integer, property } from "fast-check";
import { describe, expect, it } from "vitest";
import { windowFaults } from "../src/windows.js";

const DAY = 24 * 60;
const WEEK = 7 * DAY;
const weekdays = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

const minuteOfDay = integer({ min: 0, max: DAY - 1 });
const minuteOfWeek = integer({ min: 0, max: WEEK - 1 });
const length = integer({ min: 30, max: DAY - 1 });

describe("windows", () => {
  it("overlap exactly when they have a minute in common", () => {
    assert(
      property(
        minuteOfDay,
        length,
        minuteOfWeek,
        length,
        (backup, backupLength, maintenance, maintenanceLength) => {
          const inMaintenance = new Set(minutes(maintenance, maintenanceLength));
          const shared = weekdays.some((_, day) =>
            minutes(day * DAY + backup, backupLength).some((minute) => inMaintenance.has(minute)),
          );
          const faults = windowFaults(
            `${time(backup)}-${time(backup + backupLength)}`,
            `${moment(maintenance)}-${moment(maintenance + maintenanceLength)}`,
          );

          expect(faults.length > 0).toBe(shared);
        },
      ),
    );
  });

  it.each([
    ["23:30-00:30", "sun:00:30-sun:01:00", 0],
    ["23:30-00:31", "sun:00:30-sun:01:00", 1],
    ["00:00-00:30", "sun:23:30-mon:00:00", 0],
    ["00:00-00:30", "sun:23:30-mon:00:01", 1],
  ])("%s and %s have %i fault", (backup, maintenance, count) => {
    expect(windowFaults(backup, maintenance)).toHaveLength(count);
  });
});

function minutes(start: number, count: number): number[] {
  return Array.from({ length: count }, (_, index) => (start + index) % WEEK);
}

function time(minute: number): string {
  const ofDay = minute % DAY;
  return `${String(Math.floor(ofDay / 60)).padStart(2, "0")}:${String(ofDay % 60).padStart(2, "0")}`;
}

function moment(minute: number): string {
  const ofWeek = minute % WEEK;
  return `${weekdays[Math.floor(ofWeek / DAY)]}:${time(ofWeek)}`;
}
