"""Which characters no font of this machine can draw: a name with an empty box in it is no name."""

from __future__ import annotations

from typing import Final

from PySide6.QtGui import QTextLayout

from workstation.ui import theme

# Of names that people have: rare ones of the basic plane and its extension A, and such of the List of Commonly Used
# Standard Chinese Characters (2013) that lie beyond the basic plane (extensions B, C, E).
RARE: Final = "喆珺堃犇㛃㙘䶮䲟𠮷𫖮𬍛𬭎𫘧𬀪𫓧𬱖𪩘"


def missing(text: str) -> str:
    """The characters of a text that no font can draw."""
    return "".join(char for char in dict.fromkeys(text) if not _is_drawn(char))


def _is_drawn(char: str) -> bool:
    layout = QTextLayout(char, theme.font())
    layout.beginLayout()
    line = layout.createLine()
    layout.endLayout()
    if not line.isValid():
        return False
    return all(index != 0 for run in layout.glyphRuns() for index in run.glyphIndexes())
