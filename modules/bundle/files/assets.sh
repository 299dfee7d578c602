#!/bin/bash
# What browsers load beside pages, in the bucket before CloudFront:
#   assets.sh upload-new|upload-kept|invalidate [DIRECTORY]
# upload-new: before the release, what nobody asks for before a page names it: files with a hash in their name, and those
# below assets/ and build/ that the bucket has not got. They stay for ever, since open pages of older releases ask for them.
# upload-kept, then invalidate: after the release. What keeps its name is public at once, so it goes out with the release
# and comes back with a rollback.
# Nothing is taken away, and maintenance.html is not ours.
set -euo pipefail
# What fails inside of $(…) fails.
shopt -s inherit_errexit
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=/dev/null
. "$here/settings.sh"
action=${1:-}
case $action in
  upload-new | upload-kept | invalidate) ;;
  *)
    echo "assets.sh: usage: assets.sh upload-new|upload-kept|invalidate [DIRECTORY]" >&2
    exit 2
    ;;
esac
release=${2:-$(dirname "$here")}
if [[ ! -f $release/public/build/manifest.json ]]; then
  echo "assets.sh: $release is no built release: public/build/manifest.json is not there. Run scripts/build.sh first and name dist/release." >&2
  exit 1
fi
cd "$release/public"
[[ $action == invalidate ]] || target="s3://${ASSETS_BUCKET:?the name of the bucket for assets}"

# Files that keep their name when their content changes.
kept_names() {
  local file
  find build -type f ! -path 'build/assets/*' | sort
  if [[ -d assets ]]; then find assets -type f | sort; fi
  for file in $STATIC_FILES; do if [[ -f $file ]]; then echo "$file"; fi; done
}

upload-new() {
  local there files file
  if [[ -d build/assets ]]; then
    aws s3 cp build/assets "$target/build/assets" --recursive --only-show-errors --cache-control "public, max-age=31536000, immutable"
  fi
  there=$(names_there)
  files=$(kept_names | grep --extended-regexp '^(assets|build)/')
  while read -r file; do
    grep --quiet --line-regexp --fixed-strings -e "$file" <<<"$there" || upload_kept_file "$file"
  done <<<"$files"
}

# What the bucket has below the two folders, but for hashes.
names_there() {
  local folder
  for folder in assets/ build/; do
    aws s3api list-objects-v2 --bucket "$ASSETS_BUCKET" --prefix "$folder" --query "Contents[?!starts_with(Key, 'build/assets/')].[Key]" --output text
  done
}

upload-kept() {
  local files file
  files=$(kept_names)
  while read -r file; do
    upload_kept_file "$file"
  done <<<"$files"
}

upload_kept_file() {
  aws s3 cp "$1" "$target/$1" --only-show-errors --cache-control "public, max-age=300"
}

invalidate() {
  local files paths
  if [[ -z ${DISTRIBUTION_ID:-} ]]; then
    echo "assets.sh: no DISTRIBUTION_ID, nothing to invalidate"
    return 0
  fi
  files=$(kept_names)
  # A folder is one path: AWS bills them above a thousand a month.
  mapfile -t paths < <(sed 's|^assets/.*|assets/*|; s|^|/|' <<<"$files" | sort --unique)
  aws cloudfront create-invalidation --distribution-id "$DISTRIBUTION_ID" --paths "${paths[@]}" --query Invalidation.Id --output text
}

"$action"
