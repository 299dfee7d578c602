import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { environmentJsonSchema } from "@telemedicina/config";
import { Command } from "commander";
import { projectRoot } from "../project.js";

/** `schema`: writes the JSON Schema that editors use for the environment files. */
export function schemaCommand(): Command {
  return new Command("schema")
    .description(
      "write config/environment.schema.json, by which editors check and complete the environment files",
    )
    .action(() => {
      const file = "config/environment.schema.json";
      writeFileSync(join(projectRoot(), file), environmentJsonSchema());
      console.log(`Wrote ${file}.`);
    });
}
