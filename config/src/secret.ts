const privateKey = /-----BEGIN [A-Z ]*PRIVATE KEY-----/;
const accessKeyId = /(?<![A-Z0-9])A(KIA|SIA)[A-Z0-9]{16}(?![A-Z0-9])/;
const githubToken = /(ghp|gho|ghs|ghu|ghr)_[A-Za-z0-9]{36}|github_pat_[A-Za-z0-9_]{22,}/;
const secretAccessKey = /(?<![A-Za-z0-9/+=])[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+=])/;

/** Says what kind of secret a text holds, or undefined. Deliberately quick to suspect: config holds none. */
export function secretIn(text: string): string | undefined {
  if (privateKey.test(text)) return "a private key";
  if (accessKeyId.test(text)) return "an AWS access key id";
  if (githubToken.test(text)) return "a GitHub token";
  const candidate = secretAccessKey.exec(text)?.[0];
  // A commit's hash has 40 characters too, but one case only.
  if (
    candidate !== undefined &&
    /[a-z]/.test(candidate) &&
    /[A-Z]/.test(candidate) &&
    /[0-9]/.test(candidate)
  ) {
    return "an AWS secret access key";
  }
  return undefined;
}
