export type { BundleFile } from "./bundle-file.js";
export { deployBundle } from "./deploy-bundle.js";
export type { BundleProps, GitHubDeployment } from "./props.js";
