import { DAY_MINUTES, dailyWindow, type ServiceWindow, weeklyWindow, windowsMeet } from "@telemedicina/core";
import { overlapFaultText, windowFormatFaultText, windowLengthFaultText } from "./errors.js";

/** RDS's least for both. */
const SHORTEST_MINUTES = 30;

/** What is wrong with the two windows: their form, their length, and whether they meet. */
export function windowFaults(backupWindow: string, maintenanceWindow: string): string[] {
  const backup = dailyWindow(backupWindow);
  const maintenance = weeklyWindow(maintenanceWindow);
  const faults = [
    ...formFaults("backupWindow", backupWindow, backup, "two times of day such as 06:00-06:30"),
    ...formFaults(
      "maintenanceWindow",
      maintenanceWindow,
      maintenance,
      "two moments of the week such as sun:07:00-sun:08:00",
    ),
  ];
  if (backup !== undefined && maintenance !== undefined && windowsMeet(backup, maintenance)) {
    faults.push(overlapFaultText(backupWindow, maintenanceWindow));
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
    ? [windowLengthFaultText(prop, text, window.minutes, DAY_MINUTES / 60)]
    : [];
}
