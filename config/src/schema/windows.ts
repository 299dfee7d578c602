import { text } from "./hints.js";

const timeOfDay = "([01][0-9]|2[0-3]):[0-5][0-9]";
const weekday = "(mon|tue|wed|thu|fri|sat|sun)";

/** Of a database's backups and a store's snapshots. */
export const dailyWindow = text(new RegExp(`^${timeOfDay}-${timeOfDay}$`), {
  allowed: "two times of day in UTC such as 06:00-06:30",
  fix: "Write hh:mm-hh:mm.",
});

export const weeklyWindow = text(new RegExp(`^${weekday}:${timeOfDay}-${weekday}:${timeOfDay}$`), {
  allowed: "two moments of the week in UTC such as sun:07:00-sun:08:00",
  fix: "Write ddd:hh:mm-ddd:hh:mm with mon, tue, wed, thu, fri, sat or sun.",
});
