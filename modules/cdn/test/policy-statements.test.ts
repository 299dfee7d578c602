import { describe, expect, it } from "vitest";
import { decryptStatement, logDeliveryStatement, readStatements } from "../src/index.js";
import { accountId } from "./support.js";

const bucketArn = "arn:aws:s3:::assets";
const distributionArn = `arn:aws:cloudfront::${accountId}:distribution/E1`;

describe("statements for the policies of others", () => {
  it("CDN-01: let CloudFront read, for distributions of the account alone", () => {
    expect(readStatements({ bucketArn, accountId })).toEqual([
      {
        Sid: "AllowCloudFrontToRead",
        Effect: "Allow",
        Principal: { Service: "cloudfront.amazonaws.com" },
        Action: "s3:GetObject",
        Resource: "arn:aws:s3:::assets/*",
        Condition: { ArnLike: { "aws:SourceArn": `arn:aws:cloudfront::${accountId}:distribution/*` } },
      },
      {
        Sid: "AllowCloudFrontToMissFiles",
        Effect: "Allow",
        Principal: { Service: "cloudfront.amazonaws.com" },
        Action: "s3:ListBucket",
        Resource: bucketArn,
        Condition: { ArnLike: { "aws:SourceArn": `arn:aws:cloudfront::${accountId}:distribution/*` } },
      },
    ]);
  });

  it("let one distribution read below a prefix, where both are known", () => {
    const [read] = readStatements({ bucketArn, accountId, prefix: "files/", distributionArn });

    expect(read).toMatchObject({
      Resource: "arn:aws:s3:::assets/files/*",
      Condition: { ArnEquals: { "aws:SourceArn": distributionArn } },
    });
  });

  it("let CloudFront decrypt what it reads, and nothing more", () => {
    expect(decryptStatement({ accountId, distributionArn })).toEqual({
      Sid: "AllowCloudFrontToDecrypt",
      Effect: "Allow",
      Principal: { Service: "cloudfront.amazonaws.com" },
      Action: "kms:Decrypt",
      Resource: "*",
      Condition: { ArnEquals: { "aws:SourceArn": distributionArn } },
    });
  });

  it("let the logs of the account's distributions be delivered", () => {
    expect(logDeliveryStatement({ bucketArn, accountId })).toEqual({
      Sid: "AllowCloudFrontLogs",
      Effect: "Allow",
      Principal: { Service: "delivery.logs.amazonaws.com" },
      Action: "s3:PutObject",
      Resource: "arn:aws:s3:::assets/cloudfront/*",
      Condition: {
        StringEquals: { "aws:SourceAccount": accountId, "s3:x-amz-acl": "bucket-owner-full-control" },
        ArnLike: { "aws:SourceArn": `arn:aws:logs:us-east-1:${accountId}:delivery-source:*` },
      },
    });
    expect(logDeliveryStatement({ bucketArn, accountId, prefix: "edge" }).Resource).toBe(
      "arn:aws:s3:::assets/edge/*",
    );
  });
});
