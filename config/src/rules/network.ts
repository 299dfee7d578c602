import type { interfaceEndpointServices } from "../schema/network.js";
import type { Rule } from "./rule.js";
import { twiceFaults } from "./twice.js";

/**
 * What a host cannot work without when it has no way out: to be managed, to log, to read secrets, to be deployed to,
 * to tell its group that it is ready or drained, and, for the CloudWatch agent's dimensions, to read its own tags.
 */
const needWithoutNat: readonly (typeof interfaceEndpointServices)[number][] = [
  "ssm",
  "ssmmessages",
  "ec2messages",
  "logs",
  "monitoring",
  "secretsmanager",
  "kms",
  "sts",
  "codedeploy",
  "codedeploy-commands-secure",
  "autoscaling",
  "ec2",
];

export const natEgress: Rule = {
  id: "nat-egress",
  paths: ["name", "network.nat"],
  *check({ name, network }) {
    // Production has a stricter rule of its own.
    if (name !== "staging" || network.nat !== "none") return;
    yield {
      path: "network.nat",
      message: "without NAT the application cannot call external APIs, so staging would prove nothing",
      allowed: "single, perAz",
      fix: "Write single. Only development may do without.",
    };
  },
};

export const endpointsWithoutNat: Rule = {
  id: "endpoints-without-nat",
  paths: ["network.nat", "network.interfaceEndpoints"],
  *check({ network }) {
    const missing = needWithoutNat.filter((service) => !network.interfaceEndpoints.includes(service));
    if (network.nat !== "none" || missing.length === 0) return;
    yield {
      path: "network.interfaceEndpoints",
      message: `without NAT hosts could not reach ${missing.join(", ")}`,
      allowed: `with nat none at least ${needWithoutNat.join(", ")}`,
      fix: "Add the missing services, or set network.nat to single.",
    };
  },
};

export const packagesWithoutNat: Rule = {
  id: "packages-without-nat",
  paths: ["compute.operatingSystem", "network.nat"],
  *check({ compute, network }) {
    if (network.nat !== "none" || compute.operatingSystem !== "ubuntu2404") return;
    yield {
      path: "compute.operatingSystem",
      message: "without NAT hosts could not reach Ubuntu's package mirrors, and none would ever serve",
      allowed: "amazonLinux2023 with nat none: AWS serves its packages from S3",
      fix: "Take amazonLinux2023, or set network.nat to single.",
    };
  },
};

export const endpointsDistinct: Rule = {
  id: "endpoints-distinct",
  paths: ["network.interfaceEndpoints", "network.gatewayEndpoints"],
  *check({ network }) {
    for (const key of ["interfaceEndpoints", "gatewayEndpoints"] as const)
      yield* twiceFaults(network[key], (index) => `network.${key}[${index}]`, "service");
  },
};

export const gatewayEndpointS3: Rule = {
  id: "gateway-endpoint-s3",
  paths: ["network.gatewayEndpoints"],
  *check({ network }) {
    if (network.gatewayEndpoints.includes("s3")) return;
    yield {
      path: "network.gatewayEndpoints",
      message: "without S3's endpoint every upload is paid again as NAT traffic",
      allowed: "a list that contains s3",
      fix: "Add s3; it is free of charge.",
    };
  },
};
