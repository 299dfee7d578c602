import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { Delivery, type Environment } from "../src/hcp/delivery.js";

let delivery: Delivery;
afterEach(() => delivery.end());

async function start(stacks: Environment): Promise<Delivery> {
  delivery = await Delivery.start(stacks);
  return delivery;
}

const created = { changes: { "aws_vpc.main": "create" } } as const;

describe("a plan in HCP Terraform", () => {
  it("is speculative, of every stack, and reported without a value", async () => {
    await start({
      network: { changes: { "aws_eip.nat": "create", "aws_vpc.main": "replace" }, drift: ["aws_vpc.main"] },
      data: { needs: ["network"] },
    });

    const { status, outputs, summary, stderr } = await delivery.plan();

    expect(status, stderr).toBe(0);
    expect(outputs).toBe("changed=true\nwaiting=\n");
    const [network, data] = delivery.hcp.runs;
    expect([network?.workspace, data?.workspace]).toEqual(["staging-network", "staging-data"]);
    for (const run of delivery.hcp.runs)
      expect(run.options).toMatchObject({ planOnly: true, autoApply: false });
    const url = (area: string, id = "") =>
      `${delivery.hcp.address}/app/acme/workspaces/staging-${area}/runs/${id}`;
    expect(summary).toBe(
      [
        "## `staging`: 1 to replace, 1 to create",
        "### staging-network: 1 to replace, 1 to create",
        `[The run in HCP Terraform](${url("network", network?.id)})`,
        "- **replace** `aws_vpc.main`\n- create `aws_eip.nat`",
        "Changed outside Terraform since the last apply:\n- `aws_vpc.main`",
        "### staging-data: no change",
        `[The run in HCP Terraform](${url("data", data?.id)})\n`,
      ].join("\n\n"),
    );
  });

  it("sends what the stack is made of and nothing that only this machine should have", async () => {
    await start({ network: {} });
    const directory = "cdktf.out/stacks/staging-network";
    delivery.sandbox.write(`${directory}/assets/fn/1a2b/index.js`, "exports.handler = 1;");
    delivery.sandbox.write(`${directory}/.terraform.lock.hcl`, "# lock");
    for (const file of ["terraform.tfstate", "plan.tfplan", "x_override.tf.json", ".terraform/providers/aws"])
      delivery.sandbox.write(`${directory}/${file}`, "{}");

    await delivery.plan();

    expect(delivery.uploaded("staging-network").filter((file) => !file.endsWith("/"))).toEqual([
      "cdk.tf.json",
      "assets/fn/1a2b/index.js",
      ".terraform.lock.hcl",
    ]);
  });

  it("is named after the content, so that equal content has one name", async () => {
    await start({ network: {} });
    await delivery.plan();
    await delivery.plan();
    delivery.sandbox.write("cdktf.out/stacks/staging-network/assets/x", "other");
    await delivery.plan();
    const [first, second, third] = delivery.hcp.runs.map(({ options }) => options.message);
    expect(first).toMatch(/^staging-network: content [0-9a-f]{12}$/);
    expect(second).toBe(first);
    expect(third).not.toBe(first);
  });

  it("gives the token to the API and to nobody else", async () => {
    await start({ network: created });
    const { stdout, stderr } = await delivery.plan();
    const blobs = delivery.hcp.requests.filter(({ path }) => path.startsWith("/_blob/"));
    expect(blobs.map(({ method }) => method)).toEqual(["PUT", "GET"]);
    for (const { token } of blobs) expect(token).toBeUndefined();
    // The address of a blob is its own secret.
    expect(stdout + stderr).not.toMatch(/plan-token|_blob/);
  });

  it("plans side by side what does not wait for each other, and otherwise in order", async () => {
    await start({
      network: {},
      security: {},
      data: { needs: ["network", "security"] },
      app: { needs: ["data"] },
    });
    await delivery.plan();
    const made = delivery.hcp.runs.map(({ workspace }) => workspace);
    expect(made.slice(0, 2).sort()).toEqual(["staging-network", "staging-security"]);
    expect(made.slice(2)).toEqual(["staging-data", "staging-app"]);
    const calls = delivery.hcp.calls;
    const second = calls.indexOf("GET /organizations/acme/workspaces/staging-security");
    expect(second).toBeLessThan(calls.indexOf("POST /runs"));
  });

  it("shows as waiting what needs outputs that are about to change, and what needs that", async () => {
    await start({
      network: { ...created, outputs: ["vpc_id"] },
      security: created,
      data: { needs: ["network", "security"] },
      app: { needs: ["data"] },
    });
    const { status, outputs, summary } = await delivery.plan();
    expect(status).toBe(0);
    expect(outputs).toBe("changed=true\nwaiting=staging-data staging-app\n");
    expect(delivery.hcp.runs).toHaveLength(2);
    expect(summary).toContain("## `staging`: 2 to create, 2 waiting\n");
    expect(summary).toContain(
      "Its plan needs outputs that change with staging-network. It is planned in the run after",
    );
  });

  it("says so when only outputs change", async () => {
    await start({ network: { outputs: ["vpc_id"] } });
    const { outputs, summary } = await delivery.plan();
    expect(outputs).toBe("changed=true\nwaiting=\n");
    expect(summary).toContain("### staging-network: only outputs change\n");
  });

  it("reads the log that the real Terraform writes", async () => {
    await start({ network: { changes: { x: "create" } } });
    delivery.sandbox.write(
      "real/cdk.tf.json",
      JSON.stringify({
        resource: { terraform_data: { vpc: { input: "secret-value" } } },
        output: { vpc: { value: "${terraform_data.vpc.output}" } },
      }),
    );
    const terraform = (...args: string[]) => {
      const cwd = join(delivery.sandbox.directory, "real");
      return spawnSync("terraform", args, { cwd, encoding: "utf8" }).stdout;
    };
    terraform("init");
    delivery.hcp.workspace("staging-network", {
      changes: { x: "create" },
      planLog: `\u0002${terraform("plan", "-json")}\u0003`,
    });

    const { status, summary } = await delivery.plan();

    expect(status).toBe(0);
    expect(summary).toContain("- create `terraform_data.vpc`");
    expect(summary).not.toContain("secret-value");
    expect(JSON.parse(delivery.sandbox.read("cdktf.out/plans/staging.json"))).toMatchObject([
      { outputsChange: true },
    ]);
  });

  it("is kept in HCP Terraform with --save, without becoming the workspace's current configuration", async () => {
    await start({ network: created, data: { needs: ["network"] } });
    const { status } = await delivery.save();
    expect(status).toBe(0);
    const [network, data] = delivery.hcp.runs;
    expect(network).toMatchObject({
      status: "planned_and_saved",
      options: { savePlan: true, planOnly: false },
    });
    expect(data?.status).toBe("planned_and_finished");
    expect(delivery.hcp.configurations.map(({ attributes }) => attributes)).toEqual(
      Array(2).fill({ "auto-queue-runs": false, speculative: false, provisional: true }),
    );
    expect(delivery.states).toEqual({ "staging-network": "changed", "staging-data": "unchanged" });
    expect(delivery.hcp.runs.map(({ confirmations }) => confirmations)).toEqual([0, 0]);
  });
});

describe("a plan that does not come to a good end", () => {
  it("carries Terraform's message; what needs it is left out, what does not goes on", async () => {
    await start({ network: { plan: "errored" }, security: created, data: { needs: ["network"] } });
    const { status, stderr, summary } = await delivery.plan();
    expect(status).toBe(1);
    expect(stderr).toContain("The plan of staging-network failed; Terraform's message stands above.");
    expect(summary).toContain("## `staging`: the plan of staging-network failed\n");
    expect(summary).toContain("Error: creating EC2 VPC\n  with aws_vpc.main\nAWS said no.");
    expect(summary).toContain("/app/acme/workspaces/staging-network/runs/run-");
    expect(delivery.states).toEqual({ "staging-network": "failed", "staging-security": "changed" });
  });

  it.each([
    ["canceled", "its run was cancelled by somebody."],
    ["discarded", "its run was discarded by somebody before it was judged."],
    ["hard failed", "a policy stops it: Sentinel: 2 policies failed (hard_failed; cannot be overridden)."],
  ] as const)("%s is told apart", async (plan, text) => {
    await start({ network: { ...created, plan } });
    const { status, summary } = await delivery.save();
    expect(status).toBe(1);
    expect(summary).toContain(text);
    expect(summary).toContain("[The run in HCP Terraform](");
  });

  it.each([
    ["soft failed", "Sentinel: 1 policy failed (soft_failed; can be overridden by whoever may)"],
    ["opa failed", "OPA: 1 policy failed (failed; can be overridden by whoever may)"],
  ] as const)("%s: a pull request still shows the plan, a delivery stops", async (plan, text) => {
    await start({ network: { ...created, plan } });
    const shown = await delivery.plan();
    expect(shown.status).toBe(0);
    expect(shown.summary).toContain(`- ${text}\n\n- create \`aws_vpc.main\``);

    const stopped = await delivery.save();
    expect(stopped.status).toBe(1);
    expect(stopped.summary).toContain(
      `a policy stops it (${text}). Override and confirm it on the run's page, or change the plan.`,
    );
  });

  it("is not made in a workspace that somebody locked; a speculative one is", async () => {
    await start({ network: created });
    delivery.hcp.workspace("staging-network", created).lockedBy = { type: "users", id: "user-ana" };
    const refused = await delivery.save();
    expect(refused.status).toBe(1);
    expect(refused.summary).toContain(
      "the workspace acme/staging-network is locked by user user-ana, so nothing of it was planned. " +
        "Let them finish, or unlock it under Settings, Locking; then run this again.",
    );
    expect(delivery.hcp.calls.filter((call) => call.startsWith("POST"))).toEqual([]);

    expect((await delivery.plan()).status).toBe(0);
  });

  it("says what is missing when there is no workspace", async () => {
    await start({ network: created });
    delivery.hcp.workspaces.clear();
    const { status, summary } = await delivery.plan();
    expect(status).toBe(1);
    expect(summary).toContain(
      "HCP Terraform shows no workspace acme/staging-network to this token. Either it was never made " +
        "(npm run bootstrap -- <environment>), or the token's team has no access to its project.",
    );
  });

  it("says what to switch on when the log is text for people", async () => {
    await start({ network: { ...created, planLog: "Terraform will perform the following actions:" } });
    const { status, summary } = await delivery.plan();
    expect(status).toBe(1);
    expect(summary).toContain("The workspace needs Structured Run Output (npm run bootstrap).");
  });

  it("ends with patience when a run hangs", async () => {
    await start({ network: created });
    const { status, summary } = await delivery.sandbox.startStep("hcp-plan", ["staging"], {
      TFE_ADDRESS: delivery.hcp.address,
      TFE_TOKEN: "plan-token",
      HCP_POLL_SECONDS: "0.2",
      HCP_TIMEOUT_MINUTES: "0.002",
    });
    expect(status).toBe(1);
    expect(summary).toContain("after 0.002 minutes its run has not come to an end; it goes on by itself");
  });
});

describe("access", () => {
  const run = (env: Readonly<Record<string, string>>) =>
    delivery.sandbox.startStep("hcp-plan", ["staging"], { HCP_POLL_SECONDS: "0.01", ...env });

  it("needs a token, which has two names", async () => {
    await start({ network: {} });
    const without = await run({});
    expect(without.status).toBe(1);
    expect(without.stderr).toBe(
      "No token for https://app.terraform.io: neither TFE_TOKEN nor TF_TOKEN_app_terraform_io is set. " +
        "Set one of them to a team's or a user's token (an organization's may not run plans); docs/hcp.md says which team needs what.\n",
    );
    const address = delivery.hcp.address;
    const named = await run({ TFE_ADDRESS: address, TF_TOKEN_127_0_0_1: "plan-token" });
    expect(named.status, named.stderr).toBe(0);
  });

  it("ends at a token that HCP Terraform does not know, without telling it", async () => {
    await start({ network: {} });
    const { status, stderr } = await run({ TFE_ADDRESS: delivery.hcp.address, TFE_TOKEN: "outdated" });
    expect(status).toBe(1);
    expect(stderr).toBe(
      "GET /organizations/acme/workspaces/staging-network: HTTP 401. HCP Terraform does not know the token; it may have been replaced or have expired.\n",
    );
  });

  it.each(["http://tfe.example.com", "ftp://127.0.0.1", "app.terraform.io"])(
    "sends nothing to %s",
    async (address) => {
      await start({ network: {} });
      const { status, stderr } = await run({ TFE_ADDRESS: address, TFE_TOKEN: "plan-token" });
      expect(status).toBe(1);
      expect(stderr).toBe(
        `TFE_ADDRESS is "${address}". Allowed: an https address, or http on this machine. Nothing was sent there.\n`,
      );
    },
  );
});

describe("trouble on the way", () => {
  const waited = (request: string) => {
    const times = delivery.hcp.requests.filter(({ method, path }) => `${method} ${path}` === request);
    return times.length;
  };

  it("waits as long as HCP Terraform asks when it is out of order", async () => {
    await start({ network: created });
    const what = { status: 503, headers: { "retry-after": new Date(Date.now() + 3000).toUTCString() } };
    delivery.hcp.faults.push({ request: "GET /organizations", what });
    const started = performance.now();
    expect((await delivery.plan()).status).toBe(0);
    expect(performance.now() - started).toBeGreaterThan(1500);
  });

  it("waits as long as HCP Terraform asks when there were too many requests, for any request", async () => {
    await start({ network: created });
    const limit = { status: 429, headers: { "retry-after": "1" } };
    delivery.hcp.faults.push(
      { request: "GET /organizations", what: limit },
      { request: "POST /runs", what: limit },
    );
    const started = performance.now();
    const { status } = await delivery.plan();
    expect(status).toBe(0);
    expect(performance.now() - started).toBeGreaterThan(2000);
    expect(waited("POST /runs")).toBe(1);
  });

  it("reads again after errors of the server and cut connections", async () => {
    await start({ network: created });
    delivery.hcp.faults.push(
      { request: "GET /organizations", what: { status: 503 } },
      { request: "GET /runs/run-1", what: "reset" },
      { request: "GET /plans", what: "cut" },
      { request: "GET /_blob/plan", what: { status: 502 } },
      { request: "PUT /_blob/upload", what: "reset after" },
      { request: "POST /workspaces", what: "reset after" },
    );
    const { status, stderr } = await delivery.plan();
    expect(status, stderr).toBe(0);
    // The configuration whose answer was lost is never used.
    expect(delivery.hcp.configurations.map(({ archive }) => archive !== undefined)).toEqual([false, true]);
    expect(delivery.hcp.runs).toHaveLength(1);
  });

  it.each([
    ["was carried out", "reset after"],
    ["was not", "reset"],
    ["was carried out, and half an answer came,", "cut"],
    ["was answered by a proxy", { status: 504 }],
  ] as const)("makes one run when the request for it %s and the answer was lost", async (_, what) => {
    await start({ network: created });
    delivery.hcp.faults.push({ request: "POST /runs", what });
    const { status } = await delivery.save();
    expect(status).toBe(0);
    expect(delivery.hcp.runs).toHaveLength(1);
    expect(delivery.states).toEqual({ "staging-network": "changed" });
  });

  it("finds its own run among many", async () => {
    await start({ network: {} });
    for (let index = 0; index < 120; index++) {
      delivery.hcp.runs.push(
        Object.assign(Object.create(null), {
          workspace: "staging-network",
          show: () => ({ id: `old-${index}` }),
        }),
      );
    }
    delivery.hcp.faults.push({ request: "POST /runs", what: "reset after" });
    const { status } = await delivery.plan();
    expect(status).toBe(0);
    expect(delivery.hcp.runs).toHaveLength(121);
  });

  it("follows no redirect: token and configuration stay where they belong", async () => {
    await start({ network: created });
    const what = { status: 307, headers: { location: `${delivery.hcp.address}/elsewhere` } };
    delivery.hcp.faults.push({ request: "PUT /_blob/upload", what });
    const { status, summary } = await delivery.plan();
    expect(status).toBe(1);
    expect(summary).toContain("HTTP 307");
    expect(delivery.hcp.calls.filter((call) => call.includes("elsewhere"))).toEqual([]);
  });

  it("gives up in the end, and says at which request", async () => {
    await start({ network: created });
    for (let index = 0; index < 6; index++)
      delivery.hcp.faults.push({
        request: "POST /workspaces",
        what: { status: 429, headers: { "retry-after": "0" } },
      });
    const { status, summary } = await delivery.plan();
    expect(status).toBe(1);
    expect(summary).toContain("POST /workspaces/ws-staging-network/configuration-versions: HTTP 429");
  });
});
