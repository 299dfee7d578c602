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

create_once() {
  aws deploy create-deployment --application-name "$CODEDEPLOY_APPLICATION" \
    --deployment-group-name "$CODEDEPLOY_GROUP" --description "$commit" \
    --s3-location "bucket=$DEPLOYMENTS_BUCKET,key=$key,bundleType=zip" --query deploymentId --output text
}

# A group takes one deployment at a time, and scaling makes one for each host that it starts: who comes then waits a while.
create() {
  local deployment said end=$((SECONDS + DEPLOYMENT_BUSY_SECONDS))
  mkdir -p "$(dirname "$note")"
  said=$(mktemp)
  until deployment=$(create_once 2>"$said"); do
    if [[ $(<"$said") != *DeploymentLimitExceededException* ]] || ((SECONDS >= end)); then
      cat "$said" >&2
      rm -f "$said"
      return 1
    fi
    echo "deploy.sh: $CODEDEPLOY_GROUP is busy with another deployment; trying again for up to $((end - SECONDS)) s"
    sleep "$DEPLOYMENT_PAUSE_SECONDS"
  done
  rm -f "$said"
  # With what is left of the time, of which the next call knows nothing.
  echo "$deployment $((DEPLOYMENT_SECONDS - SECONDS))" >"$note"
  echo "deploy.sh: $deployment of $commit"
}

# AWS's own waiter gives up after half an hour, and says nothing of why a deployment failed.
wait_end() {
  local deployment left status end
  read -r deployment left <"$note"
  left=${left:-$DEPLOYMENT_SECONDS}
  end=$((SECONDS + left))
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
      echo "deploy.sh: $deployment is $status after $left s and goes on without this. See: aws deploy get-deployment --deployment-id $deployment" >&2
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
