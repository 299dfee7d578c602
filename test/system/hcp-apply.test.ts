import { afterEach, describe, expect, it } from "vitest";
import { Delivery, type Environment } from "../src/hcp/delivery.js";

let delivery: Delivery;
afterEach(() => delivery.end());

/** Planned and approved. */
async function planned(stacks: Environment): Promise<Delivery> {
  delivery = await Delivery.start(stacks);
  const { status, stderr } = await delivery.save();
  expect(status, stderr).toBe(0);
  return delivery;
}

const created = { changes: { "aws_vpc.main": "create" } } as const;

function confirmations(): readonly (readonly [string, number])[] {
  return delivery.hcp.runs.map(({ workspace, confirmations }) => [workspace, confirmations]);
}

describe("an apply in HCP Terraform", () => {
  it("confirms the plans that were approved, one after the other, and makes none of its own", async () => {
    await planned({ network: created, security: {}, data: { ...created, needs: ["network"] } });
    const before = delivery.hcp.calls.length;

    const { status, summary, stderr } = await delivery.apply();

    expect(status, stderr).toBe(0);
    expect(summary).toBe("Applied to `staging`: staging-network, staging-data\n");
    const calls = delivery.hcp.calls.slice(before);
    const posts = calls.filter((call) => call.startsWith("POST"));
    const [network, data] = ["network", "data"].map((area) => delivery.hcp.runsOf(`staging-${area}`)[0]);
    expect(posts).toEqual([
      `POST /runs/${network?.id}/actions/apply`,
      `POST /runs/${data?.id}/actions/apply`,
    ]);
    // The second waits for the end of the first.
    const lookAtSecond = calls.indexOf(`GET /runs/${data?.id}`);
    expect(calls.lastIndexOf(`GET /runs/${network?.id}`)).toBeLessThan(lookAtSecond);
    expect(delivery.hcp.runs.map((run) => run.status).sort()).toEqual([
      "applied",
      "applied",
      "planned_and_finished",
    ]);
  });

  it("reaches every stack of an empty environment in as many rounds as outputs follow on outputs", async () => {
    const needy = { ...created, needs: ["network"] };
    await planned({ network: { ...created, outputs: ["vpc_id"] }, data: needy });
    const first = await delivery.apply();
    expect(first.stdout).toContain(
      "::warning::staging-data: not planned yet, because the plan needed outputs that this run made. " +
        "Run this workflow again; later environments wait for it.",
    );
    delivery.hcp.workspace("staging-network", {});

    expect((await delivery.save()).outputs).toBe("changed=true\nwaiting=\n");
    expect((await delivery.apply()).summary).toBe("Applied to `staging`: staging-data\n");
  });

  it("confirms nothing twice, however often it is run", async () => {
    await planned({ network: created });
    await delivery.apply();
    const again = await delivery.apply();
    expect(again.status).toBe(0);
    expect(confirmations()).toEqual([["staging-network", 1]]);
    expect(delivery.hcp.calls.filter((call) => call.endsWith("/actions/apply"))).toHaveLength(1);
  });

  it.each([
    ["was taken", "reset after", 1],
    ["was not", "reset", 1],
    ["was answered by a proxy", { status: 502 }, 1],
  ] as const)("confirms once when the confirmation %s and the answer was lost", async (_, what, times) => {
    await planned({ network: created });
    delivery.hcp.faults.push({ request: "POST /runs/", what });
    const { status, stderr } = await delivery.apply();
    expect(status, stderr).toBe(0);
    expect(confirmations()).toEqual([["staging-network", times]]);
  });

  it("goes on from where a job was cut off", async () => {
    await planned({ network: created, data: { ...created, needs: ["network"] } });
    delivery.hcp.runsOf("staging-network")[0]?.confirm();
    const { status, summary } = await delivery.apply();
    expect(status).toBe(0);
    expect(summary).toBe("Applied to `staging`: staging-network, staging-data\n");
    expect(confirmations()).toEqual([
      ["staging-network", 1],
      ["staging-data", 1],
    ]);
  });
});

describe("an apply that does not come to a good end", () => {
  it("stops at a failure: what was applied, what was not, and Terraform's message", async () => {
    await planned({
      network: created,
      data: { ...created, needs: ["network"], apply: "errored" },
      app: { ...created, needs: ["data"] },
    });
    const { status, stderr, summary } = await delivery.apply();
    expect(status).toBe(1);
    expect(stderr).toContain("staging-data: its apply failed half-way. What it had made is in the state.");
    expect(stderr).toContain("Error: limit of VPCs\n  with aws_vpc.main");
    expect(stderr).toContain("/app/acme/workspaces/staging-data/runs/run-2");
    expect(summary).toContain("Applied before it: staging-network.");
    expect(confirmations()).toContainEqual(["staging-app", 0]);
  });

  it("refuses a plan whose state has moved on, and changes nothing", async () => {
    await planned({ network: created });
    delivery.hcp.runs[0]?.discard();
    const { status, stderr } = await delivery.apply();
    expect(status).toBe(1);
    expect(stderr).toContain(
      "staging-network: its plan was discarded: by somebody, or by HCP Terraform because the state moved on after it. Nothing was changed. " +
        "Run this workflow again: it plans anew, and the new plan can be approved.",
    );
    expect(stderr).toContain("No stack was applied before it.");
    expect(confirmations()).toEqual([["staging-network", 0]]);
  });

  it("says so when somebody cancels it", async () => {
    await planned({ network: { ...created, apply: "canceled" } });
    const { status, stderr } = await delivery.apply();
    expect(status).toBe(1);
    expect(stderr).toContain("its apply was cancelled by somebody half-way.");
  });

  it("leaves a workspace alone that somebody locked; the plan stays", async () => {
    await planned({ network: created });
    const workspace = delivery.hcp.workspaces.get("staging-network");
    if (workspace !== undefined) workspace.lockedBy = { type: "users", id: "user-ana" };
    const { status, stderr } = await delivery.apply();
    expect(status).toBe(1);
    expect(stderr).toContain("its workspace is locked by user user-ana, so nothing was changed.");

    if (workspace !== undefined) workspace.lockedBy = { type: "runs", id: "run-of-another" };
    expect((await delivery.apply()).status).toBe(0);
    expect(confirmations()).toEqual([["staging-network", 1]]);
  });

  it("is refused to a token that may only plan", async () => {
    await planned({ network: created });
    const { status, stderr } = await delivery.apply("plan-token");
    expect(status).toBe(1);
    expect(stderr).toContain(
      "staging-network: this token may not apply it (HTTP 404), so nothing was changed;",
    );
    expect(confirmations()).toEqual([["staging-network", 0]]);
  });

  it("does not take a speculative plan for one that was approved", async () => {
    delivery = await Delivery.start({ network: created });
    await delivery.plan();
    const { status, stderr } = await delivery.apply();
    expect(status).toBe(1);
    expect(stderr).toContain(
      "its run is planned_and_finished and cannot be confirmed, so nothing was changed.",
    );
  });

  it("needs a plan", async () => {
    delivery = await Delivery.start({ network: created });
    const { status, stderr } = await delivery.apply();
    expect(status).toBe(1);
    expect(stderr).toBe(
      "cdktf.out/plans/staging.json is missing: plan first (node scripts/ci/hcp-plan.mjs staging --save).\n",
    );
  });
});

describe("the workspaces of bootstrap's own stacks", () => {
  async function prepare(existing: Readonly<Record<string, string>> = {}) {
    delivery = await Delivery.start({});
    for (const [name, mode] of Object.entries(existing)) delivery.hcp.workspace(name).executionMode = mode;
    const cloud = (name: string) => ({
      document: { terraform: { cloud: { organization: "acme", workspaces: { name, project: "platform" } } } },
    });
    delivery.sandbox.stacks("apps/bootstrap/cdktf.out", {
      "staging-bootstrap": cloud("staging-bootstrap"),
      "staging-workspaces": cloud("staging-workspaces"),
      "production-bootstrap": cloud("production-bootstrap"),
    });
  }

  const modes = () =>
    Object.fromEntries([...delivery.hcp.workspaces.values()].map((one) => [one.name, one.executionMode]));

  it("are made once and run Terraform on the operator's machine", async () => {
    await prepare({ "staging-workspaces": "remote" });
    delivery.hcp.faults.push({ request: "POST /organizations", what: "reset after" });

    const first = await delivery.step("hcp-prepare", [], "apply-token");
    const second = await delivery.step("hcp-prepare", [], "apply-token");

    expect(first.status, first.stderr).toBe(0);
    expect(second.status).toBe(0);
    expect(modes()).toEqual({ "staging-bootstrap": "local", "staging-workspaces": "local" });
    const writes = delivery.hcp.calls.filter((call) => !call.startsWith("GET"));
    expect(writes).toEqual([
      "POST /organizations/acme/workspaces",
      "PATCH /organizations/acme/workspaces/staging-workspaces",
    ]);
  });

  it("need the project that the environment's file names", async () => {
    await prepare();
    delivery.hcp.projects.pop();
    const { status, stderr } = await delivery.step("hcp-prepare", [], "apply-token");
    expect(status).toBe(1);
    expect(stderr).toBe(
      'HCP Terraform shows no project "platform" in the organization acme to this token. ' +
        "Make it there, or correct state.organization and state.project in the environment's file.\n",
    );
  });
});
