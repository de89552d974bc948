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

# The mirror is the one this machine already uses: whoever set the machine up has chosen and trusted it.
mirror=$(apt-get indextargets --format '$(ORIGIN) $(COMPONENT) $(REPO_URI)' 'Created-By: Packages' |
  awk '$1 == "Debian" && $2 == "main" && $3 !~ /security/ { print $3; exit }')
if [[ -z $mirror ]]; then
  echo "lab: no Debian mirror among this machine's package sources (run apt-get update first)" >&2
  exit 1
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/state/lists/partial" "$work/cache/archives/partial" "$work/debs" "$work/root"
echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror $release main" >"$work/sources.list"

# Private state and cache; the sandbox user could not read a private folder, and the signatures are checked anyway.
private_apt() {
  apt-get --quiet=2 \
    -o Dir::Etc::SourceList="$work/sources.list" -o Dir::Etc::SourceParts=/dev/null \
    -o Dir::State="$work/state" -o Dir::Cache="$work/cache" -o Dir::State::status=/var/lib/dpkg/status \
    -o APT::Sandbox::User="$(id -un)" -o Acquire::Languages=none -o Acquire::Retries=3 "$@"
}

echo "lab: fetching ${packages[*]} from Debian $release"
private_apt update
(cd "$work/debs" && private_apt download "${packages[@]}")
for deb in "$work"/debs/*.deb; do
  dpkg-deb --extract "$deb" "$work/root"
done

# Into place only when complete: a call that was cut off must not look like one that ended.
rm -rf "$folder"
mkdir -p "$(dirname "$folder")"
mv "$work/root" "$folder"
echo "$wanted" >"$stamp"
