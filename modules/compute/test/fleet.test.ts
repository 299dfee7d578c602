import { Token } from "cdktf";
import { describe, expect, it } from "vitest";
import { amazonLinux2023, fleetNames, ubuntu2404 } from "../src/index.js";
import { called, fleet, idOf, leastFleet, list, names, nested, tags, webFleet } from "./support.js";

function template(changes: Parameters<typeof fleet>[0] = {}) {
  return fleet(changes).stack.only("aws_launch_template");
}

function group(changes: Parameters<typeof fleet>[0] = {}) {
  return fleet(changes).stack.only("aws_autoscaling_group");
}

function preferences(attributes: ReturnType<typeof group>) {
  return nested(nested(attributes, "instance_refresh"), "preferences");
}

describe("the launch template", () => {
  const { stack, made } = fleet();
  const attributes = stack.only("aws_launch_template");

  it("CMP-01: starts t3.medium, or what is given", () => {
    expect(attributes["instance_type"]).toBe("t3.medium");
    expect(template({ instanceTypes: ["t3.large"] })["instance_type"]).toBe("t3.large");
  });

  it("CMP-02: starts Amazon Linux 2023 by the image that its parameter names when Terraform plans", () => {
    const [parameter] = stack.allData("aws_ssm_parameter");

    expect(parameter?.attributes["name"]).toBe(
      "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64",
    );
    // Not `value`, which Terraform hides.
    expect(attributes["image_id"]).toBe(`\${${parameter?.address}.insecure_value}`);
  });

  it("starts what a parameter names at launch, or one image for good", () => {
    expect(template({ image: { kind: "ssm", parameter: ubuntu2404(), resolve: "launch" } })["image_id"]).toBe(
      "resolve:ssm:/aws/service/canonical/ubuntu/server/24.04/stable/current/amd64/hvm/ebs-gp3/ami-id",
    );
    expect(template({ image: { kind: "ami", id: "ami-0a1b2c3d4e5f60718" } })["image_id"]).toBe(
      "ami-0a1b2c3d4e5f60718",
    );
  });

  it("knows the images of both architectures", () => {
    expect(amazonLinux2023("arm64")).toMatch(/-arm64$/);
    expect(ubuntu2404("arm64")).toContain("/arm64/");
    expect(
      template({
        image: { kind: "ssm", parameter: amazonLinux2023("arm64") },
        instanceTypes: ["t4g.medium"],
      })["instance_type"],
    ).toBe("t4g.medium");
  });

  it("CMP-03: has a root volume of 30 GiB, gp3, under the image's own name for it", () => {
    expect(list(attributes, "block_device_mappings")[0]).toEqual({
      device_name: "/dev/xvda",
      ebs: { volume_type: "gp3", volume_size: 30, encrypted: "true", delete_on_termination: "true" },
    });
    const ubuntu = list(
      template({ rootDeviceName: "/dev/sda1", rootVolumeGiB: 40 }),
      "block_device_mappings",
    );
    expect(ubuntu[0]).toMatchObject({ device_name: "/dev/sda1", ebs: { volume_size: 40 } });
  });

  it("CMP-04: has a data volume of 100 GiB, gp3", () => {
    const mappings = list(attributes, "block_device_mappings");

    expect(mappings).toHaveLength(2);
    expect(mappings[1]).toEqual({
      device_name: "/dev/sdf",
      ebs: { volume_type: "gp3", volume_size: 100, encrypted: "true", delete_on_termination: "true" },
    });
    expect(list(template({ dataVolumeGiB: 200 }), "block_device_mappings")[1]).toMatchObject({
      ebs: { volume_size: 200 },
    });
  });

  it.each([undefined, "arn:aws:kms:sa-east-1:333333333333:key/0a1b2c3d-0000-4000-8000-000000000001"])(
    "SEC-06: encrypts every volume, with the key %s",
    (volumeKmsKeyArn) => {
      const mappings = list(template({ volumeKmsKeyArn }), "block_device_mappings");
      expect(mappings).toHaveLength(2);
      for (const mapping of mappings) {
        expect(nested(mapping, "ebs")["encrypted"]).toBe("true");
        expect(nested(mapping, "ebs")["kms_key_id"]).toBe(volumeKmsKeyArn);
      }
    },
  );

  it("CMP-05: has a key pair only where one is given", () => {
    expect(attributes["key_name"]).toBeUndefined();
    expect(template({ keyName: "operators" })["key_name"]).toBe("operators");
  });

  it("gives the metadata service only to whoever is on the host and asks for a token", () => {
    expect(attributes["metadata_options"]).toEqual({
      http_endpoint: "enabled",
      http_tokens: "required",
      http_put_response_hop_limit: 1,
      instance_metadata_tags: "disabled",
    });
  });

  it("has no public address", () => {
    expect(attributes["network_interfaces"]).toEqual([
      {
        device_index: 0,
        associate_public_ip_address: "false",
        delete_on_termination: "true",
        security_groups: leastFleet.securityGroupIds,
      },
    ]);
    expect(attributes["vpc_security_group_ids"]).toBeUndefined();
  });

  it("T-55: sends figures each minute, without which an alarm of three minutes is one of fifteen", () => {
    expect(attributes["monitoring"]).toEqual({ enabled: true });
  });

  it("lets hosts with CPU credits go on without, and says nothing of credits to others", () => {
    expect(attributes["credit_specification"]).toEqual({ cpu_credits: "unlimited" });
    expect(template({ instanceTypes: ["t3.medium", "t3a.medium"] })["credit_specification"]).toBeDefined();
    expect(template({ instanceTypes: ["m7i.large"] })["credit_specification"]).toBeUndefined();
    expect(template({ instanceTypes: ["t3.medium", "m7i.large"] })["credit_specification"]).toBeUndefined();
  });

  it("T-45: tags instances, volumes and interfaces itself, each with the mandatory tags and a name", () => {
    const specifications = list(attributes, "tag_specifications");

    expect(specifications.map((specification) => specification["resource_type"])).toEqual([
      "instance",
      "volume",
      "network-interface",
    ]);
    for (const specification of specifications)
      expect(specification["tags"]).toMatchObject({ ...tags, Tier: "backend" });
    expect(specifications.map((specification) => nested(specification, "tags")["Name"])).toEqual([
      "telemedicina-prod-ec2-web-sa-east-1",
      "telemedicina-prod-ebs-web-sa-east-1",
      "telemedicina-prod-eni-web-sa-east-1",
    ]);
  });

  it("is the newest version by default, and is told apart by the fleet", () => {
    expect(attributes["update_default_version"]).toBe(true);
    expect(attributes["name"]).toBe("telemedicina-prod-lt-web-sa-east-1");
    expect(attributes["iam_instance_profile"]).toEqual({ name: leastFleet.instanceProfileName });
    expect(attributes["ebs_optimized"]).toBe("true");
    expect(Token.isUnresolved(made.launchTemplateId)).toBe(true);
    expect(Token.isUnresolved(made.launchTemplateLatestVersion)).toBe(true);
  });
});

describe("the group", () => {
  const { stack, made } = fleet();
  const attributes = stack.only("aws_autoscaling_group");

  it("ASG-01: has 2 to 10 hosts and begins with 3", () => {
    expect([attributes["min_size"], attributes["desired_capacity"], attributes["max_size"]]).toEqual([
      2, 3, 10,
    ]);
  });

  it("ASG-01: leaves the size to scaling from then on", () => {
    expect(nested(attributes, "lifecycle")["ignore_changes"]).toContain("desired_capacity");
  });

  it.each([
    [{ minSize: 1, maxSize: 1, scaling: { kind: "fixed" } }, 1],
    [{ minSize: 4 }, 4],
    [{ minSize: 1, maxSize: 2, scaling: { kind: "targetTracking" } }, 2],
    [{ desiredSize: 5 }, 5],
  ] as const)("begins within its limits: %j", (changes, desired) => {
    expect(group(changes)["desired_capacity"]).toBe(desired);
  });

  it("RTO-01: stands in every subnet given, and grows in those zones that have room", () => {
    expect(attributes["vpc_zone_identifier"]).toEqual(leastFleet.subnetIds);
    expect(attributes["availability_zone_distribution"]).toEqual({
      capacity_distribution_strategy: "balanced-best-effort",
    });
  });

  it("ASG-07: takes one type, or several in the order of preference, on demand only", () => {
    expect(attributes["mixed_instances_policy"]).toBeUndefined();
    const mixed = group({ instanceTypes: ["t3.large", "t3a.large"] });
    expect(mixed["launch_template"]).toBeUndefined();
    expect(mixed["mixed_instances_policy"]).toEqual({
      instances_distribution: {
        on_demand_allocation_strategy: "prioritized",
        on_demand_percentage_above_base_capacity: 100,
      },
      launch_template: {
        launch_template_specification: {
          launch_template_id: expect.stringMatching(/^\$\{aws_launch_template\.\S+\.id\}$/),
          version: expect.stringMatching(/^\$\{aws_launch_template\.\S+\.latest_version\}$/),
        },
        override: [{ instance_type: "t3.large" }, { instance_type: "t3a.large" }],
      },
    });
  });

  it("runs a numbered version, so that a change of the template shows in the plan and is rolled out", () => {
    const used = nested(attributes, "launch_template");
    expect(used["version"]).toMatch(/^\$\{aws_launch_template\.\S+\.latest_version\}$/);
    expect(used["id"]).toMatch(/^\$\{aws_launch_template\.\S+\.id\}$/);
    expect(attributes["instance_refresh"]).toBeDefined();
  });

  it("HC-03: replaces what the load balancer finds ill", () => {
    const behind = webFleet().stack.only("aws_autoscaling_group");

    expect(behind["health_check_type"]).toBe("ELB");
    expect(behind["target_group_arns"]).toEqual([
      expect.stringMatching(/^\$\{aws_lb_target_group\.\S+\.arn\}$/),
    ]);
    expect(behind["health_check_grace_period"]).toBe(600);
    expect(behind["suspended_processes"]).toBeUndefined();
  });

  it("MON-EC2-3: replaces what EC2 finds ill where no load balancer asks", () => {
    expect(attributes["health_check_type"]).toBe("EC2");
    expect(attributes["target_group_arns"]).toBeUndefined();
    expect(group({ healthCheckGraceSeconds: 60 })["health_check_grace_period"]).toBe(60);
  });

  it("joins a target group only once a listener forwards to it and its alarms are there", () => {
    const { stack } = webFleet();
    expect(stack.only("aws_autoscaling_group")["depends_on"]).toEqual([
      expect.stringMatching(/^aws_lb_listener\.\S+_https_/),
      expect.stringMatching(/^aws_cloudwatch_metric_alarm\.\S+_target-5xx_/),
      expect.stringMatching(/^aws_cloudwatch_metric_alarm\.\S+_unhealthy-hosts_/),
    ]);
    const closed = webFleet(
      {},
      {
        exposure: {
          kind: "cloudfront",
          originHeader: { name: "X-Origin-Verify", secretArns: ["arn:a", "arn:b"] },
        },
      },
    );
    expect(closed.stack.only("aws_autoscaling_group")["depends_on"]).toContainEqual(
      expect.stringMatching(/^aws_lb_listener_rule\./),
    );
  });

  it("replaces one host more than it has room for, never one fewer than it needs", () => {
    expect(attributes["instance_maintenance_policy"]).toEqual({
      min_healthy_percentage: 100,
      max_healthy_percentage: 150,
    });
    expect(preferences(attributes)).toMatchObject({
      min_healthy_percentage: 100,
      max_healthy_percentage: 150,
    });
  });

  it.each([
    [1, 200],
    [2, 150],
    [3, 134],
    [10, 110],
    [100, 110],
  ])("with at least %d hosts may run %d %% meanwhile", (minSize, percent) => {
    const attributes = group({ minSize, maxSize: 200, scaling: { kind: "targetTracking" } });
    expect(nested(attributes, "instance_maintenance_policy")["max_healthy_percentage"]).toBe(percent);
  });

  it("may run as many meanwhile as it is told", () => {
    const told = group({ maxHealthyPercent: 120 });
    expect(nested(told, "instance_maintenance_policy")["max_healthy_percentage"]).toBe(120);
    expect(preferences(told)["max_healthy_percentage"]).toBe(120);
  });

  it("rolls a change out host by host, and spares those that need none", () => {
    expect(nested(attributes, "instance_refresh")["strategy"]).toBe("Rolling");
    expect(preferences(attributes)["skip_matching"]).toBe(true);
    // The template is a trigger by itself; a tag would not change a host that runs.
    expect(nested(attributes, "instance_refresh")["triggers"]).toBeUndefined();
  });

  it("stops a roll-out when the alarms of its load balancer ring", () => {
    const behind = webFleet().stack.only("aws_autoscaling_group");
    expect(preferences(behind)["alarm_specification"]).toEqual({
      alarms: [
        "telemedicina-prod-alarm-target-5xx-sa-east-1",
        "telemedicina-prod-alarm-unhealthy-hosts-sa-east-1",
      ],
    });
    expect(preferences(attributes)["alarm_specification"]).toBeUndefined();
  });

  it("stops at other alarms, or at none where the roll-out is the cure", () => {
    const other = webFleet({ refreshAlarmNames: ["other"] }).stack.only("aws_autoscaling_group");
    expect(preferences(other)["alarm_specification"]).toEqual({ alarms: ["other"] });
    const none = webFleet({ refreshAlarmNames: [] }).stack.only("aws_autoscaling_group");
    expect(preferences(none)["alarm_specification"]).toBeUndefined();
  });

  it("asks for a rollback where AWS can make one: not to an image that each launch looks up", () => {
    const parameter = amazonLinux2023();
    expect(preferences(attributes)["auto_rollback"]).toBe(true);
    expect(preferences(group({ image: { kind: "ami", id: "ami-0a1b2c3d" } }))["auto_rollback"]).toBe(true);
    expect(
      preferences(group({ image: { kind: "ssm", parameter, resolve: "launch" } }))["auto_rollback"],
    ).toBe(false);
  });

  it("counts a new host after five minutes, and replaces each after thirty days", () => {
    expect(attributes["default_instance_warmup"]).toBe(300);
    expect(attributes["max_instance_lifetime"]).toBe(2_592_000);
    const other = group({ warmupSeconds: 60, maxInstanceLifetimeDays: 0 });
    expect(other["default_instance_warmup"]).toBe(60);
    expect(other["max_instance_lifetime"]).toBe(0);
  });

  it("tells all its figures each minute", () => {
    expect(attributes["metrics_granularity"]).toBe("1Minute");
    expect(attributes["enabled_metrics"]).toHaveLength(13);
    expect(attributes["enabled_metrics"]).toContain("GroupInServiceInstances");
  });

  it("does not let an apply wait for hosts, and is not deleted over their heads", () => {
    expect(attributes["wait_for_capacity_timeout"]).toBe("0");
    expect(attributes["force_delete"]).toBeUndefined();
    expect(attributes["timeouts"]).toEqual({ delete: "20m" });
    expect(attributes["termination_policies"]).toEqual(["OldestLaunchTemplate", "OldestInstance"]);
  });

  it("T-45: hands the mandatory tags on to its hosts, and keeps its name to itself", () => {
    const blocks = list(attributes, "tag");

    for (const [key, value] of Object.entries(tags))
      expect(blocks).toContainEqual({ key, value, propagate_at_launch: true });
    expect(blocks).toContainEqual({
      key: "Name",
      value: "telemedicina-prod-asg-web-sa-east-1",
      propagate_at_launch: false,
    });
    expect(new Set(blocks.map((block) => block["key"])).size).toBe(blocks.length);
  });

  it("is called as everybody knows before it exists", () => {
    expect(made.names).toEqual(fleetNames(names, "web"));
    expect(attributes["name"]).toBe("telemedicina-prod-asg-web-sa-east-1");
    expect(Token.isUnresolved(made.groupArn)).toBe(true);
  });
});

describe("lifecycle hooks", () => {
  const { stack } = fleet();
  const attributes = stack.only("aws_autoscaling_group");
  const initial = list(attributes, "initial_lifecycle_hook");

  it("ASG-05: a new host is not in service until it says that it serves, and ends if it never does", () => {
    const launch = {
      name: "launch-until-healthy",
      lifecycle_transition: "autoscaling:EC2_INSTANCE_LAUNCHING",
      heartbeat_timeout: 900,
      default_result: "ABANDON",
    };
    expect(called(stack, "aws_autoscaling_lifecycle_hook", "launch")).toMatchObject(launch);
    expect(initial).toContainEqual(launch);
  });

  it("ASG-06: a host that goes has time to drain, and goes in any case", () => {
    const terminate = {
      name: "terminate-when-drained",
      lifecycle_transition: "autoscaling:EC2_INSTANCE_TERMINATING",
      heartbeat_timeout: 900,
      default_result: "CONTINUE",
    };
    expect(called(stack, "aws_autoscaling_lifecycle_hook", "terminate")).toMatchObject(terminate);
    expect(initial).toContainEqual(terminate);
  });

  it("are there before the first host, and can be changed later", () => {
    const changed = fleet({ launchHookSeconds: 1800, terminateHookSeconds: 7200 }).stack;
    const group = changed.only("aws_autoscaling_group");

    expect(list(group, "initial_lifecycle_hook").map((hook) => hook["heartbeat_timeout"])).toEqual([
      1800, 7200,
    ]);
    // A change of the group's own block would show in every plan and never reach AWS.
    expect(nested(group, "lifecycle")["ignore_changes"]).toContain("initial_lifecycle_hook");
    expect(called(changed, "aws_autoscaling_lifecycle_hook", "launch")["heartbeat_timeout"]).toBe(1800);
    expect(called(changed, "aws_autoscaling_lifecycle_hook", "terminate")["heartbeat_timeout"]).toBe(7200);
  });

  it("are the group's own two, both by the names that the host gets", () => {
    const { launchHook, terminateHook } = fleetNames(names, "web");
    const hooks = stack.all("aws_autoscaling_lifecycle_hook");

    expect(hooks.map(idOf).sort()).toEqual(["launch", "terminate"]);
    expect(hooks.map(({ attributes }) => attributes["name"]).sort()).toEqual([launchHook, terminateHook]);
    for (const { address, attributes } of hooks)
      expect(attributes["autoscaling_group_name"], address).toMatch(
        /^\$\{aws_autoscaling_group\.\S+\.name\}$/,
      );
  });
});
