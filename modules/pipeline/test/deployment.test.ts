import type { Attributes } from "@telemedicina/core/testing";
import { describe, expect, it } from "vitest";
import { applicationName, type DeliveryProps, deploymentGroupName } from "../src/index.js";
import { blueGreen, copy, delivery, names, of, rolling } from "./support.js";

const groupType = "aws_codedeploy_deployment_group";
const workers = { workers: { autoScalingGroupName: "asg-workers" } };

function groups(changes: Partial<DeliveryProps>): readonly Attributes[] {
  return delivery(changes)
    .stack.all(groupType)
    .map(({ attributes }) => attributes);
}

function group(changes: Partial<DeliveryProps>, id: string): Attributes {
  return of(delivery(changes).stack.all(groupType), `deployment_${id}`);
}

describe("the application", () => {
  it("CICD-09: is called as the runbooks have it", () => {
    expect(applicationName(names)).toBe("telemedicina");
    expect(deploymentGroupName(names)).toBe("production");
    expect(delivery().stack.only("aws_codedeploy_app")).toMatchObject({
      name: "telemedicina",
      compute_platform: "Server",
    });
    expect(delivery().stack.only(groupType)["deployment_group_name"]).toBe("production");
  });

  it("CICD-09: tells its names as literals", () => {
    const { made } = delivery({ strategy: blueGreen, companions: workers });
    expect(made.applicationName).toBe("telemedicina");
    expect(made.deploymentGroupNames).toEqual(["production-blue", "production-green", "production-workers"]);
    expect(made.pipelineName).toBe("telemedicina-prod-pipeline");
  });
});

describe("every deployment group, whatever the strategy", () => {
  it.each<[string, Partial<DeliveryProps>]>([
    ["rolling", { companions: workers }],
    ["blue and green", { strategy: blueGreen, companions: workers }],
    ["a copied group", { strategy: copy, companions: workers }],
  ])("CICD-06: rolls back by itself what failed and what an alarm stopped: %s", (_, changes) => {
    const found = groups(changes);
    expect(found.length).toBeGreaterThan(1);
    for (const one of found) {
      expect(one["auto_rollback_configuration"]).toEqual({
        enabled: true,
        events: ["DEPLOYMENT_FAILURE", "DEPLOYMENT_STOP_ON_ALARM"],
      });
      expect(one["outdated_instances_strategy"]).toBe("UPDATE");
      expect(one["autoscaling_groups"]).toHaveLength(1);
    }
  });

  it("waits for the permissions of its role", () => {
    const { stack } = delivery({ strategy: copy });
    const [managed] = stack.all("aws_iam_role_policy_attachment");
    const own = stack.all("aws_iam_role_policy").find(({ address }) => address.includes("deployment_role"));
    expect(stack.only(groupType)["depends_on"]).toEqual([managed?.address, own?.address]);
  });
});

describe("rolling", () => {
  it("CICD-04: deploys in place, half of the hosts at a time, each out of the load balancer first", () => {
    expect(group({}, "serving")).toMatchObject({
      deployment_style: { deployment_type: "IN_PLACE", deployment_option: "WITH_TRAFFIC_CONTROL" },
      deployment_config_name: "CodeDeployDefault.HalfAtATime",
      autoscaling_groups: ["asg-web"],
      load_balancer_info: { target_group_info: [{ name: "tg-web" }] },
      termination_hook_enabled: true,
    });
  });

  it("takes another pace", () => {
    const strategy = { ...rolling, deploymentConfig: "CodeDeployDefault.OneAtATime" } as const;
    expect(group({ strategy }, "serving")["deployment_config_name"]).toBe("CodeDeployDefault.OneAtATime");
  });

  it("CICD-06: watches the alarms, and stops when it cannot read them", () => {
    expect(group({}, "serving")["alarm_configuration"]).toEqual({
      enabled: true,
      alarms: ["5xx", "ill"],
      ignore_poll_alarm_failure: false,
    });
  });

  it("never changes the Auto Scaling group, which stays Terraform's", () => {
    expect(group({}, "serving")["lifecycle"]).toBeUndefined();
    expect(group({}, "serving")["blue_green_deployment_config"]).toBeUndefined();
  });
});

describe("blue and green", () => {
  it("CICD-07: is two groups in place, without the load balancer, which is the driver's", () => {
    for (const colour of ["blue", "green"]) {
      const found = group({ strategy: blueGreen }, colour);
      expect(found).toMatchObject({
        deployment_group_name: `production-${colour}`,
        deployment_style: { deployment_type: "IN_PLACE", deployment_option: "WITHOUT_TRAFFIC_CONTROL" },
        deployment_config_name: "CodeDeployDefault.AllAtOnce",
        autoscaling_groups: [`asg-${colour}`],
        termination_hook_enabled: true,
      });
      // Its hosts are ill to their load balancer for as long as they are deployed to.
      expect(found["alarm_configuration"]).toBeUndefined();
      expect(found["load_balancer_info"]).toBeUndefined();
      expect(found["blue_green_deployment_config"]).toBeUndefined();
    }
    expect(groups({ strategy: blueGreen })).toHaveLength(2);
  });
});

describe("a copied Auto Scaling group", () => {
  it("CICD-07: is CodeDeploy's own blue and green, and leaves the old hosts an hour to go back to", () => {
    expect(group({ strategy: copy }, "serving")).toMatchObject({
      deployment_style: { deployment_type: "BLUE_GREEN", deployment_option: "WITH_TRAFFIC_CONTROL" },
      deployment_config_name: "CodeDeployDefault.HalfAtATime",
      load_balancer_info: { target_group_info: [{ name: "tg-web" }] },
      blue_green_deployment_config: {
        green_fleet_provisioning_option: { action: "COPY_AUTO_SCALING_GROUP" },
        deployment_ready_option: { action_on_timeout: "CONTINUE_DEPLOYMENT" },
        terminate_blue_instances_on_deployment_success: {
          action: "TERMINATE",
          termination_wait_time_in_minutes: 60,
        },
      },
    });
  });

  it("takes another time to go back", () => {
    const found = group({ strategy: { ...copy, terminationWaitMinutes: 0 } }, "serving");
    expect(found["blue_green_deployment_config"]).toMatchObject({
      terminate_blue_instances_on_deployment_success: { termination_wait_time_in_minutes: 0 },
    });
  });

  it("shows why, and does not put back the group that is gone", () => {
    const found = group({ strategy: copy }, "serving");
    expect(found["tags"]).toEqual({ Name: "production", UnmanagedBecause: "The fleet is made by hand" });
    expect(found["lifecycle"]).toEqual({ ignore_changes: ["autoscaling_groups"] });
  });
});

describe("a companion", () => {
  it("is deployed to in place, host by host, and no load balancer ever gets it", () => {
    const found = group({ companions: workers }, "workers");
    expect(found).toMatchObject({
      deployment_group_name: "production-workers",
      deployment_style: { deployment_type: "IN_PLACE", deployment_option: "WITHOUT_TRAFFIC_CONTROL" },
      deployment_config_name: "CodeDeployDefault.OneAtATime",
      autoscaling_groups: ["asg-workers"],
      termination_hook_enabled: true,
    });
    expect(found["load_balancer_info"]).toBeUndefined();
    expect(found["alarm_configuration"]).toBeUndefined();
  });

  it("takes another pace, and alarms", () => {
    const companions = {
      workers: {
        autoScalingGroupName: "asg-workers",
        deploymentConfig: "CodeDeployDefault.AllAtOnce",
        alarmNames: ["queue"],
      },
    } as const;
    expect(group({ companions }, "workers")).toMatchObject({
      deployment_config_name: "CodeDeployDefault.AllAtOnce",
      alarm_configuration: { enabled: true, alarms: ["queue"] },
    });
  });
});
