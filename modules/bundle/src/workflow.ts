import { type BuildStepName, buildStepNames, shellCommands } from "./build-steps.js";
import type { GitHubDeployment } from "./props.js";
import type { BundleSettings } from "./settings.js";
import { lines, WRITTEN } from "./text.js";

/** By commit: a tag can be moved to other code. */
const actions = {
  checkout: "actions/checkout@de0fac2e4500dabe0009e67214ff5f5447ce83dd # v6.0.2",
  setupPhp: "shivammathur/setup-php@f3e473d116dcccaddc5834248c87452386958240 # v2.37.2",
  setupNode: "actions/setup-node@48b55a011bda9f5d6aeb4c2d9c7362e8dae4041e # v6.4.0",
  uploadArtifact: "actions/upload-artifact@043fb46d1a93c77aae656e7c1c64a875d1fc6a0a # v7.0.1",
  downloadArtifact: "actions/download-artifact@3e5f45b2cfb9172054b4087a40e8e0b5a5461e7c # v8.0.1",
  credentials: "aws-actions/configure-aws-credentials@99214aa6889fcddfa57764031d71add364327e59 # v6.1.3",
} as const;

/** The oldest that Laravel 12 runs on, which the strategy document names. */
const OLDEST_PHP = "8.2";

/** What the build leaves and CodeDeploy takes. */
const ARCHIVE = "dist/deployment-artifact.zip";

/**
 * `.github/workflows/deploy.yml`: tests for every push and pull request, and deployments where GitHub is what deploys.
 * Only the job that runs nothing of the registries may enter the account.
 */
export function workflow(settings: BundleSettings): string {
  const { branch, gitHubDeployment } = settings;
  return lines(
    `# ${WRITTEN}`,
    gitHubDeployment === undefined
      ? "# Tests only: CodePipeline deploys, and two would race for the same hosts. bundle.json's gitHubDeployment changes that."
      : "# Tests, and deploys pushes to the branch. No CodePipeline may deploy there as well.",
    `name: ${gitHubDeployment === undefined ? "test" : "deploy"}`,
    "on:",
    "  pull_request:",
    "  push:",
    `    branches: [${branch}]`,
    "  workflow_dispatch:",
    "  workflow_call:",
    "permissions: {}",
    "jobs:",
    ...testJob(settings),
    ...(gitHubDeployment === undefined
      ? []
      : [...buildJob(settings, gitHubDeployment), ...deployJob(settings, gitHubDeployment)]),
  );
}

function testJob({ phpVersion, nodeVersion, minimumCoverage }: BundleSettings): string[] {
  const versions = [...new Set([OLDEST_PHP, phpVersion])].map((version) => `"${version}"`);
  const coverage = minimumCoverage === 0 ? "--coverage" : `--coverage --min=${minimumCoverage}`;
  return [
    "  test:",
    "    runs-on: ubuntu-latest",
    "    timeout-minutes: 30",
    "    permissions:",
    "      contents: read",
    "    strategy:",
    "      matrix:",
    `        php: [${versions.join(", ")}]`,
    "    steps:",
    ...checkout(),
    ...php("${{ matrix.php }}", "pcov"),
    ...node(nodeVersion),
    ...shellCommands("install", "check").map((command) =>
      run(command === "php artisan test" ? `${command} ${coverage}` : command),
    ),
  ];
}

function buildJob({ branch, phpVersion, nodeVersion }: BundleSettings, { vite }: GitHubDeployment): string[] {
  const steps = buildStepNames.filter((name: BuildStepName) => name !== "check");
  return [
    "  build:",
    "    needs: test",
    ofBranch(branch),
    "    runs-on: ubuntu-latest",
    "    timeout-minutes: 30",
    "    permissions:",
    "      contents: read",
    "    env:",
    "      # What browsers must know of the environment; nothing of it is secret.",
    ...environment(vite),
    "    steps:",
    ...checkout(),
    ...php(`"${phpVersion}"`, "none"),
    ...node(nodeVersion),
    run(`bash scripts/build.sh ${steps.join(" ")}`),
    `      - uses: ${actions.uploadArtifact}`,
    "        with:",
    "          name: deployment-artifact",
    `          path: ${ARCHIVE}`,
    "          if-no-files-found: error",
    "          retention-days: 5",
  ];
}

function deployJob({ branch, gitHubEnvironment }: BundleSettings, deployment: GitHubDeployment): string[] {
  return [
    "  deploy:",
    "    needs: build",
    ofBranch(branch),
    "    runs-on: ubuntu-latest",
    "    timeout-minutes: 70",
    "    # Stands in the token's subject, which is all that the role trusts. Whom it asks for approval is the environment's rule.",
    `    environment: ${gitHubEnvironment}`,
    "    permissions:",
    "      contents: read",
    "      id-token: write",
    "    concurrency:",
    `      group: deploy-${gitHubEnvironment}`,
    "      cancel-in-progress: false",
    "    env:",
    "      ARCHIVE: ${{ github.sha }}.zip",
    "      RELEASE_COMMIT: ${{ github.sha }}",
    ...environment({
      ASSETS_BUCKET: deployment.assetsBucket,
      CODEDEPLOY_APPLICATION: deployment.application,
      CODEDEPLOY_GROUP: deployment.group,
      DEPLOYMENTS_BUCKET: deployment.deploymentsBucket,
      ...(deployment.distributionId === undefined ? {} : { DISTRIBUTION_ID: deployment.distributionId }),
    }),
    "    steps:",
    ...checkout(),
    `      - uses: ${actions.downloadArtifact}`,
    "        with:",
    "          name: deployment-artifact",
    "          path: dist",
    `      - uses: ${actions.credentials}`,
    "        with:",
    `          role-to-assume: ${deployment.roleArn}`,
    `          aws-region: ${deployment.region}`,
    "          role-session-name: deploy-${{ github.run_id }}",
    run(`mv ${ARCHIVE} "$ARCHIVE"`),
    run(`unzip -q "$ARCHIVE" 'public/*' -d dist/release`),
    run("bash scripts/assets.sh upload-new dist/release"),
    run('bash scripts/deploy.sh upload "$ARCHIVE"'),
    run("bash scripts/deploy.sh create"),
    run("bash scripts/deploy.sh wait"),
    run("bash scripts/assets.sh upload-kept dist/release"),
    run("bash scripts/assets.sh invalidate dist/release"),
  ];
}

/** Whoever starts the workflow by hand, or calls it, may choose any branch; only one is what is to be deployed. */
function ofBranch(branch: string): string {
  return `    if: github.ref == 'refs/heads/${branch}' && github.event_name != 'pull_request'`;
}

function checkout(): string[] {
  return [`      - uses: ${actions.checkout}`, "        with:", "          persist-credentials: false"];
}

function php(version: string, coverage: "pcov" | "none"): string[] {
  return [
    `      - uses: ${actions.setupPhp}`,
    "        with:",
    `          php-version: ${version}`,
    // As CodeBuild's, which has no redis: a colon turns off what the runner brings along.
    "          extensions: bcmath, gd, intl, mbstring, pcntl, pdo_pgsql, pdo_sqlite, :redis, zip",
    `          coverage: ${coverage}`,
    "          tools: composer:v2",
  ];
}

function node(version: number): string[] {
  return [
    `      - uses: ${actions.setupNode}`,
    "        with:",
    `          node-version: ${version}`,
    "          cache: npm",
  ];
}

function environment(values: Readonly<Record<string, string>>): string[] {
  return Object.entries(values).map(([name, value]) => `      ${name}: ${JSON.stringify(value)}`);
}

function run(command: string): string {
  // A colon or a brace would make another YAML of it.
  return `      - run: ${/[:{}&|#]/.test(command) ? JSON.stringify(command) : command}`;
}
