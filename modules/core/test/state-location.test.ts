import { describe, expect, it } from "vitest";
import { stateBackend, stateLocation } from "../src/index.js";

const scope = { project: "telemedicina", environment: "production", region: "sa-east-1" } as const;
const location = {
  bucket: "telemedicina-prod-tfstate-333333333333-sa-east-1",
  kmsAlias: "alias/telemedicina-prod-tfstate",
  kmsKeyArn: "arn:aws:kms:sa-east-1:333333333333:alias/telemedicina-prod-tfstate",
};

describe("stateLocation", () => {
  it("names bucket and key by what is known before either exists", () => {
    expect(stateLocation(scope, "333333333333")).toEqual(location);
  });
});

describe("stateBackend", () => {
  const accountId = "333333333333";

  it("completes a choice of S3 with the location, the account and the region", () => {
    expect(stateBackend(scope, { accountId, state: { backend: "s3" } })).toEqual({
      backend: "s3",
      bucket: location.bucket,
      region: "sa-east-1",
      accountId,
      kmsKeyArn: location.kmsKeyArn,
    });
  });

  it("takes the bucket and the role that the environment names", () => {
    const assumeRoleArn = "arn:aws:iam::333333333333:role/deploy";
    expect(
      stateBackend(scope, { accountId, assumeRoleArn, state: { backend: "s3", bucket: "acme-state" } }),
    ).toMatchObject({ bucket: "acme-state", assumeRoleArn });
  });

  it.each([{ backend: "hcp", organization: "acme", project: "telemedicina" }, { backend: "local" }] as const)(
    "passes a choice of $backend on as it is",
    (state) => {
      expect(stateBackend(scope, { accountId, state })).toEqual(state);
    },
  );
});
