import { createInterface } from "node:readline/promises";

/** Whether the operator answered "yes". Without an answer, as in a pipe that ends, it is no. */
export async function askYes(question: string): Promise<boolean> {
  const lines = createInterface({ input: process.stdin, output: process.stdout });
  try {
    const closed = new Promise<string>((resolve) => lines.once("close", () => resolve("")));
    const answer = await Promise.race([lines.question(`${question} Only "yes" does: `), closed]);
    return answer.trim() === "yes";
  } finally {
    lines.close();
  }
}
