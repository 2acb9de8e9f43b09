"""Whether VTK can draw here: a lit cube rendered in a child process, so that a broken driver never takes us down."""

from __future__ import annotations

import multiprocessing
import os
import sys
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from workstation.rendering import software_opengl

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

_DEADLINE_S: Final = 40.0
_SIDE: Final = 96
_SOFTWARE: Final = ("llvmpipe", "softpipe", "swiftshader", "gdi generic", "swrast")


@dataclass(frozen=True, slots=True)
class OpenGL:
    """What the probe found.

    Attributes
    ----------
    reason : str
        Why it does not work, in words for IT.
    is_mesa : bool
        It works only with `software_opengl.load` before VTK.
    """

    works: bool
    renderer: str = ""
    reason: str = ""
    is_mesa: bool = False

    @property
    def is_software(self) -> bool:
        """Whether a processor draws in place of a graphics card."""
        return any(word in self.renderer.lower() for word in _SOFTWARE)


def probe_in_child(deadline_s: float = _DEADLINE_S) -> OpenGL:
    """Draw the cube in a child process; a crash, a hang or a black picture means that OpenGL does not work.

    Where the machine's own driver fails, Mesa is tried if the package carries it.
    """
    found = _probed(deadline_s, with_mesa=False)
    if found.works or not software_opengl.is_there():
        return found
    other = _probed(deadline_s, with_mesa=True)
    return replace(other, is_mesa=True) if other.works else found


def _probed(deadline_s: float, *, with_mesa: bool) -> OpenGL:
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    child = context.Process(target=_probe, args=(theirs, with_mesa), daemon=True)
    child.start()
    theirs.close()
    try:
        if not ours.poll(deadline_s):
            return OpenGL(False, reason=f"no picture within {deadline_s:.0f} s")
        said = ours.recv_bytes(4096).decode("utf-8", "replace")
    except EOFError:
        child.join(5)
        return OpenGL(False, reason=f"the driver crashed (exit code {child.exitcode})")
    finally:
        ours.close()
        if child.is_alive():
            child.join(5)
        if child.is_alive():
            child.kill()
            child.join(5)
    word, _, rest = said.partition("\n")
    return OpenGL(True, renderer=rest) if word == "lit" else OpenGL(False, reason=rest or word)


def _probe(answer: Connection, with_mesa: bool) -> None:
    """Run in the child."""
    if sys.platform.startswith("linux") and not os.environ.get("DISPLAY"):
        os.environ.setdefault("VTK_DEFAULT_OPENGL_WINDOW", "vtkEGLRenderWindow")
    try:
        if with_mesa:
            software_opengl.load()
        answer.send_bytes(_lit_cube().encode())
    except Exception as error:  # noqa: BLE001 - whatever the driver does ends here, in the child
        answer.send_bytes(f"failed\n{type(error).__name__}".encode())
    finally:
        answer.close()


def _lit_cube() -> str:
    import vtkmodules.vtkRenderingOpenGL2  # noqa: F401 - VTK is loaded in the child alone
    from vtkmodules.util.numpy_support import vtk_to_numpy
    from vtkmodules.vtkCommonCore import vtkUnsignedCharArray
    from vtkmodules.vtkFiltersSources import vtkCubeSource
    from vtkmodules.vtkRenderingCore import vtkActor, vtkPolyDataMapper, vtkRenderer, vtkRenderWindow

    mapper = vtkPolyDataMapper()
    cube = vtkCubeSource()
    mapper.SetInputConnection(cube.GetOutputPort())
    actor = vtkActor()
    actor.SetMapper(mapper)
    actor.RotateX(30)
    actor.RotateY(30)
    renderer = vtkRenderer()
    renderer.AddActor(actor)
    window = vtkRenderWindow()
    window.SetOffScreenRendering(1)
    window.SetMultiSamples(0)
    window.SetSize(_SIDE, _SIDE)
    window.AddRenderer(renderer)
    window.Render()
    pixels = vtkUnsignedCharArray()
    window.GetRGBACharPixelData(0, 0, _SIDE - 1, _SIDE - 1, 0, pixels, 0)
    grey = vtk_to_numpy(pixels).reshape(_SIDE, _SIDE, 4)[..., 0]
    name = next((line.split(":", 1)[1].strip() for line in window.ReportCapabilities().splitlines()
                 if "renderer string" in line), "")  # fmt: skip
    faces = len(set(grey[grey > 8].tolist()))  # three faces, lit differently
    return f"lit\n{name}" if faces >= 3 and grey.max() > 60 else "failed\nthe picture is black"
