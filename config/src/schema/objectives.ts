import { z } from "zod";

const minutes = z.int().min(0).max(43_200);

interface Target {
  readonly criticality: "critical" | "high" | "medium" | "low";
  readonly rtoMinutes: number;
  readonly rpoMinutes: number | "notApplicable";
}

function objective(component: string, target: Target) {
  return z
    .strictObject({
      criticality: z
        .enum(["critical", "high", "medium", "low"])
        .default(target.criticality)
        .describe(`How bad its loss is. Default: ${target.criticality}.`),
      rtoMinutes: minutes
        .default(target.rtoMinutes)
        .describe(`Recovery time: longest outage in minutes. Default: ${target.rtoMinutes}.`),
      rpoMinutes: z
        .union([minutes, z.literal("notApplicable")])
        .default(target.rpoMinutes)
        .describe(`Recovery point: most data lost, in minutes. Default: ${target.rpoMinutes}.`),
    })
    .prefault({})
    .describe(component);
}

/** The defaults are the strategy document's matrix: an environment that cannot meet it has to say so. */
export const objectivesSchema = z
  .strictObject({
    application: objective("Laravel.", { criticality: "high", rtoMinutes: 15, rpoMinutes: 0 }),
    database: objective("PostgreSQL.", { criticality: "critical", rtoMinutes: 5, rpoMinutes: 5 }),
    appointmentLogs: objective("The appointment_logs table.", {
      criticality: "critical",
      rtoMinutes: 5,
      rpoMinutes: 5,
    }),
    uploads: objective("Patients' files.", { criticality: "high", rtoMinutes: 15, rpoMinutes: 60 }),
    cache: objective("Redis as a cache.", {
      criticality: "low",
      rtoMinutes: 30,
      rpoMinutes: "notApplicable",
    }),
    sessions: objective("Sessions.", { criticality: "medium", rtoMinutes: 15, rpoMinutes: "notApplicable" }),
    logs: objective("Logs.", { criticality: "low", rtoMinutes: 60, rpoMinutes: 1440 }),
    turn: objective("TURN relays.", { criticality: "high", rtoMinutes: 15, rpoMinutes: "notApplicable" }),
    websocket: objective("Reverb.", { criticality: "high", rtoMinutes: 10, rpoMinutes: 0 }),
  })
  .prefault({})
  .describe("Recovery targets. The rules refuse an environment whose other settings cannot meet them.");
