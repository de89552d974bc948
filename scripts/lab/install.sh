#!/usr/bin/env bash
# `npm run lab:install`: everything the tests on real parts need: a Docker Engine from this Debian release, and
# Prometheus, Alertmanager, Compose and buildx from the next one. A second call takes a moment.
# The lab's folder is .cache/lab in the repository, or $MPA_LAB_DIR.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
lab=${MPA_LAB_DIR:-"$(dirname "$(dirname "$here")")/.cache/lab"}

if ! command -v dpkg-deb >/dev/null || ! command -v apt-get >/dev/null; then
  echo "lab: the tests on real parts are set up for Debian; on other systems the rest of the tests run" >&2
  exit 1
fi

bash "$here/system-packages.sh"
bash "$here/next-release.sh" "$lab/root" prometheus promtool prometheus-alertmanager docker-compose docker-buildx

# The names the tests use, and a Docker client configuration of its own: the developer's is left alone.
mkdir -p "$lab/bin" "$lab/docker-config/cli-plugins"
for program in prometheus promtool amtool; do
  ln -sfn "../root/usr/bin/$program" "$lab/bin/$program"
done
rm -f "$lab/bin/alertmanager"
install -m 755 "$here/alertmanager.sh" "$lab/bin/alertmanager"
for plugin in docker-compose docker-buildx; do
  ln -sfn "../../root/usr/libexec/docker/cli-plugins/$plugin" "$lab/docker-config/cli-plugins/$plugin"
done

# That they start here at all (libraries, architecture) is part of being installed.
for program in prometheus promtool alertmanager amtool; do
  "$lab/bin/$program" --version >/dev/null 2>&1 || {
    echo "lab: $program was unpacked but does not run here: $("$lab/bin/$program" --version 2>&1 | head -1)" >&2
    exit 1
  }
done
echo "lab: ready"
