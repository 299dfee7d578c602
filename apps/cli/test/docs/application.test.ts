import type { ApplicationContract } from "@telemedicina/platform";
import { describe, expect, it } from "vitest";
import { renderApplication } from "../../src/docs/application.js";

const contract: ApplicationContract = {
  variables: { APP_ENV: "production" },
  secretVariables: { APP_KEY: { secretArn: "arn", before: "", after: "", encoding: "plain" } },
  pgbouncerDatabases: {},
  queueName: "default",
  rules: [{ id: "health", file: "bootstrap/app.php", rule: "a | b", because: "it is asked" }],
};

describe("docs/application.md", () => {
  it("names a rule once, with the environments that it holds in where it does not hold everywhere", () => {
    const page = renderApplication([
      { environment: "production", contract },
      { environment: "staging", contract },
      { environment: "development", contract: { ...contract, rules: [] } },
    ]);
    expect(page.split("\n").filter((line) => line.startsWith("| `"))).toEqual([
      "| `bootstrap/app.php` | `a \\| b` | it is asked | production, staging |",
    ]);
  });

  it("says everywhere of what holds everywhere, and lists the lines of .env without a value", () => {
    const page = renderApplication([{ environment: "production", contract }]);
    expect(page).toContain("| it is asked | everywhere |");
    expect(page).toContain("Read from their secrets: `APP_KEY`.");
    expect(page).toContain("From the contract: `APP_ENV`.");
    expect(page).not.toContain("arn");
  });
});
