#!/usr/bin/python3
"""Writes .env, and PgBouncer's databases and passwords, from the application contract. All of it or nothing."""
import argparse
import grp
import json
import os
import re
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import quote

# At boot the role's credentials may be some seconds late.
os.environ.setdefault("AWS_METADATA_SERVICE_TIMEOUT", "2")
os.environ.setdefault("AWS_METADATA_SERVICE_NUM_ATTEMPTS", "6")

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

ADVICE = {
    "AccessDeniedException": "Let the instance's role read it and decrypt with its key.",
    "DecryptionFailure": "Let the instance's role decrypt with its key.",
    "InvalidRequestException": "Restore it if it is marked for deletion.",
    "ParameterNotFound": "Apply the stack that makes it.",
    "ResourceNotFoundException": "Apply the stack that makes it and gives it a value.",
}
NETWORK = "Check the instance's profile and its way to AWS: NAT gateway or endpoint, security group, DNS."

# What phpdotenv reads inside double quotes.
ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "$": "\\$", "\n": "\\n", "\r": "\\r"})


class Faults(Exception):
    """Everything that is wrong, one text each."""


def client(host, service):
    return boto3.client(
        service,
        region_name=host["region"],
        endpoint_url=os.environ.get("AWS_ENDPOINT_URL"),
        config=Config(
            connect_timeout=3, read_timeout=5, retries={"mode": "standard", "total_max_attempts": 5}
        ),
    )


def ask(what, call):
    """What AWS answers; or a fault."""
    try:
        return call()
    except ClientError as error:
        code, text = error.response["Error"]["Code"], error.response["Error"]["Message"]
        raise Faults(f"{what}: {code}: {text} {ADVICE.get(code, 'See the message.')}") from None
    except BotoCoreError as error:
        raise Faults(f"{what}: {error} {NETWORK}") from None


def gather(call, items):
    """Results of all calls; or the faults of all of them. At the same time: each may wait for its retries."""
    faults = []

    def guarded(item):
        try:
            return call(item)
        except Faults as fault:
            faults.extend(fault.args)

    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(guarded, items))
    if faults:
        raise Faults(*sorted(faults))
    return results


def read_contract(host):
    name = host["contractParameter"]
    what = f"SSM parameter {name}"
    ssm = client(host, "ssm")
    text = ask(what, lambda: ssm.get_parameter(Name=name, WithDecryption=True))["Parameter"]["Value"]
    wanted = ["secretVariables", "variables"] + (["pgbouncerDatabases"] if host["pgbouncer"] else [])
    try:
        contract = json.loads(text)
        missing = [key for key in wanted if not isinstance(contract.get(key), dict)]
    except (ValueError, AttributeError):
        missing = wanted
    if missing:
        raise Faults(f"{what} is no contract: no object {', '.join(missing)} in it. Apply the stack that makes it.")
    return contract


def read_secrets(host, variables):
    users = {}
    for name, spec in sorted(variables.items()):
        users.setdefault(spec["secretArn"], []).append(name)
    manager = client(host, "secretsmanager")

    def read(item):
        arn, names = item
        what = f"secret {arn} (for {', '.join(names)})"
        text = ask(what, lambda: manager.get_secret_value(SecretId=arn)).get("SecretString")
        if not text:
            raise Faults(f"{what} is empty or binary. Give it a text.")
        return arn, text

    return dict(gather(read, users.items()))


def secret_text(spec, secret):
    if "jsonKey" in spec:
        what, key = f"secret {spec['secretArn']}", spec["jsonKey"]
        try:
            keys = json.loads(secret)
        except ValueError:
            keys = None
        if not isinstance(keys, dict):
            raise Faults(f"{what} is no JSON object, and its key {key} is wanted. Give it a value with that key.")
        if not isinstance(keys.get(key), (str, int)) or keys[key] == "":
            found = ", ".join(sorted(keys)) or "none"
            raise Faults(f"{what} has no text in key {key}; keys found: {found}. Give it a value with that key.")
        secret = str(keys[key])
    if spec["encoding"] == "url":
        secret = quote(secret, safe="")
    return spec["before"] + secret + spec["after"]


def env_line(name, value):
    # Laravel's env() takes one pair of quotes off a value: here it gets one to take.
    if re.fullmatch(r"""(['"]).*\1""", value):
        value = f'"{value}"'
    return f'{name}="{value.translate(ESCAPES)}"\n'


def database_line(item):
    name, database = item
    return f'{name} = host={database["host"]} port={database["port"]} dbname={database["databaseName"]}\n'


def render(host, contract):
    """Text and group of each file, by path."""
    specs = contract["secretVariables"]
    secrets = read_secrets(host, specs)

    def value(item):
        name, spec = item
        return name, secret_text(spec, secrets[spec["secretArn"]])

    values = {**contract["variables"], **dict(gather(value, specs.items()))}
    head = f"# Written by render-env from {host['contractParameter']}: what is changed here is lost.\n"
    files = {}
    pgbouncer = host["pgbouncer"]
    if pgbouncer:
        lines = map(database_line, sorted(contract["pgbouncerDatabases"].items()))
        user, password = (f'"{quoted(values, name)}"' for name in ("DB_USERNAME", "DB_PASSWORD"))
        files[pgbouncer["databasesFile"]] = "[databases]\n" + "".join(lines), pgbouncer["group"]
        files[pgbouncer["userListFile"]] = f"{user} {password}\n", pgbouncer["group"]
    lines = "".join(env_line(*item) for item in sorted(values.items()))
    files[host["environmentFile"]] = head + lines, host["webGroup"]
    return files


def quoted(values, name):
    if name not in values:
        raise Faults(f"the contract has no {name}, which PgBouncer needs. Apply the stack that makes it.")
    return values[name].replace('"', '""')


def content(path):
    try:
        with open(path, encoding="utf-8") as file:
            return file.read()
    except OSError:
        return None


def write(files, mark):
    """Each new file beside the old one, then renamed over it: 0600 from mkstemp, 0640 before the first letter."""
    staged = {}
    try:
        for path, (text, group) in files.items():
            handle, staged[path] = tempfile.mkstemp(prefix=".render-env-", dir=os.path.dirname(path))
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                os.fchown(handle, -1, grp.getgrnam(group).gr_gid)
                os.fchmod(handle, 0o640)
                file.write(text)
                file.flush()
                os.fsync(handle)
        if mark:
            open(mark, "w").close()
        for path, temporary in staged.items():
            os.replace(temporary, path)
            directory = os.open(os.path.dirname(path), os.O_RDONLY)
            os.fsync(directory)
            os.close(directory)
    except (OSError, KeyError) as error:
        raise Faults(f"{path} cannot be written: {error}. Make its directory and the group {group}.") from None
    finally:
        for temporary in filter(os.path.exists, staged.values()):
            os.unlink(temporary)


def reload_pgbouncer(pgbouncer, mark):
    """Whoever is broken off before the reload finds the mark the next time."""
    done = subprocess.run(pgbouncer["reload"], check=False)
    if done.returncode:
        command = " ".join(pgbouncer["reload"])
        raise Faults(f"PgBouncer has not read its new files: {command} ended with {done.returncode}. See its log.")
    os.unlink(mark)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--config", default="/etc/telemedicina/host.json")
    with open(parser.parse_args().config, encoding="utf-8") as file:
        host = json.load(file)
    path, pgbouncer = host["environmentFile"], host["pgbouncer"]
    left = f"{path} is as it was"
    try:
        contract = read_contract(host)
        files = render(host, contract)
        mark = pgbouncer and pgbouncer["databasesFile"] + ".unread"
        changed = any(content(each) != files[each][0] for each in files if each != path)
        write(files, mark if changed else None)
        left = f"{path} is written"
        if pgbouncer and os.path.exists(mark):
            reload_pgbouncer(pgbouncer, mark)
    except Faults as faults:
        count = len(faults.args)
        print(f"render-env: {count} fault{'s' * (count > 1)}, {left}:", file=sys.stderr)
        for fault in faults.args:
            print(f"  - {fault}", file=sys.stderr)
        return 1
    secret = len(contract["secretVariables"])
    print(f"render-env: {left}: {len(contract['variables'])} variables and {secret} with a secret.")
    return 0


sys.exit(main())
