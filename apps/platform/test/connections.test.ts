import { connectionsForPools } from "@telemedicina/config";
import type { Attributes } from "@telemedicina/core/testing";
import { describe, expect, it } from "vitest";
import { environment, synthesize } from "./environments.js";

const { config } = environment("development");

/** `max_connections` of the parameter group that the database gets. */
function pinned(instanceClass: string): number {
  const stacks = synthesize({ ...config, database: { ...config.database, instanceClass } });
  const [group] = stacks("data").all("aws_db_parameter_group");
  const parameters = group?.attributes["parameter"] as readonly Attributes[];
  return Number(parameters.find(({ name }) => name === "max_connections")?.["value"]);
}

describe("the connections that config counts with", () => {
  it.each(["micro", "small", "medium", "large", "xlarge", "2xlarge"])(
    "T-40: are those that the database module pins for db.t3.%s, which knows nothing of config",
    (size) => {
      const instanceClass = `db.t3.${size}`;
      expect(connectionsForPools({ ...config.database, instanceClass })?.most).toBe(pinned(instanceClass));
    },
  );
});
