import { z } from "zod";
import { text } from "./hints.js";

const owner = text(/^[A-Za-z0-9]+(-[A-Za-z0-9]+)*$/, {
  allowed: "up to 39 letters, digits and single inner hyphens",
  fix: "Write the GitHub user or organization exactly, without @, slash or wildcard: AWS trusts tokens by it.",
});

const repository = text(/^[A-Za-z0-9_-][A-Za-z0-9._-]*$/, {
  allowed: "up to 100 letters, digits, dots, underscores and hyphens, the first not a dot",
  fix: "Write the repository's name exactly, without owner, slash or wildcard: AWS trusts tokens by it.",
});

const id = text(/^[1-9][0-9]{0,19}$/, {
  allowed: "digits between quotes",
  fix: 'Write the id between quotes, as "gh api repos/OWNER/NAME" shows it under id and owner.id.',
});

/** A repository on GitHub. */
export function githubRepository() {
  return z.strictObject({
    owner: owner.max(39).describe("User or organization."),
    repository: repository.max(100).describe("Repository name."),
    ids: z
      .strictObject({
        owner: id.describe("Id of the user or organization, digits between quotes."),
        repository: id.describe("Id of the repository, digits between quotes."),
      })
      .exactOptional()
      .describe(
        "GitHub's ids of the two, which never change. Repositories made or renamed since mid-2026 carry them in their tokens, and AWS trusts no such token without them. Default: a repository from before.",
      ),
  });
}
