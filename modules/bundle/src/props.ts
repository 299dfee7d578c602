/** What GitHub deploys to. Outputs of the environment's stacks; nothing of it is secret. */
export interface GitHubDeployment {
  /** Role that trusts the job's token: repository and GitHub environment in full. */
  readonly roleArn: string;
  readonly region: string;
  /** CodeDeploy's application and its deployment group. */
  readonly application: string;
  readonly group: string;
  /** Bucket that releases are deployed from. */
  readonly deploymentsBucket: string;
  readonly assetsBucket: string;
  /** @default - none: no CDN, nothing to invalidate */
  readonly distributionId?: string;
  /** What browsers are told, by name: every one of `viteVariables`. */
  readonly vite: Readonly<Record<string, string>>;
}

/** What the bundle is told; nothing is required. Paths and names are the hosts' own. */
export interface BundleProps {
  /** Directory on the hosts that the release goes to. @default "/var/www/html" */
  readonly application?: string;
  /** What a host says of itself, read by every hook. @default "/etc/telemedicina/host.env" */
  readonly hostEnv?: string;
  /** Directory of `laravelctl` and `render-env`. @default "/usr/local/sbin" */
  readonly hostPrograms?: string;
  /** Port of nginx on the hosts. @default 8080 */
  readonly port?: number;
  /** Path that is 200 while the application is alive. @default "/health" */
  readonly healthPath?: string;
  /** How long the new release may take to answer 200, seconds, 5 to 240. @default 60 */
  readonly healthSeconds?: number;
  /**
   * How long a deployment waits for jobs to end, seconds, 10 to 3540. A longer job fails the deployment before anything is
   * changed. Above 240, which the usual 300 s of a hook leave, ApplicationStop and BeforeInstall get as much more.
   * @default 240
   */
  readonly jobSeconds?: number;
  /**
   * Who brings the schema to the release's state. `hosts`: each host's AfterInstall, by an isolated command of which one
   * does it and the others wait. `elsewhere`: a step of yours that runs `scripts/migrate.sh` before the release.
   * @default "hosts": they are in the VPC and have the contract, a build is in no VPC
   */
  readonly migration?: "hosts" | "elsewhere";
  /**
   * How long a host waits for migrations, its own or another host's, seconds, 60 to 3480. A longer migration is ended, the
   * deployment fails and goes back. AfterInstall gets 120 s more than that.
   * @default 480
   */
  readonly migrationSeconds?: number;
  /** Connection of `config/database.php` made of `DB_MIGRATION_*`, past any pooler. @default "migration" */
  readonly migrationConnection?: string;
  /**
   * Whether a host asks `APP_URL` from outside when it has traffic again. A wrong answer fails the deployment; on a host's
   * first release it only warns, or scaling would end hosts for what DNS or a CDN does.
   * @default "appUrl"
   */
  readonly externalCheck?: "appUrl" | "none";
  /** PHP of builds. No newer than the hosts', or the release refuses to start there. @default "8.3" */
  readonly phpVersion?: string;
  /** @default 20 */
  readonly nodeVersion?: number;
  /** The one branch that the workflow deploys. @default "main" */
  readonly branch?: string;
  /**
   * Lets the workflow deploy, too. Only where no CodePipeline does: two would race for the same hosts.
   * @default - none: the workflow tests, CodePipeline deploys
   */
  readonly gitHubDeployment?: GitHubDeployment;
  /** GitHub environment of the deploy job: part of the subject that AWS trusts. @default "production" */
  readonly gitHubEnvironment?: string;
  /** Percent of lines that the workflow's tests must cover, 0 to 100. @default 0, which only reports */
  readonly minimumCoverage?: number;
  /** Files at the root of `public/` that CloudFront takes from the bucket. @default those of the CDN's own table */
  readonly staticFiles?: readonly string[];
  /** What browsers must be told; a build without one of them fails. @default Reverb's four */
  readonly viteVariables?: readonly string[];
}
