import { KmsAlias } from "@cdktf/provider-aws/lib/kms-alias/index.js";
import { KmsKey } from "@cdktf/provider-aws/lib/kms-key/index.js";
import {
  faultsError,
  type NameScope,
  type PolicyStatement,
  policyDocument,
  resourceName,
  resourceTags,
} from "@telemedicina/core";
import type { TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import { type DataClass, dataClasses, dataClassNames } from "./data-classes.js";
import {
  accountFaultText,
  dataClassFaultText,
  launchRoleFaultText,
  launchWithoutVolumesFaultText,
  rotationFaultText,
} from "./errors.js";
import { keyPolicy } from "./key-policy.js";

/** Days between the order to delete a key and its deletion: the longest that KMS offers. */
const DELETION_WINDOW_DAYS = 30;

/** Days; what KMS takes. */
const ROTATION_PERIOD = { shortest: 90, longest: 2560 };

export interface DataKeyProps {
  /** Gives the alias its name. `region` is the key's own: for a key in the DR region, that region. */
  readonly names: NameScope;
  /** What the key encrypts; decides which services may use it. @see dataClasses */
  readonly dataClass: DataClass;
  /** Account of the key, 12 digits. Only its identities may use the key. */
  readonly accountId: string;
  /**
   * Days between two automatic rotations, 90 to 2560. Rotation cannot be turned off; old material stays in the key,
   * so nothing must be encrypted anew. Each of the first two rotations adds US$ 1 a month.
   * @default - KMS's own period, 365 days
   */
  readonly rotationPeriodDays?: number;
  /**
   * Roles that launch instances with volumes under this key without an IAM policy of ours: the service-linked role
   * of EC2 Auto Scaling. They must exist, KMS refuses a policy with an unknown principal. Only for classes on volumes.
   * @default []
   */
  readonly volumeLaunchRoleArns?: readonly string[];
  /** More of the key's policy, for services outside the class's own such as CloudFront. @default [] */
  readonly statements?: readonly PolicyStatement[];
  /** Provider of the key's region. @default - the stack's default provider */
  readonly provider?: TerraformProvider;
}

/**
 * The key of one class of data, US$ 1 a month. Without it the data is lost, backups included, so Terraform refuses to
 * destroy it and KMS would still wait 30 days.
 */
export class DataKey extends Construct {
  readonly arn: string;
  /** For where an alias is taken; it stays the same if the key is ever replaced. */
  readonly aliasArn: string;
  readonly keyId: string;

  /** @throws one error with every fault of the props */
  constructor(scope: Construct, id: string, props: DataKeyProps) {
    super(scope, id);
    const faults = keyFaults(props);
    if (faults.length > 0) throw faultsError(this.node.path, faults);
    const name = resourceName(props.names, "kms", props.dataClass);
    const key = this.key(name, props);
    const alias = new KmsAlias(this, "alias", {
      name: `alias/${name}`,
      targetKeyId: key.keyId,
      ...inProvider(props),
    });
    this.arn = key.arn;
    this.aliasArn = alias.arn;
    this.keyId = key.keyId;
  }

  private key(name: string, props: DataKeyProps): KmsKey {
    const rule = dataClasses[props.dataClass];
    const { rotationPeriodDays } = props;
    return new KmsKey(this, "key", {
      description: rule.description,
      enableKeyRotation: true,
      ...(rotationPeriodDays === undefined ? {} : { rotationPeriodInDays: rotationPeriodDays }),
      deletionWindowInDays: DELETION_WINDOW_DAYS,
      multiRegion: false,
      policy: policyDocument([
        ...keyPolicy({
          rule,
          accountId: props.accountId,
          region: props.names.region,
          volumeLaunchRoleArns: props.volumeLaunchRoleArns ?? [],
        }),
        ...(props.statements ?? []),
      ]),
      tags: resourceTags(name, { dataClassification: rule.classification }),
      lifecycle: { preventDestroy: true },
      ...inProvider(props),
    });
  }
}

function inProvider({ provider }: DataKeyProps): { provider?: TerraformProvider } {
  return provider === undefined ? {} : { provider };
}

function keyFaults({
  dataClass,
  accountId,
  rotationPeriodDays,
  volumeLaunchRoleArns,
}: DataKeyProps): string[] {
  return [
    ...(dataClassNames.includes(dataClass) ? [] : [dataClassFaultText(dataClass, dataClassNames)]),
    ...(/^\d{12}$/.test(accountId) ? [] : [accountFaultText(accountId)]),
    ...rotationFaults(rotationPeriodDays),
    ...launchFaults(dataClass, accountId, volumeLaunchRoleArns ?? []),
  ];
}

function rotationFaults(days: number | undefined): string[] {
  const { shortest, longest } = ROTATION_PERIOD;
  const sound = days === undefined || (Number.isInteger(days) && days >= shortest && days <= longest);
  return sound ? [] : [rotationFaultText(days, shortest, longest)];
}

function launchFaults(dataClass: DataClass, accountId: string, arns: readonly string[]): string[] {
  const onVolumes = dataClassNames.filter((name) => dataClasses[name].granted.includes("ec2"));
  if (arns.length > 0 && !onVolumes.includes(dataClass))
    return [launchWithoutVolumesFaultText(dataClass, onVolumes)];
  const role = new RegExp(`^arn:aws:iam::${accountId}:role/[\\w+=,.@/-]+$`);
  return arns.filter((arn) => !role.test(arn)).map((arn) => launchRoleFaultText(arn, accountId));
}
