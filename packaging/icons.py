"""Draw the program's icon in the sizes that desktops ask for: PNG files by size, and one .ico for Windows.

python packaging/icons.py FOLDER
"""

from __future__ import annotations

import struct
import sys
from pathlib import Path

from PySide6.QtCore import QBuffer, QIODevice, QRectF, Qt
from PySide6.QtGui import QGuiApplication, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

NAME = "cloudfilm-workstation"
DRAWING = Path(__file__).resolve().parents[1] / "resources" / "icons" / f"{NAME}.svg"
SIZES = (16, 22, 24, 32, 48, 64, 128, 256)


def png(renderer: QSvgRenderer, size: int) -> bytes:
    """The drawing as a PNG, `size` pixels square."""
    image = QImage(size, size, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    renderer.render(painter, QRectF(0, 0, size, size))
    painter.end()
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")
    return bytes(buffer.data().data())


def ico(pictures: dict[int, bytes]) -> bytes:
    """One .ico file of several PNG pictures (ICONDIR, one ICONDIRENTRY each, the pictures)."""
    entries, offset = [], 6 + 16 * len(pictures)
    for size, data in pictures.items():
        entries.append(struct.pack("<BBBBHHII", size % 256, size % 256, 0, 0, 1, 32, len(data), offset))
        offset += len(data)
    return struct.pack("<HHH", 0, 1, len(pictures)) + b"".join(entries) + b"".join(pictures.values())


def main(folder: Path) -> None:
    """Write all of them."""
    app = QGuiApplication(["icons", "-platform", "offscreen"])
    renderer = QSvgRenderer(str(DRAWING))
    pictures = {size: png(renderer, size) for size in SIZES}
    folder.mkdir(parents=True, exist_ok=True)
    for size, data in pictures.items():
        (folder / f"{NAME}-{size}.png").write_bytes(data)
    (folder / f"{NAME}.ico").write_bytes(ico({size: pictures[size] for size in (16, 24, 32, 48, 64, 256)}))
    del app


if __name__ == "__main__":
    main(Path(sys.argv[1]))
