import { overlapFaultText, windowFormatFaultText, windowLengthFaultText } from "./errors.js";

const DAY = 24 * 60;
const WEEK = 7 * DAY;
const weekdays = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

const TIME = "([01][0-9]|2[0-3]):([0-5][0-9])";
const DAILY = new RegExp(`^${TIME}-${TIME}$`);
const WEEKLY = new RegExp(`^(${weekdays.join("|")}):${TIME}-(${weekdays.join("|")}):${TIME}$`);

const SHORTEST_MINUTES = 30;

/** A window as minutes from the start of its cycle (a day, or a week that starts on Monday); the end may lie past the cycle. */
interface Window {
  readonly start: number;
  readonly minutes: number;
}

/** What is wrong with the two windows: their form, their length, and whether they meet. */
export function windowFaults(backupWindow: string, maintenanceWindow: string): string[] {
  const backup = daily(backupWindow);
  const maintenance = weekly(maintenanceWindow);
  const faults = [
    ...formFaults("backupWindow", backupWindow, backup, "two times of day such as 06:00-06:30"),
    ...formFaults(
      "maintenanceWindow",
      maintenanceWindow,
      maintenance,
      "two moments of the week such as sun:07:00-sun:08:00",
    ),
  ];
  if (backup !== undefined && maintenance !== undefined && overlap(backup, maintenance)) {
    faults.push(overlapFaultText(backupWindow, maintenanceWindow));
  }
  return faults;
}

function formFaults(prop: string, text: string, window: Window | undefined, example: string): string[] {
  if (window === undefined) return [windowFormatFaultText(prop, text, example)];
  return window.minutes < SHORTEST_MINUTES || window.minutes > DAY
    ? [windowLengthFaultText(prop, text, window.minutes, DAY / 60)]
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

/** Whether any day's backup shares a minute with the maintenance, also across midnight and the end of the week. */
function overlap(backup: Window, maintenance: Window): boolean {
  return weekdays.some((_, day) => {
    const start = day * DAY + backup.start;
    return (
      distance(maintenance.start, start) < maintenance.minutes ||
      distance(start, maintenance.start) < backup.minutes
    );
  });
}

/** Minutes from one moment of the week forward to another. */
function distance(from: number, to: number): number {
  return (to - from + WEEK) % WEEK;
}
