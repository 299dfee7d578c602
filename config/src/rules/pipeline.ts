import { countryOfRegion } from "../schema/regions.js";
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

export const blueGreenRepository: Rule = {
  id: "blue-green-repository",
  // One of the keys is optional, so the section has to be sound.
  paths: ["pipeline"],
  *check({ pipeline: { strategy, repository } }) {
    if (strategy.kind === "rolling" || repository !== undefined) return;
    yield {
      path: "pipeline.strategy.kind",
      message:
        "without pipeline.repository there is no pipeline, so that nothing would ever shift to the other colour",
      allowed: "rolling, or blueGreen with pipeline.repository",
      fix: "Name the application's repository in pipeline.repository, or write { kind: rolling }.",
    };
  },
};

export const gitHubActionsApproval: Rule = {
  id: "github-actions-approval",
  paths: ["pipeline.trigger", "pipeline.approval"],
  *check({ pipeline: { trigger, approval } }) {
    if (trigger === "codePipeline" || !approval) return;
    yield {
      path: "pipeline.approval",
      message: "nobody would be asked: with GitHub Actions the protection rules of its environment ask",
      allowed: "false with the trigger githubActions",
      fix: "Write false, and give the environment in GitHub required reviewers.",
    };
  },
};

export const gitHubActionsLayout: Rule = {
  id: "github-actions-layout",
  paths: ["pipeline.trigger", "pipeline.strategy", "compute.layout"],
  *check({ pipeline: { trigger, strategy }, compute: { layout } }) {
    // With blue/green the fault of the trigger is the one to mend.
    if (trigger === "codePipeline" || strategy.kind === "blueGreen" || layout.kind === "together") return;
    yield {
      path: "pipeline.trigger",
      message:
        "the workflow deploys to the hosts that serve alone: workers and the scheduler would keep their old release",
      allowed: "codePipeline with compute.layout separate",
      fix: "Write codePipeline, or set compute.layout to { kind: together }.",
    };
  },
};

export const deliveryCountry: Rule = {
  id: "delivery-country",
  // One of the keys is optional, so the section has to be sound.
  paths: ["region", "pipeline", "cdn.geo", "waf.countries"],
  *check({ region, pipeline: { repository }, cdn: { geo }, waf: { countries } }) {
    if (repository === undefined) return;
    const own = countryOfRegion[region];
    const lists = [
      {
        path: "cdn.geo.countries",
        admits: geo.kind === "none" || geo.countries.includes(own) === (geo.kind === "allow"),
      },
      {
        path: "waf.countries.countries",
        admits: countries.kind === "all" || countries.countries.includes(own) === (countries.kind === "only"),
      },
    ];
    for (const { path, admits } of lists) {
      if (admits) continue;
      yield {
        path,
        message: `shuts out ${region} itself: after each deployment hosts and the smoke test ask the site from there, and take the release back when it does not answer`,
        allowed: `countries that let in ${own}`,
        fix: `Let ${own} in, or remove pipeline.repository.`,
      };
    }
  },
};
