#!/usr/bin/env bash
# Builds every image of Interlock from this checkout: build.sh [TAG] [PREFIX] [push]. Prints each image's size.
# The stages are shared, so that the first image takes the time and the others seconds.
set -euo pipefail
cd "$(dirname "$0")/../.."
if [ "${1:-}" = --help ]; then sed -n '2,3s/^# //p' "$0"; exit 0; fi
tag=${1:-dev} prefix=${2:-interlock}
revision=$(git rev-parse HEAD 2>/dev/null || echo unknown)
for target in tools auth permissions policy vault relay monitor audit gateway lifeline; do
  DOCKER_BUILDKIT=${DOCKER_BUILDKIT:-0} docker build --quiet --network host --build-arg "REVISION=$revision" -f deploy/Dockerfile --target "$target" -t "$prefix/$target:$tag" . 2>&1 >/dev/null | { grep -v -e DEPRECATED -e BuildKit -e "^ *environment-variable" -e "^$" || true; }
  if [ "${3:-}" = push ]; then docker push --quiet "$prefix/$target:$tag" >/dev/null; fi
  docker image inspect --format "$prefix/$target:$tag {{.Size}} bytes" "$prefix/$target:$tag"
done
