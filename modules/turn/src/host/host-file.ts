/** A file on the node, as cloud-init writes it. */
export interface HostFile {
  /** Absolute. */
  readonly path: string;
  /** Complete, with the final line break. Never a secret: user data is readable to whoever is on the node. */
  readonly content: string;
  readonly mode: "0644" | "0755";
}
