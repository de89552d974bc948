#!/usr/bin/env bash
# Becomes bin/alertmanager in the lab's folder. Debian's Alertmanager reads its default template from a fixed path
# below /usr/share; an overlay in a mount namespace of its own shows it there, and the system stays as it is.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../root" && pwd)
program="$root/usr/bin/prometheus-alertmanager"
if [[ -e /usr/share/prometheus/alertmanager/default.tmpl ]]; then
  exec "$program" "$@"
fi
as_root=()
if ((EUID != 0)); then as_root=(--map-root-user); fi
export root program
# shellcheck disable=SC2016 # expanded by the inner shell
exec unshare --mount "${as_root[@]}" sh -c '
  mount -t overlay -o ro,lowerdir="$root/usr/share:/usr/share" lab-share /usr/share && exec "$program" "$@"' sh "$@"
