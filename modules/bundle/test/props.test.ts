import { describe, expect, it } from "vitest";
import { type BundleProps, deployBundle } from "../src/index.js";
import { gitHubDeployment, rendered } from "./support.js";

describe("deployBundle", () => {
  it("renders the same for the same props, sorted, each file whole", () => {
    expect(deployBundle({ port: 8080 })).toEqual(deployBundle());
    const paths = deployBundle().map(({ path }) => path);
    expect(paths).toEqual([...paths].sort());
    for (const { path, content, mode } of deployBundle()) {
      expect(content.endsWith("\n"), path).toBe(true);
      expect(mode, path).toBe(content.startsWith("#!") && !path.endsWith("settings.sh") ? "0755" : "0644");
    }
  });

  it("tells the scripts what the props say", () => {
    const text = rendered("scripts/settings.sh", {
      application: "/srv/app",
      hostEnv: "/etc/app/host.env",
      hostPrograms: "/opt/bin",
      port: 9000,
      healthPath: "/up",
      healthSeconds: 90,
      jobSeconds: 600,
      migration: "elsewhere",
      migrationConnection: "direct",
      externalCheck: "none",
      staticFiles: ["favicon.ico"],
      viteVariables: ["VITE_A", "VITE_B"],
    });
    for (const line of [
      "DESTINATION='/srv/app'",
      "HOST_ENV='/etc/app/host.env'",
      "LARAVELCTL='/opt/bin/laravelctl'",
      "RENDER_ENV='/opt/bin/render-env'",
      "HEALTH_URL='http://127.0.0.1:9000/up'",
      "HEALTH_SECONDS='90'",
      "JOB_SECONDS='600'",
      "MIGRATE_ON_HOSTS=''",
      "MIGRATION_CONNECTION='direct'",
      "EXTERNAL_CHECK=''",
      "STATIC_FILES='favicon.ico'",
      "VITE_VARIABLES='VITE_A VITE_B'",
    ])
      expect(text).toContain(`${line}\n`);
    expect(rendered("scripts/settings.sh")).toContain("MIGRATE_ON_HOSTS='yes'\n");
    expect(rendered("scripts/settings.sh")).toContain("EXTERNAL_CHECK='yes'\n");
  });

  it("takes a branch of its own", () => {
    expect(rendered(".github/workflows/deploy.yml", { branch: "release" })).toContain(
      "branches: [release]\n",
    );
  });

  it("fails with every fault at once", () => {
    const props = {
      application: "/srv/it's",
      port: 0,
      healthSeconds: 241,
      jobSeconds: 3541,
      migration: "never",
      phpVersion: 8.3,
      branch: "feature/*",
      staticFiles: ["maintenance.html"],
      viteVariables: ["APP_KEY"],
      runtime: "php",
    } as unknown as BundleProps;
    expect(() => deployBundle(props)).toThrow(
      new Error(
        [
          "deployBundle has 10 faults:",
          "  - runtime is no setting of the bundle. Known: application, hostEnv, hostPrograms, port, healthPath, healthSeconds, jobSeconds, migration, migrationSeconds, migrationConnection, externalCheck, phpVersion, nodeVersion, branch, gitHubDeployment, gitHubEnvironment, minimumCoverage, staticFiles, viteVariables.",
          '  - application is "/srv/it\'s". Allowed: an absolute path of letters, digits and . _ -, without a slash at the end.',
          "  - port is 0. Allowed: a whole number from 1 to 65535.",
          "  - healthSeconds is 241. Allowed: a whole number from 5 to 240.",
          "  - jobSeconds is 3541. Allowed: a whole number from 10 to 3540.",
          '  - migration is "never". Allowed: hosts, elsewhere.',
          '  - phpVersion is 8.3. Allowed: 8.2 or newer, as text, such as "8.3".',
          '  - branch is "feature/*". Allowed: the exact name of one branch.',
          '  - viteVariables is ["APP_KEY"]. Allowed: a list of names that begin with VITE_.',
          "  - staticFiles has maintenance.html, which the infrastructure puts into the bucket: what CloudFront shows when the application does not answer. Leave it out.",
        ].join("\n"),
      ),
    );
  });

  it("fails with every fault of what GitHub deploys to", () => {
    const { roleArn, assetsBucket, vite, ...rest } = gitHubDeployment;
    const { VITE_REVERB_HOST, ...others } = vite;
    const broken = {
      ...rest,
      region: "brazil",
      roleArn: `${roleArn}\n`,
      vite: others,
      host: VITE_REVERB_HOST,
    };
    expect(() => deployBundle({ gitHubDeployment: broken } as unknown as BundleProps)).toThrow(
      new Error(
        [
          "deployBundle has 5 faults:",
          "  - gitHubDeployment.host is no setting of the bundle. Known: roleArn, region, application, group, deploymentsBucket, assetsBucket, distributionId, vite.",
          `  - gitHubDeployment.roleArn is ${JSON.stringify(broken.roleArn)}. Allowed: the ARN of a role.`,
          '  - gitHubDeployment.region is "brazil". Allowed: a region such as sa-east-1.',
          "  - gitHubDeployment.assetsBucket is undefined. Allowed: the name of a bucket.",
          "  - gitHubDeployment.vite has no VITE_REVERB_HOST, which viteVariables names. Give it the environment's value.",
        ].join("\n"),
      ),
    );
    expect(assetsBucket).toBe("acme-assets");
    const { distributionId, ...without } = gitHubDeployment;
    expect(rendered(".github/workflows/deploy.yml", { gitHubDeployment: without })).not.toContain(
      "DISTRIBUTION_ID",
    );
    expect(distributionId).toBeDefined();
  });

  it("an undefined prop is one that is not there", () => {
    expect(deployBundle({ port: undefined } as unknown as BundleProps)).toEqual(deployBundle());
  });
});
