#!/bin/bash
# Brings the schema to the release's state, once, however many start it at the same time:
#   migrate.sh [DIRECTORY]
# The directory is the application's (here: the one that scripts/ is in), with .env in it or its lines in the environment.
# Laravel's lock for this lies in the shared cache. Who does not get it waits until it is free and looks itself: the other
# one has done it, or failed, and then this one fails too.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=/dev/null
. "$here/settings.sh"
cd "${1:-$here/..}"
# Not 0, as Laravel has it, or there would be no telling the two apart.
taken=75
end=$((SECONDS + MIGRATION_WAIT_SECONDS))

while true; do
  code=0
  php artisan migrate --force --isolated="$taken" --database="$MIGRATION_CONNECTION" --no-interaction --no-ansi || code=$?
  ((code == taken)) || break
  ((SECONDS < end)) || {
    echo "migrate.sh: another host has held the migrations' lock for $MIGRATION_WAIT_SECONDS s. See whether one still migrates. A host that was ended at it leaves the lock for an hour: then run php artisan tinker --execute=\"Cache::lock('framework/command-migrate')->forceRelease()\" on a host, and deploy again." >&2
    exit 1
  }
  sleep "$MIGRATION_PAUSE_SECONDS"
done
if ((code)); then
  echo "migrate.sh: artisan migrate ended with $code: the release must not start on this schema" >&2
  exit 1
fi
