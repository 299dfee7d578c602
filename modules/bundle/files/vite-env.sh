#!/bin/bash
# Tells Vite what browsers must know of the environment: VITE_ lines of its contract, if CONTRACT_PARAMETER names that, and
# of this process's environment, which come first. A build without them makes pages whose sockets lead nowhere.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=/dev/null
. scripts/settings.sh
file=.env.production.local

if [[ ${CONTRACT_PARAMETER:-} ]]; then
  contract=$(aws ssm get-parameter --name "$CONTRACT_PARAMETER" --with-decryption --query Parameter.Value --output text)
  jq --raw-output '.variables | to_entries[] | select(.key | startswith("VITE_")) | "\(.key)=\"\(.value)\""' <<<"$contract" >"$file"
fi
missing=()
for name in $VITE_VARIABLES; do
  [[ ${!name:-} ]] || grep --quiet --no-messages "^$name=." "$file" .env || missing+=("$name")
done
if ((${#missing[@]})); then
  echo "vite-env.sh: no value for ${missing[*]}. Give them to the build's environment, or name the contract in CONTRACT_PARAMETER; at home .env may have them." >&2
  exit 1
fi
