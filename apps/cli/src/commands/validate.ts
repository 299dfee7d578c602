import { join } from "node:path";
import { loadEnvironments } from "@telemedicina/config";
import { Command } from "commander";
import { ENVIRONMENTS, projectRoot } from "../project.js";

/** `validate`: reads every environment file and says all that is wrong; writes nothing. */
export function validateCommand(): Command {
  return new Command("validate").description("check the environment files, nothing else").action(() => {
    const environments = loadEnvironments(join(projectRoot(), ENVIRONMENTS));
    console.log(
      `${environments.length} environment files are right: ${environments.map((e) => e.name).join(", ")}.`,
    );
  });
}
