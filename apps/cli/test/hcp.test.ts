import { describe, expect, it } from "vitest";
import { withHcpToken } from "../src/hcp.js";

describe("withHcpToken", () => {
  const both = { TFE_TOKEN: "t", TF_TOKEN_app_terraform_io: "t" };

  it.each([
    ["the tfe provider's name", { TFE_TOKEN: "t" }],
    ["Terraform's name", { TF_TOKEN_app_terraform_io: "t" }],
    ["an empty first one", { TFE_TOKEN: "", TF_TOKEN_app_terraform_io: "t" }],
    [
      "two that differ, of which the scripts take the first",
      { TFE_TOKEN: "t", TF_TOKEN_app_terraform_io: "u" },
    ],
  ])("gives both names from %s", (_, env) => {
    expect(withHcpToken({ PATH: "/bin", ...env })).toEqual({ PATH: "/bin", ...both });
  });

  it("adds none where there is none, as with state in S3", () => {
    expect(withHcpToken({ PATH: "/bin", UNSET: undefined })).toEqual({ PATH: "/bin" });
  });
});
