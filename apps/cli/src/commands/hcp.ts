import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Command } from "commander";
import { askYes } from "../ask.js";
import { hcpEnvironment, hcpScript } from "../hcp.js";
import { projectRoot } from "../project.js";
import { synthesizeAll } from "../synth.js";

interface PlanFlags {
  readonly save?: boolean;
  readonly address?: string;
}

interface ApplyFlags {
  readonly yes?: boolean;
  readonly address?: string;
}

/** `hcp plan` and `hcp apply`: an environment by HCP Terraform's API, as the workflows do it. */
export function hcpCommand(): Command {
  const address = [
    "--address <url>",
    "where HCP Terraform is (default: TFE_ADDRESS, or https://app.terraform.io)",
  ] as const;
  const environment = ["<environment>", "an environment with state.backend: hcp"] as const;
  const command = new Command("hcp").description(
    "plan and apply an environment in HCP Terraform; the token comes from TFE_TOKEN or TF_TOKEN_app_terraform_io",
  );
  command
    .command("plan")
    .description("synthesize once, and have every stack planned; speculative, so that nobody can apply it")
    .argument(...environment)
    .option("--save", "keep the plans in HCP Terraform for `hcp apply`")
    .option(...address)
    .action(plan);
  command
    .command("apply")
    .description("show the plans that `hcp plan --save` left, ask, and apply exactly those, in order")
    .argument(...environment)
    .option("--yes", "do not ask: somebody has approved the plans already")
    .option(...address)
    .action(apply);
  return command;
}

async function plan(environment: string, { save, address }: PlanFlags): Promise<void> {
  const { name } = hcpEnvironment(environment);
  synthesizeAll();
  process.exitCode = await hcpScript("hcp-plan", [name, ...(save === true ? ["--save"] : [])], address);
}

async function apply(environment: string, { yes, address }: ApplyFlags): Promise<void> {
  const { name } = hcpEnvironment(environment);
  if (yes !== true && !(await approve(name))) {
    console.log("Nothing was applied.");
    process.exitCode = 1;
    return;
  }
  process.exitCode = await hcpScript("hcp-apply", [name], address);
}

/** Without a plan there is nothing to approve; the script says what is missing. */
async function approve(environment: string): Promise<boolean> {
  let report: string;
  try {
    report = readFileSync(join(projectRoot(), "cdktf.out/plans", `${environment}.md`), "utf8");
  } catch {
    return true;
  }
  console.log(report);
  return askYes(`Apply these plans to ${environment}?`);
}
