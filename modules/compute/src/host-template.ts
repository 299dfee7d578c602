import {
  LaunchTemplate,
  type LaunchTemplateBlockDeviceMappings,
} from "@cdktf/provider-aws/lib/launch-template/index.js";
import { type NamedType, resourceName, resourceTags, UserData } from "@telemedicina/core";
import { Construct } from "constructs";
import type { FleetSettings } from "./fleet-settings.js";
import { imageId } from "./image.js";
import { isBurstable } from "./instance-types.js";

/** A name that every image leaves free; on Nitro it shows as an NVMe device with a name of its own. */
const DATA_DEVICE_NAME = "/dev/sdf";

/** The launch template: everything about a host but where, when and how many. A change is a new version of it. */
export class HostTemplate extends Construct {
  readonly resource: LaunchTemplate;

  constructor(scope: Construct, id: string, settings: FleetSettings) {
    super(scope, id);
    const { names, qualifier, instanceTypes, keyName } = settings;
    const name = resourceName(names, "lt", qualifier);
    const [instanceType] = instanceTypes;
    this.resource = new LaunchTemplate(this, "launch-template", {
      name,
      description: `Hosts of the fleet ${qualifier}`,
      updateDefaultVersion: true,
      imageId: imageId(this, "image", settings.image),
      ...(instanceType === undefined ? {} : { instanceType }),
      ...(keyName === undefined ? {} : { keyName }),
      userData: new UserData(this, "user-data", settings.userData).base64,
      iamInstanceProfile: { name: settings.instanceProfileName },
      networkInterfaces: [networkInterface(settings)],
      blockDeviceMappings: [
        volume(settings.rootDeviceName, settings.rootVolumeGiB, settings),
        volume(DATA_DEVICE_NAME, settings.dataVolumeGiB, settings),
      ],
      ebsOptimized: "true",
      monitoring: { enabled: true },
      ...credits(instanceTypes),
      metadataOptions: {
        httpEndpoint: "enabled",
        httpTokens: "required",
        // No hop to a container: nothing behind a second network namespace is meant to be the host.
        httpPutResponseHopLimit: 1,
        // Nothing asks for them, and a key with a character that a URL has not would keep hosts from starting.
        instanceMetadataTags: "disabled",
      },
      tagSpecifications: [
        tagged("instance", "ec2", settings),
        tagged("volume", "ebs", settings),
        tagged("network-interface", "eni", settings),
      ],
      tags: resourceTags(name, { tier: "backend" }),
    });
  }
}

function networkInterface({ securityGroupIds }: FleetSettings) {
  return {
    deviceIndex: 0,
    associatePublicIpAddress: "false",
    deleteOnTermination: "true",
    securityGroups: [...securityGroupIds],
  };
}

function volume(
  deviceName: string,
  volumeSize: number,
  { volumeKmsKeyArn }: FleetSettings,
): LaunchTemplateBlockDeviceMappings {
  return {
    deviceName,
    ebs: {
      volumeType: "gp3",
      volumeSize,
      encrypted: "true",
      ...(volumeKmsKeyArn === undefined ? {} : { kmsKeyId: volumeKmsKeyArn }),
      deleteOnTermination: "true",
    },
  };
}

/**
 * A host out of credits is slowed to 20 % or so, under every threshold that would bring help. Unlimited costs 0.05 US
 * dollars for each vCPU and hour above the share that is paid for.
 */
function credits(instanceTypes: readonly string[]) {
  return instanceTypes.every(isBurstable) ? { creditSpecification: { cpuCredits: "unlimited" } } : {};
}

function tagged(resourceType: string, type: NamedType, { names, qualifier, tags }: FleetSettings) {
  return {
    resourceType,
    tags: {
      ...tags,
      ...resourceTags(resourceName(names, type, qualifier), {
        tier: "backend",
        dataClassification: "sensitive",
      }),
    },
  };
}
