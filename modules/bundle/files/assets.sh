#!/bin/bash
# What browsers load beside pages, in the bucket before CloudFront:
#   assets.sh upload|invalidate [DIRECTORY]
# upload: before the release. Files with a hash in their name stay for ever, since open pages of older releases ask for them;
# nothing is taken away, and maintenance.html is not ours. invalidate: after the release, and only what keeps its name.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=/dev/null
. "$here/settings.sh"
action=${1:-}
case $action in
  upload | invalidate) ;;
  *)
    echo "assets.sh: usage: assets.sh upload|invalidate [DIRECTORY]" >&2
    exit 2
    ;;
esac
cd "${2:-$here/..}/public"

# Files that keep their name when their content changes.
kept_names() {
  local file
  find build -type f ! -path 'build/assets/*' | sort
  if [[ -d assets ]]; then find assets -type f | sort; fi
  for file in $STATIC_FILES; do if [[ -f $file ]]; then echo "$file"; fi; done
}

upload() {
  local target="s3://${ASSETS_BUCKET:?the name of the bucket for assets}" file
  if [[ -d build/assets ]]; then
    aws s3 cp build/assets "$target/build/assets" --recursive --only-show-errors --cache-control "public, max-age=31536000, immutable"
  fi
  while read -r file; do
    aws s3 cp "$file" "$target/$file" --only-show-errors --cache-control "public, max-age=300"
  done < <(kept_names)
}

invalidate() {
  local paths
  if [[ -z ${DISTRIBUTION_ID:-} ]]; then
    echo "assets.sh: no DISTRIBUTION_ID, nothing to invalidate"
    return 0
  fi
  # A folder is one path: AWS bills them above a thousand a month.
  mapfile -t paths < <(kept_names | sed 's|^assets/.*|assets/*|; s|^|/|' | sort --unique)
  ((${#paths[@]})) || return 0
  aws cloudfront create-invalidation --distribution-id "$DISTRIBUTION_ID" --paths "${paths[@]}" --query Invalidation.Id --output text
}

"$action"
