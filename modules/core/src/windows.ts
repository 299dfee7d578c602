/** Minutes of a day: the longest window that RDS and ElastiCache take. */
export const DAY_MINUTES = 24 * 60;

const WEEK_MINUTES = 7 * DAY_MINUTES;
const weekdays = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

const TIME = "([01][0-9]|2[0-3]):([0-5][0-9])";
const DAILY = new RegExp(`^${TIME}-${TIME}$`);
const WEEKLY = new RegExp(`^(${weekdays.join("|")}):${TIME}-(${weekdays.join("|")}):${TIME}$`);

/** A window as RDS and ElastiCache know it, UTC. Its end may lie past midnight, or past the end of the week. */
export interface ServiceWindow {
  /** Minutes from the start of the day, or of a week that starts on Monday. */
  readonly start: number;
  readonly minutes: number;
}

/** Reads a window of every day, such as `06:00-06:30`; undefined when it is none. */
export function dailyWindow(text: string): ServiceWindow | undefined {
  const found = DAILY.exec(text);
  if (found === null) return undefined;
  const [, fromHour, fromMinute, toHour, toMinute] = found;
  return span(minuteOfDay(fromHour, fromMinute), minuteOfDay(toHour, toMinute), DAY_MINUTES);
}

/** Reads a window of every week, such as `sun:07:00-sun:08:00`; undefined when it is none. */
export function weeklyWindow(text: string): ServiceWindow | undefined {
  const found = WEEKLY.exec(text);
  if (found === null) return undefined;
  const [, fromDay = "", fromHour, fromMinute, toDay = "", toHour, toMinute] = found;
  const start = weekdays.indexOf(fromDay) * DAY_MINUTES + minuteOfDay(fromHour, fromMinute);
  const end = weekdays.indexOf(toDay) * DAY_MINUTES + minuteOfDay(toHour, toMinute);
  return span(start, end, WEEK_MINUTES);
}

/** Whether any day's window shares a minute with the weekly one, also across midnight and the end of the week. */
export function windowsMeet(daily: ServiceWindow, weekly: ServiceWindow): boolean {
  return weekdays.some((_, day) => {
    const start = day * DAY_MINUTES + daily.start;
    return distance(weekly.start, start) < weekly.minutes || distance(start, weekly.start) < daily.minutes;
  });
}

function minuteOfDay(hour: string | undefined, minute: string | undefined): number {
  return Number(hour) * 60 + Number(minute);
}

function span(start: number, end: number, cycle: number): ServiceWindow {
  return { start, minutes: (end - start + cycle) % cycle };
}

/** Minutes from one moment of the week forward to another. */
function distance(from: number, to: number): number {
  return (to - from + WEEK_MINUTES) % WEEK_MINUTES;
}
