#!/usr/bin/env bash
# Builds `tools` (which holds all that is compiled) and `lifeline` twice without any cache, and fails when a layer differs: compare-builds.sh
# The layer that only takes npm out of the base is left aside: a removal bears the time at which it was made, and holds nothing.
set -euo pipefail
cd "$(dirname "$0")/../.."
if [ "${1:-}" = --help ]; then sed -n '2,3s/^# //p' "$0"; exit 0; fi
removal=$(($(docker image inspect --format '{{len .RootFS.Layers}}' node:24-bookworm-slim) + 1))

layers() {
  local image="interlock/$1:compared-$$"
  DOCKER_BUILDKIT=${DOCKER_BUILDKIT:-0} docker build --quiet --no-cache --network host -f deploy/Dockerfile --target "$1" -t "$image" . >/dev/null
  docker image inspect --format '{{range .RootFS.Layers}}{{println .}}{{end}}' "$image" | sed "${removal}d"
  docker image rm "$image" >/dev/null
}

status=0
for target in tools lifeline; do
  first=$(layers "$target")
  second=$(layers "$target")
  if [ "$first" = "$second" ]; then
    echo "$target: the same layers twice"
  else
    printf '%s: its layers differ\n%s\n' "$target" "$(diff <(echo "$first") <(echo "$second") || true)"
    status=1
  fi
done
exit "$status"
