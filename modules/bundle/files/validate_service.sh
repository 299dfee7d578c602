#!/bin/bash
# ValidateService: this host serves the new release, asked on its own loopback. Before traffic, so no load balancer.
# shellcheck source=/dev/null
. "$(dirname "$0")/common.sh"

"$LARAVELCTL" wait 30 || fail "not all of Laravel's programs run; see above and storage/logs"
if [[ $FPM_UNIT ]]; then wait_for "$HEALTH_URL" "$HEALTH_SECONDS"; fi
