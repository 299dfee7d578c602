import { z } from "zod";
import { text } from "./hints.js";
import { instanceTypes } from "./instance-types.js";
import { layoutSchema } from "./layout.js";
import { certificateSchema, loadBalancerSchema } from "./load-balancer.js";
import { scalingSchema } from "./scaling.js";

const amiId = text(/^ami-([0-9a-f]{8}|[0-9a-f]{17})$/, {
  allowed: "the id of an image such as ami-0123456789abcdef0",
  fix: "Copy ImageId from aws ec2 describe-images, asked in the environment's home region.",
});

const keyName = text(/^[A-Za-z0-9]([A-Za-z0-9 ._@+-]{0,253}[A-Za-z0-9])?$/, {
  allowed: "1 to 255 letters, digits, inner spaces and . _ @ + -, the ends a letter or digit",
  fix: "Write the key pair's name as aws ec2 describe-key-pairs shows it, not the key.",
});

const image = z
  .discriminatedUnion("from", [
    z.strictObject({
      from: z
        .literal("latest")
        .describe(
          "AWS's newest image when a change is planned. A new one shows in the plan and replaces the hosts, a few at a time; all have the same.",
        ),
    }),
    z.strictObject({
      from: z
        .literal("pinned")
        .describe("The same image on every host, patched only when it is changed here."),
      amiId: amiId.describe("Image of the operating system above, x86_64, in the home region."),
    }),
  ])
  .prefault({ from: "latest" })
  .describe("The image that hosts start from. A change replaces them, a few at a time. Default: latest.");

export const computeSchema = z
  .strictObject({
    operatingSystem: z
      .enum(["amazonLinux2023", "ubuntu2404"])
      .default("amazonLinux2023")
      .describe(
        "Linux on the hosts: `amazonLinux2023` with PHP 8.4 and systemd, `ubuntu2404` with PHP 8.3 and supervisor. A change replaces every host, a few at a time. Default: amazonLinux2023.",
      ),
    image,
    instanceTypes: instanceTypes(["t3.medium", "t3.large"]),
    minSize: z
      .int()
      .min(1)
      .max(100)
      .default(2)
      .describe("Fewest application hosts. Without one nothing would ever add the first. Default: 2."),
    desiredCapacity: z
      .int()
      .min(1)
      .max(100)
      .default(3)
      .describe("Application hosts at the start; later scaling decides. Default: 3."),
    maxSize: z
      .int()
      .min(1)
      .max(100)
      .default(10)
      .describe("Most application hosts: the ceiling of the bill. Default: 10."),
    rootVolumeGiB: z.int().min(30).max(16384).default(30).describe("Root volume, gp3. Default: 30."),
    dataVolumeGiB: z
      .int()
      .min(1)
      .max(16384)
      .default(100)
      .describe("Scratch volume, gp3. It dies with its host. Default: 100."),
    layout: layoutSchema,
    workerProcesses: z
      .int()
      .min(1)
      .max(32)
      .default(4)
      .describe("Queue workers on each host that works, each the memory of a PHP process. Default: 4."),
    workerStopSeconds: z
      .int()
      .min(30)
      .max(7000)
      .default(3600)
      .describe(
        "Seconds of the longest job: so long a host that leaves waits for its jobs; then they are cut off. AWS lets a host wait two hours. Default: 3600.",
      ),
    reverbMaxConnections: z
      .int()
      .min(100)
      .max(10_000)
      .default(1000)
      .describe(
        "WebSockets that Reverb accepts on each host; beyond it they are refused. PHP's own event loop holds about 1000. Default: 1000.",
      ),
    scaling: scalingSchema,
    healthCheckGraceSeconds: z
      .int()
      .min(120)
      .max(3600)
      .default(600)
      .describe(
        "Seconds from a host's start until its health counts. Less than installing takes ends it again and again. Default: 600.",
      ),
    maxInstanceLifetimeDays: z
      .int()
      .min(1)
      .max(365)
      .default(30)
      .describe("Days after which a host is replaced by one with newer patches. Default: 30."),
    certificate: certificateSchema,
    loadBalancer: loadBalancerSchema,
    sshKeyName: keyName
      .exactOptional()
      .describe(
        "An EC2 key pair for SSH from adminCidrs. A change replaces the hosts, a few at a time. Default: none; Session Manager needs no key.",
      ),
  })
  .prefault({})
  .describe("The hosts that run Laravel and Reverb, and the load balancer before them.");
