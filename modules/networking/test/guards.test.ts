import { describe, expect, it } from "vitest";
import { zoneIdPrefix } from "../src/availability-zones.js";
import type { NetworkProps } from "../src/index.js";
import { names, network } from "./support.js";

/** Props as a careless caller may pass them, past the compiler. */
function careless(changes: Record<string, unknown>): Partial<NetworkProps> {
  return changes as Partial<NetworkProps>;
}

function one(fault: string): Error {
  return new Error(`test/network has 1 fault:\n  - test/network: ${fault}`);
}

describe("guards", () => {
  it("fails with every fault at once", () => {
    const props = careless({
      cidr: "10.0.0.0/8",
      availabilityZones: { a: "us-east-1a" },
      nat: "many",
      loadBalancerIngress: { from: "internet", reason: "" },
      adminCidrs: ["0.0.0.0/0"],
      gatewayEndpoints: ["ec2"],
      interfaceEndpoints: ["telnet"],
      flowLogs: { retentionDays: 61 },
    });

    expect(() => network(props)).toThrow(
      new Error(
        [
          "test/network has 9 faults:",
          '  - test/network: cidr "10.0.0.0/8" cannot hold the subnet plan. Allowed: an IPv4 network of /16 to /20 without host bits, such as 10.0.0.0/16. AWS makes no VPC larger than /16, and below /20 a load balancer runs out of addresses.',
          "  - test/network: availabilityZones.b is missing. Allowed: a zone id such as use1-az1 for each of a and b, and optionally c. Two zones are the least: the load balancer and Multi-AZ need them.",
          '  - test/network: availabilityZones.a is "us-east-1a". Allowed in us-east-1: a zone id that starts with use1-az, such as use1-az1. Zone names like us-east-1a mean another place in every account; aws ec2 describe-availability-zones shows the ids.',
          '  - test/network: nat is "many". Allowed: none, single, perAz.',
          '  - test/network: loadBalancerIngress.reason is "". Allowed: 1 to 256 characters without line breaks, ${ and %{ (it becomes a tag of the rules). Say why the load balancer must be reachable without CloudFront and its WAF.',
          "  - test/network: adminCidrs has \"0.0.0.0/0\", which opens SSH to too many. Allowed: networks of /8 and smaller. Name the VPN's or the office's own network, or give none and use Session Manager.",
          '  - test/network: gatewayEndpoints is "ec2". Allowed: s3, dynamodb.',
          '  - test/network: interfaceEndpoints is "telnet". Allowed: autoscaling, codedeploy, codedeploy-commands-secure, ec2, ec2messages, ecr.api, ecr.dkr, elasticloadbalancing, email-smtp, events, kms, logs, monitoring, secretsmanager, sns, sqs, ssm, ssmmessages, sts, xray.',
          "  - test/network: flowLogs.retentionDays is 61. Allowed: 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653. CloudWatch Logs knows no other periods; keeping logs for ever is not offered, they hold personal data (IP addresses).",
        ].join("\n"),
      ),
    );
  });

  it("fails without zone a", () => {
    expect(() => network(careless({ availabilityZones: { b: "use1-az2" } }))).toThrow(
      one(
        "availabilityZones.a is missing. Allowed: a zone id such as use1-az1 for each of a and b, and optionally c. " +
          "Two zones are the least: the load balancer and Multi-AZ need them.",
      ),
    );
  });

  it("fails for a fourth zone", () => {
    const availabilityZones = { a: "use1-az1", b: "use1-az2", d: "use1-az6" };

    expect(() => network(careless({ availabilityZones }))).toThrow(
      one(
        "availabilityZones.d has no place in the subnet plan. Allowed: a, b and c. " +
          "The fourth slot of every tier is kept free.",
      ),
    );
  });

  it("fails for a zone of another region", () => {
    const scope = { ...names, region: "sa-east-1" };

    expect(() => network({ names: scope, availabilityZones: { a: "sae1-az1", b: "use1-az2" } })).toThrow(
      one(
        'availabilityZones.b is "use1-az2". Allowed in sa-east-1: a zone id that starts with sae1-az, such as sae1-az1. ' +
          "Zone names like sa-east-1a mean another place in every account; aws ec2 describe-availability-zones shows the ids.",
      ),
    );
  });

  it("fails for one zone under two letters", () => {
    expect(() => network({ availabilityZones: { a: "use1-az1", b: "use1-az1" } })).toThrow(
      one(
        'availabilityZones.b is "use1-az1", which is a\'s too. Allowed: each zone once. Two letters in one zone fail together.',
      ),
    );
  });

  it("knows how AWS writes the zone ids of a region", () => {
    const prefixes = [
      "us-east-1",
      "sa-east-1",
      "us-west-2",
      "eu-central-1",
      "ap-southeast-2",
      "us-gov-west-1",
    ];

    expect(prefixes.map(zoneIdPrefix)).toEqual([
      "use1-az",
      "sae1-az",
      "usw2-az",
      "euc1-az",
      "apse2-az",
      "usgw1-az",
    ]);
  });

  it("fails for an Elastic IP that no NAT gateway would use", () => {
    expect(() =>
      network({ nat: "single", natEipAllocationIds: { b: "eipalloc-0123456789abcdef0" } }),
    ).toThrow(
      one(
        'natEipAllocationIds.b is given, but nat "single" makes no NAT gateway in b. ' +
          "Remove it, or choose a mode that uses it: the address would be paid for and never seen.",
      ),
    );
  });

  it.each(["0.0.0.0/0", "128.0.0.0/1", "10.0.0.0/7"])("T-04: fails for administrators from %s", (cidr) => {
    expect(() => network({ adminCidrs: [cidr] })).toThrow(
      one(
        `adminCidrs has "${cidr}", which opens SSH to too many. Allowed: networks of /8 and smaller. ` +
          "Name the VPN's or the office's own network, or give none and use Session Manager.",
      ),
    );
  });

  it("takes administrators from a /8", () => {
    expect(() => network({ adminCidrs: ["10.0.0.0/8"] })).not.toThrow();
  });

  it("fails for an administrator's CIDR with host bits, and names the network it lies in", () => {
    expect(() => network({ adminCidrs: ["10.200.0.7/24"] })).toThrow(
      one(
        'adminCidrs has "10.200.0.7/24". Allowed: IPv4 networks without host bits, such as 10.200.0.0/24. ' +
          "Did you mean 10.200.0.0/24?",
      ),
    );
  });

  it.each(["vpn", "10.200.0.1", "fd00::/64"])("fails for %s, which is no IPv4 network", (cidr) => {
    expect(() => network({ adminCidrs: [cidr] })).toThrow(
      one(`adminCidrs has "${cidr}". Allowed: IPv4 networks without host bits, such as 10.200.0.0/24.`),
    );
  });

  it("fails for what stands twice in a list", () => {
    expect(() => network({ adminCidrs: ["10.200.0.0/24", "10.200.0.0/24"] })).toThrow(
      one('adminCidrs has "10.200.0.0/24" twice. Allowed: each once. Remove one.'),
    );
    expect(() => network({ interfaceEndpoints: ["ssm", "ssm"] })).toThrow(
      one('interfaceEndpoints has "ssm" twice. Allowed: each once. Remove one.'),
    );
    expect(() => network({ gatewayEndpoints: ["s3", "s3"] })).toThrow(
      one('gatewayEndpoints has "s3" twice. Allowed: each once. Remove one.'),
    );
  });

  it.each(["  ", "x".repeat(257), "two\nlines", "${path.cwd}", "%{ if true }"])(
    "fails for the reason %j",
    (reason) => {
      expect(() => network({ loadBalancerIngress: { from: "internet", reason } })).toThrow(
        one(
          `loadBalancerIngress.reason is ${JSON.stringify(reason)}. Allowed: 1 to 256 characters ` +
            "without line breaks, ${ and %{ (it becomes a tag of the rules). " +
            "Say why the load balancer must be reachable without CloudFront and its WAF.",
        ),
      );
    },
  );

  it("takes a reason in Portuguese", () => {
    const reason = "Homologação ainda não tem CloudFront (fase 1), até março";

    expect(() => network({ loadBalancerIngress: { from: "internet", reason } })).not.toThrow();
  });

  it.each([0, -1, 61, 3654])("fails for %i days of flow logs", (retentionDays) => {
    expect(() => network({ flowLogs: { retentionDays } })).toThrow(
      `test/network has 1 fault:\n  - test/network: flowLogs.retentionDays is ${retentionDays}. Allowed: 1, 3, 5, 7, `,
    );
  });
});
