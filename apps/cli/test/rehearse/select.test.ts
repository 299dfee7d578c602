import { describe, expect, it } from "vitest";
import { selectStacks } from "../../src/rehearse/select.js";

function stack(area: string, ...needs: string[]) {
  return {
    name: `development-${area}`,
    area,
    environment: "development",
    directory: `/stacks/development-${area}`,
    dependencies: needs.map((need) => `development-${need}`),
  };
}

const stacks = [
  stack("network"),
  stack("security"),
  stack("data", "network", "security"),
  stack("app", "data"),
  stack("edge", "app"),
];

function areas(area?: string): string[] {
  return selectStacks(stacks, area).map((chosen) => chosen.area);
}

describe("selectStacks", () => {
  it("takes all without an area", () => {
    expect(areas()).toEqual(["network", "security", "data", "app", "edge"]);
  });

  it("takes a stack with everything it needs, however far, in order", () => {
    expect(areas("app")).toEqual(["network", "security", "data", "app"]);
    expect(areas("network")).toEqual(["network"]);
  });

  it("fails on an unknown area with the known ones", () => {
    expect(() => areas("netwrok")).toThrow(
      '--stack: there is no stack "netwrok" in development. Known: network, security, data, app, edge. ' +
        "Name one of them, or leave --stack out to rehearse all.",
    );
  });
});
