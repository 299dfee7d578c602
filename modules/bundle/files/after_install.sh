#!/bin/bash
# AfterInstall: makes the new files an application of this environment. The schema comes last, when nothing else can fail.
# shellcheck source=/dev/null
. "$(dirname "$0")/common.sh"

mkdir --parents "$APPLICATION/storage" "$APPLICATION/bootstrap/cache"
own_writable
as_web mkdir --parents "$APPLICATION"/storage/{app,logs,framework/{cache/data,sessions,views}}
as_web find "$APPLICATION/storage" "$APPLICATION/bootstrap/cache" -type d -exec chmod 775 {} +

"$RENDER_ENV" || fail "no .env, no release; see above"
# Copies that earlier ways of deploying left, none or many: each holds the secrets of its day.
shopt -s nullglob
backups=("$APPLICATION"/.env.backup.*)
if ((${#backups[@]})); then
  rm --recursive --force -- "${backups[@]}"
  say "removed ${#backups[@]} old copies of .env"
fi

# No cache:clear: it empties the store that has everybody's sessions in it.
for cache in config event route view; do
  artisan "$cache:cache" || fail "artisan $cache:cache failed; see above"
done

if [[ $MIGRATE_ON_HOSTS ]]; then
  as_web bash "$APPLICATION/scripts/migrate.sh" "$APPLICATION" || fail "the schema is not the release's; see above"
fi
