import { flow } from "@telemedicina/core";
import { describe, expect, it } from "vitest";
import {
  block,
  logsKeyArn,
  mandatory,
  relay,
  relays,
  secret,
  secretsKeyArn,
  tagsOf,
  userData,
} from "./relays-support.js";

describe("relays in two zones", () => {
  const { stack, made } = relays();
  const groups = stack.all("aws_autoscaling_group");
  const addresses = stack.all("aws_eip");
  const templates = stack.all("aws_launch_template");

  it("TURN-01: are one self-healing node in each zone, with a fixed address of its own", () => {
    expect(groups.map(({ attributes }) => attributes["vpc_zone_identifier"])).toEqual([
      ["subnet-0a0a0a0a0a0a0a0a0"],
      ["subnet-0b0b0b0b0b0b0b0b0"],
    ]);
    for (const { address, attributes } of groups) {
      expect(attributes, address).toMatchObject({ min_size: 1, max_size: 1, desired_capacity: 1 });
      expect(attributes["health_check_type"], address).toBe("EC2");
    }
    expect(addresses.map(({ attributes }) => attributes["domain"])).toEqual(["vpc", "vpc"]);
  });

  it("T-20a: never share an address, and find theirs by a tag that instance and interface have too", () => {
    expect(made.groupNames).toEqual({
      a: "telemedicina-prod-asg-turn-a-sa-east-1",
      b: "telemedicina-prod-asg-turn-b-sa-east-1",
    });
    const groupNames = Object.values(made.groupNames);
    expect(groups.map(({ attributes }) => attributes["name"])).toEqual(groupNames);
    expect(addresses.map((address) => tagsOf(address)["TurnNode"])).toEqual(groupNames);
    for (const [index, { attributes }] of templates.entries()) {
      const specifications = attributes["tag_specifications"] as { tags: Record<string, string> }[];
      expect(specifications.map(({ tags }) => tags["TurnNode"])).toEqual(Array(3).fill(groupNames[index]));
    }
  });

  it("T-20a: leave it to the nodes to take the address", () => {
    expect(stack.all("aws_eip_association")).toEqual([]);
    for (const { address, attributes } of addresses) {
      expect(attributes["instance"], address).toBeUndefined();
      expect(attributes["network_interface"], address).toBeUndefined();
    }
  });

  it("T-19: have names of their own that lead to these addresses, not to CloudFront", () => {
    expect(made.hostNames).toEqual({
      a: "turn-a.telemedicina.example.com",
      b: "turn-b.telemedicina.example.com",
    });
    expect(stack.all("aws_route53_record").map(({ attributes }) => attributes)).toMatchObject(
      ["a", "b"].map((zone, index) => ({
        zone_id: "Z0123456789ABCDEFGHIJ",
        name: `turn-${zone}.telemedicina.example.com`,
        type: "A",
        ttl: 300,
        records: [`\${${addresses[index]?.address}.public_ip}`],
      })),
    );
    expect(Object.keys(made.publicIps)).toEqual(["a", "b"]);
  });

  it("keep addresses that stand in firewalls, and go without the protection only for a reason", () => {
    for (const { address, attributes } of addresses) {
      expect(attributes["lifecycle"], address).toEqual({ prevent_destroy: true });
    }
    const open = relays({ deletionProtection: { on: false, reason: "Rebuilt often" } }).stack.all("aws_eip");
    expect(open.map(({ attributes }) => attributes["lifecycle"])).toEqual([undefined, undefined]);
    expect(open.map((address) => tagsOf(address)["UnprotectedBecause"])).toEqual(
      Array(2).fill("Rebuilt often"),
    );
  });

  it("start from Canonical's current Ubuntu 24.04 for amd64, read when a node starts", () => {
    for (const { address, attributes } of templates) {
      expect(attributes["image_id"], address).toBe(
        "resolve:ssm:/aws/service/canonical/ubuntu/server/24.04/stable/current/amd64/hvm/ebs-gp3/ami-id",
      );
    }
  });

  it("T-13: keep the metadata service to the node itself, by token and one hop", () => {
    for (const { address, attributes } of templates) {
      expect(block(attributes, "metadata_options"), address).toEqual({
        http_endpoint: "enabled",
        http_tokens: "required",
        http_put_response_hop_limit: 1,
        instance_metadata_tags: "disabled",
      });
    }
  });

  it("SEC-06: encrypt every volume, every log and every secret", () => {
    for (const { address, attributes } of templates) {
      const volumes = attributes["block_device_mappings"] as { device_name: string; ebs: object }[];
      expect(volumes, address).toEqual([
        {
          device_name: "/dev/sda1",
          ebs: { volume_type: "gp3", volume_size: 12, encrypted: "true", delete_on_termination: "true" },
        },
      ]);
    }
    for (const { address, attributes } of stack.all("aws_secretsmanager_secret")) {
      expect(attributes["kms_key_id"], address).toBe(secretsKeyArn);
    }
    for (const { address, attributes } of stack.all("aws_cloudwatch_log_group")) {
      expect(attributes["kms_key_id"], address).toBe(logsKeyArn);
    }
  });

  it("TURN-11: are reached from the internet, by the given groups only, where the port matrix opens it", () => {
    const opened = { "listening-port": flow("turn-udp"), "tls-listening-port": flow("turn-tls") };
    expect([flow("turn-udp"), flow("turn-relay")].map(({ from }) => from)).toEqual(["internet", "internet"]);
    for (const { address, attributes } of templates) {
      expect(block(attributes, "network_interfaces"), address).toMatchObject({
        associate_public_ip_address: "true",
        security_groups: ["sg-0d0d0d0d0d0d0d0d0"],
      });
      expect(attributes["vpc_security_group_ids"], address).toBeUndefined();
    }
    for (const lines of userData(stack)) {
      for (const [option, { ports }] of Object.entries(opened)) {
        expect(ports.from).toBe(ports.to);
        expect(optionOf(lines, option)).toEqual([String(ports.from)]);
      }
    }
  });

  it("TURN-08: relay on exactly the ports that the security group opens", () => {
    const { ports } = flow("turn-relay");
    for (const lines of userData(stack)) {
      expect(optionOf(lines, "min-port")).toEqual([String(ports.from)]);
      expect(optionOf(lines, "max-port")).toEqual([String(ports.to)]);
    }
  });

  it("TURN-04: know the secret by name only: no value in user data, JSON or state", () => {
    for (const lines of userData(stack)) {
      expect(lines.join("\n")).toContain(`"secretName": "${secret.name}"`);
      expect(lines.filter((line) => /static-auth-secret|^\s*user=/.test(line))).toEqual([]);
    }
    expect(stack.all("aws_secretsmanager_secret_version")).toEqual([]);
    expect(stack.allData("aws_secretsmanager_secret_version")).toEqual([]);
  });

  it("T-20b: keep a certificate each in a secret that Terraform gives no value", () => {
    const secrets = stack.all("aws_secretsmanager_secret").map(({ attributes }) => attributes);

    expect(secrets).toMatchObject([
      { name: "telemedicina-prod-secret-turn-a-certificate-sa-east-1", recovery_window_in_days: 7 },
      { name: "telemedicina-prod-secret-turn-b-certificate-sa-east-1", recovery_window_in_days: 7 },
    ]);
    for (const [index, lines] of userData(stack).entries()) {
      expect(lines.join("\n")).toContain(`"certificateSecretName": "${secrets[index]?.["name"]}"`);
    }
  });

  it("keep tracked media flows as long as EC2 can, and forget dead connections sooner than it would", () => {
    for (const { address, attributes } of templates) {
      const network = block(attributes, "network_interfaces");
      expect(block(network, "connection_tracking_specification"), address).toEqual({
        udp_stream_timeout: 180,
        udp_timeout: 60,
        tcp_established_timeout: 3600,
      });
    }
  });

  it("TAG-03: put the mandatory tags on what the groups launch, and on the groups", () => {
    for (const { address, attributes } of templates) {
      const specifications = attributes["tag_specifications"] as { resource_type: string; tags: object }[];
      expect(specifications.map((each) => each.resource_type)).toEqual([
        "instance",
        "volume",
        "network-interface",
      ]);
      for (const { tags } of specifications) expect(tags, address).toMatchObject(mandatory);
    }
    for (const { address, attributes } of groups) {
      const tags = attributes["tag"] as { key: string; value: string; propagate_at_launch: boolean }[];
      expect(Object.fromEntries(tags.map(({ key, value }) => [key, value])), address).toMatchObject(
        mandatory,
      );
      expect(
        tags.some((tag) => tag.propagate_at_launch),
        address,
      ).toBe(false);
    }
  });

  it("TAG-01: have names by the rule", () => {
    const nameOf = (type: string) => stack.all(type).map((each) => each.attributes["name"]);

    expect(nameOf("aws_launch_template")).toEqual([
      "telemedicina-prod-lt-turn-a-sa-east-1",
      "telemedicina-prod-lt-turn-b-sa-east-1",
    ]);
    expect(nameOf("aws_iam_role")).toEqual([
      "telemedicina-prod-role-turn-a-sa-east-1",
      "telemedicina-prod-role-turn-b-sa-east-1",
    ]);
    expect(nameOf("aws_iam_instance_profile")).toEqual([
      "telemedicina-prod-instance-profile-turn-a-sa-east-1",
      "telemedicina-prod-instance-profile-turn-b-sa-east-1",
    ]);
    expect(addresses.map((address) => tagsOf(address)["Name"])).toEqual([
      "telemedicina-prod-eip-turn-a-sa-east-1",
      "telemedicina-prod-eip-turn-b-sa-east-1",
    ]);
  });
});

describe("the life of a node", () => {
  const { stack, made } = relays();
  const groups = stack.all("aws_autoscaling_group");

  it("begins when it answers, or ends there; and ends when it has drained, dead ones after five minutes", () => {
    for (const { address, attributes } of groups) {
      expect(attributes["initial_lifecycle_hook"], address).toEqual([
        {
          name: "launch-until-answering",
          lifecycle_transition: "autoscaling:EC2_INSTANCE_LAUNCHING",
          heartbeat_timeout: 900,
          default_result: "ABANDON",
        },
        {
          name: "terminate-when-drained",
          lifecycle_transition: "autoscaling:EC2_INSTANCE_TERMINATING",
          heartbeat_timeout: 300,
          default_result: "CONTINUE",
        },
      ]);
    }
    for (const lines of userData(stack)) {
      expect(lines.join("\n")).toContain('"launchHook": "launch-until-answering"');
      expect(lines.join("\n")).toContain('"terminateHook": "terminate-when-drained"');
    }
  });

  it("drains when the group is deleted too: its hooks go with it and not before, and Terraform waits so long", () => {
    expect(stack.all("aws_autoscaling_lifecycle_hook")).toEqual([]);
    for (const { address, attributes } of groups) {
      expect(attributes["timeouts"], address).toEqual({ delete: "90m" });
      expect(attributes["force_delete"], address).toBeUndefined();
    }
    expect(relay({ drainMinutes: 20 }).stack.only("aws_autoscaling_group")["timeouts"]).toEqual({
      delete: "50m",
    });
  });

  it("ends before the next one counts: both would need the same address", () => {
    for (const { address, attributes } of groups) {
      expect(attributes["instance_maintenance_policy"], address).toEqual({
        min_healthy_percentage: 0,
        max_healthy_percentage: 100,
      });
    }
  });

  it("is not ended by an apply where there are several, but zone by zone with the commands given", () => {
    for (const { address, attributes } of groups)
      expect(attributes["instance_refresh"], address).toBeUndefined();
    expect(made.refreshCommands).toEqual({
      a: "aws autoscaling start-instance-refresh --region sa-east-1 --auto-scaling-group-name telemedicina-prod-asg-turn-a-sa-east-1",
      b: "aws autoscaling start-instance-refresh --region sa-east-1 --auto-scaling-group-name telemedicina-prod-asg-turn-b-sa-east-1",
    });
  });

  it("is ended by an apply that changes a lone one, unless told otherwise", () => {
    expect(relay().stack.only("aws_autoscaling_group")["instance_refresh"]).toEqual({
      strategy: "Rolling",
      preferences: { min_healthy_percentage: 0, max_healthy_percentage: 100, skip_matching: true },
    });
    const calm = relay({ replaceOnChange: false }).stack.only("aws_autoscaling_group");
    expect(calm["instance_refresh"]).toBeUndefined();
  });

  it("shows a changed template in the plan, by its number", () => {
    for (const { address, attributes } of groups) {
      expect(block(attributes, "launch_template")["version"], address).toMatch(
        /^\$\{aws_launch_template\.\S+\.latest_version\}$/,
      );
    }
  });

  it("has from its first to its last second what it needs", () => {
    const needs = groups[0]?.attributes["depends_on"] as string[];

    expect(needs.map((address) => address.split(".")[0])).toEqual([
      "aws_eip",
      "aws_secretsmanager_secret",
      "aws_cloudwatch_log_group",
    ]);
    for (const { address, attributes } of stack.all("aws_iam_instance_profile")) {
      expect(attributes["depends_on"], address).toEqual([expect.stringMatching(/^aws_iam_role_policy\./)]);
    }
  });

  it("is not waited for by Terraform", () => {
    for (const { address, attributes } of groups) {
      expect(attributes["wait_for_capacity_timeout"], address).toBe("0");
    }
  });
});

describe("overrides", () => {
  it("take the type, the volume and its key", () => {
    const template = relay({
      instanceType: "c6in.large",
      rootVolumeGiB: 20,
      volumeKmsKeyArn: secretsKeyArn,
    }).stack.only("aws_launch_template");

    expect(relay().stack.only("aws_launch_template")["instance_type"]).toBe("t3.medium");
    expect(template["instance_type"]).toBe("c6in.large");
    expect(block(block(template, "block_device_mappings"), "ebs")).toMatchObject({
      volume_size: 20,
      kms_key_id: secretsKeyArn,
      encrypted: "true",
    });
  });

  it("let burstable types go on beyond their credits, and ask for none elsewhere", () => {
    expect(relay().stack.only("aws_launch_template")["credit_specification"]).toEqual({
      cpu_credits: "unlimited",
    });
    const template = relay({ instanceType: "c7i.large" }).stack.only("aws_launch_template");
    expect(template["credit_specification"]).toBeUndefined();
  });

  it("tell the node how long credentials live, how long it drains and what one user may have", () => {
    const [lines = []] = userData(
      relay({ credentialTtlMinutes: 120, drainMinutes: 90, userQuota: 6, maxBps: 250_000 }).stack,
    );

    expect(optionOf(lines, "user-quota")).toEqual(["6"]);
    expect(optionOf(lines, "max-bps")).toEqual(["250000"]);
    expect(lines.join("\n")).toContain('"drainSeconds": 5400');
    // A day for the application to take the new secret, and the life of the last credential of the old.
    expect(lines.join("\n")).toContain(`"secretOverlapSeconds": ${86_400 + 7200}`);
  });

  it("have the strategy's hour and quota by default", () => {
    const [lines = []] = userData(relay().stack);

    expect(optionOf(lines, "user-quota")).toEqual(["12"]);
    expect(lines.join("\n")).toContain('"drainSeconds": 3600');
    expect(lines.join("\n")).toContain(`"secretOverlapSeconds": ${86_400 + 3600}`);
    expect(relay().made.iceServers.ttlSeconds).toBe(3600);
  });

  it("keep a deleted certificate as long as they say", () => {
    const kept = relay({ certificateRecoveryDays: 30 }).stack.only("aws_secretsmanager_secret");

    expect(kept["recovery_window_in_days"]).toBe(30);
  });

  it("ask another certificate authority, at its address", () => {
    const acmeDirectory = "https://acme-staging-v02.api.letsencrypt.org/directory";

    expect(userData(relay({ acmeDirectory }).stack)[0]?.join("\n")).toContain(acmeDirectory);
    expect(userData(relay().stack)[0]?.join("\n")).not.toContain("letsencrypt.org/directory");
  });

  it("bound the roles", () => {
    const permissionsBoundaryArn = "arn:aws:iam::333333333333:policy/boundary";
    const roles = relays({ permissionsBoundaryArn }).stack.all("aws_iam_role");

    expect(roles.map(({ attributes }) => attributes["permissions_boundary"])).toEqual(
      Array(2).fill(permissionsBoundaryArn),
    );
  });
});

describe("the contract with the application", () => {
  it("names UDP, TCP and TLS of every zone, and how long credentials live", () => {
    const { iceServers } = relays({ credentialTtlMinutes: 90 }).made;

    expect(iceServers.urls).toEqual(
      ["a", "b"].flatMap((zone) => [
        `turn:turn-${zone}.telemedicina.example.com:3478?transport=udp`,
        `turn:turn-${zone}.telemedicina.example.com:3478?transport=tcp`,
        `turns:turn-${zone}.telemedicina.example.com:5349?transport=tcp`,
      ]),
    );
    expect(iceServers.ttlSeconds).toBe(5400);
  });
});

/** Values of an option in `turnserver.conf`, where the lines are indented by YAML. */
function optionOf(lines: readonly string[], option: string): string[] {
  return lines.flatMap((line) =>
    line.trim().startsWith(`${option}=`) ? [line.trim().slice(option.length + 1)] : [],
  );
}
