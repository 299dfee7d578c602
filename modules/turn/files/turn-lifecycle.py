#!/usr/bin/python3
"""Answers the Auto Scaling group's lifecycle hooks.

launched: this node relays. failed: it does not, take another. watch: wait for the group to take the node out of
service; then let no new client in, wait for the calls to end, and let the node go.
"""
import os
import subprocess
import sys
import time

from botocore.exceptions import BotoCoreError, ClientError

from turn_node import allocations, arguments, client, known, metadata, say, state, stun_answers, systemctl

HEARTBEAT = 60
# For the CloudWatch agent to send the last lines, which it does every 5 s.
FLUSH = 15


class Hook:
    def __init__(self, node, name):
        self.group = node["groupName"]
        self.name = node[name]
        self.instance = known("instance-id")
        self.autoscaling = client(node, "autoscaling")

    def call(self, action, **more):
        """False if the hook may still wait; one that does not, or never did, is as good as answered."""
        try:
            getattr(self.autoscaling, action)(
                LifecycleHookName=self.name,
                AutoScalingGroupName=self.group,
                InstanceId=self.instance,
                **more,
            )
            return True
        except (ClientError, BotoCoreError) as error:
            say(f"{action} of {self.name}: {error}")
            return getattr(error, "response", {}).get("Error", {}).get("Code") == "ValidationError"

    def complete(self, result):
        answered = self.call("complete_lifecycle_action", LifecycleActionResult=result)
        say(f"{self.name} of {self.group}: {result} {'answered' if answered else 'not answered'}")
        return answered


def close(options):
    """coturn asks for the secrets of a new client only, so an empty list ends no call."""
    here, name = os.path.split(sys.argv[0])
    secrets = os.path.join(here, name.replace("lifecycle", "secrets"))
    return subprocess.run([secrets, "--config", options.config], check=False).returncode == 0


def drain(node, options):
    hook = Hook(node, "terminateHook")
    with open(state(node, "draining"), "w", encoding="ascii"):
        say("no new client from here on")
    began = time.monotonic()
    beat = silent = 0
    closed = False
    while time.monotonic() - began < node["drainSeconds"]:
        closed = closed or close(options)
        left = allocations(node)
        silent = 0 if stun_answers(node) else silent + 1
        if (closed and left == 0) or silent == 3:
            break
        if time.monotonic() >= beat:
            say(f"{left} allocations left")
            hook.call("record_lifecycle_action_heartbeat")
            beat = time.monotonic() + HEARTBEAT
        time.sleep(options.interval)
    say(f"{allocations(node)} allocations left after {time.monotonic() - began:.0f} s")
    systemctl("stop", "coturn")
    time.sleep(min(FLUSH, 3 * options.interval))
    return hook.complete("CONTINUE")


def main():
    node, options = arguments(__doc__, "launched", "failed", "watch")
    if options.command != "watch":
        result = "CONTINUE" if options.command == "launched" else "ABANDON"
        return Hook(node, "launchHook").complete(result)
    while metadata("autoscaling/target-lifecycle-state") != "Terminated":
        time.sleep(options.interval)
    say("the group takes this node out of service")
    return drain(node, options)


sys.exit(0 if main() else 1)
