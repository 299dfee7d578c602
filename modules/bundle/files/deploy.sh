#!/bin/bash
# Deploys a packaged release by CodeDeploy:
#   deploy.sh [upload|create|wait] [FILE.zip]    without a word: all three
# DEPLOYMENTS_BUCKET, CODEDEPLOY_APPLICATION and CODEDEPLOY_GROUP say where to. RELEASE_COMMIT names the release; here: HEAD.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=/dev/null
. scripts/settings.sh
action=${1:-all}
archive=${2:-dist/deployment-artifact.zip}
note=dist/deployment-id

needed=(CODEDEPLOY_APPLICATION CODEDEPLOY_GROUP DEPLOYMENTS_BUCKET)
missing=()
for name in "${needed[@]}"; do [[ ${!name:-} ]] || missing+=("$name"); done
if ((${#missing[@]})); then
  echo "deploy.sh: no value for ${missing[*]}. The outputs of the environment's delivery stack have them." >&2
  exit 2
fi
commit=${RELEASE_COMMIT:-$(git rev-parse HEAD)}
key=${RELEASES_PREFIX:-releases/}$commit.zip

upload() {
  [[ -f $archive ]] || {
    echo "deploy.sh: $archive is not there. Run scripts/build.sh first." >&2
    return 1
  }
  aws s3 cp "$archive" "s3://$DEPLOYMENTS_BUCKET/$key" --only-show-errors
}

create() {
  local deployment
  deployment=$(aws deploy create-deployment --application-name "$CODEDEPLOY_APPLICATION" \
    --deployment-group-name "$CODEDEPLOY_GROUP" --description "$commit" \
    --s3-location "bucket=$DEPLOYMENTS_BUCKET,key=$key,bundleType=zip" --query deploymentId --output text)
  mkdir -p "$(dirname "$note")"
  echo "$deployment" >"$note"
  echo "deploy.sh: $deployment of $commit"
}

# AWS's own waiter gives up after half an hour, and says nothing of why a deployment failed.
wait_end() {
  local deployment status end=$((SECONDS + DEPLOYMENT_SECONDS))
  deployment=$(<"$note")
  while true; do
    status=$(aws deploy get-deployment --deployment-id "$deployment" --query deploymentInfo.status --output text)
    case $status in
      Succeeded)
        echo "deploy.sh: $deployment succeeded"
        return 0
        ;;
      Failed | Stopped)
        aws deploy get-deployment --deployment-id "$deployment" \
          --query 'deploymentInfo.[errorInformation.code,errorInformation.message,rollbackInfo.rollbackMessage]' --output text >&2
        echo "deploy.sh: $deployment: $status" >&2
        return 1
        ;;
    esac
    ((SECONDS < end)) || {
      echo "deploy.sh: $deployment is $status after $DEPLOYMENT_SECONDS s and goes on without this. See: aws deploy get-deployment --deployment-id $deployment" >&2
      return 1
    }
    sleep "$DEPLOYMENT_PAUSE_SECONDS"
  done
}

case $action in
  upload | create) "$action" ;;
  wait) wait_end ;;
  all)
    upload
    create
    wait_end
    ;;
  *)
    echo "deploy.sh: usage: deploy.sh [upload|create|wait] [FILE.zip]" >&2
    exit 2
    ;;
esac
