import { LaunchTemplate } from "@cdktf/provider-aws/lib/launch-template/index.js";
import { type NamedType, type NameScope, resourceName, resourceTags, UserData } from "@telemedicina/core";
import { Construct } from "constructs";
import { NODE_TAG, type NodeNames } from "./node-names.js";

/** Canonical's current Ubuntu 24.04, read by EC2 when a node starts: a node that is replaced is a patched one. */
const IMAGE =
  "resolve:ssm:/aws/service/canonical/ubuntu/server/24.04/stable/current/amd64/hvm/ebs-gp3/ami-id";
const ROOT_DEVICE = "/dev/sda1";

export interface NodeTemplateProps {
  readonly names: NameScope;
  readonly node: NodeNames;
  readonly tags: Readonly<Record<string, string>>;
  readonly instanceType: string;
  readonly instanceProfileName: string;
  readonly securityGroupIds: readonly string[];
  readonly rootVolumeGiB: number;
  readonly volumeKmsKeyArn: string | undefined;
  /** Literal, uncompressed. */
  readonly userData: string;
}

/** Everything about a node but where. A change is a new version of it. */
export class NodeTemplate extends Construct {
  readonly resource: LaunchTemplate;

  constructor(scope: Construct, id: string, props: NodeTemplateProps) {
    super(scope, id);
    const { names, node } = props;
    const name = resourceName(names, "lt", node.qualifier);
    this.resource = new LaunchTemplate(this, "launch-template", {
      name,
      description: `The relay ${node.hostName}`,
      updateDefaultVersion: true,
      imageId: IMAGE,
      instanceType: props.instanceType,
      userData: new UserData(this, "user-data", props.userData).base64,
      iamInstanceProfile: { name: props.instanceProfileName },
      networkInterfaces: [networkInterface(props.securityGroupIds)],
      blockDeviceMappings: [rootVolume(props)],
      ebsOptimized: "true",
      ...credits(props.instanceType),
      metadataOptions: {
        httpEndpoint: "enabled",
        httpTokens: "required",
        // Besides the peers that coturn refuses: no packet that it forwards gets an answer from there.
        httpPutResponseHopLimit: 1,
        instanceMetadataTags: "disabled",
      },
      tagSpecifications: [
        tagged("instance", "ec2", props),
        tagged("volume", "ebs", props),
        tagged("network-interface", "eni", props),
      ],
      tags: resourceTags(name, { tier: "frontend" }),
    });
  }
}

function networkInterface(securityGroupIds: readonly string[]) {
  return {
    deviceIndex: 0,
    // A way out until the node has its own address: packages and APIs come before that.
    associatePublicIpAddress: "true",
    deleteOnTermination: "true",
    securityGroups: [...securityGroupIds],
    connectionTrackingSpecification: {
      // As long as EC2 allows: media may pause, and a tracked flow that is forgotten is a call that goes silent.
      udpStreamTimeout: 180,
      udpTimeout: 60,
      // Not five days: a client that lives refreshes its allocation every ten minutes, dead ones fill the table.
      tcpEstablishedTimeout: 3600,
    },
  };
}

function rootVolume({ rootVolumeGiB, volumeKmsKeyArn }: NodeTemplateProps) {
  return {
    deviceName: ROOT_DEVICE,
    ebs: {
      volumeType: "gp3",
      volumeSize: rootVolumeGiB,
      encrypted: "true",
      ...(volumeKmsKeyArn === undefined ? {} : { kmsKeyId: volumeKmsKeyArn }),
      deleteOnTermination: "true",
    },
  };
}

/** A relay out of credits drops packets. Unlimited costs 0.05 US dollars for each vCPU and hour beyond the share paid for. */
function credits(instanceType: string) {
  return /^t[0-9]/.test(instanceType) ? { creditSpecification: { cpuCredits: "unlimited" } } : {};
}

function tagged(resourceType: string, type: NamedType, { names, node, tags }: NodeTemplateProps) {
  return {
    resourceType,
    tags: {
      ...tags,
      ...resourceTags(resourceName(names, type, node.qualifier), { tier: "frontend" }),
      [NODE_TAG]: node.group,
    },
  };
}
