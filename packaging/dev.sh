#!/usr/bin/env bash
# The developer's commands, for Debian 12/13 and Ubuntu 24.04, as root or with sudo:
#   bash packaging/dev.sh run [ARGUMENTS]    install what is missing, make .venv, start the demo
#   bash packaging/dev.sh test [ARGUMENTS]   the same, then every check and the whole test suite, servers included
#   bash packaging/dev.sh package            build the program and a .deb of it in dist/
#   bash packaging/dev.sh bench [NAME]       the benchmarks; tables on the screen, one JSON each in benchmark-results/;
#                                            gateway_load [OPTIONS]: many workstations at the hospital's gateway
#   bash packaging/dev.sh lock               compile the locks anew from pyproject.toml
set -euo pipefail
root="$(cd "$(dirname "$0")/.." && pwd)"
cd "$root"
venv="$root/.venv"

program_packages=(python3-venv libegl1 libgl1 libxkbcommon0 libglib2.0-0 libdbus-1-3 libfontconfig1 fonts-noto-cjk
  xvfb xauth libxcb-cursor0 libxcb-icccm4 libxcb-image0 libxcb-keysyms1 libxcb-randr0 libxcb-render-util0 libxcb-shape0
  libxcb-xkb1 libxkbcommon-x11-0)
test_packages=(gnome-keyring dbus-daemon dcmtk dicom3tools orthanc orthanc-dicomweb nginx-light squid-openssl openssl curl x11-xserver-utils
  shellcheck)

package_packages=(binutils dpkg-dev)

say() { printf '\n== %s\n' "$*"; }

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; elif command -v sudo >/dev/null; then sudo "$@"; else
    echo "This needs root or sudo: $*" >&2; return 1; fi
}

# Each package by itself: names differ between releases (libglib2.0-0 is libglib2.0-0t64 on newer ones), and one that
# cannot be had must not keep the others from being installed.
install_system_packages() {
  local missing=() name
  for name in "$@"; do
    dpkg -s "$name" >/dev/null 2>&1 || dpkg -s "${name}t64" >/dev/null 2>&1 || missing+=("$name")
  done
  [ ${#missing[@]} -eq 0 ] && return 0
  say "Installing system packages: ${missing[*]}"
  as_root env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=600 update -q >/dev/null
  # No package may start a daemon: the tests start their own servers on free ports.
  local guard=/usr/sbin/policy-rc.d made=0
  if [ ! -e "$guard" ]; then printf '#!/bin/sh\nexit 101\n' | as_root tee "$guard" >/dev/null; as_root chmod +x "$guard"; made=1; fi
  as_root env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=600 install -y -q --no-install-recommends "${missing[@]}" >/dev/null ||
    for name in "${missing[@]}"; do
      as_root env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=600 install -y -q --no-install-recommends "$name" >/dev/null 2>&1 ||
        echo "   (no package $name here)"
    done
  [ $made = 1 ] && as_root rm -f "$guard"
  return 0
}

find_python() {
  local candidate
  for candidate in python3.11 python3.12 python3.13 python3; do
    if command -v "$candidate" >/dev/null &&
      "$candidate" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null; then
      command -v "$candidate"; return 0
    fi
  done
  echo "Python 3.11, 3.12 or 3.13 is needed." >&2; return 1
}

# The environment is made anew when the lock changes, so that it never holds what the lock does not.
make_environment() {
  local lock="$1" stamp want
  want="$(sha256sum "$lock" | cut -d' ' -f1)"
  stamp="$venv/.lock-$(basename "$lock")"
  if [ -x "$venv/bin/python" ] && [ "$(cat "$stamp" 2>/dev/null)" = "$want" ]; then return 0; fi
  say "Making the Python environment in .venv (a few minutes the first time)"
  [ -x "$venv/bin/python" ] || "$(find_python)" -m venv "$venv"
  "$venv/bin/python" -m pip install --disable-pip-version-check -q --require-hashes -r "$lock"
  # The checkout itself is on the path; nothing of it is copied into the environment.
  echo "$root" > "$("$venv/bin/python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/checkout.pth"
  echo "$want" > "$stamp"
}

prepare() {
  install_system_packages "${program_packages[@]}"
  make_environment packaging/lock.txt
}

prepare_tests() {
  install_system_packages "${program_packages[@]}" "${test_packages[@]}" "${package_packages[@]}"
  make_environment packaging/lock-dev.txt
}

run() {
  prepare
  if [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ]; then exec "$venv/bin/python" -m workstation demo "$@"; fi
  say "No display: the demo runs on a virtual screen and saves pictures of it"
  xvfb-run -a -s "-screen 0 1920x1080x24" "$venv/bin/python" -m workstation demo --screenshots "$root/screenshots" "$@"
  say "The screenshots are in $root/screenshots"
}

check() {
  say "Style";           "$venv/bin/ruff" check workstation tests packaging
  say "Format";          "$venv/bin/ruff" format --check -q workstation tests packaging
  say "Types";           "$venv/bin/mypy"
  say "Import contract"; "$venv/bin/lint-imports" --no-cache
}

run_tests() {
  prepare_tests
  check
  say "The packaged program (about a minute where it is out of date)"
  "$venv/bin/python" packaging/build.py --if-changed
  say "Tests"
  "$venv/bin/python" -m pytest "$@"
}

package() {
  install_system_packages "${program_packages[@]}" "${package_packages[@]}"
  make_environment packaging/lock-dev.txt
  say "The program";  "$venv/bin/python" packaging/build.py
  say "The .deb";     "$venv/bin/python" packaging/deb.py
}

bench() {
  prepare_tests
  mkdir -p benchmark-results
  if [ "${1:-}" = gateway_load ]; then "$venv/bin/python" -m tests.benchmarks.gateway_load "${@:2}"; return; fi
  "$venv/bin/python" -m pytest tests/benchmarks --benchmark-only --benchmark-disable-gc -p no:randomly -q ${1:+-k "$1"}
}

lock() {
  prepare_tests
  local options=(--universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate -q)
  "$venv/bin/uv" pip compile pyproject.toml "${options[@]}" --upgrade -o packaging/lock.txt
  "$venv/bin/uv" pip compile pyproject.toml packaging/dev-requirements.in "${options[@]}" --upgrade -c packaging/lock.txt -o packaging/lock-dev.txt
}

command="${1:-}"; shift || true
case "$command" in
  run) run "$@" ;;
  test) run_tests "$@" ;;
  package) package ;;
  bench) bench "$@" ;;
  lock) lock ;;
  *) sed -n '2,8p' "$0" | cut -c3-; exit 2 ;;
esac
