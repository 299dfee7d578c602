import type { PolicyStatement } from "@telemedicina/core";

/** A line of the environment whose value CodeBuild fetches when it starts, and hides in its log. */
export interface SecretVariable {
  /** The secret in Secrets Manager. */
  readonly secretArn: string;
  /** Key of the secret's JSON. @default - the whole secret */
  readonly jsonKey?: string | undefined;
  /** Key that encrypts the secret. @default - AWS's own for Secrets Manager */
  readonly kmsKeyArn?: string | undefined;
}

/** What a CodeBuild project runs on. US dollars a minute of x86_64 in us-east-1: 0.005, 0.01, 0.02. */
export const sizes = {
  small: "BUILD_GENERAL1_SMALL",
  medium: "BUILD_GENERAL1_MEDIUM",
  large: "BUILD_GENERAL1_LARGE",
} as const;

export type Size = keyof typeof sizes;

/** Amazon Linux 2023, with PHP and Node.js that the buildspec chooses by `runtime-versions`. */
export const images = {
  x86_64: { type: "LINUX_CONTAINER", image: "aws/codebuild/amazonlinux-x86_64-standard:5.0" },
  arm64: { type: "ARM_CONTAINER", image: "aws/codebuild/amazonlinux-aarch64-standard:3.0" },
} as const;

export type Architecture = keyof typeof images;

/** What CodeBuild does in one step of the pipeline. */
export interface StepProps {
  /** Path of the buildspec in what the step gets, such as `buildspec.yml`, or its whole text. */
  readonly buildspec: string;
  /** `small` has 2 processors, `medium` 4, `large` 8. @default "medium" for the build, "small" for others */
  readonly size?: Size | undefined;
  /** Minutes, 5 to 2160, after which the step fails. @default 30, for the driver of blue and green 240 */
  readonly timeoutMinutes?: number | undefined;
  /**
   * Lines of the environment, beside those of `deliveryVariables`. Whoever may see the project reads them, so names that
   * look like a secret's are refused. `VITE_…` goes into every browser. @default - none
   */
  readonly variables?: Readonly<Record<string, string>> | undefined;
  /** @default - none */
  readonly secrets?: Readonly<Record<string, SecretVariable>> | undefined;
  /** Names of parameters in Parameter Store, by line. The step may read these and no others. @default - none */
  readonly parameters?: Readonly<Record<string, string>> | undefined;
  /** What the step may besides, each with a `Sid` of its own. @default - nothing */
  readonly statements?: readonly PolicyStatement[] | undefined;
}
