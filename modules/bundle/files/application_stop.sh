#!/bin/bash
# ApplicationStop. CodeDeploy runs it out of the release before: what fails here stops every later deployment. So
# nothing does, and BeforeInstall, which is the new release's, makes sure.
(
  # shellcheck source=/dev/null
  . "$(dirname "$0")/common.sh"
  stop_programs "$JOB_SECONDS" || say "still running after $JOB_SECONDS s, see above"
  if [[ $FPM_UNIT ]]; then
    systemctl reload nginx.service || say "nginx was not reloaded"
    systemctl stop "$FPM_UNIT.service" || say "$FPM_UNIT was not stopped"
  fi
) || echo "application_stop.sh: not all was done; before_install.sh looks again"
exit 0
