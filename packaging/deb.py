"""Make a .deb of the packaged program, with dpkg-deb and dpkg-shlibdeps of Debian or Ubuntu.

python packaging/deb.py [--dist FOLDER]

The package leaves to the operating system what it mends itself (glibc, X11, Qt's xcb libraries, OpenSSL, OpenGL); which
packages those are is read from the built libraries. Built on the oldest release that is to run it, it also installs on
newer ones.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import re
import shutil
import subprocess
from pathlib import Path

from build import NAME, PACKAGING, ROOT, epoch, size_of
from icons import SIZES

LINUX = PACKAGING / "linux"
# Opened at run time, or read as files, so that no library names them.
NEEDED = ("libgl1", "libegl1", "ca-certificates",
          "fonts-noto-cjk | fonts-wqy-microhei | fonts-wqy-zenhei | fonts-droid-fallback")  # fmt: skip
WISHED = ("gnome-keyring | kwalletmanager | keepassxc", "desktop-file-utils")
WORDS = """Viewing workstation for cloud films
 Opens patients' cloud films (DICOM studies and their reports, shared by link
 or QR code) through the hospital's proxy: at full resolution, whole, and
 provably the right patient's. 云胶片工作站。
"""


def version() -> str:
    """As the program says it."""
    text = (ROOT / "workstation" / "__init__.py").read_text(encoding="utf-8")
    return re.search(r'__version__ = "([^"]+)"', text)[1]


def libraries(folder: Path) -> list[Path]:
    """Every ELF file of the program."""
    found = [file for file in sorted(folder.rglob("*")) if file.is_file() and not file.is_symlink()]
    return [file for file in found if file.open("rb").read(4) == b"\x7fELF"]


def needs(folder: Path, work: Path) -> str:
    """The packages that the built libraries stand on, by dpkg-shlibdeps."""
    files = libraries(folder)
    (work / "debian").mkdir(parents=True)
    (work / "debian" / "control").write_text(f"Source: {NAME}\n\nPackage: {NAME}\nArchitecture: any\n")
    own = sorted({f"-l{file.parent}" for file in files})
    # Libraries of the wheels lie beside each other and are found by their run paths, which the tool does not read.
    command = ["dpkg-shlibdeps", "-O", "--ignore-missing-info", "--warnings=0", *own, *map(str, files)]
    told = subprocess.run(command, cwd=work, check=True, capture_output=True, text=True).stdout
    named = re.search(r"shlibs:Depends=(.*)", told)[1].split(", ")
    return ", ".join(sorted({*named, *NEEDED}))


def staged(built: Path, tree: Path) -> None:
    """The files as they will lie on the machine."""
    home, share = tree / "opt" / NAME, tree / "usr" / "share"
    shutil.copytree(built, home, symlinks=True)
    documents = share / "doc" / NAME
    (documents / "examples").mkdir(parents=True)
    shutil.move(home / "licences.txt", documents / "copyright")
    (home / "licences.txt").symlink_to(f"/usr/share/doc/{NAME}/copyright")
    shutil.copy(PACKAGING / "policy-example.toml", documents / "examples" / "policy.toml")
    shutil.copy(PACKAGING / "IT.md", documents / "IT.md")
    shutil.copy(ROOT / "CHANGELOG.md", documents / "CHANGELOG.md")
    (tree / "usr" / "bin").mkdir(parents=True)
    for name in (NAME, "workstation"):
        (tree / "usr" / "bin" / name).symlink_to(f"/opt/{NAME}/{name}")
    (share / "applications").mkdir(parents=True)
    for entry in LINUX.glob("*.desktop"):
        shutil.copy(entry, share / "applications")
    for size in SIZES:
        place = share / "icons" / "hicolor" / f"{size}x{size}" / "apps"
        place.mkdir(parents=True)
        shutil.copy(ROOT / "build" / "icons" / f"{NAME}-{size}.png", place / f"{NAME}.png")
    scalable = share / "icons" / "hicolor" / "scalable" / "apps"
    scalable.mkdir(parents=True)
    shutil.copy(ROOT / "resources" / "icons" / f"{NAME}.svg", scalable)


def tidy(tree: Path) -> None:
    """Rights and times that do not depend on who builds, and when."""
    moment = int(epoch())
    for place in [tree, *tree.rglob("*")]:
        if not place.is_symlink():
            is_run = place.is_dir() or bool(place.stat().st_mode & 0o100)
            place.chmod(0o755 if is_run else 0o644)
        os.utime(place, (moment, moment), follow_symlinks=False)


def described(tree: Path, depends: str, architecture: str) -> None:
    """The package's own files: what it is, its checksums, what runs at installing and removing."""
    about = tree / "DEBIAN"
    about.mkdir()
    files = sorted(file for file in tree.rglob("*") if file.is_file() and not file.is_symlink())
    sums = [f"{hashlib.md5(file.read_bytes()).hexdigest()}  {file.relative_to(tree)}\n" for file in files]
    (about / "md5sums").write_text("".join(sums), encoding="utf-8")
    (about / "control").write_text(
        f"Package: {NAME}\nVersion: {version()}\nArchitecture: {architecture}\nSection: science\nPriority: optional\n"
        f"Maintainer: Cloud film workstation <workstation@cloudfilm.invalid>\nInstalled-Size: {size_of(tree) // 1024}\n"
        f"Depends: {depends}\nRecommends: {', '.join(WISHED)}\nDescription: {WORDS}",
        encoding="utf-8",
    )
    for name in ("postinst", "postrm"):
        shutil.copy(LINUX / name, about / name)
        (about / name).chmod(0o755)


def main() -> None:
    """Make the package; its name is the last line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--dist", type=Path, default=ROOT / "dist")
    dist = parser.parse_args().dist
    work = ROOT / "build" / "deb"
    shutil.rmtree(work, ignore_errors=True)
    tree = work / "tree"
    tree.mkdir(parents=True)
    staged(dist / NAME, tree)
    architecture = subprocess.run(["dpkg", "--print-architecture"], check=True, capture_output=True, text=True)
    described(tree, needs(tree / "opt" / NAME, work / "needs"), architecture.stdout.strip())
    tidy(tree)
    package = dist / f"{NAME}_{version()}_{architecture.stdout.strip()}.deb"
    environment = {**os.environ, "SOURCE_DATE_EPOCH": epoch()}
    command = ["dpkg-deb", "--root-owner-group", "-Zxz", "-z3", "--build", str(tree), str(package)]
    subprocess.run(command, check=True, env=environment, stdout=subprocess.DEVNULL)
    shutil.rmtree(work)
    total = hashlib.sha256(package.read_bytes()).hexdigest()
    package.with_suffix(".deb.sha256").write_text(f"{total}  {package.name}\n")
    print(f"{package.stat().st_size / 1e6:.1f} MB, sha256 {total}\n{package}")


if __name__ == "__main__":
    main()
