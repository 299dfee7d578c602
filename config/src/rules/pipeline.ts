import type { Rule } from "./rule.js";

export const blueGreenLayout: Rule = {
  id: "blue-green-layout",
  paths: ["pipeline.strategy", "compute.layout"],
  *check({ pipeline: { strategy }, compute: { layout } }) {
    if (strategy.kind === "rolling" || layout.kind === "separate") return;
    yield {
      path: "pipeline.strategy.kind",
      message:
        "with compute.layout together both colours would work off the queues and take turns at the schedule: a release that no visitor has tried yet would do jobs, and one that failed would go on with them",
      allowed: "rolling, or blueGreen with compute.layout separate",
      fix: "Set compute.layout to { kind: separate }, or write { kind: rolling }.",
    };
  },
};

export const blueGreenTrigger: Rule = {
  id: "blue-green-trigger",
  paths: ["pipeline.strategy", "pipeline.trigger"],
  *check({ pipeline: { strategy, trigger } }) {
    if (strategy.kind === "rolling" || trigger === "codePipeline") return;
    yield {
      path: "pipeline.trigger",
      message:
        "a shift can take hours, and a runner's credentials end after one: it would stop half-way, with nobody left to give the traffic back",
      allowed: "codePipeline with pipeline.strategy blueGreen",
      fix: "Write codePipeline, or set pipeline.strategy to { kind: rolling }.",
    };
  },
};

export const blueGreenSteps: Rule = {
  id: "blue-green-steps",
  paths: ["pipeline.strategy"],
  *check({ pipeline: { strategy } }) {
    if (strategy.kind === "rolling") return;
    const { steps } = strategy;
    for (const [index, step] of steps.entries()) {
      const before = steps[index - 1] ?? 0;
      if (step > before) continue;
      yield {
        path: `pipeline.strategy.steps[${index}]`,
        message: `the new hosts would not get more traffic than with the step before, which is ${before}`,
        allowed: before >= 100 ? "no step after 100" : `${before + 1} to 100`,
        fix: "Put the steps in order, each percentage once.",
      };
    }
    if (steps.includes(100)) return;
    yield {
      path: `pipeline.strategy.steps[${steps.length - 1}]`,
      message: "the traffic would stay half-way: this is the last step",
      allowed: "100 as the last step",
      fix: "Add 100.",
    };
  },
};
