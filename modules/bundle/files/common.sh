#!/bin/bash
# What the hooks share. What a host is, its distribution and its roles, it says itself in host.env.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=/dev/null
. "$here/settings.sh"
# shellcheck source=/dev/null
. "$HOST_ENV"
# The web user may not stand where CodeDeploy's agent does.
cd /

say() { echo "${0##*/}: $1"; }
fail() {
  say "$1" >&2
  exit 1
}

[[ $APPLICATION == "$DESTINATION" ]] ||
  fail "this host serves $APPLICATION, and appspec.yml puts the release into $DESTINATION. Write the bundle with \"application\": \"$APPLICATION\"."

as_web() { runuser -u "$WEB_USER" -- "$@"; }

# As the web user: root's log and cache files would be closed to it. And so that nobody else reads the cached
# configuration, which has the secrets in it.
artisan() {
  # shellcheck disable=SC2016
  as_web sh -c 'umask 027; cd "$1"; shift; exec php artisan "$@" --no-interaction --no-ansi' sh "$APPLICATION" "$@"
}

# All that the application may write is the web user's, and nothing else. What it writes there it may replace by links:
# they are not followed.
own_writable() {
  local folder
  for folder in storage bootstrap/cache; do
    if [[ -d $APPLICATION/$folder ]]; then chown --no-dereference --recursive "$WEB_USER:$WEB_GROUP" "$APPLICATION/$folder"; fi
  done
}

# Laravel's programs that have not ended, in the words of systemd and of supervisor.
running() {
  "$LARAVELCTL" status 2>&1 |
    grep -E ' (active|activating|deactivating|reloading|RUNNING|STARTING|STOPPING|BACKOFF)( |$)' || true
}

# Ends them; a job ends first. 1, with what still runs, if that takes more seconds.
stop_programs() {
  local end=$((SECONDS + $1)) left
  timeout "$1" "$LARAVELCTL" stop || true
  # supervisor does not wait for what it was told to stop before.
  while left=$(running) && [[ $left ]]; do
    ((SECONDS < end)) || {
      echo "$left"
      return 1
    }
    sleep 1
  done
}

# Until an address answers 200, and not with the host's own placeholder.
wait_for() {
  local url=$1 end=$((SECONDS + $2)) answer code
  while true; do
    answer=$(curl --silent --max-time 5 --write-out '\n%{http_code}' "$url" || true)
    code=${answer##*$'\n'}
    if [[ $code == 200 && $answer != "$PLACEHOLDER"* ]]; then break; fi
    ((SECONDS < end)) || fail "$url did not answer 200 within $2 s; last: $code, $(head --bytes 200 <<<"${answer%$'\n'*}")"
    sleep 1
  done
  say "$url answers 200"
}
