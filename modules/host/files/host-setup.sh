#!/bin/bash
# Makes the host ready, as cloud-init's last command. May run again. Answers the group's launch hook either way.
set -euo pipefail
exec >>/var/log/host-setup.log 2>&1

doing="reading /etc/telemedicina/host.env"
say() { echo "$(date -u +%FT%TZ) host-setup: $1"; }
step() {
  doing=$1
  say "$doing"
}
finish() {
  local code=$?
  trap - EXIT
  set +e
  if ((code)); then
    say "while $doing: ended with $code"
    # The agent sends every five seconds; after that this host is gone.
    sleep 10
    host-lifecycle failed
    say "FAILED while $doing"
  else
    say "READY"
  fi
  exit "$code"
}
trap finish EXIT

# shellcheck source=/dev/null
. /etc/telemedicina/host.env

download() {
  curl --fail --silent --show-error --proto =https --tlsv1.2 --connect-timeout 10 --max-time 60 --retry 5 --retry-connrefused --output "$2" "$1"
}

step "looking for what cloud-init should have installed"
missing=()
for program in $PROGRAMS; do command -v "$program" >/dev/null || missing+=("$program"); done
modules=$(php -m || true)
# More connections than PHP's own event loop holds need another one.
for extension in $EXTENSIONS $EVENT_LOOP; do
  grep -qixE "$extension" <<<"$modules" || missing+=("PHP's $extension")
done
python3 -c 'import boto3' || missing+=("Python's boto3")
if ((${#missing[@]})); then
  say "missing: ${missing[*]}; see /var/log/cloud-init-output.log"
  exit 1
fi

step "starting the CloudWatch agent"
agent=/opt/aws/amazon-cloudwatch-agent/bin/amazon-cloudwatch-agent-ctl
if [[ $CLOUDWATCH_AGENT_FOLDER && ! -x $agent ]]; then
  package=$(mktemp --suffix .deb)
  download "https://amazoncloudwatch-agent-$REGION.s3.$REGION.amazonaws.com/$CLOUDWATCH_AGENT_FOLDER/$(dpkg --print-architecture)/latest/amazon-cloudwatch-agent.deb" "$package"
  dpkg --install "$package"
  rm "$package"
fi
"$agent" -a fetch-config -m ec2 -s -c file:/etc/telemedicina/cloudwatch-agent.json

step "setting the system"
systemctl daemon-reload
sysctl --quiet --load /etc/sysctl.d/90-telemedicina.conf
systemctl restart systemd-journald.service
# Without nginx's package nobody has made it.
id -u "$WEB_USER" >/dev/null 2>&1 ||
  useradd --system --user-group --no-create-home --shell /usr/sbin/nologin "$WEB_USER"

step "mounting the data volume"
systemctl enable mount-data.service
systemctl start mount-data.service

step "making directories"
systemd-tmpfiles --create /etc/tmpfiles.d/telemedicina.conf
install -d -m 0755 "$APPLICATION" "$APPLICATION/public"
install -d -o "$WEB_USER" -g "$WEB_GROUP" -m 0755 "$APPLICATION/storage" "$APPLICATION/storage/logs"

step "fetching the certificate authorities of RDS"
systemctl enable rds-ca.service
systemctl restart rds-ca.service

if [[ $PGBOUNCER_UNIT ]]; then
  step "preparing PgBouncer"
  systemctl enable "$PGBOUNCER_UNIT.service"
  # The package starts it with settings of its own; render-env starts it with ours.
  if [[ -e /etc/pgbouncer/databases.ini ]]; then
    systemctl restart "$PGBOUNCER_UNIT.service"
  else
    systemctl stop "$PGBOUNCER_UNIT.service"
  fi
fi

if [[ $FPM_UNIT ]]; then
  step "starting nginx and php-fpm"
  if [[ ! -e $APPLICATION/artisan ]]; then
    install -m 0644 /etc/telemedicina/placeholder.php "$APPLICATION/public/index.php"
  fi
  "$FPM_PROGRAM" --test
  nginx -t
  systemctl enable "$FPM_UNIT.service" nginx.service
  systemctl reload-or-restart "$FPM_UNIT.service"
  systemctl reload-or-restart nginx.service

  step "waiting for /health"
  curl --fail --silent --show-error --max-time 5 --retry 12 --retry-delay 5 --retry-all-errors --output /dev/null \
    http://127.0.0.1:8080/health
  systemctl enable --now host-metrics.timer
fi

step "starting what Laravel runs"
for program in $LARAVEL_PROGRAMS; do
  case $program in
    laravel-scheduler) systemctl enable laravel-scheduler.timer ;;
    laravel-worker) [[ $SUPERVISOR_UNIT ]] ||
      for ((i = 1; i <= WORKERS; i++)); do systemctl enable "laravel-worker@$i.service"; done ;;
    *) [[ $SUPERVISOR_UNIT ]] || systemctl enable "$program.service" ;;
  esac
done
if [[ $SUPERVISOR_UNIT ]]; then
  systemctl enable "$SUPERVISOR_UNIT.service"
  # The package started it with the limits of its own; later a restart would end jobs.
  [[ -e $SUPERVISOR_DIRECTORY/laravel.conf ]] || systemctl restart "$SUPERVISOR_UNIT.service"
fi
if [[ -e $APPLICATION/artisan ]]; then laravelctl start; fi

step "watching for the end"
systemctl enable --now host-lifecycle.service

# Last: its first release finds everything there.
step "installing the CodeDeploy agent"
installer=$(mktemp)
download "https://aws-codedeploy-$REGION.s3.$REGION.amazonaws.com/latestv2/install" "$installer"
AWS_REGION=$REGION sh "$installer" auto
rm "$installer"
systemctl enable --now codedeploy-agent.service

step "answering the launch hook"
host-lifecycle launched
