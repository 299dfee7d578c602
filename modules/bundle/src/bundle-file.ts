/** A file of the bundle, as it lies in the Laravel repository. */
export interface BundleFile {
  /** From the repository's root, with slashes. */
  readonly path: string;
  /** Complete, with the final line break. Never a secret. */
  readonly content: string;
  readonly mode: "0644" | "0755";
}
