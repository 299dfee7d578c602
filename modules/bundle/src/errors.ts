/** A fault of whoever runs the command; no defect of it. */
export class BundleError extends Error {}

/** Everything that is wrong with the props, at once. */
export function bundleError(faults: readonly string[]): BundleError {
  const count = faults.length === 1 ? "1 fault" : `${faults.length} faults`;
  return new BundleError(`deployBundle has ${count}:\n${faults.map((fault) => `  - ${fault}`).join("\n")}`);
}

export function typeFaultText(prop: string, found: unknown, allowed: string): string {
  return `${prop} is ${JSON.stringify(found)}. Allowed: ${allowed}.`;
}

export function unknownPropFaultText(prop: string, known: readonly string[]): string {
  return `${prop} is no setting of the bundle. Known: ${known.join(", ")}.`;
}

export function viteFaultText(name: string): string {
  return `gitHubDeployment.vite has no ${name}, which viteVariables names. Give it the environment's value.`;
}

export function maintenanceFaultText(file: string): string {
  return (
    `staticFiles has ${file}, which the infrastructure puts into the bucket: what CloudFront shows when the ` +
    "application does not answer. Leave it out."
  );
}

export function notADirectoryError(path: string): BundleError {
  return new BundleError(`${path} is no directory. Give the root of the Laravel repository.`);
}

export function settingsFileError(file: string, because: string): BundleError {
  return new BundleError(
    `${file} is no JSON object: ${because}. Write the bundle's settings there, or delete it for the defaults.`,
  );
}

export function lockFileError(file: string): BundleError {
  return new BundleError(
    `${file} is not as this command wrote it; a merge may have left its marks. ` +
      "Delete it: files that differ then count as changed by you, until write --force.",
  );
}

export function changedFilesError(paths: readonly string[]): BundleError {
  return new BundleError(
    "Nothing is written. Changed since this command wrote them, or not written by it:\n" +
      `${paths.map((path) => `  - ${path}`).join("\n")}\n` +
      "Compare them (git diff after --force shows what would be lost), then take your changes out, or run again with --force.",
  );
}
