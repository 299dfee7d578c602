#!/bin/bash
# Formats the data volume once and mounts it. A disk with anything on it is never formatted.
set -euo pipefail

config=/etc/telemedicina/host.json
fstab=/etc/fstab
while (($#)); do
  case $1 in
    --config) config=$2 ;;
    --fstab) fstab=$2 ;;
    *)
      echo "usage: mount-data [--config FILE] [--fstab FILE]" >&2
      exit 2
      ;;
  esac
  shift 2
done

label=app-data

fail() {
  echo "mount-data: $1" >&2
  exit 1
}

read -r gib mount user group < <(python3 - "$config" <<'PYTHON'
import json, sys
host = json.load(open(sys.argv[1]))
print(host["dataVolume"]["gib"], host["dataVolume"]["mount"], host["webUser"], host["webGroup"])
PYTHON
)

# Whole disks of that size, without partitions, mounted nowhere. A path is no proof: NVMe names change from boot to boot.
candidates() {
  local bytes=$((gib * 1024 * 1024 * 1024)) name type size point
  while read -r name type size point; do
    [[ $type == disk && $size == "$bytes" && -z $point ]] || continue
    (($(lsblk -nro NAME "$name" | wc -l) == 1)) && echo "$name"
  done < <(lsblk -bdnrpo NAME,TYPE,SIZE,MOUNTPOINT)
  return 0
}

if ! mountpoint -q "$mount"; then
  mapfile -t disks < <(candidates)
  ((${#disks[@]} == 1)) ||
    fail "wanted is one disk of $gib GiB without partitions and not mounted; found: ${disks[*]:-none}. Make dataVolume in $config say what the launch template attaches. Disks: $(lsblk -bdnrpo NAME,SIZE | paste -sd,)"
  disk=${disks[0]}

  # 0: something is on it, 2: nothing is; whatever else it says, it is not sure.
  status=0
  found=$(blkid -p -o export "$disk") || status=$?
  if ((status == 2)); then
    mkfs.xfs -q -L "$label" "$disk"
    found=$(blkid -p -o export "$disk")
  elif ((status != 0)) || ! grep -qx "LABEL=$label" <<<"$found"; then
    fail "$disk is not empty and not ours, so it is not formatted; found: $(paste -sd' ' <<<"${found:-blkid ended with $status}"). Attach an empty volume, or empty this one: wipefs -a $disk"
  fi
  uuid=$(sed -n 's/^UUID=//p' <<<"$found")

  line="UUID=$uuid $mount xfs defaults,nofail,nodev,nosuid 0 2"
  if ! grep -qxF "$line" "$fstab"; then
    # An image made from a running host remembers that host's volume.
    others=$(grep -v "[[:space:]]${mount}[[:space:]]" "$fstab" || true)
    printf '%s\n%s\n' "$others" "$line" >"$fstab.new"
    mv "$fstab.new" "$fstab"
  fi
  mkdir -p "$mount"
  mount "$mount"
  echo "mount-data: $disk is on $mount"
fi
install -d -o "$user" -g "$group" -m 0750 "$mount/scratch"
