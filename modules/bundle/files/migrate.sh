#!/bin/bash
# Brings the schema to the release's state, once, however many start it at the same time:
#   migrate.sh [DIRECTORY]
# The directory is the application's (here: the one that scripts/ is in), with .env in it or its lines in the environment.
# Laravel's lock for this lies in the shared cache. Who does not get it waits, and looks again: the other one has done it,
# or failed, and then this one tries and fails too. Where nothing is pending nobody asks for the lock: a rollback, or a
# host that scaling starts, does not wait for a migration of others.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=/dev/null
. "$here/settings.sh"
cd "${1:-$here/..}"
# Not 0, as Laravel has it, or there would be no telling from done.
pending=75
taken=75
end=$((SECONDS + MIGRATION_SECONDS))
scratch=$(mktemp --directory)
trap 'rm --recursive --force -- "$scratch"' EXIT
release_code="Cache::lock('framework/command-migrate')->forceRelease(); echo 'free';"

fail() {
  echo "migrate.sh: $1" >&2
  exit 1
}

# Ended before CodeDeploy ends the hook, which would leave the lock behind for an hour.
artisan() { timeout --kill-after=10 "$((end > SECONDS ? end - SECONDS : 1))" php artisan "$@" --no-interaction --no-ansi; }

# 1, and so not "nothing", too when there is no table of migrations yet or Laravel is too old to say: migrate finds out.
nothing_pending() { artisan migrate:status --pending="$pending" --database="$MIGRATION_CONNECTION" >/dev/null 2>&1; }

# Only the lock that this host had: Laravel says that it migrates once it has it. What was ended before may be waiting for
# the cache while another host migrates.
release_lock() {
  grep --quiet 'Running migrations' "$scratch/said" || return 1
  # tinker wants a home that it may write to; the web user's is not.
  HOME=$scratch timeout 30 php artisan tinker --execute="$release_code" --no-ansi 2>&1 | grep --quiet --word-regexp free
}

how_to_free="When none does: php artisan tinker --execute=\"$release_code\" on a host, and deploy again."

while true; do
  if nothing_pending; then
    echo "migrate.sh: nothing is pending"
    exit 0
  fi
  code=0
  artisan migrate --force --isolated="$taken" --database="$MIGRATION_CONNECTION" 2>&1 | tee "$scratch/said" || code=$?
  ((code == taken)) || break
  ((SECONDS < end)) ||
    fail "another host has held the migrations' lock for $MIGRATION_SECONDS s. See whether one still migrates. A host that was ended at it leaves the lock for an hour. $how_to_free"
  sleep "$MIGRATION_PAUSE_SECONDS"
done

case $code in
  0) ;;
  # timeout's own, and of who had to be killed.
  124 | 137)
    if release_lock; then lock="Its lock is free again."; else lock="Its lock may be left, for an hour. See whether a host still migrates. $how_to_free"; fi
    fail "the migration had not ended in time, of $MIGRATION_SECONDS s in all, and was ended: the release must not start on this schema. $lock The database may still be at its last statement. Write the bundle with a longer migrationSeconds, or migrate from elsewhere."
    ;;
  *) fail "artisan migrate ended with $code: the release must not start on this schema" ;;
esac
