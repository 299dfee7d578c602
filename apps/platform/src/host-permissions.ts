import type { PolicyStatement } from "@telemedicina/core";
import type { Storage } from "@telemedicina/storage";
import type { ApplicationContract } from "./application-contract.js";
import { contractParameterName } from "./contract-parameter.js";

export interface HostPermissionsProps {
  readonly environment: string;
  readonly region: string;
  readonly accountId: string;
  readonly contract: ApplicationContract;
  readonly storage: Storage;
  readonly keyArns: Readonly<Record<"application" | "clinical", string>>;
}

/** What application hosts may do with the environment's own data. What any host needs comes from the compute module. */
export function hostPermissions(props: HostPermissionsProps): readonly PolicyStatement[] {
  return [...readContract(props), ...readSecrets(props), ...useBuckets(props), ...beDeployedTo(props)];
}

function readContract({ environment, region, accountId }: HostPermissionsProps): PolicyStatement[] {
  return [
    {
      Sid: "ReadApplicationContract",
      Effect: "Allow",
      Action: "ssm:GetParameter",
      Resource: `arn:aws:ssm:${region}:${accountId}:parameter${contractParameterName(environment)}`,
    },
  ];
}

function readSecrets({ contract, region, keyArns }: HostPermissionsProps): PolicyStatement[] {
  const arns = new Set(Object.values(contract.secretVariables).map(({ secretArn }) => secretArn));
  return [
    {
      Sid: "ReadSecrets",
      Effect: "Allow",
      Action: "secretsmanager:GetSecretValue",
      Resource: [...arns],
    },
    {
      Sid: "DecryptSecrets",
      Effect: "Allow",
      Action: "kms:Decrypt",
      // A password that RDS manages is encrypted with the database's own key.
      Resource: [keyArns.application, keyArns.clinical],
      Condition: { StringEquals: { "kms:ViaService": `secretsmanager.${region}.amazonaws.com` } },
    },
  ];
}

function useBuckets({ storage, region, keyArns }: HostPermissionsProps): PolicyStatement[] {
  const { uploads, logs } = storage.bucketArns;
  return [
    {
      Sid: "ListUploads",
      Effect: "Allow",
      Action: "s3:ListBucket",
      Resource: uploads,
    },
    {
      Sid: "UseUploads",
      Effect: "Allow",
      // Without s3:DeleteObjectVersion: what the application deletes can be brought back.
      Action: ["s3:AbortMultipartUpload", "s3:DeleteObject", "s3:GetObject", "s3:PutObject"],
      Resource: `${uploads}/*`,
    },
    {
      // Write only: who may read archived records stands in the bucket's policy.
      Sid: "ArchiveAppointmentLogs",
      Effect: "Allow",
      Action: ["s3:AbortMultipartUpload", "s3:PutObject"],
      Resource: `${logs}/appointment-logs/*`,
    },
    {
      Sid: "EncryptObjects",
      Effect: "Allow",
      Action: ["kms:Decrypt", "kms:GenerateDataKey"],
      Resource: keyArns.clinical,
      Condition: { StringEquals: { "kms:ViaService": `s3.${region}.amazonaws.com` } },
    },
  ];
}

/** Releases, and the orders of CodeDeploy where its agent asks for them with the host's own name. */
function beDeployedTo({ storage, region, keyArns }: HostPermissionsProps): PolicyStatement[] {
  return [
    {
      Sid: "ReadReleases",
      Effect: "Allow",
      Action: ["s3:GetObject", "s3:GetObjectVersion"],
      Resource: `${storage.bucketArns.deployments}/*`,
    },
    {
      Sid: "DecryptReleases",
      Effect: "Allow",
      Action: "kms:Decrypt",
      Resource: keyArns.application,
      Condition: { StringEquals: { "kms:ViaService": `s3.${region}.amazonaws.com` } },
    },
    {
      Sid: "TakeOrdersOfCodeDeploy",
      Effect: "Allow",
      Action: [
        "codedeploy-commands-secure:GetDeploymentSpecification",
        "codedeploy-commands-secure:PollHostCommand",
        "codedeploy-commands-secure:PutHostCommandAcknowledgement",
        "codedeploy-commands-secure:PutHostCommandComplete",
      ],
      Resource: "*",
    },
  ];
}
