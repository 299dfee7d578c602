#!/usr/bin/python3
"""php-fpm's figures and Reverb's connections, as StatsD to this host's CloudWatch agent. Run it every 60 s."""
import argparse
import json
import os
import socket
import sys
import urllib.request

# No ListenQueue: of a Unix socket php-fpm always says 0.
GAUGES = {
    "ActiveProcesses": "active processes",
    "IdleProcesses": "idle processes",
    "TotalProcesses": "total processes",
    "MaxActiveProcesses": "max active processes",
}
# php-fpm counts these from its start: what goes out is the difference to the last run.
COUNTERS = {
    "SlowRequests": "slow requests",
    "MaxChildrenReached": "max children reached",
    "AcceptedConnections": "accepted conn",
}
ESTABLISHED = "01"


def fpm_lines(host, state_file):
    try:
        with urllib.request.urlopen(host["fpmStatusUrl"] + "?json", timeout=5) as answer:
            now = json.load(answer)
    except (OSError, ValueError) as error:
        # A figure and no failure: the alarm is on FpmUp, and Reverb's figure must still go out.
        print(f"host-metrics: no status of php-fpm at {host['fpmStatusUrl']}: {error}", file=sys.stderr)
        return ["FpmUp:0|g"]
    gauges = {name: now[key] for name, key in GAUGES.items()}
    last = before(state_file, now)
    counters = {name: now[key] - last.get(key, 0) for name, key in COUNTERS.items()}
    save(state_file, now)
    gauges["MaxChildren"] = host["fpmMaxChildren"]
    return (
        ["FpmUp:1|g"]
        + [f"{name}:{value}|g" for name, value in gauges.items()]
        + [f"{name}:{value}|c" for name, value in counters.items()]
    )


def before(state_file, now):
    """The last run's status; nothing if there was none, or php-fpm has started since: its counters began at 0."""
    try:
        with open(state_file, encoding="utf-8") as file:
            last = json.load(file)
        # Its time of start has whole seconds, so the counters must agree too.
        same = last["start time"] == now["start time"] and all(last[key] <= now[key] for key in COUNTERS.values())
        return last if same else {}
    except (OSError, ValueError, KeyError):
        return {}


def save(state_file, now):
    os.makedirs(os.path.dirname(state_file), exist_ok=True)
    temporary = state_file + ".new"
    with open(temporary, "w", encoding="utf-8") as file:
        json.dump({key: now[key] for key in ("start time", *COUNTERS.values())}, file)
    os.replace(temporary, state_file)


def connections(port):
    """nginx and Reverb are both on the loopback, so each connection stands there twice: counted is Reverb's end."""
    count = 0
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        try:
            with open(table, encoding="ascii") as file:
                rows = [line.split() for line in file][1:]
        except OSError:
            continue
        count += sum(row[3] == ESTABLISHED and int(row[1].split(":")[1], 16) == port for row in rows)
    return count


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--config", default="/etc/telemedicina/host.json")
    parser.add_argument("--state", default="/run/telemedicina")
    options = parser.parse_args()
    with open(options.config, encoding="utf-8") as file:
        host = json.load(file)
    if "web" not in host["roles"]:
        return
    lines = fpm_lines(host, os.path.join(options.state, "fpm.json"))
    lines.append(f"ReverbConnections:{connections(host['ports']['reverb'])}|g")
    address, port = host["statsd"].rsplit(":", 1)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        sender.sendto("\n".join(lines).encode(), (address, int(port)))


main()
