#!/usr/bin/env bash
# Installs what the tests on real parts need from this machine's own Debian release, if it is missing.
set -euo pipefail

packages=(
  iptables        # the engine's networks and published ports
  busybox-static  # the one shell inside the lab's base image
  libatomic1      # Node 26 links it; bare Debian does not have it
  haproxy         # the proxy before the engine's socket
  ca-certificates # copied into the lab's base image
)

# An engine that someone set up in another way (Docker's own packages) is as good, and would conflict with Debian's.
if ! command -v docker >/dev/null || ! { command -v dockerd >/dev/null || docker version >/dev/null 2>&1; }; then
  packages+=(docker.io)
fi

missing=()
for package in "${packages[@]}"; do
  if [[ $(dpkg-query --show --showformat='${db:Status-Status}' "$package" 2>/dev/null) != installed ]]; then
    missing+=("$package")
  fi
done
if ((${#missing[@]} == 0)); then
  exit 0
fi

if ((EUID != 0)); then
  echo "lab: as root, install: apt-get install --no-install-recommends ${missing[*]}" >&2
  exit 1
fi
echo "lab: installing ${missing[*]}"
export DEBIAN_FRONTEND=noninteractive
apt-get --quiet=2 -o Acquire::Retries=3 update
# The log is long and says nothing when all is well; it is shown when it is not.
log=$(mktemp)
trap 'rm -f "$log"' EXIT
if ! apt-get --quiet=2 -o Acquire::Retries=3 install --yes --no-install-recommends "${missing[@]}" >"$log" 2>&1; then
  cat "$log" >&2
  exit 1
fi
