#!/usr/bin/env python3
"""Moves traffic between the two colours of an environment, blue and green.

It runs wherever Python 3.9 and the AWS CLI are: in CodeBuild, on GitHub's runners, in CloudShell. What it knows of the
environment is in a file of settings, which the infrastructure's code writes. It owns the weights of the load balancer,
and the least and present size of both groups; everything else is Terraform's.
"""
import argparse
import collections
import datetime
import json
import os
import signal
import subprocess
import sys
import time

COLOURS = ("blue", "green")
# Scheduled actions that end hosts, by the setting that says when. The name tells what the hosts hold: a release that
# served, or one that failed.
RETIREMENTS = {"keepMinutes": "blue-green-retire", "keepFailedMinutes": "blue-green-retire-failed"}
CALL_SECONDS = 120
# By which Auto Scaling ends hosts that their load balancer finds ill. A deployment in place stops what answers it.
JUDGEMENT = ("HealthCheck", "ReplaceUnhealthy")
# Reads that may fail in a row while traffic is watched; then it watches no longer, and the traffic returns.
BLIND_READS = 3

DONE, FAILED, REFUSED, STOPPED, UNCERTAIN = 0, 1, 2, 3, 4


def say(text):
    print(f"{datetime.datetime.now(datetime.timezone.utc):%H:%M:%SZ} {text}", flush=True)


class Ending(Exception):
    """Why the run ends before its end, and with which exit code."""

    def __init__(self, code, text):
        super().__init__(text)
        self.code = code


class Refused(Ending):
    def __init__(self, text):
        super().__init__(REFUSED, text)


class Failed(Ending):
    def __init__(self, text):
        super().__init__(FAILED, text)


class TakenOver(Ending):
    """Somebody else changes what this run changes. It touches nothing more."""

    def __init__(self, text):
        super().__init__(FAILED, text)


class CallFailed(Failed):
    pass


class Signals:
    """A signal ends no call half-way: the run ends before it would begin the next thing."""

    def __init__(self):
        self.caught = None
        for one in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(one, self.catch)

    def catch(self, number, _frame):
        self.caught = signal.Signals(number).name

    def check(self):
        if self.caught is not None:
            raise Ending(STOPPED, f"Stopped by {self.caught}.")

    def sleep(self, seconds):
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            self.check()
            time.sleep(max(0, min(0.5, until - time.monotonic())))
        self.check()


class Aws:
    """The AWS CLI. Its children have a session of their own, so that Ctrl-C in a terminal does not reach them."""

    def __init__(self, region):
        self.env = {"AWS_RETRY_MODE": "standard", "AWS_MAX_ATTEMPTS": "5", **os.environ, "AWS_PAGER": ""}
        # The CLI itself knows the variable only from 2.13 on.
        endpoint = os.environ.get("AWS_ENDPOINT_URL")
        self.options = ["--region", region, "--output", "json", *(["--endpoint-url", endpoint] if endpoint else [])]

    def __call__(self, service, operation, *arguments):
        command = ["aws", service, operation, *self.options, *map(str, arguments)]
        try:
            done = subprocess.run(
                command,
                env=self.env,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                timeout=CALL_SECONDS,
                start_new_session=True,
            )
        except FileNotFoundError:
            raise Refused("There is no `aws` on PATH. Install the AWS CLI and run the command again.") from None
        except subprocess.TimeoutExpired:
            raise CallFailed(f"aws {service} {operation} gave no answer in {CALL_SECONDS} s.") from None
        if done.returncode != 0:
            raise CallFailed(f"aws {service} {operation} failed: {' '.join(done.stderr.split())}")
        try:
            return json.loads(done.stdout or "{}")
        except ValueError:
            raise CallFailed(f"aws {service} {operation} gave an answer that is no JSON.") from None


Group = collections.namedtuple("Group", "name least size most in_service suspended")


class Environment:
    """What there is, as AWS tells it now, and the few things that are changed."""

    def __init__(self, settings, aws):
        self.settings = settings
        self.aws = aws
        self.colours = settings["colours"]
        self.is_rule = ":listener-rule/" in settings["forwardArn"]

    # Traffic

    def weights(self):
        """Percent of the traffic by colour. A rule holds the origin's secret header too: it is not kept."""
        arn = self.settings["forwardArn"]
        if self.is_rule:
            actions = self.aws("elbv2", "describe-rules", "--rule-arns", arn)["Rules"][0]["Actions"]
        else:
            listeners = self.aws("elbv2", "describe-listeners", "--listener-arns", arn)["Listeners"]
            actions = listeners[0]["DefaultActions"]
        found = {
            one["TargetGroupArn"]: one.get("Weight", 1)
            for action in actions
            for one in action.get("ForwardConfig", {}).get("TargetGroups", [])
        }
        ours = {colour: self.colours[colour]["targetGroupArn"] for colour in COLOURS}
        if set(found) != set(ours.values()):
            raise Refused(
                f"{arn} does not forward to the two target groups of the settings. Apply the infrastructure, and "
                "write the settings anew."
            )
        blue, green = (found[ours[colour]] for colour in COLOURS)
        if blue + green == 0:
            return dict.fromkeys(COLOURS, 0)
        # Whoever shares has at least one percent: 999 to 1 is not alone.
        share = round(100 * blue / (blue + green))
        share = min(max(share, 1), 99) if blue and green else share
        return {"blue": share, "green": 100 - share}

    def set_weights(self, weights, sticky_seconds):
        """A browser stays with its colour while both serve. Once one has all it must not, or it outstays the hosts."""
        forward = {
            "TargetGroups": [
                {"TargetGroupArn": self.colours[colour]["targetGroupArn"], "Weight": weights[colour]}
                for colour in COLOURS
            ],
            "TargetGroupStickinessConfig": (
                {"Enabled": True, "DurationSeconds": sticky_seconds} if all(weights.values()) else {"Enabled": False}
            ),
        }
        actions = json.dumps([{"Type": "forward", "ForwardConfig": forward}])
        arn = self.settings["forwardArn"]
        if self.is_rule:
            self.aws("elbv2", "modify-rule", "--rule-arn", arn, "--actions", actions)
        else:
            self.aws("elbv2", "modify-listener", "--listener-arn", arn, "--default-actions", actions)

    # Hosts

    def group(self, colour):
        name = self.colours[colour]["group"]
        found = self.aws("autoscaling", "describe-auto-scaling-groups", "--auto-scaling-group-names", name)
        if not found["AutoScalingGroups"]:
            raise Refused(f"There is no group {name}. Apply the infrastructure, and write the settings anew.")
        one = found["AutoScalingGroups"][0]
        return Group(
            name=name,
            least=one["MinSize"],
            size=one["DesiredCapacity"],
            most=one["MaxSize"],
            in_service=sorted(
                each["InstanceId"]
                for each in one["Instances"]
                if each["LifecycleState"] == "InService" and each["HealthStatus"].lower() == "healthy"
            ),
            suspended=sorted(
                each["ProcessName"] for each in one.get("SuspendedProcesses", []) if each["ProcessName"] in JUDGEMENT
            ),
        )

    def suspend(self, colour):
        self.aws(
            "autoscaling", "suspend-processes",
            "--auto-scaling-group-name", self.colours[colour]["group"], "--scaling-processes", *JUDGEMENT,
        )  # fmt: skip

    def resume(self, colour):
        self.aws(
            "autoscaling", "resume-processes",
            "--auto-scaling-group-name", self.colours[colour]["group"], "--scaling-processes", *JUDGEMENT,
        )  # fmt: skip

    def resize(self, colour, least, size=None):
        self.aws(
            "autoscaling", "update-auto-scaling-group",
            "--auto-scaling-group-name", self.colours[colour]["group"], "--min-size", least,
            *([] if size is None else ["--desired-capacity", size]),
        )  # fmt: skip

    def retire_at(self, colour, moment, kept):
        """AWS ends the hosts then, whether anybody still runs this program or not."""
        self.aws(
            "autoscaling", "put-scheduled-update-group-action",
            "--auto-scaling-group-name", self.colours[colour]["group"], "--scheduled-action-name", RETIREMENTS[kept],
            "--start-time", f"{moment:%Y-%m-%dT%H:%M:%SZ}", "--min-size", 0, "--desired-capacity", 0,
        )  # fmt: skip

    def retirements(self, colour):
        """When the hosts are to end, by the setting for which they are kept."""
        name = self.colours[colour]["group"]
        found = self.aws("autoscaling", "describe-scheduled-actions", "--auto-scaling-group-name", name)
        moments = {one["ScheduledActionName"]: one["StartTime"] for one in found["ScheduledUpdateGroupActions"]}
        return {kept: moments[name] for kept, name in RETIREMENTS.items() if name in moments}

    def retirement(self, colour):
        """When the hosts are to end; None if they are not."""
        return min(self.retirements(colour).values(), default=None)

    def keep(self, colour):
        """Takes back an order to end the hosts."""
        for kept, moment in self.retirements(colour).items():
            self.aws(
                "autoscaling", "delete-scheduled-action",
                "--auto-scaling-group-name", self.colours[colour]["group"],
                "--scheduled-action-name", RETIREMENTS[kept],
            )  # fmt: skip
            say(f"{colour} is no longer to be ended at {moment}.")

    def healthy(self, colour, group):
        """How many hosts of the group the load balancer finds healthy."""
        arn = self.colours[colour]["targetGroupArn"]
        targets = self.aws("elbv2", "describe-target-health", "--target-group-arn", arn)["TargetHealthDescriptions"]
        well = {one["Target"]["Id"] for one in targets if one["TargetHealth"]["State"] == "healthy"}
        return len(well & set(group.in_service))

    # Releases

    def release(self, colour):
        """Where in S3 that lies which was deployed last with success to every host; None if nothing was."""
        colours = self.colours[colour]
        found = self.aws(
            "deploy", "get-deployment-group",
            "--application-name", self.settings["application"], "--deployment-group-name", colours["deploymentGroup"],
        )["deploymentGroupInfo"]  # fmt: skip
        last = found.get("lastSuccessfulDeployment", {}).get("deploymentId")
        if last is None:
            return None
        info = self.aws("deploy", "get-deployment", "--deployment-id", last)["deploymentInfo"]
        return None if hosts_without(info) else info["revision"].get("s3Location")

    def start_deployment(self, colour, location):
        return self.aws(
            "deploy", "create-deployment",
            "--application-name", self.settings["application"],
            "--deployment-group-name", self.colours[colour]["deploymentGroup"],
            "--revision", json.dumps({"revisionType": "S3", "s3Location": location}),
            "--description", f"blue-green to {colour}",
        )["deploymentId"]  # fmt: skip

    # Alarms

    def alarms(self, colour):
        """State by name of every alarm that watches the colour."""
        names = list(dict.fromkeys([*self.colours[colour]["alarms"], *self.settings["alarms"]]))
        found = self.aws(
            "cloudwatch", "describe-alarms", "--alarm-types", "MetricAlarm", "CompositeAlarm", "--alarm-names", *names
        )
        states = {
            one["AlarmName"]: one["StateValue"]
            for kind in ("MetricAlarms", "CompositeAlarms")
            for one in found.get(kind, [])
        }
        missing = [name for name in names if name not in states]
        if missing:
            raise Refused(f"There is no alarm {', '.join(missing)}. Nothing would tell whether {colour} is well.")
        return states


def hosts_without(deployment):
    """How many have not got its release. CodeDeploy calls it a success when one host has."""
    return (deployment.get("deploymentOverview") or {}).get("Failed", 0)


class Run:
    """One command from its first look to its last word."""

    def __init__(self, environment, options, signals):
        self.there = environment
        self.settings = environment.settings
        self.options = options
        self.signals = signals
        # What this run last saw or set: another value means that somebody else works here as well.
        self.weights = None

    def look(self):
        self.weights = self.there.weights()
        return {colour: self.there.group(colour) for colour in COLOURS}

    def live(self):
        """The colour that has all the traffic; None when they share it, or neither has any."""
        return next((colour for colour in COLOURS if self.weights[colour] == 100), None)

    # Commands

    def status(self):
        groups = self.look()
        for colour in COLOURS:
            group = groups[colour]
            release = self.there.release(colour)
            ends = self.there.retirement(colour)
            say(
                f"{colour}: {self.weights[colour]} % of the traffic; {group.size} hosts wanted (least {group.least}, "
                f"most {group.most}), {self.there.healthy(colour, group)} healthy; release {named(release)}"
                + ("" if ends is None else f"; its hosts end at {ends}")
                + (f"; SUSPENDED: {', '.join(group.suspended)}" if group.suspended else "")
            )
            for name, state in self.there.alarms(colour).items():
                say(f"{colour}: alarm {name} is {state}")
        if self.live() is None:
            self.refuse_half_way()

    def deploy(self):
        groups = self.look()
        live = self.live()
        if live is None:
            self.refuse_half_way()
        self.judge_again(groups)
        idle = other(live)
        location = self.options.location
        if self.has(live, location) and not self.options.again:
            say(f"{live} serves {named(location)} already. With --again it is deployed all the same.")
            self.settle_again(live, groups)
            return
        if not self.options.again and self.waits_with(idle, live, groups, location):
            say(f"{idle} still has {named(location)}, which served before.")
            self.go_back(idle, groups)
            return
        self.there.alarms(idle)
        size = self.room(live, idle, groups)
        say(f"{live} serves with {groups[live].size} hosts. {named(location)} goes to {idle}.")

        def steps():
            self.scale_up(live, idle, groups, size)
            self.unjudged(idle, lambda: (self.release_to(idle, location), self.wait_until_healthy(idle)))
            self.shift_to(idle)

        self.attempt(live, idle, steps)

    def waits_with(self, idle, live, groups, location):
        """CodePipeline deploys the release before again after a smoke test that failed; its hosts are kept for that.
        Hosts that are kept for a release that failed are no way back."""
        return (
            self.has(idle, location)
            and list(self.there.retirements(idle)) == ["keepMinutes"]
            and self.there.healthy(idle, groups[idle]) >= max(1, len(groups[live].in_service))
        )

    def has(self, colour, location):
        """Only of an exact object can that be said: under a key alone another one may lie by now."""
        if "version" not in location and "eTag" not in location:
            return False
        last = self.there.release(colour) or {}
        return all(last.get(key) == value for key, value in location.items())

    def shift(self):
        groups = self.look()
        idle = self.options.to or other(self.live() or self.refuse_half_way())
        live = other(idle)
        self.judge_again(groups)
        if self.live() == idle:
            say(f"{idle} has all the traffic already.")
            self.settle_again(idle, groups)
            return
        release = self.there.release(idle)
        if release is None:
            raise Refused(
                f"{idle} has no release that all of its hosts have, and some would show the placeholder. "
                f"Use {self.command('deploy')}, or if the traffic is half-way {self.command('back')} --to {live}"
            )
        size = self.room(live, idle, groups)
        say(f"{idle} has {named(release)}, and is to serve.")

        def steps():
            self.scale_up(live, idle, groups, size)
            self.wait_until_healthy(idle)
            self.shift_to(idle)

        self.attempt(live, idle, steps)

    def back(self):
        groups = self.look()
        to = self.options.to or other(self.live() or self.refuse_half_way())
        if self.live() == to:
            say(f"{to} has all the traffic already.")
            self.least_again(to)
            self.judge_again(groups)
            return
        well = self.there.healthy(to, groups[to])
        if well == 0:
            raise Refused(
                f"{to} has no healthy host: the traffic would go nowhere. To start hosts with the release that {to} "
                f"had last, and shift to them: {self.command('shift')} --to {to}"
            )
        busy = len(groups[other(to)].in_service)
        if well < busy:
            say(f"{to} has {well} healthy hosts, {other(to)} {busy}: scaling has to add some.")
        self.go_back(to, groups)

    def go_back(self, to, groups):
        # First, lest AWS end the hosts that serve, should nothing after this come to pass.
        self.there.keep(to)
        self.all_to(to)
        self.least_again(to)
        self.put_aside(other(to), "keepFailedMinutes")
        self.insist(to)
        self.judge_again(groups)

    def retire(self):
        groups = self.look()
        live = self.live() or self.refuse_half_way()
        self.least_again(live)
        self.there.keep(other(live))
        self.put_aside(other(live))
        self.judge_again(groups)

    # Steps

    def attempt(self, live, idle, steps):
        """Whatever goes wrong, the traffic returns. Only a signal, and somebody else's work, leave it where it is."""
        try:
            steps()
        except (Failed, Refused) as failure:
            self.give_up(live, idle, failure)
        except Ending:
            raise
        except Exception as fault:
            self.give_up(live, idle, Failed(f"This program has a fault: {fault!r}"))

    def room(self, live, idle, groups):
        """How many hosts the idle colour needs: as many as serve now."""
        size = max(groups[live].size, self.settings["minSize"])
        if size > groups[idle].most:
            raise Refused(f"{idle} may have {groups[idle].most} hosts, and needs {size}. Raise maxSize and apply.")
        return size

    def scale_up(self, live, idle, groups, size):
        """Neither group may shrink from here on: the one has to take the traffic, the other to take it back, and both
        have less to do than usual, which scaling would take for idleness."""
        for colour in COLOURS:
            self.there.keep(colour)
        self.there.resize(live, groups[live].size)
        self.there.resize(idle, size, max(size, groups[idle].size))
        say(f"{idle} has {groups[idle].size} hosts" + (f" and grows to {size}." if size > groups[idle].size else "."))
        self.wait(
            self.settings["scaleSeconds"],
            lambda: len(self.there.group(idle).in_service) >= size,
            lambda: f"{len(self.there.group(idle).in_service)} of {size} hosts of {idle} are in service",
        )

    def unjudged(self, idle, steps):
        """Hosts that are deployed to answer nobody for a while. Auto Scaling would end those that it knows from before:
        its grace is for new ones."""
        try:
            self.there.suspend(idle)
            steps()
        except BaseException:
            try:
                self.there.resume(idle)
            except CallFailed as failure:
                say(f"Auto Scaling replaces no ill host of {idle} until this program runs again: {failure}")
            raise
        self.there.resume(idle)

    def judge_again(self, groups):
        """After a run that was killed."""
        for colour in COLOURS:
            if groups[colour].suspended:
                self.there.resume(colour)
                say(f"Auto Scaling replaces ill hosts of {colour} again.")

    def release_to(self, idle, location):
        deployment = self.begin(idle, location)
        say(f"CodeDeploy's deployment {deployment} to {idle} has begun.")

        info = {}

        def over():
            info.update(self.there.aws("deploy", "get-deployment", "--deployment-id", deployment)["deploymentInfo"])
            return info["status"] in ("Succeeded", "Failed", "Stopped")

        try:
            self.wait(self.settings["deploySeconds"], over, lambda: f"the deployment {deployment} is not over")
        except Ending:
            self.stop_deployment(deployment)
            raise
        if info["status"] != "Succeeded":
            why = info.get("errorInformation", {}).get("message", "CodeDeploy gives no reason")
            raise Failed(f"The deployment {deployment} to {idle} has ended as {info['status']}: {why}")
        if hosts_without(info):
            raise Failed(f"The deployment {deployment} to {idle} has failed on {hosts_without(info)} of its hosts.")
        say(f"{idle} has its release.")

    def begin(self, idle, location):
        """A group has one deployment at a time, and hosts that have just started may still get theirs."""
        ends = time.monotonic() + self.settings["deploySeconds"]
        while True:
            try:
                return self.there.start_deployment(idle, location)
            except CallFailed as failure:
                if "DeploymentLimitExceededException" not in str(failure) or time.monotonic() >= ends:
                    raise
                say(f"CodeDeploy takes no deployment to {idle} yet: {failure}")
            self.signals.sleep(self.settings["pollSeconds"])

    def stop_deployment(self, deployment):
        try:
            self.there.aws("deploy", "stop-deployment", "--deployment-id", deployment, "--no-auto-rollback-enabled")
            say(f"The deployment {deployment} is stopped.")
        except CallFailed as failure:
            say(f"The deployment {deployment} goes on: {failure}")

    def wait_until_healthy(self, idle):
        """All hosts that the group wants, as the load balancer sees them; at first it says how they did before."""
        self.signals.sleep(self.settings["steadySeconds"])

        seen = "nobody has seen whether hosts are healthy"

        def all_well():
            nonlocal seen
            group = self.there.group(idle)
            well = self.there.healthy(idle, group)
            seen = f"{well} of {group.size} hosts of {idle} are healthy"
            return group.size > 0 and well >= group.size

        self.wait(self.settings["healthSeconds"], all_well, lambda: seen)
        say(f"{seen}.")

    def shift_to(self, idle):
        live = other(idle)
        groups = {colour: self.there.group(colour) for colour in COLOURS}
        if groups[live].size > groups[idle].size:
            # It had to grow while the release went out; the new hosts get theirs from CodeDeploy as they start.
            self.scale_up(live, idle, groups, self.room(live, idle, groups))
            self.wait_until_healthy(idle)
        self.wait(
            self.settings["settleSeconds"],
            lambda: set(self.there.alarms(idle).values()) == {"OK"},
            lambda: "not every alarm is OK: " + listed(self.there.alarms(idle)),
        )
        for step in [step for step in self.settings["steps"] if step > self.weights[idle]]:
            self.give(idle, step)
            self.watch(idle, step)
        self.settle(idle)

    def give(self, idle, percent):
        self.signals.check()
        self.expect_weights()
        wanted = {idle: percent, other(idle): 100 - percent}
        self.there.set_weights(wanted, self.settings["pauseSeconds"])
        self.weights = wanted
        say(f"{idle} has {percent} % of the traffic.")

    def expect_weights(self):
        """Twice, for AWS may answer with what was there a moment ago."""
        for _ in range(2):
            found = self.there.weights()
            if found == self.weights:
                return
            self.signals.sleep(self.settings["pollSeconds"])
        raise TakenOver(
            f"Somebody else has changed the weights, from {listed(self.weights)} to {listed(found)}. This run "
            f"changes nothing more. Look: {self.command('status')}"
        )

    def watch(self, idle, percent):
        """To the end of the pause. An alarm that no longer says anything gets some time beyond it to speak again."""
        ends = time.monotonic() + self.settings["pauseSeconds"]
        blind_after = ends + self.settings["settleSeconds"]
        unread = 0
        while True:
            self.signals.sleep(self.settings["pollSeconds"])
            try:
                self.expect_weights()
                states = self.there.alarms(idle)
                unread = 0
            except (CallFailed, Refused) as failure:
                unread += 1
                if unread >= BLIND_READS:
                    raise Failed(f"Nobody can see how {idle} does at {percent} %: {failure}") from None
                continue
            ringing = [name for name, state in states.items() if state == "ALARM"]
            if ringing:
                raise Failed(f"The alarm {', '.join(ringing)} rings at {percent} %.")
            if time.monotonic() < ends:
                continue
            if set(states.values()) == {"OK"}:
                return
            if time.monotonic() >= blind_after:
                raise Failed(f"Alarms say nothing at {percent} %: {listed(states)}")

    def settle(self, live):
        """After a shift: the new colour may shrink again, the old one is kept for a way back."""
        self.least_again(live)
        say(f"{live} serves alone.")
        self.put_aside(other(live), "keepMinutes")

    def settle_again(self, live, groups):
        """An earlier run may have been cut off. Where is not known, so what the other colour has is no way back."""
        self.least_again(live)
        if groups[other(live)].size and self.there.retirement(other(live)) is None:
            self.put_aside(other(live), "keepFailedMinutes")

    def least_again(self, colour):
        group = self.there.group(colour)
        self.there.keep(colour)
        least = min(self.settings["minSize"], group.most)
        self.there.resize(colour, least, least if group.size < least else None)

    def put_aside(self, idle, kept=None):
        """Hosts are kept as long as that setting says; without one they end now."""
        minutes = self.settings[kept] if kept else 0
        group = self.there.group(idle)
        if group.size == 0 and group.least == 0:
            say(f"{idle} has no hosts.")
        elif minutes == 0:
            self.there.resize(idle, 0, 0)
            say(f"{idle} ends its {group.size} hosts; they drain first.")
        else:
            moment = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(minutes=minutes)
            # What serves nobody looks idle to scaling.
            self.there.resize(idle, group.size)
            self.there.retire_at(idle, moment, kept)
            say(
                f"{idle} keeps its {group.size} hosts until {moment:%Y-%m-%d %H:%M} UTC; AWS ends them then. "
                f"At once: {self.command('retire')}"
            )

    def all_to(self, colour):
        """At once, and more than once if need be. Whatever somebody else set meanwhile, this is the way back."""
        wanted = {colour: 100, other(colour): 0}
        for attempt in range(5):
            time.sleep(2 * attempt)
            try:
                self.there.set_weights(wanted, 0)
                self.weights = wanted
                say(f"{colour} has all the traffic.")
                return
            except CallFailed as failure:
                say(str(failure))
        raise Ending(
            UNCERTAIN,
            f"THE TRAFFIC COULD NOT BE GIVEN BACK: it is {listed(self.weights)} as far as is known. Run this until it "
            f"works: {self.command('back')} --to {colour}",
        )

    def insist(self, colour):
        """A run that was at work may have set its next step in the moment in which the traffic was taken from it."""
        for _ in range(3):
            if self.there.weights() == self.weights:
                return
            say("A run that is still at work has moved the traffic again.")
            self.all_to(colour)
            self.signals.sleep(self.settings["pollSeconds"])
        self.expect_weights()

    def give_up(self, live, idle, failure):
        """The traffic belongs to the colour that had it."""
        say(f"FAILED: {failure}")
        if self.weights[live] != 100:
            self.all_to(live)
        try:
            self.least_again(live)
            self.put_aside(idle, "keepFailedMinutes")
        except (Failed, Refused) as second:
            say(f"Hosts of both colours are as they were: {second}")
        raise Ending(FAILED, f"The release is not live. {live} serves as before. Cause: {failure}")

    # Help

    def wait(self, seconds, is_there, what_is_missing):
        """Polls. One failed read is not yet a fault."""
        ends = time.monotonic() + seconds
        while True:
            self.signals.check()
            try:
                if is_there():
                    return
            except CallFailed as failure:
                say(str(failure))
            if time.monotonic() >= ends:
                raise Failed(f"After {seconds} s {what_is_missing()}.")
            self.signals.sleep(self.settings["pollSeconds"])

    def refuse_half_way(self):
        raise Refused(
            f"The traffic is half-way: {listed(self.weights)}. An earlier run was cut off, or is still at work. "
            "If none is, say where it shall go:\n"
            + "\n".join(
                f"  {self.command('shift')} --to {colour}   goes on step by step, and watches\n"
                f"  {self.command('back')} --to {colour}    gives {colour} all of it at once"
                for colour in COLOURS
            )
        )

    def where_it_stands(self):
        """For the last word of a run that was stopped."""
        groups = self.look()
        hosts = ", ".join(f"{colour} {len(groups[colour].in_service)} hosts in service" for colour in COLOURS)
        say(f"Traffic: {listed(self.weights)}. {hosts}. Both groups keep their size.")
        live = self.live()
        if live is None:
            self.refuse_half_way()
        say(f"{live} serves alone. Go on with the same command, or end the other's hosts: {self.command('retire')}")

    def command(self, name):
        return f"{os.path.basename(sys.argv[0])} {name} --settings {self.options.settings}"


def other(colour):
    return COLOURS[1 - COLOURS.index(colour)]


def named(release):
    if release is None:
        return "none that every host has"
    exact = release.get("version") or release.get("eTag")
    return f"s3://{release['bucket']}/{release['key']}" + (f" ({exact})" if exact else "")


def listed(values):
    return ", ".join(f"{name} {value}" for name, value in values.items())


NUMBERS = {
    "minSize": "fewest hosts of the colour that serves",
    "pauseSeconds": "how long each step is watched",
    "keepMinutes": "how long the colour before keeps its hosts after a shift; 0 ends them at once",
    "keepFailedMinutes": "how long hosts with a release that failed are kept to be looked at; 0 ends them at once",
    "scaleSeconds": "until new hosts must be in service",
    "deploySeconds": "until CodeDeploy must be done",
    "steadySeconds": "until the load balancer's word about hosts with a new release is worth something",
    "healthSeconds": "until all hosts must be healthy from then on",
    "settleSeconds": "for alarms to be OK before the first step, and to speak again after one",
    "pollSeconds": "between two looks",
}
TEXTS = ("region", "forwardArn", "application")
COLOUR_TEXTS = ("group", "targetGroupArn", "deploymentGroup")


def read_settings(options):
    try:
        with open(options.settings, encoding="utf-8") as file:
            settings = json.load(file)
    except (OSError, ValueError) as error:
        raise Refused(f"{options.settings} cannot be read as JSON: {error}") from None
    faults = settings_faults(settings)
    if faults:
        raise Refused(f"{options.settings}: " + "; ".join(faults) + ". The infrastructure's code writes this file.")
    for name in NUMBERS:
        given = getattr(options, name, None)
        if given is not None:
            settings[name] = given
    if getattr(options, "steps", None):
        settings["steps"] = options.steps
    steps = settings["steps"]
    if steps[-1] != 100 or sorted(set(steps)) != steps or steps[0] < 1:
        raise Refused(f"steps are {steps}. Allowed: percent from 1, each above the one before, 100 the last.")
    return settings


def settings_faults(settings):
    if not isinstance(settings, dict):
        return ["it is no object"]
    colours = settings.get("colours")
    colours = colours if isinstance(colours, dict) else {}
    return [
        *(f"{name} is no text" for name in TEXTS if not isinstance(settings.get(name), str)),
        *(f"{name} is no whole number from 0" for name in NUMBERS if not is_number(settings.get(name))),
        *(f"{name} is no list" for name in ("steps", "alarms") if not isinstance(settings.get(name), list)),
        *([] if settings.get("steps") and all(map(is_number, settings["steps"])) else ["steps has no numbers"]),
        *(
            f"colours.{colour}.{name} is no text"
            for colour in COLOURS
            for name in COLOUR_TEXTS
            if not isinstance((colours.get(colour) or {}).get(name), str)
        ),
        *(
            f"colours.{colour}.alarms has no name"
            for colour in COLOURS
            if not isinstance((colours.get(colour) or {}).get("alarms"), list) or not colours[colour]["alarms"]
        ),
    ]


def is_number(value):
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def read_options(arguments):
    parser = argparse.ArgumentParser(prog="blue-green.py", description=__doc__.splitlines()[0])
    commands = parser.add_subparsers(dest="command", required=True)
    add(commands, "status", "which colour serves, with what, and how it does")
    deploy = add(commands, "deploy", "bring a release to the colour that does not serve, then shift the traffic")
    deploy.add_argument("--bucket", required=True, help="of the release")
    deploy.add_argument("--key", required=True, help="of the release, a zip")
    deploy.add_argument("--version", help="of the object; without it a new object under the key could slip in")
    deploy.add_argument("--etag", help="of the object, where the bucket has no versions")
    deploy.add_argument("--again", action="store_true", help="even if the release is live already")
    shift = add(commands, "shift", "go on with a shift that was cut off, or shift to what the other colour had last")
    back = add(commands, "back", "give a colour all the traffic at once")
    add(commands, "retire", "end the hosts of the colour that does not serve")
    for one in (shift, back):
        one.add_argument("--to", choices=COLOURS, help="the colour; needed when the traffic is half-way")
    for one in (deploy, shift):
        one.add_argument("--steps", type=percents, help="percent of the new colour, such as 10,50,100")
        for name, meaning in NUMBERS.items():
            flag = "--" + "".join(f"-{letter.lower()}" if letter.isupper() else letter for letter in name)
            one.add_argument(flag, dest=name, type=whole, help=meaning)
    aside = "keepFailedMinutes"
    back.add_argument("--keep-failed-minutes", dest=aside, type=whole, help=NUMBERS[aside])
    options = parser.parse_args(arguments)
    if options.command == "deploy":
        location = {"bucket": options.bucket, "key": options.key, "bundleType": "zip"}
        options.location = {
            **location,
            **({"version": options.version} if options.version else {}),
            **({"eTag": options.etag} if options.etag else {}),
        }
    return options


def add(commands, name, meaning):
    command = commands.add_parser(name, help=meaning, description=meaning)
    command.add_argument("--settings", required=True, help="file with what the environment is, JSON")
    return command


def whole(text):
    value = int(text)
    if value < 0:
        raise ValueError(text)
    return value


def percents(text):
    return [whole(part) for part in text.split(",")]


def main():
    options = read_options(sys.argv[1:])
    signals = Signals()
    run = None
    try:
        settings = read_settings(options)
        run = Run(Environment(settings, Aws(settings["region"])), options, signals)
        getattr(run, options.command)()
        return DONE
    except Ending as ending:
        print(ending, file=sys.stderr, flush=True)
        if ending.code == STOPPED and run is not None:
            try:
                run.where_it_stands()
            except Ending as more:
                print(more, file=sys.stderr, flush=True)
        return ending.code


if __name__ == "__main__":
    sys.exit(main())
