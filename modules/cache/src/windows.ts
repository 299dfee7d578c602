import { overlapFaultText, windowFormatFaultText, windowLengthFaultText } from "./errors.js";

const DAY = 24 * 60;
const WEEK = 7 * DAY;
const weekdays = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

const TIME = "([01][0-9]|2[0-3]):([0-5][0-9])";
const DAILY = new RegExp(`^${TIME}-${TIME}$`);
const WEEKLY = new RegExp(`^(${weekdays.join("|")}):${TIME}-(${weekdays.join("|")}):${TIME}$`);

/** ElastiCache's least for both. */
const SHORTEST_MINUTES = 60;

/** Minutes from the start of the day, or of a week that starts on Monday; the end may lie past it. */
interface Window {
  readonly start: number;
  readonly minutes: number;
}

/** What is wrong with the two windows: their form, their length, and whether they meet. */
export function windowFaults(snapshotWindow: string | undefined, maintenanceWindow: string): string[] {
  const maintenance = weekly(maintenanceWindow);
  const faults = formFaults("maintenanceWindow", maintenanceWindow, maintenance, "sun:08:00-sun:09:00");
  if (snapshotWindow === undefined) return faults;
  const snapshot = daily(snapshotWindow);
  faults.push(...formFaults("snapshotWindow", snapshotWindow, snapshot, "06:00-07:00"));
  if (snapshot !== undefined && maintenance !== undefined && meet(snapshot, maintenance)) {
    faults.push(overlapFaultText(snapshotWindow, maintenanceWindow));
  }
  return faults;
}

function formFaults(prop: string, text: string, window: Window | undefined, example: string): string[] {
  if (window === undefined) return [windowFormatFaultText(prop, text, example)];
  return window.minutes < SHORTEST_MINUTES || window.minutes > DAY
    ? [windowLengthFaultText(prop, text, window.minutes, SHORTEST_MINUTES)]
    : [];
}

function daily(text: string): Window | undefined {
  const found = DAILY.exec(text);
  if (found === null) return undefined;
  const [, fromHour, fromMinute, toHour, toMinute] = found;
  return span(minuteOfDay(fromHour, fromMinute), minuteOfDay(toHour, toMinute), DAY);
}

function weekly(text: string): Window | undefined {
  const found = WEEKLY.exec(text);
  if (found === null) return undefined;
  const [, fromDay = "", fromHour, fromMinute, toDay = "", toHour, toMinute] = found;
  const start = weekdays.indexOf(fromDay) * DAY + minuteOfDay(fromHour, fromMinute);
  const end = weekdays.indexOf(toDay) * DAY + minuteOfDay(toHour, toMinute);
  return span(start, end, WEEK);
}

function minuteOfDay(hour: string | undefined, minute: string | undefined): number {
  return Number(hour) * 60 + Number(minute);
}

function span(start: number, end: number, cycle: number): Window {
  return { start, minutes: (end - start + cycle) % cycle };
}

/** Whether any day's snapshot shares a minute with the maintenance, also across midnight and the end of the week. */
function meet(snapshot: Window, maintenance: Window): boolean {
  return weekdays.some((_, day) => {
    const start = day * DAY + snapshot.start;
    return (
      distance(maintenance.start, start) < maintenance.minutes ||
      distance(start, maintenance.start) < snapshot.minutes
    );
  });
}

/** Minutes from one moment of the week forward to another. */
function distance(from: number, to: number): number {
  return (to - from + WEEK) % WEEK;
}
