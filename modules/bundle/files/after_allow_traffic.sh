#!/bin/bash
# AfterAllowTraffic: the address that people open answers. Here and no earlier: before, the load balancer asks the old
# hosts. Who runs it by hand may name another address in ALB_TARGET_URL.
# shellcheck source=/dev/null
. "$(dirname "$0")/common.sh"

[[ $FPM_UNIT ]] || exit 0
url=${ALB_TARGET_URL:-}
if [[ -z $url && $EXTERNAL_CHECK ]]; then
  address=$(sed --quiet 's/^APP_URL="\(.*\)"$/\1/p' "$APPLICATION/.env")
  [[ $address ]] || fail "$APPLICATION/.env has no APP_URL to ask"
  url=$address$HEALTH_PATH
fi
if [[ -z $url ]]; then
  say "not asked from outside"
  exit 0
fi

# A host that scaling starts may not fail because DNS, CloudFront or another host does: CodeDeploy would end it, and Auto
# Scaling start the next, for as long as that lasts. CodeDeploy hands hooks the deployment's id and not who asked for it,
# and asking back would cost every host a permission. But such a host has had no other deployment: the agent keeps the
# last five of a group side by side, DEPLOYMENT_ID/deployment-archive/scripts. The same holds for the first release on a
# host that waited for one; validate_service.sh has asked the host itself either way.
first_release() {
  local group other
  [[ ${DEPLOYMENT_ID:-} ]] || return 1
  # shellcheck disable=SC2154 # common.sh's
  group=$(cd "$here/../../.." && pwd)
  for other in "$group"/d-*; do
    if [[ -d $other && ${other##*/} != "$DEPLOYMENT_ID" ]]; then return 1; fi
  done
}

if first_release; then
  # In a shell of its own, which alone ends when it fails.
  (wait_for "$url" "$HEALTH_SECONDS") ||
    say "WARNING: the address above does not answer. No reason to end a host on its first release: look at DNS, CDN, load balancer." >&2
else
  wait_for "$url" "$HEALTH_SECONDS"
fi
