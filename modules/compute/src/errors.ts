export function subnetsFaultText(found: number): string {
  return `subnetIds has ${found}. Allowed: at least 2, in two zones. A load balancer takes no fewer.`;
}

export function originHeaderNameFaultText(found: string): string {
  return (
    `exposure.originHeader.name is ${JSON.stringify(found)}. Allowed: 1 to 40 letters, digits and hyphens, such as ` +
    "X-Origin-Verify, and not a header that AWS sets itself (Host, Connection, Upgrade, X-Forwarded-…, X-Amz-…, X-Edge-…)."
  );
}

export function sameSecretFaultText(arn: string): string {
  return (
    `exposure.originHeader.secretArns has ${arn} twice. ` +
    "Allowed: two secrets, so that one can be changed while CloudFront sends the other."
  );
}

export function logPrefixFaultText(prop: string, found: string): string {
  return (
    `${prop} is ${JSON.stringify(found)}. Allowed: letters, digits and _ - . / = without a slash at either end and ` +
    "without AWSLogs, which AWS adds itself."
  );
}

export function tls13OnlyFaultText(found: string, allowed: readonly string[]): string {
  return (
    `tlsPolicy is "${found}", which refuses TLS 1.2. CloudFront speaks at most 1.2 to an origin and would answer 502 ` +
    `to every viewer. Allowed: ${allowed.join(", ")}.`
  );
}

export function idleTimeoutFaultText(found: number, ping: number, longest: number): string {
  return (
    `idleTimeoutSeconds is ${found}. Allowed: a whole number from ${ping + 1} to ${longest}. Reverb pings every ` +
    `${ping} seconds: a quiet WebSocket would be cut before, or just as, the ping arrives.`
  );
}

export function healthPathFaultText(found: string): string {
  return `healthCheck.path is ${JSON.stringify(found)}. Allowed: a path such as /health.`;
}

export function timeoutFaultText(timeout: number, interval: number): string {
  return (
    `healthCheck.timeoutSeconds is ${timeout} and healthCheck.intervalSeconds ${interval}. ` +
    "Allowed: a timeout below the interval."
  );
}

export function domainNameFaultText(found: string): string {
  return (
    `certificate has the name ${JSON.stringify(found)}. Allowed: a complete domain name in lower case, known at synth, ` +
    "such as origin.example.com, and no wildcard: the validation records are called by the names."
  );
}

export function repeatedDomainFaultText(found: string): string {
  return `certificate has the name "${found}" twice. Allowed: each name once.`;
}

export function tooManyDomainsFaultText(found: number, most: number): string {
  return `certificate has ${found} names. Allowed: up to ${most}, ACM's quota for one certificate.`;
}

export function repeatedSidFaultText(sid: string): string {
  return `statements has the Sid "${sid}" twice. IAM takes each once in a policy. Rename one.`;
}

export function policySizeFaultText(found: number, most: number, reference: number): string {
  return (
    `the role's statements make a policy of about ${found} characters (a reference counted as ${reference}). ` +
    `Allowed: ${most}, IAM's limit for the inline policies of a role. ` +
    "Join statements with the same actions, or give a second fleet a role of its own."
  );
}

export function repeatedStreamFaultText(stream: string): string {
  return `streams has "${stream}" twice. Allowed: each once.`;
}

export function retentionFaultText(found: number, allowed: readonly number[]): string {
  return (
    `retentionDays is ${found}. Allowed: ${allowed.join(", ")}. ` +
    "CloudWatch Logs knows no other periods; keeping logs for ever is not offered, they quote personal data."
  );
}

export function tokenFaultText(prop: string): string {
  return (
    `${prop} has a reference in it that only Terraform can fill in. Allowed: a literal text. ` +
    "Let hosts read such values from the application contract when they are deployed to."
  );
}

export function userDataSizeFaultText(found: number, most: number, limit: number): string {
  return (
    `userData is ${found} bytes when compressed. Allowed: ${most} (EC2 takes ${limit}; the rest is for Terraform's ` +
    "gzip, which packs a little less well). Ship what is large with the release, or from S3."
  );
}

export function instanceTypeFaultText(found: string): string {
  return `instanceTypes has ${JSON.stringify(found)}. Allowed: EC2 instance types such as t3.medium.`;
}

export function repeatedTypeFaultText(found: string): string {
  return `instanceTypes has "${found}" twice. Allowed: each type once, the preferred one first.`;
}

export function mixedArchitectureFaultText(types: readonly string[]): string {
  return (
    `instanceTypes has ${types.join(", ")}, of both x86_64 and arm64. One image runs on one of them. ` +
    "Keep the types of one architecture."
  );
}

export function amiFaultText(found: string): string {
  return `image.id is ${JSON.stringify(found)}. Allowed: the id of an image, such as ami-0a1b2c3d4e5f60718.`;
}

export function parameterFaultText(found: string): string {
  return (
    `image.parameter is ${JSON.stringify(found)}. Allowed: the name of a parameter that holds the id of an image, ` +
    "such as /aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64."
  );
}

export function imageArchitectureFaultText(parameter: string, image: string, instanceType: string): string {
  return (
    `image.parameter is "${parameter}", an image for ${image}, and instanceTypes has ${instanceType}, which is not. ` +
    "Hosts would not boot. Change one of them."
  );
}

export function reservedTagFaultText(key: string): string {
  return `tags has "${key}", which every resource of the fleet sets itself. Leave it out.`;
}

export function deviceNameFaultText(found: string): string {
  return (
    `rootDeviceName is ${JSON.stringify(found)}. Allowed: the root device of the image, such as /dev/xvda (Amazon Linux) ` +
    "or /dev/sda1 (Ubuntu). Under another name EC2 would add a third volume and leave the root as the image has it."
  );
}

export function sizeOrderFaultText(minSize: number, maxSize: number): string {
  return `minSize is ${minSize} and maxSize ${maxSize}. Allowed: minSize up to maxSize.`;
}

export function desiredSizeFaultText(found: number, minSize: number, maxSize: number): string {
  return `desiredSize is ${found}. Allowed: ${minSize} (minSize) to ${maxSize} (maxSize).`;
}

export function tooManyAlarmsFaultText(found: number, most: number): string {
  return `refreshAlarmNames has ${found}. Allowed: up to ${most}, what a refresh watches.`;
}

export function fixedSizeFaultText(minSize: number, maxSize: number): string {
  return (
    `scaling.kind is "fixed", minSize ${minSize} and maxSize ${maxSize}. ` +
    "Allowed: both the same; nothing would ever use the room between them."
  );
}

export function stepsFaultText(found: readonly number[]): string {
  return (
    `steps is ${JSON.stringify(found)}. Allowed: whole percent from 1, each above the one before, 100 the last, such as ` +
    "[10, 50, 100]."
  );
}

export function tooManyWatchedFaultText(found: number, most: number): string {
  return `alarmNames has ${found}. Allowed: up to ${most}; CloudWatch is asked for all of them at once. Join some in a composite alarm.`;
}

export function colourWithoutTargetFaultText(colour: string): string {
  return (
    `colour is "${colour}", and the fleet has no target: there is no traffic to shift between colours. ` +
    "Give it the load balancer's target of that colour, or leave the colour out."
  );
}

export function zeroFleetFaultText(kind: string): string {
  return (
    `minSize is 0 and scaling.kind "${kind}", which goes by the hosts' own figures: without a host there are none, ` +
    'and nothing adds the first. Allowed: minSize of 1 or more, or scaling.kind "queue".'
  );
}

export function requestsWithoutTargetFaultText(prop: string): string {
  return (
    `scaling.${prop} is given, and the fleet has no target: requests are counted by a load balancer. ` +
    "Give the fleet a target, or leave it out."
  );
}

export function orderFaultText(higher: string, above: number, lower: string, below: number): string {
  return `scaling.${higher} is ${above} and scaling.${lower} ${below}. Allowed: the first above the second.`;
}

export function flappingFaultText(remove: number, add: number, minSize: number, after: number): string {
  return (
    `scaling.removeBelowCpuPercent is ${remove} and scaling.addAboveCpuPercent ${add}: when the fleet goes down to ` +
    `${minSize} (minSize), the load of the host that went brings the others from ${remove} to ${after} %, and one is added ` +
    "again, for ever. Lower removeBelowCpuPercent, or raise addAboveCpuPercent or minSize."
  );
}
