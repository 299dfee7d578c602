// Where HCP Terraform is, and with which token it is asked.
import { fail } from "../workflow.mjs";

const DEFAULT = "https://app.terraform.io";

/** { address, token } from the environment of whoever runs this; the token is never an argument, which others could see. */
export function hcpAccess(env = process.env) {
  const address = safeUrl(env.TFE_ADDRESS || DEFAULT, "TFE_ADDRESS").origin;
  const named = tokenVariable(new URL(address).hostname);
  const token = env.TFE_TOKEN || env[named];
  if (token === undefined || token === "") {
    fail(
      `No token for ${address}: neither TFE_TOKEN nor ${named} is set. ` +
        "Set one of them to a team's or a user's token (an organization's may not run plans); docs/hcp.md says which team needs what.",
    );
  }
  return { address, token };
}

/** A token and a plan travel only where nobody listens: by TLS, or to this machine itself. */
export function safeUrl(text, what) {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isLoopback = ["127.0.0.1", "[::1]", "localhost"].includes(url?.hostname);
  if (url?.protocol === "https:" || (url?.protocol === "http:" && isLoopback)) return url;
  // The address of a blob is a secret, so only its host is shown.
  const found = url === undefined ? `"${text}"` : `"${url.protocol}//${url.host}"`;
  return fail(
    `${what} is ${found}. Allowed: an https address, or http on this machine. Nothing was sent there.`,
  );
}

/** Terraform's own spelling: dots become one underscore, hyphens two. */
function tokenVariable(host) {
  return `TF_TOKEN_${host.replaceAll("-", "__").replaceAll(".", "_")}`;
}
