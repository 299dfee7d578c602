#!/bin/bash
# Starts and stops what Laravel runs on this host, or the programs named:
#   laravelctl start|stop|restart|status [PROGRAM...]
#   laravelctl wait [SECONDS]
# stop waits until all have ended, wait (60 s) until all have run for three seconds.
# 0: done. 1 and others: not. 2: wrong usage. 3 of status: not all run.
set -euo pipefail
# shellcheck source=/dev/null
. /etc/telemedicina/host.env

programs=/etc/telemedicina/supervisor.conf
loaded=$SUPERVISOR_DIRECTORY/laravel.conf
timer=laravel-scheduler.timer

say() { echo "laravelctl: $1" >&2; }

# What the arguments name; without any, all that this host has. The scheduler is systemd's.
select_programs() {
  local name names=("$@")
  supervised=() scheduled=
  ((${#names[@]})) || read -ra names <<<"$LARAVEL_PROGRAMS"
  for name in "${names[@]}"; do
    [[ " $LARAVEL_PROGRAMS " == *" $name "* ]] || {
      say "$name is not on this host. Here: ${LARAVEL_PROGRAMS:-nothing}"
      exit 2
    }
    if [[ $name == laravel-scheduler ]]; then scheduled=1; else supervised+=("$name:*"); fi
  done
}

start() {
  [[ -e $APPLICATION/artisan ]] || {
    say "no release in $APPLICATION: nothing to start"
    return 1
  }
  if ((${#supervised[@]})); then
    # Supervisor makes a log as root, where logrotate, which is the application there, could not cut it.
    grep -oP '^stdout_logfile=\K.*' "$programs" | xargs runuser -u "$WEB_USER" -- touch
    ln -sf "$programs" "$loaded"
    supervisorctl update
    supervisorctl start "${supervised[@]}"
  fi
  [[ -z $scheduled ]] || systemctl start "$timer"
}

stop() {
  if [[ -n $scheduled ]]; then
    systemctl stop "$timer"
    # A timer ends at once; its turn, and what that left running in the background, holds the lock.
    if [[ -e /run/laravel-scheduler.lock ]]; then
      flock --exclusive --wait "$WORKER_STOP_SECONDS" /run/laravel-scheduler.lock true
    fi
  fi
  # Before the first start supervisor knows none of them.
  ((${#supervised[@]})) && [[ -e $loaded ]] || return 0
  supervisorctl stop "${supervised[@]}"
}

status() {
  local report code=0
  if ((${#supervised[@]})); then
    # It ends with 0 while programs start.
    report=$(supervisorctl status "${supervised[@]}") || code=3
    echo "$report"
    if grep -qv ' RUNNING ' <<<"$report"; then code=3; fi
  fi
  if [[ -n $scheduled ]]; then echo "$timer $(systemctl is-active "$timer")" || code=3; fi
  return "$code"
}

wait_running() {
  local end=$((SECONDS + $1))
  until status >/dev/null; do
    ((SECONDS < end)) || {
      say "not all run after $1 s:"
      status >&2 || return 1
    }
    sleep 1
  done
}

action=${1:-}
case $action in
  start | stop | status)
    select_programs "${@:2}"
    "$action"
    ;;
  restart)
    select_programs "${@:2}"
    stop
    start
    ;;
  wait)
    select_programs
    wait_running "${2:-60}"
    ;;
  *)
    say "usage: laravelctl start|stop|restart|status [PROGRAM...] | wait [SECONDS]"
    exit 2
    ;;
esac
