#!/usr/bin/env bash
# Unpacks programs of Debian's next release into a folder, without touching the system: bookworm's own Prometheus
# and Compose are too old for what is tested here, and a pinned download from elsewhere would need an address.
# usage: next-release.sh FOLDER PACKAGE ...     (needs no root; a folder that already holds them is left alone)
set -euo pipefail

release=trixie
folder=${1:?the folder to unpack into}
shift
packages=("$@")
stamp="$folder/.unpacked"
wanted="$release ${packages[*]}"

if [[ -f $stamp && $(<"$stamp") == "$wanted" ]]; then
  exit 0
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Options for an apt-get that leaves the system's state alone. The sandbox user could not read a private folder; the
# signatures are checked all the same.
private=(--quiet=2 -o Dir::State::status=/var/lib/dpkg/status -o APT::Sandbox::User="$(id -un)"
  -o Acquire::Languages=none -o Acquire::Retries=3)
with_state() {
  local state="$work/$1"
  shift
  mkdir -p "$state/lists/partial" "$state/cache/archives/partial"
  apt-get "${private[@]}" -o Dir::State="$state" -o Dir::Cache="$state/cache" "$@"
}
main_mirror() {
  "$@" indextargets --format '$(ORIGIN) $(COMPONENT) $(RELEASE) $(REPO_URI)' 'Created-By: Packages' |
    awk '$1 == "Debian" && $2 == "main" && $3 !~ /-/ && !found++ { print $4 }'
}

# The mirror is the one this machine already uses: whoever set the machine up has chosen and trusted it. A machine
# whose package lists were cleaned away (many images) is asked with lists of our own.
mirror=$(main_mirror apt-get)
if [[ -z $mirror ]]; then
  with_state own update
  mirror=$(main_mirror with_state own)
fi
if [[ -z $mirror ]]; then
  echo "lab: no Debian mirror among this machine's package sources" >&2
  exit 1
fi

echo "lab: fetching ${packages[*]} from Debian $release"
mkdir -p "$work/debs" "$work/root"
echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror $release main" >"$work/sources.list"
next=(with_state next -o Dir::Etc::SourceList="$work/sources.list" -o Dir::Etc::SourceParts=/dev/null)
"${next[@]}" update
(cd "$work/debs" && "${next[@]}" download "${packages[@]}")
for deb in "$work"/debs/*.deb; do
  dpkg-deb --extract "$deb" "$work/root"
done

# Into place only when complete: a call that was cut off must not look like one that ended.
rm -rf "$folder"
mkdir -p "$(dirname "$folder")"
mv "$work/root" "$folder"
echo "$wanted" >"$stamp"
