import type { EnvironmentName } from "@telemedicina/core";

/** Who runs Terraform outside an operator's own machine, and how AWS recognizes it. */
export interface RunnerTrust {
  /** Host name of the OIDC issuer, as it stands in condition keys and in the provider's ARN. */
  readonly issuer: string;
  /** The `aud` claim that the runner asks for. */
  readonly audience: string;
  /** `sub` claims, in full, that may plan. */
  readonly planSubjects: readonly string[];
  /** `sub` claims, in full, that may apply. */
  readonly applySubjects: readonly string[];
}

export interface GithubRepository {
  readonly owner: string;
  readonly repository: string;
  /**
   * GitHub's ids of the two. Repositories made or renamed since mid-2026, and those that opted in, carry them in
   * their subject: without them such a repository is refused.
   * @default - the older form of the subject, names only
   */
  readonly ids?: { readonly owner: string; readonly repository: string };
}

/**
 * GitHub Actions: pull requests and `main` may plan; only a job in the GitHub environment named like ours may apply,
 * which is where GitHub asks for approval.
 */
export function githubTrust(github: GithubRepository, environment: EnvironmentName): RunnerTrust {
  const subject = `repo:${repositoryPath(github)}`;
  return {
    issuer: "token.actions.githubusercontent.com",
    audience: "sts.amazonaws.com",
    planSubjects: [`${subject}:pull_request`, `${subject}:ref:refs/heads/main`],
    applySubjects: [`${subject}:environment:${environment}`],
  };
}

/** HCP Terraform with dynamic credentials: each workspace may plan in its plan phase and apply in its apply phase. */
export function hcpTrust(
  hcp: { readonly organization: string; readonly project: string },
  workspaces: readonly string[],
): RunnerTrust {
  const subjects = (phase: "plan" | "apply") =>
    workspaces.map(
      (workspace) =>
        `organization:${hcp.organization}:project:${hcp.project}:workspace:${workspace}:run_phase:${phase}`,
    );
  return {
    issuer: "app.terraform.io",
    audience: "aws.workload.identity",
    planSubjects: subjects("plan"),
    applySubjects: subjects("apply"),
  };
}

function repositoryPath({ owner, repository, ids }: GithubRepository): string {
  if (ids === undefined) return `${owner}/${repository}`;
  return `${owner}@${ids.owner}/${repository}@${ids.repository}`;
}
