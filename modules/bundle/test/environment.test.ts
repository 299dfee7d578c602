import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { rendered } from "./support.js";

const templates = [".env.development.example", ".env.production.example"];

describe("templates of .env", () => {
  it.each(templates)("ENV-01: %s has no secret and no absolute path", (path) => {
    for (const [name, value] of variables(rendered(path))) {
      if (/(KEY|SECRET|PASSWORD|TOKEN)$/.test(name))
        expect([name, value]).toEqual([name, expect.stringMatching(/^$|^local$|^"\$\{/)]);
      expect([name, value]).toEqual([name, expect.not.stringMatching(/^"?\//)]);
    }
  });

  it("ENV-01: the production one is to be read only: no line has a value", () => {
    expect(variables(rendered(".env.production.example")).filter(([, value]) => value !== "")).toEqual([]);
  });
});

describe("docker-compose.yml", () => {
  const compose = parse(rendered("docker-compose.yml")) as {
    readonly services: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  };

  it("ENV-02: has the application, PostgreSQL 16 and Redis 7, and starts it when they answer", () => {
    expect(Object.keys(compose.services)).toEqual(["app", "postgres", "redis"]);
    expect(compose.services["postgres"]?.["image"]).toBe("postgres:16-alpine");
    expect(compose.services["redis"]?.["image"]).toBe("redis:7-alpine");
    expect(compose.services["app"]?.["depends_on"]).toEqual({
      postgres: { condition: "service_healthy" },
      redis: { condition: "service_healthy" },
    });
  });

  it("ENV-02: is open to this machine alone, and holds no password", () => {
    for (const { ports } of Object.values(compose.services)) {
      for (const port of ports as string[]) expect(port).toMatch(/^127\.0\.0\.1:/);
    }
    expect(rendered("docker-compose.yml")).toContain("POSTGRES_PASSWORD: ${DB_PASSWORD:?choose one in .env}");
  });

  it("asks for names that the template has", () => {
    const names = variables(rendered(".env.development.example")).map(([name]) => name);
    const asked = [...rendered("docker-compose.yml").matchAll(/\$\{(DB_[A-Z]+)/g)].map(([, name]) => name);
    expect(names).toEqual(expect.arrayContaining(asked));
  });
});

function variables(text: string): [string, string][] {
  return text
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((line) => {
      const [, name = "", value = ""] = /^([A-Z_]+)=(.*)$/.exec(line) ?? [];
      expect(name, line).not.toBe("");
      return [name, value];
    });
}
