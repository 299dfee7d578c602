/** A file on the host, as cloud-init writes it. */
export interface HostFile {
  /** Absolute. */
  readonly path: string;
  /** Complete, with the final line break. Never a secret: user data is readable to whoever is on the host. */
  readonly content: string;
  readonly mode: "0600" | "0640" | "0644" | "0755";
  /** `user:group`. @default "root:root" */
  readonly owner?: string;
}
