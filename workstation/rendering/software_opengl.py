"""Mesa's software OpenGL, which the Windows package carries for PCs and remote desktops without a driver that can 3D.

It is no part of the search path: a process that shall use it loads it by its full path before VTK is imported. Windows
then gives VTK, which asks for ``opengl32.dll`` by name alone, the one that is loaded already.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Final

_LOAD_WITH_ALTERED_SEARCH_PATH: Final = 0x00000008  # what Mesa needs itself lies beside it


def library(program: Path | None = None) -> Path | None:
    """Mesa's library below the folder of the program; None where there is none."""
    folder = (program or Path(sys.executable).parent) / "mesa"
    found = folder / "opengl32.dll"
    return found if found.is_file() else None


def is_there() -> bool:
    """Whether this process could draw by Mesa."""
    return sys.platform == "win32" and library() is not None


def load() -> None:
    """Draw by Mesa from now on. Only before the first import of VTK; does nothing but on Windows.

    Raises
    ------
    OSError
        Windows does not load the library.
    """
    if sys.platform == "win32":
        import ctypes

        found = library()
        if found is not None:
            os.environ.setdefault("GALLIUM_DRIVER", "llvmpipe")
            ctypes.WinDLL(str(found), winmode=_LOAD_WITH_ALTERED_SEARCH_PATH)
