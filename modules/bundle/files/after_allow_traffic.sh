#!/bin/bash
# AfterAllowTraffic: the address that people open answers. Here and no earlier: before, the load balancer asks the old
# hosts. Who runs it by hand may name another address in ALB_TARGET_URL; CodeDeploy hands no variable to hooks.
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
wait_for "$url" "$HEALTH_SECONDS"
