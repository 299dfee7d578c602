/**
 * Settings of an account or a region: they cannot be absent, so reading them after their deletion, which puts
 * back the default, always finds something.
 */
const SETTINGS: ReadonlySet<string> = new Set([
  "aws_ebs_encryption_by_default",
  "aws_ecr_registry_scanning_configuration",
]);

/** Whether "still there after it was deleted" says nothing about this type. */
export function isExempt(type: string): boolean {
  return SETTINGS.has(type);
}
