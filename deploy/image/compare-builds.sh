#!/usr/bin/env bash
# Builds `tools` (which holds all that is compiled) and `lifeline` twice without any cache, and fails when a layer differs: compare-builds.sh
set -euo pipefail
cd "$(dirname "$0")/../.."
if [ "${1:-}" = --help ]; then sed -n '2s/^# //p' "$0"; exit 0; fi

layers() {
  local image="interlock/$1:compared-$$"
  DOCKER_BUILDKIT=${DOCKER_BUILDKIT:-0} docker build --quiet --no-cache --network host -f deploy/Dockerfile --target "$1" -t "$image" . >/dev/null 2>&1
  docker image inspect --format '{{json .RootFS.Layers}}' "$image"
  docker image rm "$image" >/dev/null
}

status=0
for target in tools lifeline; do
  first=$(layers "$target") second=$(layers "$target")
  if [ "$first" = "$second" ]; then echo "$target: the same layers twice"; else echo "$target: its layers differ: $first and $second"; status=1; fi
done
exit "$status"
