/** Credentials that no AWS account has: should a request ever leave the machine, it is refused. */
const NO_CREDENTIALS = { AWS_ACCESS_KEY_ID: "rehearsal", AWS_SECRET_ACCESS_KEY: "rehearsal" };

/** What points Terraform, the AWS provider and the AWS CLI at the emulator. */
export function emulatorVariables(port: number, region: string): Record<string, string> {
  const address = `http://127.0.0.1:${port}`;
  return {
    ...NO_CREDENTIALS,
    AWS_ENDPOINT_URL: address,
    AWS_REGION: region,
    AWS_EC2_METADATA_DISABLED: "true",
    // Each failure of the emulator would be tried 25 times, which takes minutes.
    AWS_MAX_ATTEMPTS: "2",
    // S3 Control puts the account's id before the host name; as a proxy the emulator gets the request all the same.
    AWS_ENDPOINT_URL_S3_CONTROL: `http://s3control.moto:${port}`,
    HTTP_PROXY: address,
    // Whatever ignores the endpoint ends at the emulator instead of at AWS.
    HTTPS_PROXY: address,
    NO_PROXY: "127.0.0.1",
    CHECKPOINT_DISABLE: "1",
  };
}

/**
 * The whole environment of a process that must reach the emulator and nothing else: the user's own,
 * without anything that steers AWS, Terraform or a proxy.
 */
export function isolatedEnvironment(
  user: Readonly<Record<string, string | undefined>>,
  port: number,
  region: string,
  emptyFile: string,
): Record<string, string> {
  return {
    ...withoutSteering(user),
    ...emulatorVariables(port, region),
    AWS_SHARED_CREDENTIALS_FILE: emptyFile,
    AWS_CONFIG_FILE: emptyFile,
    TF_IN_AUTOMATION: "1",
    TF_INPUT: "0",
  };
}

/** Everything that could lead a program to the user's account, organization or plugins. */
const STEERING = /^(AWS|TF|TOFU|TERRAFORM|MOTO|BOTO|CDKTF)_|^(HTTPS?|ALL|NO|FTP)_PROXY$|^SSL_CERT_/i;

/** The user's environment without what steers AWS, Terraform, moto or a proxy. */
export function withoutSteering(user: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const rest: Record<string, string> = {};
  for (const [name, value] of Object.entries(user)) {
    if (value !== undefined && !STEERING.test(name)) rest[name] = value;
  }
  return rest;
}
