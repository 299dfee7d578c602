#!/usr/bin/python3
"""Answers the Auto Scaling group's lifecycle hooks.

launched: this host is ready. failed: it is not, take another. watch: wait for the group to take the host out of
service; then end what runs on it, and let it go.
"""
import argparse
import json
import os
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request

os.environ.setdefault("AWS_METADATA_SERVICE_TIMEOUT", "2")
os.environ.setdefault("AWS_METADATA_SERVICE_NUM_ATTEMPTS", "6")

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

METADATA = os.environ.get("AWS_EC2_METADATA_SERVICE_ENDPOINT", "http://169.254.169.254").rstrip("/")
STARTED = time.monotonic()
# What each role runs. Jobs end first; browsers may stay until then, and connect to another host.
PROGRAMS = (("scheduler", "laravel-scheduler"), ("worker", "laravel-worker"), ("web", "laravel-reverb"))


def say(text):
    print(f"host-lifecycle: {time.monotonic() - STARTED:.0f} s: {text}", flush=True)


def metadata(path, attempts=1):
    """What the instance metadata service says; None if it does not know, or nobody answers."""
    for attempt in range(attempts):
        time.sleep(attempt)
        try:
            ask = urllib.request.Request(f"{METADATA}/latest/api/token", method="PUT")
            ask.add_header("X-aws-ec2-metadata-token-ttl-seconds", "60")
            with urllib.request.urlopen(ask, timeout=2) as answer:
                token = answer.read().decode()
            ask = urllib.request.Request(f"{METADATA}/latest/meta-data/{path}")
            ask.add_header("X-aws-ec2-metadata-token", token)
            with urllib.request.urlopen(ask, timeout=2) as answer:
                return answer.read().decode().strip()
        except urllib.error.HTTPError as error:
            if error.code == 404:
                return None
        except OSError:
            pass
    return None


class Hook:
    """One of the group's hooks, for this instance."""

    def __init__(self, host, name):
        self.group = host["autoScaling"]["groupName"]
        self.name = host["autoScaling"][name]
        self.instance = metadata("instance-id", attempts=5)
        self.client = boto3.client(
            "autoscaling",
            region_name=host["region"],
            endpoint_url=os.environ.get("AWS_ENDPOINT_URL"),
            config=Config(
                connect_timeout=3, read_timeout=10, retries={"mode": "standard", "total_max_attempts": 6}
            ),
        )

    def call(self, action, **arguments):
        """False if the hook may still be waiting; one that waits no longer, or never was, is as good as answered."""
        try:
            getattr(self.client, action)(
                LifecycleHookName=self.name,
                AutoScalingGroupName=self.group,
                InstanceId=self.instance,
                **arguments,
            )
            return True
        except (ClientError, BotoCoreError) as error:
            say(f"{action} of {self.name}: {error}")
            return getattr(error, "response", {}).get("Error", {}).get("Code") == "ValidationError"

    def complete(self, result):
        if self.instance is None:
            say(f"no instance metadata at {METADATA}: no hook to answer")
            return True
        answered = self.call("complete_lifecycle_action", LifecycleActionResult=result)
        say(f"{self.name} of {self.group}: {result} {'answered' if answered else 'not answered'}")
        return answered


def stop(programs, seconds):
    """Ends programs, all at the same time: each may take as long as its jobs."""
    running = {}
    for program in programs:
        say(f"laravelctl stop {program}")
        try:
            running[program] = subprocess.Popen(["laravelctl", "stop", program])
        except OSError as error:
            say(f"laravelctl stop {program}: {error}, going on without it")
    end = time.monotonic() + seconds
    for program, process in running.items():
        try:
            code = process.wait(max(0, end - time.monotonic()))
            say(f"laravelctl stop {program} ended with {code}" + (", going on without it" if code else ""))
        except subprocess.TimeoutExpired:
            say(f"laravelctl stop {program} took more than {seconds} s, going on without it")
            process.kill()


def drain(host, options):
    hook = Hook(host, "terminateHook")
    ended = threading.Event()

    def heartbeats():
        while not ended.wait(options.heartbeat):
            say("heartbeat")
            hook.call("record_lifecycle_action_heartbeat")

    if hook.instance is not None:
        threading.Thread(target=heartbeats, daemon=True).start()
    programs = [program for role, program in PROGRAMS if role in host["roles"]]
    jobs = [program for program in programs if program != "laravel-reverb"]
    # 30 s for laravelctl itself, which kills what does not end in time.
    stop(jobs, host["workerStopSeconds"] + 30)
    stop([program for program in programs if program not in jobs], 60)
    say(f"waiting {options.flush:g} s for the CloudWatch agent to send the last log lines")
    time.sleep(options.flush)
    ended.set()
    return hook.complete("CONTINUE")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--config", default="/etc/telemedicina/host.json")
    parser.add_argument("--interval", type=float, default=5, help="seconds between two looks")
    parser.add_argument("--heartbeat", type=float, default=60, help="seconds between two heartbeats")
    parser.add_argument("--flush", type=float, default=15, help="seconds for the agent, which sends every 5")
    parser.add_argument("command", choices=("launched", "failed", "watch"))
    options = parser.parse_args()
    with open(options.config, encoding="utf-8") as file:
        host = json.load(file)
    if options.command != "watch":
        result = "CONTINUE" if options.command == "launched" else "ABANDON"
        return Hook(host, "launchHook").complete(result)
    while metadata("autoscaling/target-lifecycle-state") != "Terminated":
        time.sleep(options.interval)
    say("the group takes this host out of service")
    return drain(host, options)


sys.exit(0 if main() else 1)
