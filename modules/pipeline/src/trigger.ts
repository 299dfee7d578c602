import type { Architecture, StepProps } from "./step.js";

/** What deploys a push: one of the two, since both would race for the same hosts. */
export type Trigger = CodePipelineTrigger | GitHubActionsTrigger;

export interface GitHubRepository {
  readonly owner: string;
  readonly repository: string;
}

/** `QUEUED` runs every push, one after the other. `SUPERSEDED` lets a newer one overtake those that still wait. */
export const executionModes = ["QUEUED", "SUPERSEDED"] as const;
export type ExecutionMode = (typeof executionModes)[number];

/** What connects AWS with GitHub. */
export type ConnectionSource =
  /** A connection that there is, such as one that several environments share. */
  | { readonly from: "arn"; readonly arn: string }
  /** A new one. It is **PENDING until somebody finishes the handshake in the console**; every plan says so until then. */
  | { readonly from: "create" };

/** Files whose change starts the pipeline. Patterns such as `app/**`, up to 8 in each list. */
export interface FilePaths {
  /** @default - all files */
  readonly includes?: readonly string[] | undefined;
  /** @default - none */
  readonly excludes?: readonly string[] | undefined;
}

/** A step whose buildspec has a usual place. */
export interface BuildProps extends Omit<StepProps, "buildspec"> {
  /** @default - the one that the step's own line names */
  readonly buildspec?: string | undefined;
}

/** CodePipeline: source, build, deploy. About 0.002 US dollars a minute, and CodeBuild's. */
export interface CodePipelineTrigger {
  readonly kind: "codePipeline";
  readonly repository: GitHubRepository;
  readonly connection: ConnectionSource;
  /** Exact name of the branch whose pushes deploy. @default "main" */
  readonly branch?: string | undefined;
  /** @default - a change of any file */
  readonly filePaths?: FilePaths | undefined;
  /** @default "QUEUED" */
  readonly executionMode?: ExecutionMode | undefined;
  /**
   * `x86_64` is what the hosts are: tests run on what will serve. PHP's `vendor` has no native code, so `arm64`, a third
   * cheaper, builds the same artifact. @default "x86_64"
   */
  readonly architecture?: Architecture | undefined;
  /** Tests and makes the release. @default - `buildspec.yml` of the repository */
  readonly build?: BuildProps | undefined;
  /** Whether a build that failed is tried once more before it counts. Failing tests cost double then. @default false */
  readonly retryBuild?: boolean | undefined;
  /** Whether somebody has to approve each deployment; the topic is told. An approval lapses after 7 days. @default false */
  readonly approval?: boolean | undefined;
  /**
   * Runs after each deployment, a rollback by the pipeline too, with the release as its source. It may add to the assets
   * and invalidate the distribution.
   * @default - `buildspec-after-deployment.yml` of the release, where there is a distribution; no step otherwise
   */
  readonly afterDeployment?: BuildProps | undefined;
  /**
   * Asks the application from outside after each deployment. If it fails, the pipeline deploys the release before: what
   * CodeDeploy itself rolled back never gets here. @default - none
   */
  readonly smokeTest?: StepProps | undefined;
}

/** A workflow of the application's repository. */
export interface GitHubActionsTrigger {
  readonly kind: "githubActions";
  readonly repository: GitHubRepository & {
    /**
     * GitHub's ids of the two, for repositories whose token carries them in its subject.
     * @default - the older form of the subject, names only
     */
    readonly ids?: { readonly owner: string; readonly repository: string } | undefined;
  };
  /** GitHub environment whose jobs alone may deploy; its protection rules say who approves. @default - that of `names` */
  readonly environment?: string | undefined;
  /** OIDC provider `token.actions.githubusercontent.com` of the account. */
  readonly identityProviderArn: string;
}
