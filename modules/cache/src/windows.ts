import { DAY_MINUTES, dailyWindow, type ServiceWindow, weeklyWindow, windowsMeet } from "@telemedicina/core";
import { overlapFaultText, windowFormatFaultText, windowLengthFaultText } from "./errors.js";

/** ElastiCache's least for both. */
const SHORTEST_MINUTES = 60;

/** What is wrong with the two windows: their form, their length, and whether they meet. */
export function windowFaults(snapshotWindow: string | undefined, maintenanceWindow: string): string[] {
  const maintenance = weeklyWindow(maintenanceWindow);
  const faults = formFaults("maintenanceWindow", maintenanceWindow, maintenance, "sun:08:00-sun:09:00");
  if (snapshotWindow === undefined) return faults;
  const snapshot = dailyWindow(snapshotWindow);
  faults.push(...formFaults("snapshotWindow", snapshotWindow, snapshot, "06:00-07:00"));
  if (snapshot !== undefined && maintenance !== undefined && windowsMeet(snapshot, maintenance)) {
    faults.push(overlapFaultText(snapshotWindow, maintenanceWindow));
  }
  return faults;
}

function formFaults(
  prop: string,
  text: string,
  window: ServiceWindow | undefined,
  example: string,
): string[] {
  if (window === undefined) return [windowFormatFaultText(prop, text, example)];
  return window.minutes < SHORTEST_MINUTES || window.minutes > DAY_MINUTES
    ? [windowLengthFaultText(prop, text, window.minutes, SHORTEST_MINUTES)]
    : [];
}
