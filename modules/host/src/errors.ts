/** Everything that is wrong with the props, at once. */
export function hostError(faults: readonly string[]): Error {
  const count = faults.length === 1 ? "1 fault" : `${faults.length} faults`;
  return new Error(
    `laravelHost has ${count}:\n${faults.map((fault) => `  - laravelHost: ${fault}`).join("\n")}`,
  );
}

export function noRoleFaultText(allowed: readonly string[]): string {
  return `roles is empty. Allowed: at least one of ${allowed.join(", ")}.`;
}

export function duplicateRoleFaultText(role: string): string {
  return `roles has ${role} twice. Name each once.`;
}

export function formatFaultText(prop: string, found: string, allowed: string): string {
  return `${prop} is ${JSON.stringify(found)}. Allowed: ${allowed}.`;
}

export function tokenFaultText(prop: string, found: string): string {
  return (
    `${prop} is ${JSON.stringify(found)}, a reference that Terraform resolves later. ` +
    "User data is literal, so that a review sees every line of it. Give the value itself."
  );
}

export function logGroupFaultText(stream: string): string {
  return (
    `logGroupNames has no name for ${stream}. The CloudWatch agent would make a group by itself, ` +
    "unencrypted and kept for ever. Give a group for every stream of hostLogs."
  );
}

export function poolFaultText(memoryMiB: number, takenMiB: number, least: number, eachMiB: number): string {
  return (
    `memoryMiB is ${memoryMiB}, and everything but php-fpm's pool takes ${takenMiB}. ` +
    `Allowed: at least ${takenMiB + least * eachMiB}, which is ${least} processes of ${eachMiB}. ` +
    "Take a larger instance type, fewer workers, fewer connections, or roles on hosts of their own."
  );
}

export function memoryFaultText(memoryMiB: number, takenMiB: number): string {
  return (
    `memoryMiB is ${memoryMiB}, and what the host runs takes ${takenMiB}. ` +
    "Take a larger instance type, fewer workers, or roles on hosts of their own."
  );
}

export function preparedStatementsFaultText(found: number, distribution: string): string {
  return (
    `pgbouncer.maxPreparedStatements is ${found}, and ${distribution} has PgBouncer older than 1.21, ` +
    "which hands a client another one's statement. Allowed: 0, with clients that emulate prepared statements."
  );
}

export function userDataFaultText(found: number, budget: number): string {
  return (
    `the user data has ${found} bytes after gzip. Allowed: ${budget}; EC2 takes 16384. ` +
    "Shorten what the host's files say, or move programs into an image."
  );
}
