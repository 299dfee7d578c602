"""What the programs of a relay share: settings, AWS, the metadata service, the state of coturn."""
import argparse
import json
import os
import secrets
import socket
import struct
import subprocess
import sys
import time
import urllib.error
import urllib.request

os.environ.setdefault("AWS_METADATA_SERVICE_TIMEOUT", "2")
os.environ.setdefault("AWS_METADATA_SERVICE_NUM_ATTEMPTS", "6")

import boto3
from botocore.config import Config

METADATA = os.environ.get("AWS_EC2_METADATA_SERVICE_ENDPOINT", "http://169.254.169.254").rstrip("/")


def say(text):
    print(f"{os.path.basename(sys.argv[0])}: {text}", flush=True)


def arguments(description, *commands):
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--config", default="/etc/telemedicina/turn.json")
    parser.add_argument("--interval", type=float, default=5, help="seconds between two looks")
    if commands:
        parser.add_argument("command", choices=commands)
    options = parser.parse_args()
    with open(options.config, encoding="utf-8") as file:
        return json.load(file), options


def client(node, service):
    return boto3.client(
        service,
        region_name=node["region"],
        endpoint_url=os.environ.get("AWS_ENDPOINT_URL"),
        config=Config(
            connect_timeout=3, read_timeout=10, retries={"mode": "standard", "total_max_attempts": 6}
        ),
    )


def metadata(path):
    """What the instance metadata service says; None if it does not know, or nobody answers."""
    try:
        ask = urllib.request.Request(f"{METADATA}/latest/api/token", method="PUT")
        ask.add_header("X-aws-ec2-metadata-token-ttl-seconds", "60")
        with urllib.request.urlopen(ask, timeout=2) as answer:
            token = answer.read().decode()
        ask = urllib.request.Request(f"{METADATA}/latest/meta-data/{path}")
        ask.add_header("X-aws-ec2-metadata-token", token)
        with urllib.request.urlopen(ask, timeout=2) as answer:
            return answer.read().decode().strip()
    except (urllib.error.HTTPError, OSError):
        return None


def known(path):
    """The same, of what every instance has."""
    for attempt in range(6):
        time.sleep(attempt)
        found = metadata(path)
        if found:
            return found
    raise SystemExit(f"no {path} from the instance metadata service at {METADATA}")


def state(node, name):
    """Path of a mark that the next boot forgets."""
    os.makedirs(node["paths"]["state"], exist_ok=True)
    return os.path.join(node["paths"]["state"], name)


def draining(node):
    return os.path.exists(state(node, "draining"))


def replace(path, text, mode, group=None):
    """The file as a whole or not at all, and never readable to more than it shall be."""
    fresh = f"{path}.new"
    with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
    if group and os.geteuid() == 0:
        subprocess.run(["chown", f"root:{group}", fresh], check=True)
    os.chmod(fresh, mode)
    os.replace(fresh, path)


def allocations(node):
    """Relayed addresses in use. By ip_local_port_range nothing but coturn has ports there."""
    least, most = node["relayPorts"]["from"], node["relayPorts"]["to"]
    found = set()
    for family in ("udp", "udp6"):
        try:
            with open(f"/proc/net/{family}", encoding="ascii") as file:
                rows = file.readlines()[1:]
        except OSError:
            continue
        for row in rows:
            address, port = row.split()[1].rsplit(":", 1)
            if least <= int(port, 16) <= most:
                found.add((address, port))
    return len(found)


def stun_answers(node, seconds=2):
    """Whether coturn answers a STUN binding request on loopback."""
    request = struct.pack("!HHI", 1, 0, 0x2112A442) + secrets.token_bytes(12)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client_socket:
        client_socket.settimeout(seconds)
        try:
            client_socket.connect(("127.0.0.1", node["ports"]["turn"]))
            client_socket.send(request)
            answer = client_socket.recv(1500)
        except OSError:
            return False
    return answer[:2] == b"\x01\x01" and answer[4:20] == request[4:20]


def systemctl(*command):
    return subprocess.run(["systemctl", *command], check=False).returncode == 0
