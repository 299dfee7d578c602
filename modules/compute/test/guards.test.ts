import { Token } from "cdktf";
import { describe, expect, it } from "vitest";
import { amazonLinux2023, type FleetProps, type LoadBalancerProps, tlsPolicies } from "../src/index.js";
import { balancer, careless, fleet, leastBalancer, secretArn, webFleet } from "./support.js";

function one(path: string, fault: string): Error {
  return new Error(`${path} has 1 fault:\n  - ${path}: ${fault}`);
}

const ofBalancer = (fault: string) => one("test/balancer", fault);
const ofFleet = (fault: string) => one("test/web", fault);

describe("guards of a load balancer", () => {
  it("fails with every fault at once", () => {
    const props = careless<LoadBalancerProps>({
      subnetIds: ["subnet-0a0a0a0a0a0a0a0a0"],
      securityGroupIds: [],
      exposure: { kind: "internet", reason: " " },
      certificate: {
        from: "dns",
        zoneId: "Z0",
        domainName: "*.example.com",
        alternativeNames: ["a.example.com", "a.example.com"],
      },
      accessLogs: { bucketName: "logs", prefix: "/alb" },
      connectionLogs: { bucketName: "logs", prefix: "AWSLogs/alb" },
      tlsPolicy: "ELBSecurityPolicy-2016-08",
      idleTimeoutSeconds: 60,
      desyncMitigation: "monitor",
      deletionProtection: { on: false, reason: "x".repeat(257) },
      healthCheck: {
        path: "health",
        intervalSeconds: 4,
        timeoutSeconds: 5,
        healthyThreshold: 1,
        unhealthyThreshold: 11,
      },
      stickinessSeconds: 0,
      deregistrationDelaySeconds: 3601,
      algorithm: "weighted_random",
    });

    expect(() => balancer(props)).toThrow(
      new Error(
        [
          "test/balancer has 19 faults:",
          "  - test/balancer: subnetIds has 1. Allowed: at least 2, in two zones. A load balancer takes no fewer.",
          "  - test/balancer: securityGroupIds is empty. Allowed: at least one group; AWS would take the VPC's own.",
          '  - test/balancer: exposure.reason is " ". Allowed: 1 to 256 letters, digits, spaces and . : / = + - @ _ (it becomes a tag). Say why.',
          '  - test/balancer: certificate has the name "*.example.com". Allowed: a complete domain name in lower case, known at synth, such as origin.example.com, and no wildcard: the validation records are called by the names.',
          '  - test/balancer: certificate has the name "a.example.com" twice. Allowed: each name once.',
          '  - test/balancer: accessLogs.prefix is "/alb". Allowed: letters, digits and _ - . / = without a slash at either end and without AWSLogs, which AWS adds itself.',
          '  - test/balancer: connectionLogs.prefix is "AWSLogs/alb". Allowed: letters, digits and _ - . / = without a slash at either end and without AWSLogs, which AWS adds itself.',
          `  - test/balancer: tlsPolicy is "ELBSecurityPolicy-2016-08". Allowed: ${tlsPolicies.join(", ")}.`,
          "  - test/balancer: idleTimeoutSeconds is 60. Allowed: a whole number from 61 to 4000. Reverb pings every 60 seconds: a quiet WebSocket would be cut before, or just as, the ping arrives.",
          '  - test/balancer: desyncMitigation is "monitor". Allowed: defensive, strictest.',
          `  - test/balancer: deletionProtection.reason is "${"x".repeat(257)}". Allowed: 1 to 256 letters, digits, spaces and . : / = + - @ _ (it becomes a tag). Say why.`,
          '  - test/balancer: healthCheck.path is "health". Allowed: a path such as /health.',
          "  - test/balancer: healthCheck.intervalSeconds is 4. Allowed: a whole number from 5 to 300.",
          "  - test/balancer: healthCheck.timeoutSeconds is 5 and healthCheck.intervalSeconds 4. Allowed: a timeout below the interval.",
          "  - test/balancer: healthCheck.healthyThreshold is 1. Allowed: a whole number from 2 to 10.",
          "  - test/balancer: healthCheck.unhealthyThreshold is 11. Allowed: a whole number from 2 to 10.",
          "  - test/balancer: stickinessSeconds is 0. Allowed: a whole number from 1 to 604800.",
          "  - test/balancer: deregistrationDelaySeconds is 3601. Allowed: a whole number from 0 to 3600.",
          '  - test/balancer: algorithm is "weighted_random". Allowed: least_outstanding_requests, round_robin.',
        ].join("\n"),
      ),
    );
  });

  it.each(["ELBSecurityPolicy-TLS13-1-3-2021-06", "ELBSecurityPolicy-TLS13-1-3-PQ-2025-09"])(
    "fails when the policy %s keeps CloudFront out",
    (tlsPolicy) => {
      expect(() => balancer(careless({ tlsPolicy }))).toThrow(
        ofBalancer(
          `tlsPolicy is "${tlsPolicy}", which refuses TLS 1.2. CloudFront speaks at most 1.2 to an origin and would answer 502 ` +
            `to every viewer. Allowed: ${tlsPolicies.join(", ")}.`,
        ),
      );
    },
  );

  it.each([60, 61.5, 4001])("ALB-07: fails when the idle timeout is %d seconds", (idleTimeoutSeconds) => {
    expect(() => balancer({ idleTimeoutSeconds })).toThrow(
      ofBalancer(
        `idleTimeoutSeconds is ${idleTimeoutSeconds}. Allowed: a whole number from 61 to 4000. Reverb pings every ` +
          "60 seconds: a quiet WebSocket would be cut before, or just as, the ping arrives.",
      ),
    );
  });

  it("fails when the exposure or the certificate is of a kind that there is not", () => {
    expect(() => balancer(careless({ exposure: { kind: "public" } }))).toThrow(
      ofBalancer('exposure.kind is "public". Allowed: internet, cloudfront, vpcOrigin.'),
    );
    expect(() => balancer(careless({ certificate: { from: "email" } }))).toThrow(
      ofBalancer('certificate.from is "email". Allowed: dns, arn.'),
    );
  });

  it.each(["Host", "X-Amz-Secret", "X-Forwarded-For", "X Origin", "", "x".repeat(41)])(
    "fails when the header is called %j",
    (name) => {
      const exposure = {
        kind: "cloudfront",
        originHeader: { name, secretArns: [secretArn("a"), secretArn("b")] },
      } as const;
      expect(() => balancer({ exposure })).toThrow(
        ofBalancer(
          `exposure.originHeader.name is ${JSON.stringify(name)}. Allowed: 1 to 40 letters, digits and hyphens, such as ` +
            "X-Origin-Verify, and not a header that AWS sets itself (Host, Connection, Upgrade, X-Forwarded-…, X-Amz-…, X-Edge-…).",
        ),
      );
    },
  );

  it("fails when both values of the header are one secret", () => {
    const exposure = {
      kind: "cloudfront",
      originHeader: { name: "X-Origin-Verify", secretArns: [secretArn("a"), secretArn("a")] },
    } as const;
    expect(() => balancer({ exposure })).toThrow(
      ofBalancer(
        `exposure.originHeader.secretArns has ${secretArn("a")} twice. ` +
          "Allowed: two secrets, so that one can be changed while CloudFront sends the other.",
      ),
    );
  });

  it("fails when a name of the certificate is known only to Terraform", () => {
    const domainName = Token.asString({ resolve: () => "x" });
    expect(() => balancer({ certificate: { from: "dns", zoneId: "Z0", domainName } })).toThrow(
      ofBalancer(
        `certificate has the name ${JSON.stringify(domainName)}. Allowed: a complete domain name in lower case, known at synth, ` +
          "such as origin.example.com, and no wildcard: the validation records are called by the names.",
      ),
    );
  });

  it("fails when a certificate has more names than ACM takes", () => {
    const alternativeNames = Array.from({ length: 10 }, (_, index) => `n${index}.example.com`);
    expect(() =>
      balancer({
        certificate: { from: "dns", zoneId: "Z0", domainName: "example.com", alternativeNames },
      }),
    ).toThrow(ofBalancer("certificate has 11 names. Allowed: up to 10, ACM's quota for one certificate."));
  });

  it("takes the least that it needs", () => {
    expect(() => balancer(leastBalancer)).not.toThrow();
  });
});

describe("guards of a fleet", () => {
  it("fails with every fault at once", () => {
    const props = careless<FleetProps>({
      tags: {},
      subnetIds: [],
      securityGroupIds: [],
      instanceTypes: ["medium"],
      image: { kind: "ami", id: "ami-x" },
      userData: "",
      rootDeviceName: "xvda",
      rootVolumeGiB: 7,
      dataVolumeGiB: 0,
      minSize: -1,
      maxSize: 0,
      desiredSize: 1.5,
      healthCheckGraceSeconds: 7201,
      warmupSeconds: 3601,
      launchHookSeconds: 29,
      terminateHookSeconds: 7201,
      maxInstanceLifetimeDays: 366,
      maxHealthyPercent: 100,
      refreshAlarmNames: Array.from({ length: 11 }, (_, index) => `alarm-${index}`),
    });

    expect(() => fleet(props)).toThrow(
      new Error(
        [
          "test/web has 19 faults:",
          "  - test/web: tags is empty. Allowed: at least one tag; hosts would have none.",
          "  - test/web: subnetIds is empty. Allowed: at least one private subnet.",
          "  - test/web: securityGroupIds is empty. Allowed: at least one group; AWS would take the VPC's own.",
          '  - test/web: instanceTypes has "medium". Allowed: EC2 instance types such as t3.medium.',
          '  - test/web: image.id is "ami-x". Allowed: the id of an image, such as ami-0a1b2c3d4e5f60718.',
          "  - test/web: userData is empty. Allowed: at least one line.",
          '  - test/web: rootDeviceName is "xvda". Allowed: the root device of the image, such as /dev/xvda (Amazon Linux) or /dev/sda1 (Ubuntu). Under another name EC2 would add a third volume and leave the root as the image has it.',
          "  - test/web: rootVolumeGiB is 7. Allowed: a whole number from 8 to 16384.",
          "  - test/web: dataVolumeGiB is 0. Allowed: a whole number from 1 to 16384.",
          "  - test/web: minSize is -1. Allowed: a whole number from 0 to 1000.",
          "  - test/web: desiredSize is 1.5. Allowed: a whole number from 0 to 1000.",
          "  - test/web: maxSize is 0. Allowed: a whole number from 1 to 1000.",
          "  - test/web: healthCheckGraceSeconds is 7201. Allowed: a whole number from 0 to 7200.",
          "  - test/web: warmupSeconds is 3601. Allowed: a whole number from 0 to 3600.",
          "  - test/web: launchHookSeconds is 29. Allowed: a whole number from 30 to 7200.",
          "  - test/web: terminateHookSeconds is 7201. Allowed: a whole number from 30 to 7200.",
          "  - test/web: maxInstanceLifetimeDays is 366. Allowed: a whole number from 0 to 365.",
          "  - test/web: maxHealthyPercent is 100. Allowed: a whole number from 110 to 200.",
          "  - test/web: refreshAlarmNames has 11. Allowed: up to 10, what a refresh watches.",
        ].join("\n"),
      ),
    );
  });

  it.each(["Name", "Tier", "DataClassification"])("fails when the mandatory tags have %s", (key) => {
    expect(() => fleet({ tags: { Owner: "x", [key]: "y" } })).toThrow(
      ofFleet(`tags has "${key}", which every resource of the fleet sets itself. Leave it out.`),
    );
  });

  it("fails when there is no type, or one twice", () => {
    expect(() => fleet({ instanceTypes: [] })).toThrow(
      ofFleet("instanceTypes is empty. Allowed: at least one type, such as t3.medium."),
    );
    expect(() => fleet({ instanceTypes: ["t3.medium", "t3.medium"] })).toThrow(
      ofFleet('instanceTypes has "t3.medium" twice. Allowed: each type once, the preferred one first.'),
    );
  });

  it("fails when the types are of two architectures", () => {
    const image = { kind: "ami", id: "ami-0a1b2c3d4e5f60718" } as const;
    expect(() => fleet({ image, instanceTypes: ["t3.medium", "t4g.medium"] })).toThrow(
      ofFleet(
        "instanceTypes has t3.medium, t4g.medium, of both x86_64 and arm64. One image runs on one of them. " +
          "Keep the types of one architecture.",
      ),
    );
  });

  it.each([
    ["a1.large", "x86_64"],
    ["t4g.medium", "x86_64"],
    ["m7gd.large", "x86_64"],
    ["im4gn.large", "x86_64"],
    ["g4dn.xlarge", "arm64"],
    ["t3.medium", "arm64"],
    ["r8i-flex.large", "arm64"],
  ] as const)("fails when %s shall boot an image for %s", (type, architecture) => {
    const parameter = amazonLinux2023(architecture);
    expect(() => fleet({ image: { kind: "ssm", parameter }, instanceTypes: [type] })).toThrow(
      ofFleet(
        `image.parameter is "${parameter}", an image for ${architecture}, and instanceTypes has ${type}, which is not. ` +
          "Hosts would not boot. Change one of them.",
      ),
    );
  });

  it("fails when the image is of a kind that there is not, or its parameter no name", () => {
    expect(() => fleet(careless({ image: { kind: "iso" } }))).toThrow(
      ofFleet('image.kind is "iso". Allowed: ssm, ami.'),
    );
    expect(() => fleet({ image: { kind: "ssm", parameter: "al2023" } })).toThrow(
      ofFleet(
        'image.parameter is "al2023". Allowed: the name of a parameter that holds the id of an image, ' +
          "such as /aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64.",
      ),
    );
    const image = { kind: "ssm", parameter: amazonLinux2023(), resolve: "never" };
    expect(() => fleet(careless({ image }))).toThrow(
      ofFleet('image.resolve is "never". Allowed: plan, launch.'),
    );
  });

  it("fails when the user data has a reference in it", () => {
    const userData = `#cloud-config\n# ${Token.asString({ resolve: () => "x" })}\n`;
    expect(() => fleet({ userData })).toThrow(
      ofFleet(
        "userData has a reference in it that only Terraform can fill in. Allowed: a literal text. " +
          "Let hosts read such values from the application contract when they are deployed to.",
      ),
    );
  });

  it("fails when the sizes are not in order", () => {
    expect(() => fleet({ minSize: 4, maxSize: 3, desiredSize: 3 })).toThrow(
      ofFleet("minSize is 4 and maxSize 3. Allowed: minSize up to maxSize."),
    );
    expect(() => fleet({ minSize: 2, maxSize: 4, desiredSize: 5 })).toThrow(
      ofFleet("desiredSize is 5. Allowed: 2 (minSize) to 4 (maxSize)."),
    );
    expect(() => fleet({ minSize: 2, maxSize: 4, desiredSize: 1 })).toThrow(
      ofFleet("desiredSize is 1. Allowed: 2 (minSize) to 4 (maxSize)."),
    );
  });
});

describe("guards of scaling", () => {
  it("fails when the kind is none", () => {
    expect(() => fleet(careless({ scaling: { kind: "predictive" } }))).toThrow(
      ofFleet('scaling.kind is "predictive". Allowed: steps, targetTracking, queue, fixed.'),
    );
  });

  it("fails when a fixed fleet has room to grow", () => {
    expect(() => fleet({ minSize: 1, maxSize: 2, scaling: { kind: "fixed" } })).toThrow(
      ofFleet(
        'scaling.kind is "fixed", minSize 1 and maxSize 2. Allowed: both the same; nothing would ever use the room between them.',
      ),
    );
  });

  it.each(["steps", "targetTracking"] as const)("fails when %s begin at no host", (kind) => {
    expect(() => fleet({ minSize: 0, scaling: { kind } })).toThrow(
      ofFleet(
        `minSize is 0 and scaling.kind "${kind}", which goes by the hosts' own figures: without a host there are none, ` +
          'and nothing adds the first. Allowed: minSize of 1 or more, or scaling.kind "queue".',
      ),
    );
  });

  it.each([
    [{ kind: "steps", addAboveRequestsPerMinute: 500 }, "addAboveRequestsPerMinute"],
    [{ kind: "targetTracking", requestsPerMinute: 500 }, "requestsPerMinute"],
  ] as const)("fails when %j counts requests without a load balancer", (scaling, prop) => {
    expect(() => fleet({ scaling })).toThrow(
      ofFleet(
        `scaling.${prop} is given, and the fleet has no target: requests are counted by a load balancer. ` +
          "Give the fleet a target, or leave it out.",
      ),
    );
    expect(() => webFleet({ scaling })).not.toThrow();
  });

  it("fails when no request at all is too many", () => {
    expect(() => webFleet({ scaling: { kind: "steps", addAboveRequestsPerMinute: 0 } })).toThrow(
      ofFleet("scaling.addAboveRequestsPerMinute is 0. Allowed: a whole number from 1 to 1000000."),
    );
  });

  it("fails when the steps are not in order", () => {
    const scaling = {
      kind: "steps",
      addAboveCpuPercent: 30,
      addFastAboveCpuPercent: 30,
      removeBelowCpuPercent: 30,
    } as const;
    expect(() => fleet({ scaling })).toThrow(
      new Error(
        "test/web has 2 faults:\n" +
          "  - test/web: scaling.addFastAboveCpuPercent is 30 and scaling.addAboveCpuPercent 30. Allowed: the first above the second.\n" +
          "  - test/web: scaling.addAboveCpuPercent is 30 and scaling.removeBelowCpuPercent 30. Allowed: the first above the second.",
      ),
    );
  });

  it("fails when figures are none of a percentage", () => {
    expect(() => fleet({ scaling: { kind: "steps", addFastAboveCpuPercent: 100 } })).toThrow(
      ofFleet("scaling.addFastAboveCpuPercent is 100. Allowed: a whole number from 1 to 99."),
    );
    expect(() => fleet({ scaling: { kind: "targetTracking", cpuPercent: 95 } })).toThrow(
      ofFleet("scaling.cpuPercent is 95. Allowed: a whole number from 10 to 90."),
    );
  });

  it("T-54: fails when taking a host away brings it back", () => {
    const scaling = { kind: "steps", removeBelowCpuPercent: 40 } as const;
    expect(() => fleet({ minSize: 1, scaling })).toThrow(
      ofFleet(
        "scaling.removeBelowCpuPercent is 40 and scaling.addAboveCpuPercent 70: when the fleet goes down to " +
          "1 (minSize), the load of the host that went brings the others from 40 to 80 %, and one is added " +
          "again, for ever. Lower removeBelowCpuPercent, or raise addAboveCpuPercent or minSize.",
      ),
    );
    expect(() => fleet({ minSize: 2, scaling })).not.toThrow();
    expect(() => fleet({ minSize: 1, maxSize: 1, scaling })).not.toThrow();
  });

  it("fails when the queue has no name, or its figures no order", () => {
    const scaling = {
      kind: "queue",
      queueName: "",
      addAboveQueueDepth: 10,
      removeBelowQueueDepth: 11,
    } as const;
    expect(() => fleet({ scaling })).toThrow(
      new Error(
        "test/web has 2 faults:\n" +
          "  - test/web: scaling.queueName is empty. Allowed: at least one character.\n" +
          "  - test/web: scaling.addAboveQueueDepth is 10 and scaling.removeBelowQueueDepth 11. Allowed: the first above the second.",
      ),
    );
  });
});
