#!/usr/bin/python3
"""Keeps the certificate of this node's name: from the node itself, from its secret, or from the authority.

The authority gives five of a name in a week, so a certificate outlives its node in a secret of Secrets Manager.
"""
import json
import os
import socket
import subprocess
import sys

from botocore.exceptions import BotoCoreError, ClientError

from turn_node import allocations, arguments, client, replace, say, systemctl

RENEW_SECONDS = 30 * 86400


def openssl(*command, text):
    run = subprocess.run(["openssl", *command], input=text, capture_output=True, text=True, check=False)
    return run.stdout if run.returncode == 0 else None


def usable(node, pair, seconds):
    """Whether the pair belongs together, is of this name and lives for so long."""
    if pair is None:
        return False
    certificate, key = pair
    match = openssl("x509", "-noout", "-checkhost", node["hostName"], text=certificate) or ""
    public = openssl("x509", "-noout", "-pubkey", text=certificate)
    return (
        "does match" in match
        and public is not None
        and public == openssl("pkey", "-pubout", text=key)
        and openssl("x509", "-noout", "-checkend", str(seconds), text=certificate) is not None
    )


def read_pair(certificate, key):
    try:
        with open(certificate, encoding="ascii") as first, open(key, encoding="ascii") as second:
            return first.read(), second.read()
    except OSError:
        return None


def installed(node):
    return read_pair(node["paths"]["certificate"], node["paths"]["key"])


def stored(secretsmanager, node):
    try:
        value = json.loads(secretsmanager.get_secret_value(SecretId=node["certificateSecretName"])["SecretString"])
        return value["certificate"], value["key"]
    except (BotoCoreError, ClientError, ValueError, KeyError, TypeError) as error:
        say(f"nothing in {node['certificateSecretName']}: {error}")
        return None


def issued(node):
    """A new one, by a TXT record of this node's name."""
    acme = node["acme"]
    command = ["certbot", "certonly", "--non-interactive", "--agree-tos", "--email", acme["email"]]
    command += ["--dns-route53", "--domain", node["hostName"], "--cert-name", "turn", "--key-type", "ecdsa"]
    command += ["--force-renewal", "--config-dir", node["paths"]["certbot"]]
    if acme["directory"]:
        command += ["--server", acme["directory"]]
    if subprocess.run(command, check=False).returncode != 0:
        say("certbot did not get a certificate")
        return None
    live = os.path.join(node["paths"]["certbot"], "live", "turn")
    return read_pair(os.path.join(live, "fullchain.pem"), os.path.join(live, "privkey.pem"))


def store(secretsmanager, node, pair):
    try:
        secretsmanager.put_secret_value(
            SecretId=node["certificateSecretName"],
            SecretString=json.dumps({"certificate": pair[0], "key": pair[1]}),
        )
    except (BotoCoreError, ClientError) as error:
        say(f"not stored, the next node asks the authority anew: {error}")


def install(node, pair):
    certificate, key = node["paths"]["certificate"], node["paths"]["key"]
    os.makedirs(os.path.dirname(certificate), exist_ok=True)
    replace(key, pair[1], 0o640, node["user"])
    replace(certificate, pair[0], 0o640, node["user"])
    say(f"certificate of {node['hostName']} installed")


def serves_tls(node):
    try:
        socket.create_connection(("127.0.0.1", node["ports"]["tls"]), timeout=2).close()
        return True
    except OSError:
        return False


def present(node, changed):
    """coturn takes a new certificate at a signal; one that started without any needs a restart, which ends calls."""
    if not systemctl("is-active", "--quiet", "coturn"):
        return
    if serves_tls(node):
        if changed:
            systemctl("kill", "--kill-whom=main", "--signal=SIGUSR2", "coturn")
    elif allocations(node) == 0:
        systemctl("restart", "coturn")
    else:
        say("TLS comes when no call is left")


def main():
    node, _ = arguments(__doc__)
    if usable(node, installed(node), RENEW_SECONDS):
        present(node, changed=False)
        return 0
    secretsmanager = client(node, "secretsmanager")
    pair = stored(secretsmanager, node)
    good = usable(node, pair, RENEW_SECONDS)
    if not good:
        fresh = issued(node)
        if usable(node, fresh, RENEW_SECONDS):
            pair, good = fresh, True
            store(secretsmanager, node, pair)
    if usable(node, pair, 0) and pair != installed(node):
        install(node, pair)
        present(node, changed=True)
    if not usable(node, installed(node), 0):
        say("NO CERTIFICATE: this node serves UDP and TCP, and no TLS")
    return 0 if good else 1


sys.exit(main())
