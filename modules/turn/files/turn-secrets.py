#!/usr/bin/python3
"""Gives coturn the secrets that credentials may be signed with, without a restart: it reads them for each new client.

The current one; and the one before, until nobody can hold a credential of it. None while the node drains.
"""
import datetime
import fcntl
import os
import shutil
import sqlite3
import sys

from botocore.exceptions import BotoCoreError, ClientError

from turn_node import arguments, client, draining, say, state


def accepted(node):
    secretsmanager = client(node, "secretsmanager")
    current = secretsmanager.get_secret_value(SecretId=node["secretName"])
    age = datetime.datetime.now(datetime.timezone.utc) - current["CreatedDate"]
    if age.total_seconds() > node["secretOverlapSeconds"]:
        return {current["SecretString"]}
    try:
        previous = secretsmanager.get_secret_value(SecretId=node["secretName"], VersionStage="AWSPREVIOUS")
    except ClientError as error:
        # The first value of a secret has none before it.
        if error.response["Error"]["Code"] != "ResourceNotFoundException":
            raise
        return {current["SecretString"]}
    return {current["SecretString"], previous["SecretString"]}


def store(node, wanted):
    """Writes only what changed. In WAL mode coturn reads while this writes."""
    path = node["paths"]["database"]
    if not os.path.exists(path):
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600))
        if os.geteuid() == 0:
            shutil.chown(path, node["user"], node["user"])
    # coturn makes it for everybody to read, if it is the first.
    os.chmod(path, 0o640)
    # Not Python's own transactions, which begin at the first write.
    database = sqlite3.connect(path, isolation_level=None, timeout=10)
    try:
        database.execute("PRAGMA journal_mode=WAL")
        database.execute(
            "CREATE TABLE IF NOT EXISTS turn_secret (realm varchar(127) default '', value varchar(256), "
            "primary key (realm, value))"
        )
        database.execute("BEGIN IMMEDIATE")
        known = set(database.execute("SELECT realm, value FROM turn_secret"))
        if known != wanted:
            database.execute("DELETE FROM turn_secret")
            database.executemany("INSERT INTO turn_secret (realm, value) VALUES (?, ?)", wanted)
            say(f"{len(wanted)} accepted: {len(wanted - known)} new, {len(known - wanted)} gone")
        database.execute("COMMIT")
    finally:
        database.close()


def main():
    node, _ = arguments(__doc__)
    with open(state(node, "secrets.lock"), "w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        try:
            values = set() if draining(node) else accepted(node)
            store(node, {(node["realm"], value) for value in values})
        except (BotoCoreError, ClientError, sqlite3.Error, KeyError) as error:
            say(f"the accepted secrets stay as they are: {error}")
            return 1
    return 0


sys.exit(main())
