import { DataAwsSsmParameter } from "@cdktf/provider-aws/lib/data-aws-ssm-parameter/index.js";
import { oneOfFaults } from "@telemedicina/core";
import { Token } from "cdktf";
import type { Construct } from "constructs";
import { amiFaultText, imageArchitectureFaultText, parameterFaultText } from "./errors.js";

import { type Architecture, architectureOf } from "./instance-types.js";

/** What hosts start from. */
export type Image = SsmImage | AmiImage;

/** The image that a public parameter of Systems Manager names, such as {@link amazonLinux2023}. */
export interface SsmImage {
  readonly kind: "ssm";
  readonly parameter: string;
  /**
   * When the parameter is read.
   *
   * - `plan`: by Terraform. A new image shows in the plan and is rolled out by a refresh, all hosts alike.
   * - `launch`: by EC2, for every new host. Patches come by themselves as hosts are replaced, hosts differ meanwhile, and
   *   AWS rolls no refresh back.
   *
   * @default "plan"
   */
  readonly resolve?: "plan" | "launch" | undefined;
}

/** One image, the same until it is changed here. Somebody has to. */
export interface AmiImage {
  readonly kind: "ami";
  readonly id: string;
}

/** Parameter of the current Amazon Linux 2023. Its root volume is `/dev/xvda`. */
export function amazonLinux2023(architecture: Architecture = "x86_64"): string {
  return `/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-${architecture}`;
}

/** Parameter of the current Ubuntu 24.04. Its root volume is `/dev/sda1`. */
export function ubuntu2404(architecture: Architecture = "x86_64"): string {
  const name = architecture === "x86_64" ? "amd64" : "arm64";
  return `/aws/service/canonical/ubuntu/server/24.04/stable/current/${name}/hvm/ebs-gp3/ami-id`;
}

/** What the launch template calls it. */
export function imageId(scope: Construct, id: string, image: Image): string {
  if (image.kind === "ami") return image.id;
  if (image.resolve === "launch") return `resolve:ssm:${image.parameter}`;
  // `value` is taken for a secret and would hide the image from the plan.
  return new DataAwsSsmParameter(scope, id, { name: image.parameter }).insecureValue;
}

/** AWS rolls back to a numbered version of the template, and only if that names an image. */
export function canRollBack(image: Image): boolean {
  return image.kind === "ami" || image.resolve !== "launch";
}

export function imageFaults(image: Image, instanceTypes: readonly string[]): string[] {
  if (image.kind === "ami") return amiFaults(image.id);
  if (image.kind !== "ssm") {
    const { kind } = image as { readonly kind: string };
    return oneOfFaults("image.kind", kind, ["ssm", "ami"]);
  }
  return [
    ...(/^\/[\w.\-/]+$/.test(image.parameter) ? [] : [parameterFaultText(image.parameter)]),
    ...oneOfFaults("image.resolve", image.resolve ?? "plan", ["plan", "launch"]),
    ...architectureFaults(image.parameter, instanceTypes),
  ];
}

function amiFaults(id: string): string[] {
  return Token.isUnresolved(id) || /^ami-[0-9a-f]{8,17}$/.test(id) ? [] : [amiFaultText(id)];
}

/** Such a host would never boot, and nothing would say why. */
function architectureFaults(parameter: string, instanceTypes: readonly string[]): string[] {
  const named = /x86_64|amd64|arm64|aarch64/.exec(parameter)?.[0];
  if (named === undefined) return [];
  const wanted: Architecture = named === "arm64" || named === "aarch64" ? "arm64" : "x86_64";
  const strange = instanceTypes.find((type) => architectureOf(type) !== wanted);
  return strange === undefined ? [] : [imageArchitectureFaultText(parameter, wanted, strange)];
}
