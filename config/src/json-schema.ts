import { z } from "zod";
import { environmentSchema } from "./schema/environment.js";

/** The JSON Schema of an environment file, for editors. Draft 7, because that is what they all read. */
export function environmentJsonSchema(): string {
  const schema = z.toJSONSchema(environmentSchema, { target: "draft-07", io: "input" });
  return `${JSON.stringify({ title: "Environment", ...schema }, null, 2)}\n`;
}
