export function dataClassFaultText(found: string, allowed: readonly string[]): string {
  return `dataClass is "${found}". Allowed: ${allowed.join(", ")}. Add a line to data-classes.ts for another kind of data.`;
}

export function accountFaultText(found: string): string {
  return (
    `accountId is "${found}". Allowed: 12 digits. The key's policy names the account: ` +
    "with a wrong one nobody could administer the key, nor read what it encrypts."
  );
}

export function rotationFaultText(found: number, shortest: number, longest: number): string {
  return (
    `rotationPeriodDays is ${found}. Allowed: a whole number from ${shortest} to ${longest}. ` +
    "Leave it out for KMS's own 365."
  );
}

export function launchRoleFaultText(found: string, accountId: string): string {
  return (
    `volumeLaunchRoleArns has "${found}". Allowed: ARNs of roles of the account, arn:aws:iam::${accountId}:role/…. ` +
    "KMS refuses a policy that names a role which does not exist."
  );
}

export function launchWithoutVolumesFaultText(dataClass: string, allowed: readonly string[]): string {
  return (
    `volumeLaunchRoleArns has no meaning for ${dataClass} data, which is never on volumes. ` +
    `Allowed for: ${allowed.join(", ")}. Leave it out.`
  );
}

export function versionFaultText(prop: string, found: number): string {
  return (
    `${prop} is ${found}. Allowed: a whole number from 1 up. ` +
    "Every other number than the one before makes a new value; count up."
  );
}

export function usernameFaultText(prop: string, found: string): string {
  return (
    `${prop} is "${found}". Allowed: 1 to 63 lower-case letters, digits and _, starting with a letter, ` +
    "and not admin, rdsadmin or pg_…, which RDS for PostgreSQL keeps for itself. Choose another user name."
  );
}

export function recoveryFaultText(found: number, shortest: number, longest: number): string {
  return (
    `recovery.days is ${found}. Allowed: a whole number from ${shortest} to ${longest}. ` +
    'An environment that keeps nothing says { window: "none", reason: … }.'
  );
}

export function reasonFaultText(found: string, longest: number): string {
  return (
    `recovery.reason is "${found}". Allowed: 1 to ${longest} characters out of letters, digits, spaces and _ . : / = + - @ ` +
    "(it becomes a tag). Say why nobody will want the secret back."
  );
}

export function descriptionFaultText(found: string, longest: number): string {
  return (
    `description is "${found}". Allowed: 1 to ${longest} characters without \${ and %{. ` +
    "Say what the secret opens; never write a value here, everybody can read it."
  );
}

export function replicaRegionFaultText(found: string): string {
  return (
    `replica.region is "${found}", where the secret itself is. Allowed: another region. ` +
    "Name the one that the environment recovers in, or leave replica out."
  );
}

export function unknownVersionFaultText(found: string, allowed: readonly string[]): string {
  return `versions has "${found}". Allowed: ${allowed.join(", ")}. Take it away or correct the name.`;
}
