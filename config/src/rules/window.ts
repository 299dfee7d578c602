const days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
const dayMinutes = 24 * 60;
const weekMinutes = 7 * dayMinutes;

/** A stretch of the week in minutes since Monday 00:00; `to` is not in it and may lie beyond the week's end. */
interface Span {
  readonly from: number;
  readonly to: number;
}

/** Minutes of `06:00-06:30`; a window may pass midnight. */
export function dailyLength(window: string): number {
  const { from, to } = daily(window);
  return to - from;
}

/** Minutes of `sun:07:00-sun:08:00`; a window may pass the end of the week. */
export function weeklyLength(window: string): number {
  const { from, to } = weekly(window);
  return to - from;
}

/** Whether a daily and a weekly window have a minute in common. */
export function windowsOverlap(backup: string, maintenance: string): boolean {
  const { from, to } = daily(backup);
  const other = weekly(maintenance);
  // One day earlier and one week later cover windows that pass midnight or Sunday's end.
  return Array.from({ length: 15 }, (_, index) => (index - 1) * dayMinutes).some(
    (shift) => from + shift < other.to && other.from < to + shift,
  );
}

function daily(window: string): Span {
  const [from = 0, to = 0] = window.split("-").map(minuteOfDay);
  return { from, to: to <= from ? to + dayMinutes : to };
}

function weekly(window: string): Span {
  const [from = 0, to = 0] = window
    .split("-")
    .map((moment) => days.indexOf(moment.slice(0, 3)) * dayMinutes + minuteOfDay(moment.slice(4)));
  return { from, to: to <= from ? to + weekMinutes : to };
}

function minuteOfDay(time: string): number {
  const [hours = 0, minutes = 0] = time.split(":").map(Number);
  return hours * 60 + minutes;
}
