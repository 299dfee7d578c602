import { z } from "zod";
import { text } from "./hints.js";

export const environmentNames = ["development", "staging", "production"] as const;

/** Retentions that CloudWatch Logs accepts, in days. 0 (never expires) is left out: every log group expires. */
const logRetentions = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
] as const;

/** Letters that name an environment's availability zones in names, keys and host names (`turn-a`). */
export const zoneLetters = ["a", "b", "c"] as const;

export const logRetentionDays = z.literal(logRetentions);

export const accountId = text(/^[0-9]{12}$/, {
  allowed: "12 digits between quotes",
  fix: 'Write the account id between quotes, for example "012345678901": YAML reads a bare one as a number and drops its leading zeros.',
});

const octet = "(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])";

export const ipv4Cidr = text(new RegExp(`^(${octet}\\.){3}${octet}/(3[0-2]|[12]?[0-9])$`), {
  allowed: "an IPv4 block such as 10.20.0.0/16",
  fix: "Write four numbers from 0 to 255 with dots between them, a slash and a prefix length from 0 to 32.",
});

export const email = text(/^[A-Za-z0-9._%+-]+@([A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z]{2,}$/, {
  allowed: "an e-mail address such as devops-team@company.com",
  fix: "Write one address, without a display name.",
});

export const dnsName = /^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/;

export const domainName = text(dnsName, {
  allowed: "a DNS name in lower case such as telemedicina.example.com",
  fix: "Write the name alone: no scheme, path, port, wildcard or final dot; labels of letters, digits and inner hyphens, up to 63 characters.",
});

export const bucketName = text(/^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/, {
  allowed: "3 to 63 lower-case letters, digits and inner hyphens",
  fix: "Shorten or respell the name. Dots are legal in S3 but break TLS for the bucket's host name, so they are refused here.",
});

export const instanceType = text(/^[a-z][a-z0-9-]*\.[a-z0-9-]+$/, {
  allowed: "an EC2 instance type such as t3.medium",
  fix: "Write family, dot, size, in lower case.",
});

export const roleArn = text(/^arn:aws:iam::[0-9]{12}:role\/[A-Za-z0-9+=,.@_/-]+$/, {
  allowed: "the ARN of an IAM role such as arn:aws:iam::012345678901:role/deploy",
  fix: "Copy the ARN from the role's page in the console.",
});
