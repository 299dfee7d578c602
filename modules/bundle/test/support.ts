import { type BundleProps, deployBundle, type GitHubDeployment } from "../src/index.js";
import { reverbVariables } from "../src/settings.js";

/** Text of one of the bundle's files. */
export function rendered(path: string, props: BundleProps = {}): string {
  const file = deployBundle(props).find((each) => each.path === path);
  if (file === undefined) throw new Error(`the bundle has no ${path}`);
  return file.content;
}

export const gitHubDeployment: GitHubDeployment = {
  roleArn: "arn:aws:iam::111111111111:role/acme-prod-role-github-deploy",
  region: "sa-east-1",
  application: "acme",
  group: "production",
  deploymentsBucket: "acme-deployments",
  assetsBucket: "acme-assets",
  distributionId: "E1A2B3C4D5E6F7",
  vite: Object.fromEntries(reverbVariables.map((name) => [name, `of ${name}`])),
};
