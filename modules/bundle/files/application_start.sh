#!/bin/bash
# ApplicationStart: everything runs out of the new files, or the deployment fails.
# shellcheck source=/dev/null
. "$(dirname "$0")/common.sh"

if [[ $FPM_UNIT ]]; then
  systemctl enable --quiet "$FPM_UNIT.service" nginx.service
  # Anew, not reloaded: opcache never looks at files again.
  systemctl restart "$FPM_UNIT.service" || fail "$FPM_UNIT does not start; see journalctl --unit $FPM_UNIT"
  systemctl reload-or-restart nginx.service || fail "nginx does not take its configuration; see nginx -t"
  # One by one: of several, is-active is content with one.
  for unit in "$FPM_UNIT" nginx; do
    systemctl is-active --quiet "$unit.service" || fail "$unit is not active; see journalctl --unit $unit"
  done
fi
"$LARAVELCTL" restart || fail "Laravel's programs do not start; see above"
"$LARAVELCTL" wait 60 || fail "not all of Laravel's programs stay up; see above and storage/logs"
