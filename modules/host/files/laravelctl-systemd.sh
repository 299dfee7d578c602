#!/bin/bash
# Starts and stops what Laravel runs on this host, or the programs named:
#   laravelctl start|stop|restart|status [PROGRAM...]
#   laravelctl wait [SECONDS]
# stop waits until all have ended, wait (60 s) until all have run for three seconds.
# 0: done. 1 and others: not. 2: wrong usage. 3 of status: not all run.
set -euo pipefail
# shellcheck source=/dev/null
. /etc/telemedicina/host.env

say() { echo "laravelctl: $1" >&2; }

# In units what the arguments name; without any, all that this host has.
select_units() {
  local program name names=("$@")
  units=()
  ((${#names[@]})) || read -ra names <<<"$LARAVEL_PROGRAMS"
  for program in "${names[@]}"; do
    name=$program
    [[ " $LARAVEL_PROGRAMS " == *" $name "* ]] || {
      say "$name is not on this host. Here: ${LARAVEL_PROGRAMS:-nothing}"
      exit 2
    }
    case $name in
      laravel-worker) for ((i = 1; i <= WORKERS; i++)); do units+=("$name@$i.service"); done ;;
      laravel-scheduler) units+=("$name.timer") ;;
      *) units+=("$name.service") ;;
    esac
  done
}

start() {
  ((${#units[@]})) || return 0
  [[ -e $APPLICATION/artisan ]] || {
    say "no release in $APPLICATION: nothing to start"
    return 1
  }
  systemctl start "${units[@]}"
}

stop() {
  ((${#units[@]})) || return 0
  systemctl stop "${units[@]}"
  # A timer ends at once; its turn, and what that left running in the background, holds the lock.
  if [[ " ${units[*]} " == *" laravel-scheduler.timer "* && -e /run/laravel-scheduler.lock ]]; then
    flock --exclusive --wait "$WORKER_STOP_SECONDS" /run/laravel-scheduler.lock true
  fi
}

status() {
  local unit state code=0
  for unit in "${units[@]}"; do
    state=$(systemctl is-active "$unit") || code=3
    echo "$unit $state"
  done
  return "$code"
}

wait_running() {
  local end=$((SECONDS + $1)) good=0
  while ((good < 3)); do
    if status >/dev/null; then good=$((good + 1)); else good=0; fi
    ((good == 3 || SECONDS < end)) || {
      say "not all run after $1 s:"
      status >&2 || return 1
    }
    sleep 1
  done
}

action=${1:-}
case $action in
  start | stop | status)
    select_units "${@:2}"
    "$action"
    ;;
  restart)
    select_units "${@:2}"
    stop
    start
    ;;
  wait)
    select_units
    wait_running "${2:-60}"
    ;;
  *)
    say "usage: laravelctl start|stop|restart|status [PROGRAM...] | wait [SECONDS]"
    exit 2
    ;;
esac
