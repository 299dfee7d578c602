import type { EnvironmentConfig } from "../schema/environment.js";
import type { Rule, RuleFault } from "./rule.js";
import { twiceFaults } from "./twice.js";

type Compute = EnvironmentConfig["compute"];

export const asgSizes: Rule = {
  id: "asg-sizes",
  paths: ["compute.minSize", "compute.desiredCapacity", "compute.maxSize"],
  check: ({ compute }) => sizeFaults("compute", compute),
};

export const workerSizes: Rule = {
  id: "worker-sizes",
  paths: ["compute.layout"],
  *check({ compute: { layout } }) {
    if (layout.kind === "separate") yield* sizeFaults("compute.layout.workers", layout.workers);
  },
};

export const scalingThresholds: Rule = {
  id: "scaling-thresholds",
  paths: ["compute.scaling"],
  *check({ compute: { scaling } }) {
    if (scaling.kind !== "steps") return;
    const { addAboveCpuPercent, addFastAboveCpuPercent, removeBelowCpuPercent } = scaling;
    // Removing one of two hosts doubles the load of the other: the gap has to be that wide.
    const most = Math.floor(addAboveCpuPercent / 2);
    if (removeBelowCpuPercent > most) {
      yield {
        path: "compute.scaling.removeBelowCpuPercent",
        message:
          "hosts would be removed and added again without end: the load of one of two moves to the other",
        allowed: `at most ${most}, half of addAboveCpuPercent`,
        fix: "Lower it, or raise compute.scaling.addAboveCpuPercent.",
      };
    }
    if (addFastAboveCpuPercent <= addAboveCpuPercent) {
      yield {
        path: "compute.scaling.addFastAboveCpuPercent",
        message: `two hosts would be added where one is to be (addAboveCpuPercent is ${addAboveCpuPercent})`,
        allowed: `${addAboveCpuPercent + 1} to 100`,
        fix: "Raise it, or lower compute.scaling.addAboveCpuPercent.",
      };
    }
  },
};

/** Graviton: the `g` of t4g, m7gd or im4gn after the generation, and the first of them, a1. */
const arm = /^([a-z]+[0-9]+[a-z]*g[a-z]*|a1)\./;

export const instanceTypesX86: Rule = {
  id: "instance-types-x86",
  paths: ["compute.instanceTypes", "compute.layout", "turn.instanceType"],
  *check({ compute, turn }) {
    for (const [list, types] of instanceTypeLists(compute)) {
      for (const [index, type] of types.entries()) if (arm.test(type)) yield armFault(`${list}[${index}]`);
    }
    if (arm.test(turn.instanceType)) yield armFault("turn.instanceType");
  },
};

export const instanceTypesDistinct: Rule = {
  id: "instance-types-distinct",
  paths: ["compute.instanceTypes", "compute.layout"],
  *check({ compute }) {
    const fix = "Remove one of the two; the first place is the preferred one's.";
    for (const [list, types] of instanceTypeLists(compute))
      yield* twiceFaults(types, (index) => `${list}[${index}]`, "type", fix);
  },
};

export const certificateHome: Rule = {
  id: "certificate-home",
  paths: ["compute.certificate", "region", "accountId"],
  *check({ compute: { certificate }, region, accountId }) {
    if (certificate.from !== "arn") return;
    const [, , , itsRegion, itsAccount] = certificate.arn.split(":");
    if (itsRegion === region && itsAccount === accountId) return;
    yield {
      path: "compute.certificate.arn",
      message: "a load balancer takes certificates of its own account and region only",
      allowed: `the ARN of a certificate of ${accountId} in ${region}, this environment's`,
      fix: "Import or request the certificate there, or write { from: dns }. CloudFront's, in us-east-1, is another.",
    };
  },
};

export const sshKeyNetworks: Rule = {
  id: "ssh-key-networks",
  paths: ["compute.sshKeyName", "adminCidrs"],
  *check({ compute, adminCidrs }) {
    if (compute.sshKeyName === undefined || adminCidrs.length > 0) return;
    yield {
      path: "compute.sshKeyName",
      message: "a key for a port that is closed to everyone: adminCidrs is empty",
      allowed: "no sshKeyName without adminCidrs",
      fix: "Remove the key and use Session Manager, or name your administrators' networks in adminCidrs.",
    };
  },
};

function armFault(path: string): RuleFault {
  return {
    path,
    message: "an ARM processor, and the images of the hosts are x86_64: none would start",
    allowed: "types with an Intel or AMD processor, such as t3.medium, t3a.medium or m7i.large",
    fix: "Take another family: those with a g after the number, and a1, are ARM.",
  };
}

function* sizeFaults(
  group: string,
  {
    minSize,
    desiredCapacity,
    maxSize,
  }: {
    readonly minSize: number;
    readonly desiredCapacity: number;
    readonly maxSize: number;
  },
): Iterable<RuleFault> {
  if (minSize > maxSize) {
    yield {
      path: `${group}.minSize`,
      message: `more than ${group}.maxSize, which is ${maxSize}`,
      allowed: `at most ${maxSize}`,
      fix: "Lower minSize or raise maxSize.",
    };
  } else if (desiredCapacity < minSize || desiredCapacity > maxSize) {
    yield {
      path: `${group}.desiredCapacity`,
      message: `outside ${group}.minSize and ${group}.maxSize`,
      allowed: `${minSize} to ${maxSize}`,
      fix: "Move it between the two.",
    };
  }
}

function* instanceTypeLists({
  instanceTypes,
  layout,
}: Compute): Iterable<readonly [path: string, types: readonly string[]]> {
  yield ["compute.instanceTypes", instanceTypes];
  if (layout.kind === "together") return;
  yield ["compute.layout.workers.instanceTypes", layout.workers.instanceTypes];
  yield ["compute.layout.scheduler.instanceTypes", layout.scheduler.instanceTypes];
}
