import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findBlueGreenComponents, Site, stackOf } from "./blue-green-support.js";

const components = findBlueGreenComponents();

describe.skipIf(!components)("blue/green with the real Terraform, provider and program", () => {
  let site: Site;

  beforeAll(async () => {
    if (components === undefined) return;
    site = await Site.start(components, stackOf({ strategy: "rolling", exposure: "cloudfront" }));
  });

  afterAll(() => site?.end());

  it("CICD-07: the second colour comes beside the fleet that serves, which keeps its address and its hosts", async () => {
    writeFileSync(
      join(site.root.dir, "cdk.tf.json"),
      stackOf({ strategy: "blueGreen", exposure: "cloudfront" }),
    );
    const before = await site.account.hosts("blue");
    const changes = await site.plan();
    expect(changes.filter(({ actions }) => actions.includes("delete"))).toEqual([]);
    expect(changes.filter(({ actions }) => actions.includes("update"))).toMatchObject([
      { type: "aws_lb_listener_rule", attributes: ["action"] },
      { type: "aws_lb_target_group", attributes: ["stickiness"] },
    ]);

    await site.apply();
    await site.prepareReleases("release-1.zip", "release-2.zip");
    expect(await site.plan()).toEqual([]);
    expect(await site.account.hosts("blue")).toEqual(before);
    expect(await site.account.weights()).toEqual({ blue: 100, green: 0 });
    expect(await site.account.group("green")).toEqual({ min: 0, desired: 0, ends: false });
  });

  it("says who serves", async () => {
    const { exitCode, output } = await site.run("status");
    expect(exitCode, output).toBe(0);
    expect(output).toContain("blue: 100 % of the traffic; 3 hosts wanted (least 2, most 6), 3 healthy");
    expect(output).toContain("green: 0 % of the traffic; 0 hosts wanted (least 0, most 6), 0 healthy");
    expect(output).toContain("green: alarm telemedicina-dev-alarm-green-unhealthy-hosts-us-east-1 is OK");
  });

  it("CICD-07: a release goes to new hosts, which take the traffic step by step; the old ones wait, and nothing is left to plan", async () => {
    const { exitCode, output } = await site.deploy("release-1.zip", "--etag", "4f1c2d");
    expect(exitCode, output).toBe(0);
    expect(site.story(output)).toEqual([
      "green has 0 hosts and grows to 3.",
      "green has its release.",
      "3 of 3 hosts of green are healthy.",
      "green has 10 % of the traffic.",
      "green has 50 % of the traffic.",
      "green has 100 % of the traffic.",
      "green serves alone.",
    ]);
    expect(output).toMatch(/blue keeps its 3 hosts until .+ UTC; AWS ends them then/);
    expect(await site.account.weights()).toEqual({ blue: 0, green: 100 });
    expect(await site.account.group("green")).toEqual({ min: 2, desired: 3, ends: false });
    expect(await site.account.group("blue")).toEqual({ min: 3, desired: 3, ends: true });
    expect(await site.account.suspended("green")).toEqual([]);
    expect(await site.plan()).toEqual([]);
  });

  it("does nothing for a release that is live", async () => {
    const { exitCode, output } = await site.deploy("release-1.zip", "--etag", "4f1c2d");
    expect(exitCode, output).toBe(0);
    expect(output).toContain("green serves s3://releases/release-1.zip (4f1c2d) already.");
  });

  it("CICD-06: an alarm in the middle of a shift gives the traffic back at once, and nothing is left to plan", async () => {
    const alarm = "telemedicina-dev-alarm-target-5xx-us-east-1";
    const { exitCode, output } = await site.deploy("release-2.zip", {
      at: "blue has 10 % of the traffic.",
      act: () => site.account.ring(alarm, "ALARM"),
    });
    expect(exitCode, output).toBe(1);
    expect(output).toContain(`FAILED: The alarm ${alarm} rings at 10 %.`);
    expect(output).toContain("The release is not live. green serves as before.");
    expect(output).not.toContain("blue has 50 %");
    expect(await site.account.weights()).toEqual({ blue: 0, green: 100 });
    expect(await site.account.group("green")).toMatchObject({ min: 2, desired: 3 });
    // To be looked at.
    expect(await site.account.group("blue")).toEqual({ min: 3, desired: 3, ends: true });
    expect(await site.plan()).toEqual([]);
  });

  it("CICD-06: a colour whose alarm rings already gets no traffic at all", async () => {
    const { exitCode, output } = await site.run("shift");
    await site.account.ring("telemedicina-dev-alarm-target-5xx-us-east-1", "OK");
    expect(exitCode, output).toBe(1);
    expect(output).toMatch(/not every alarm is OK: .*telemedicina-dev-alarm-target-5xx-us-east-1 ALARM/);
    expect(output).not.toMatch(/blue has \d+ % of the traffic/);
    expect(await site.account.weights()).toEqual({ blue: 0, green: 100 });
  });

  it("CICD-06: an alarm that no longer says anything stops a shift as well", async () => {
    const alarm = "telemedicina-dev-alarm-unhealthy-hosts-us-east-1";
    const { exitCode, output } = await site.run("shift", {
      at: "blue has 50 % of the traffic.",
      act: () => site.account.ring(alarm, "INSUFFICIENT_DATA"),
    });
    await site.account.ring(alarm, "OK");
    expect(exitCode, output).toBe(1);
    expect(output).toMatch(/FAILED: Alarms say nothing at 50 %: .*INSUFFICIENT_DATA/);
    expect(await site.account.weights()).toEqual({ blue: 0, green: 100 });
  });

  it("CICD-06: a release that CodeDeploy cannot bring costs no request", async () => {
    const { exitCode, output } = await site.deploy("not-there.zip");
    expect(exitCode, output).toBe(1);
    expect(output).toMatch(/The deployment \S+ to blue has ended as Failed: The revision is not in S3/);
    expect(output).not.toMatch(/blue has \d+ % of the traffic/);
    expect(await site.account.weights()).toEqual({ blue: 0, green: 100 });
  });

  it("CICD-06: a release that one host has not got costs no request, though CodeDeploy is content", async () => {
    site.failOnOneHost();
    const { exitCode, output } = await site.deploy("release-2.zip");
    expect(exitCode, output).toBe(1);
    expect(output).toMatch(/The deployment \S+ to blue has failed on 2 of its hosts\./);
    expect(output).not.toMatch(/blue has \d+ % of the traffic/);
    expect(await site.account.weights()).toEqual({ blue: 0, green: 100 });
  });

  it("CICD-06: a deployment waits for CodeDeploy; hosts that it comes to are not ended for their silence, and are judged again after a run that was killed", async () => {
    let during: readonly string[] = [];
    site.refuseNextDeployment();
    const killed = await site.deploy("release-2.zip", {
      at: "has begun.",
      signal: "SIGKILL",
      act: async () => {
        during = await site.account.suspended("blue");
      },
    });
    expect(killed.exitCode, killed.output).not.toBe(0);
    expect(killed.output).toMatch(/takes no deployment to blue yet: .*DeploymentLimitExceededException/);
    expect(during).toEqual(["HealthCheck", "ReplaceUnhealthy"]);
    expect(await site.account.suspended("green")).toEqual([]);
    expect(await site.plan()).toEqual([]);
    expect((await site.run("status")).output).toMatch(/blue: .*; SUSPENDED: HealthCheck, ReplaceUnhealthy/);

    const stopped = await site.deploy("release-2.zip", { at: "has begun.", signal: "SIGTERM" });
    expect(stopped.exitCode, stopped.output).toBe(3);
    expect(stopped.output).toContain("Auto Scaling replaces ill hosts of blue again.");
    expect(await site.account.suspended("blue")).toEqual([]);
  });

  it("CICD-07: the next release goes the other way, through what a cut-off run has left", async () => {
    const stopped = await site.deploy("release-2.zip", {
      at: "blue has 10 % of the traffic.",
      signal: "SIGTERM",
    });
    expect(stopped.exitCode, stopped.output).toBe(3);
    expect(stopped.output).toContain("Stopped by SIGTERM.");
    expect(stopped.output).toContain("Traffic: blue 10, green 90.");
    expect(await site.account.weights()).toEqual({ blue: 10, green: 90 });
    // An apply in the middle takes no weight back, and no host away.
    expect(await site.plan()).toEqual([]);

    const refused = await site.deploy("release-2.zip");
    expect(refused.exitCode, refused.output).toBe(2);
    expect(refused.output).toMatch(/The traffic is half-way: blue 10, green 90/);
    expect(refused.output).toContain("shift --settings settings.json --to blue ");

    const { exitCode, output } = await site.run("shift", "--to", "blue");
    expect(exitCode, output).toBe(0);
    expect(site.story(output)).toEqual([
      "3 of 3 hosts of blue are healthy.",
      "blue has 50 % of the traffic.",
      "blue has 100 % of the traffic.",
      "blue serves alone.",
    ]);
    expect(await site.account.weights()).toEqual({ blue: 100, green: 0 });
    expect(await site.account.group("blue")).toEqual({ min: 2, desired: 3, ends: false });
    expect(await site.plan()).toEqual([]);
  });

  it("CICD-06: the release before, deployed again while its hosts are kept, is a way back in seconds; one that failed is none", async () => {
    const again = await site.deploy("release-1.zip", "--etag", "4f1c2d");
    expect(again.exitCode, again.output).toBe(0);
    expect(again.output).toContain("green still has s3://releases/release-1.zip (4f1c2d)");
    expect(again.output).not.toContain("CodeDeploy's deployment");
    expect(again.output).toContain("green has all the traffic.");
    expect(await site.account.weights()).toEqual({ blue: 0, green: 100 });

    // Green is now what was gone back from.
    expect((await site.run("back")).exitCode).toBe(0);
    const failed = await site.deploy("release-1.zip", "--etag", "4f1c2d", {
      at: "has begun.",
      signal: "SIGTERM",
    });
    expect(failed.exitCode, failed.output).toBe(3);
    expect(await site.account.weights()).toEqual({ blue: 100, green: 0 });
  });

  it("ends a run in whose way somebody else comes, and leaves what they did", async () => {
    // Both colours have hosts and a release: what the operator does here is `back` while a shift is at work.
    const { exitCode, output } = await site.run("shift", {
      at: "green has 10 % of the traffic.",
      act: async () => {
        const back = await site.run("back", "--to", "blue");
        expect(back.exitCode, back.output).toBe(0);
      },
    });
    expect(exitCode, output).toBe(1);
    expect(output).toMatch(
      /Somebody else has changed the weights, from green \d+, blue \d+ to blue 100, green 0\./,
    );
    expect(await site.account.weights()).toEqual({ blue: 100, green: 0 });
  });

  it("CICD-06: goes back to the colour before in seconds, while it has its hosts", async () => {
    const started = Date.now();
    const { exitCode, output } = await site.run("back");
    expect(exitCode, output).toBe(0);
    expect(Date.now() - started).toBeLessThan(60_000);
    expect(await site.account.weights()).toEqual({ blue: 0, green: 100 });
    expect(await site.account.group("green")).toMatchObject({ min: 2, desired: 3, ends: false });
  });

  it("ends the hosts that nobody needs, once and again, and then knows no way back", async () => {
    for (const _ of ["first", "second"]) {
      const { exitCode, output } = await site.run("retire");
      expect(exitCode, output).toBe(0);
      expect(await site.account.group("blue")).toEqual({ min: 0, desired: 0, ends: false });
    }
    expect(await site.plan()).toEqual([]);

    const back = await site.run("back");
    expect(back.exitCode).toBe(2);
    expect(back.output).toContain("blue has no healthy host: the traffic would go nowhere.");
    expect(await site.account.weights()).toEqual({ blue: 0, green: 100 });
  });

  it("never shows what the rule knows CloudFront by", () => {
    expect(site.everything).toContain("green serves alone");
    expect(site.everything).not.toContain("value-header");
  });
});

describe.skipIf(!components)("blue/green where the listener itself has the weights", () => {
  let site: Site;

  beforeAll(async () => {
    if (components === undefined) return;
    site = await Site.start(components, stackOf({ strategy: "blueGreen", exposure: "internet" }));
    await site.prepareReleases("release-1.zip");
  });

  afterAll(() => site?.end());

  it("CICD-07: shifts there, and nothing is left to plan", async () => {
    expect(await site.plan()).toEqual([]);
    const { exitCode, output } = await site.deploy(
      "release-1.zip",
      "--keep-minutes",
      "0",
      "--steps",
      "40,100",
    );
    expect(exitCode, output).toBe(0);
    expect(site.story(output)).toContain("green has 40 % of the traffic.");
    expect(await site.account.weights()).toEqual({ blue: 0, green: 100 });
    expect(await site.account.group("blue")).toEqual({ min: 0, desired: 0, ends: false });
    expect(await site.plan()).toEqual([]);
  });

  it("does not shift to hosts that have only their placeholder", async () => {
    const { exitCode, output } = await site.run("shift");
    expect(exitCode, output).toBe(2);
    expect(output).toContain(
      "blue has no release that all of its hosts have, and some would show the placeholder.",
    );
    expect(await site.account.group("blue")).toEqual({ min: 0, desired: 0, ends: false });
  });

  it("refuses settings that lack something, and says all of it", async () => {
    const { exitCode, output } = await site.runWith({ region: "us-east-1", colours: { blue: {} } }, "status");
    expect(exitCode, output).toBe(2);
    for (const fault of [
      "forwardArn is no text",
      "minSize is no whole number from 0",
      "steps has no numbers",
      "colours.blue.group is no text",
      "colours.green.alarms has no name",
    ]) {
      expect(output).toContain(fault);
    }
  });

  it("CICD-06: says what to type when AWS cannot be reached and the traffic cannot be given back", async () => {
    const { exitCode, output } = await site.deploy("release-1.zip", "--steps", "40,100", {
      at: "blue has 40 % of the traffic.",
      act: () => site.vanish(),
    });
    expect(exitCode, output).toBe(4);
    expect(output).toContain("Nobody can see how blue does at 40 %");
    expect(output).toMatch(
      /TRAFFIC COULD NOT BE GIVEN BACK: .*blue-green\.py back --settings settings\.json --to green/,
    );
  });
});
