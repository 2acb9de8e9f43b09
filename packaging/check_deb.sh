#!/usr/bin/env bash
# Install the built .deb in a clean Debian root, with nothing but what it declares, and let it prove itself. As root:
#   bash packaging/check_deb.sh [RELEASE] [MIRROR]     RELEASE: bookworm (default), trixie, ...; MIRROR: this machine's
# Takes some minutes and about 3 GB below $TMPDIR; what it saves (self-test, screenshots) lies in build/check-deb-RELEASE.
set -euo pipefail
root="$(cd "$(dirname "$0")/.." && pwd)"
release="${1:-bookworm}"
mirror="${2:-$({ cat /etc/apt/sources.list /etc/apt/sources.list.d/*.list /etc/apt/sources.list.d/*.sources 2>/dev/null || true; } |
  sed -nE 's#^(URIs:|deb) .*[[:space:]]([a-z+]+://[^[:space:]]+).*#\2#p; s#^(URIs:|deb) ([a-z+]+://[^[:space:]]+).*#\2#p' | grep -v security | sed -n 1p)}"
package="$(ls -t "$root"/dist/cloudfilm-workstation_*.deb | head -1)"
clean="$(mktemp -d "${TMPDIR:-/tmp}/check-deb.XXXXXX")"
chmod 755 "$clean"
results="$root/build/check-deb-$release"
say() { printf '\n== %s\n' "$*"; }
inside() { chroot "$clean" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 DEBIAN_FRONTEND=noninteractive "$@"; }
finish() {
  for place in proc sys dev; do umount -l "$clean/$place" 2>/dev/null || true; done
  rm -rf --one-file-system "$clean"
}
trap finish EXIT

say "A clean $release"
debootstrap --variant=minbase "$release" "$clean" "$mirror" >"$clean.log" || { tail -20 "$clean.log" >&2; exit 1; }
rm -f "$clean.log"
for place in proc sys dev; do mount --rbind "/$place" "$clean/$place" && mount --make-rslave "$clean/$place"; done
# How this machine reaches its mirror: apt's settings, its sign-in, the authorities it believes, names.
mkdir -p "$clean/etc/ssl/certs" "$clean/etc/apt/auth.conf.d"
cp /etc/resolv.conf /etc/hosts "$clean/etc/" 2>/dev/null || true
cp -r /etc/apt/apt.conf.d/. "$clean/etc/apt/apt.conf.d/"
cp -r /etc/apt/auth.conf.d/. "$clean/etc/apt/auth.conf.d/" 2>/dev/null || true
cp /etc/ssl/certs/ca-certificates.crt "$clean/etc/ssl/certs/" 2>/dev/null || true
inside apt-get -q update >/dev/null

say "Installing the package with what it declares, and nothing else"
cp "$package" "$clean/root/package.deb"
inside apt-get -q install -y --no-install-recommends /root/package.deb >"$clean/root/install.log" || { tail -30 "$clean/root/install.log" >&2; exit 1; }
inside dpkg-query -W -f '${Package} ${Version} ${Status}\n' cloudfilm-workstation
inside bash -c 'cd / && tail -n +1 /var/lib/dpkg/info/cloudfilm-workstation.md5sums | md5sum -c --quiet'

say "Self-test without a screen"
inside env LANG=C.UTF-8 workstation --lang en self-test | tee "$clean/root/self-test.txt"

say "A screenshot on a virtual screen (xvfb is a tool of this check, no part of the package)"
inside apt-get -q install -y --no-install-recommends xvfb xauth >/dev/null
mkdir -p "$clean/root/film" && cp "$root"/resources/demo/head_ct/*.dcm "$clean/root/film/"
for language in en zh; do
  inside xvfb-run -a -s "-screen 0 1920x1080x24" env QT_QPA_PLATFORM=xcb \
    cloudfilm-workstation --lang "$language" open /root/film --screenshot "/root/film-$language.png" --window-size 1600x1000
done
inside xvfb-run -a -s "-screen 0 1920x1080x24" env QT_QPA_PLATFORM=xcb workstation --lang en self-test | grep OpenGL

say "Removing it"
rm -rf "$results" && mkdir -p "$results" && cp "$clean"/root/self-test.txt "$clean"/root/film-*.png "$results/"
inside apt-get -q purge -y cloudfilm-workstation >/dev/null
left="$(inside find / -xdev -path /proc -prune -o -path /sys -prune -o -path /dev -prune -o -path '/root/*' -prune -o -name '*cloudfilm*' -print)"
[ -z "$left" ] || { echo "left behind: $left" >&2; exit 1; }
say "Good: $results"
