import { errorLog, log, type PlannedChanges, planLog } from "./plan-log.js";

/** What the runs of a workspace come to. */
export interface RunScript extends PlannedChanges {
  /** How the plan ends. @default - well */
  readonly plan?: "errored" | "canceled" | "discarded" | "soft failed" | "hard failed" | "opa failed";
  /** How the apply ends. @default - well */
  readonly apply?: "errored" | "canceled";
  /** Another log of the plan than the one that follows from the changes. */
  readonly planLog?: string;
}

interface RunOptions {
  readonly message: string;
  readonly planOnly: boolean;
  readonly savePlan: boolean;
  readonly autoApply: boolean;
  readonly script: RunScript;
}

/** One run, which goes one state further each time that somebody looks at it. */
export class FakeRun {
  status = "pending";
  /** How often it was confirmed; the API takes only the first. */
  confirmations = 0;
  /** The states to come. */
  private path: string[];

  constructor(
    readonly id: string,
    readonly workspace: string,
    readonly configuration: string,
    readonly options: RunOptions,
  ) {
    this.path = ["plan_queued", "planning", ...planEnd(options)];
  }

  /** Its state moved on: HCP Terraform discards the plans that were made before. */
  discard(): void {
    this.status = "discarded";
    this.path = [];
  }

  look(): object {
    const shown = this.show();
    this.status = this.path.shift() ?? this.status;
    return shown;
  }

  show(): object {
    const { message, planOnly, savePlan, autoApply } = this.options;
    return {
      id: this.id,
      type: "runs",
      attributes: {
        status: this.status,
        message,
        "plan-only": planOnly,
        "save-plan": savePlan,
        "auto-apply": autoApply,
        "has-changes": this.hasChanges,
        actions: { "is-confirmable": this.isConfirmable },
      },
      relationships: {
        plan: { data: { type: "plans", id: `plan-${this.id}` } },
        apply: { data: { type: "applies", id: `apply-${this.id}` } },
        "configuration-version": { data: { type: "configuration-versions", id: this.configuration } },
      },
    };
  }

  confirm(): boolean {
    if (!this.isConfirmable) return false;
    this.confirmations += 1;
    this.status = "confirmed";
    this.path = ["apply_queued", "applying", this.options.script.apply ?? "applied"];
    return true;
  }

  planLog(): string {
    const { script } = this.options;
    if (script.planLog !== undefined) return script.planLog;
    return script.plan === "errored" ? errorLog("creating EC2 VPC", "aws_vpc.main") : planLog(script);
  }

  applyLog(): string {
    return this.options.script.apply === "errored" ? errorLog("limit of VPCs", "aws_vpc.main") : log([]);
  }

  policyChecks(): object[] {
    const { plan } = this.options.script;
    if (plan !== "soft failed" && plan !== "hard failed") return [];
    const soft = plan === "soft failed";
    return [
      {
        id: `polchk-${this.id}`,
        type: "policy-checks",
        attributes: {
          status: soft ? "soft_failed" : "hard_failed",
          result: { "hard-failed": soft ? 0 : 2, "soft-failed": soft ? 1 : 0 },
          actions: { "is-overridable": soft },
        },
      },
    ];
  }

  taskStages(): object[] {
    if (this.options.script.plan !== "opa failed") return [];
    return [{ id: `ts-${this.id}`, type: "task-stages", attributes: { status: "awaiting_override" } }];
  }

  policyEvaluations(): object[] {
    const counts = { "advisory-failed": 3, "mandatory-failed": 1, passed: 4, errored: 0 };
    const attributes = { status: "failed", "policy-kind": "opa", "result-count": counts };
    return [{ id: `poleval-${this.id}`, type: "policy-evaluations", attributes }];
  }

  private get hasChanges(): boolean {
    const { changes = {}, outputs = [] } = this.options.script;
    return Object.keys(changes).length + outputs.length > 0;
  }

  /** `planned` is also a state that a run only passes through. */
  private get isConfirmable(): boolean {
    const rests = this.path.length === 0 && !this.options.planOnly;
    return rests && ["planned", "planned_and_saved"].includes(this.status);
  }
}

function planEnd({ planOnly, savePlan, script }: RunOptions): readonly string[] {
  const { plan, changes = {}, outputs = [] } = script;
  switch (plan) {
    case "soft failed":
      return ["policy_checking", planOnly ? "policy_soft_failed" : "policy_override"];
    case "hard failed":
      return ["policy_checking", "errored"];
    case "opa failed":
      return ["post_plan_running", planOnly ? "policy_soft_failed" : "post_plan_awaiting_decision"];
    case undefined:
      break;
    default:
      return [plan];
  }
  if (Object.keys(changes).length + outputs.length === 0) return ["planned_and_finished"];
  const passed = ["planned", "cost_estimating", "cost_estimated", "policy_checking", "policy_checked"];
  return [...passed, planOnly ? "planned_and_finished" : savePlan ? "planned_and_saved" : "planned"];
}
