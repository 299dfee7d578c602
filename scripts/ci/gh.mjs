// GitHub's API through its own command line, which every runner has and which reads GH_TOKEN itself.
import { spawnSync } from "node:child_process";
import { fail } from "./workflow.mjs";

/** One call; `path` starts below the repository. */
export function gh(method, path, body) {
  const repository = process.env.GITHUB_REPOSITORY ?? fail("GITHUB_REPOSITORY is not set: it is owner/name.");
  const url = `repos/${repository}/${path}`;
  const result = spawnSync(
    "gh",
    ["api", "--method", method, url, ...(body === undefined ? [] : ["--input", "-"])],
    {
      encoding: "utf8",
      maxBuffer: 64 * 1024 * 1024,
      ...(body === undefined ? {} : { input: JSON.stringify(body) }),
    },
  );
  if (result.error !== undefined) fail(`gh could not be started: ${result.error.message}. Is it on PATH?`);
  if (result.status !== 0) fail(`gh api ${method} ${url} failed:\n${result.stderr}`);
  return JSON.parse(result.stdout);
}

/** The first entry of a list, over all its pages, that fits. */
export function findInPages(path, fits) {
  for (let page = 1; ; page++) {
    const entries = gh("GET", `${path}${path.includes("?") ? "&" : "?"}per_page=100&page=${page}`);
    const found = entries.find(fits);
    if (found !== undefined || entries.length < 100) return found;
  }
}
