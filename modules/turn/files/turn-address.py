#!/usr/bin/python3
"""Takes the zone's fixed address and writes turnserver.conf with it.

A predecessor that still ends its calls keeps the address until it is done: they would end with it.
"""
import sys
import time

from turn_node import arguments, client, known, metadata, replace, say


def fixed_address(ec2, node):
    name = {"Name": "tag:TurnNode", "Values": [node["groupName"]]}
    found = ec2.describe_addresses(Filters=[name])["Addresses"]
    if len(found) != 1:
        raise SystemExit(f"turn-address: {len(found)} addresses with the tag TurnNode={node['groupName']}, not 1")
    return found[0]


def drains(autoscaling, holder):
    """Whether the holder is being replaced and still carries calls. A sick one carries none."""
    found = autoscaling.describe_auto_scaling_instances(InstanceIds=[holder])["AutoScalingInstances"]
    return any(
        instance["LifecycleState"] == "Terminating:Wait" and instance["HealthStatus"] == "HEALTHY"
        for instance in found
    )


def wait_for_predecessor(node, ec2, instance, interval):
    autoscaling = client(node, "autoscaling")
    deadline = time.monotonic() + node["drainSeconds"]
    beat = 0
    while time.monotonic() < deadline:
        address = fixed_address(ec2, node)
        holder = address.get("InstanceId")
        if holder in (None, "", instance) or not drains(autoscaling, holder):
            return address
        if time.monotonic() >= beat:
            say(f"{holder} still has {address['PublicIp']} and ends its calls: waiting")
            beat = time.monotonic() + 60
            autoscaling.record_lifecycle_action_heartbeat(
                LifecycleHookName=node["launchHook"],
                AutoScalingGroupName=node["groupName"],
                InstanceId=instance,
            )
        time.sleep(interval)
    say(f"waited {node['drainSeconds']} s, taking the address")
    return fixed_address(ec2, node)


def main():
    node, options = arguments(__doc__)
    instance = known("instance-id")
    private = known("local-ipv4")
    ec2 = client(node, "ec2")
    address = wait_for_predecessor(node, ec2, instance, options.interval)
    public = address["PublicIp"]
    if address.get("InstanceId") != instance:
        ec2.associate_address(
            AllocationId=address["AllocationId"], InstanceId=instance, AllowReassociation=True
        )
    deadline = time.monotonic() + 120
    while metadata("public-ipv4") != public:
        if time.monotonic() > deadline:
            raise SystemExit(f"turn-address: {public} is associated, and the metadata service does not say so")
        time.sleep(min(options.interval, 2))
    with open(node["paths"]["base"], encoding="utf-8") as file:
        base = file.read()
    # The mapping puts the private address on coturn's own list of allowed peers; the line says so to a reader.
    own = f"relay-ip={private}\nexternal-ip={public}/{private}\nallowed-peer-ip={private}\n"
    replace(node["paths"]["configuration"], base + own, 0o640, node["user"])
    say(f"{node['hostName']}: {public} for {private}")


main()
sys.exit(0)
