#!/bin/bash
# BeforeInstall: nothing runs out of the files that are replaced now, and nothing that was cached of the old ones stays.
# .env is not copied away: after_install.sh renders it anew, and render-env leaves the old one where it cannot.
# shellcheck source=/dev/null
. "$(dirname "$0")/common.sh"

stop_programs "$JOB_SECONDS" ||
  fail "a job has not ended within $JOB_SECONDS s (above), and its files would be replaced. Nothing is changed. Deploy again when it has ended, or write the bundle with a longer jobSeconds."

own_writable
if [[ -d $APPLICATION/bootstrap/cache ]]; then
  as_web find "$APPLICATION/bootstrap/cache" -name '*.php' -delete
fi
for folder in cache sessions views; do
  if [[ -d $APPLICATION/storage/framework/$folder ]]; then
    as_web find "$APPLICATION/storage/framework/$folder" ! -type d ! -name .gitignore -delete
  fi
done
say "the old release has ended and its caches are gone"
