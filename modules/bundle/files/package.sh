#!/bin/bash
# Puts the release into dist/release, and into FILE if it is named:
#   package.sh [FILE.zip]
# What git does not know stays out, so no dump and no key that lies about; without .git (CodeBuild) everything is git's.
set -euo pipefail
cd "$(dirname "$0")/.."
release=dist/release
fail() {
  echo "package.sh: $1" >&2
  exit 1
}

# What is no part of a release, at the root: what runs only here, and what holds secrets or a build's own environment.
left_out='^(\.git|\.github|dist|node_modules|tests|vendor)(/|$)|^\.env|^auth\.json$|^(docker-compose|phpunit)\.|^public/(hot|storage)(/|$)|^bootstrap/cache/.*\.php$|^storage/.*(\.log|\.key)$|^storage/framework/.*\.php$|^database/.*\.sqlite'

sources() {
  if [[ -e .git ]]; then
    git ls-files -z
    # Made by the build, and ignored.
    if [[ -d public/build ]]; then find public/build -type f -print0; fi
  else
    find . \( -name .git -o -path ./dist -o -path ./node_modules -o -path ./vendor \) -prune -o ! -type d -printf '%P\0'
  fi
}

rm -rf "$release"
mkdir -p "$release"
echo '*' >dist/.gitignore
sources | sort --zero-terminated --unique | grep --null-data --invert-match --extended-regexp "$left_out" |
  tar --create --null --no-recursion --files-from=- | tar --extract --directory "$release"
cp -a vendor "$release/vendor"
# Takes out what only tests and developers use.
# The hosts have the extension, CodeBuild's PHP has not.
composer install --no-dev --optimize-autoloader --no-interaction --no-progress --prefer-dist \
  --ignore-platform-req=ext-redis --working-dir="$release"
# Written by the line above, in this environment.
find "$release/bootstrap/cache" -name '*.php' -delete 2>/dev/null || true

for path in appspec.yml artisan vendor/autoload.php public/build/manifest.json scripts/common.sh; do
  [[ -e $release/$path ]] || fail "$path is not in the release. Commit it, or build before you package."
done
if [[ ${1:-} ]]; then
  rm -f "$1"
  archive=$(realpath "$1")
  (cd "$release" && zip --quiet --recurse-paths --symlinks "$archive" .)
fi
