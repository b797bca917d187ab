#!/bin/sh
# Puts bubblewrap into a virtual environment, for Debian and Ubuntu machines that have no sandbox yet. Needs no root as long
# as apt knows its packages; nothing outside the virtual environment is changed.
#
#   sh scripts/get_bubblewrap.sh VENV
set -eu

bin=$(CDPATH= cd -- "$1/bin" && pwd)
if ! command -v apt-get >/dev/null || ! command -v dpkg-deb >/dev/null; then
  echo 'No sandbox can be used here: install Docker (https://docs.docker.com/engine/install/) or bubblewrap.' >&2
  exit 1
fi
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
chmod 755 "$room"
cd "$room"
if ! apt-get download -qq bubblewrap >/dev/null 2>&1; then
  if [ "$(id -u)" -ne 0 ]; then
    echo 'apt does not know bubblewrap yet: sudo apt-get update && sudo apt-get install bubblewrap' >&2
    exit 1
  fi
  apt-get update -qq
  apt-get download -qq bubblewrap >/dev/null
fi
dpkg-deb -x ./*.deb unpacked
cp unpacked/usr/bin/bwrap "$bin/bwrap"
