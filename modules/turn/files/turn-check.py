#!/usr/bin/python3
"""Whether coturn serves. boot: it has just been started. watch: restarts it, or has the node replaced, if it does not."""
import re
import sys
import time

from botocore.exceptions import BotoCoreError, ClientError

from turn_node import arguments, client, draining, known, say, stun_answers, systemctl

# coturn starts without what it did not understand.
MISREAD = re.compile("Bad configuration format|CONFIG(URATION ALERT| ERROR)")


def answers(node, attempts, interval):
    for attempt in range(attempts):
        if attempt:
            time.sleep(interval)
        if stun_answers(node):
            return True
    return False


def boot(node, interval):
    if not answers(node, 12, interval):
        say(f"no answer to STUN on port {node['ports']['turn']}")
        return 1
    with open(node["paths"]["log"], encoding="utf-8", errors="replace") as log:
        misread = [number for number, line in enumerate(log, 1) if MISREAD.search(line)]
    if misread:
        # By number: the words would count as a second line of coturn's.
        say(f"coturn did not understand its configuration, see {node['paths']['log']}, lines {misread}")
        return 1
    return 0


def watch(node, interval):
    if draining(node) or answers(node, 3, interval):
        return 0
    # No call survives what does not answer.
    say("three questions without an answer: restarting coturn")
    systemctl("restart", "coturn")
    if answers(node, 3, interval):
        return 0
    say("still none: asking for another node")
    try:
        client(node, "autoscaling").set_instance_health(
            InstanceId=known("instance-id"), HealthStatus="Unhealthy"
        )
    except (BotoCoreError, ClientError) as error:
        say(f"set_instance_health: {error}")
    return 1


def main():
    node, options = arguments(__doc__, "boot", "watch")
    return {"boot": boot, "watch": watch}[options.command](node, options.interval)


sys.exit(main())
