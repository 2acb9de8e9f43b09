"""Every file beside the checkout that carries pixels: rendered and judged by programs we did not write, or refused.

Run as a program it writes the table `every_file.tsv` anew: ``python -m tests.oracles.every_file``. The test
`test_every_file.py` holds the table to what is so.
"""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import cv2
import numpy as np

from tests.oracles import independent
from workstation.dicom.frames import decode_frame
from workstation.dicom.grayscale import Window
from workstation.dicom.grayscale_reader import grayscale_of
from workstation.dicom.part10 import read_part10
from workstation.dicom.pixels import FrameKey
from workstation.errors import WorkstationError
from workstation.rendering.still import render_file
from workstation.workers.pool import WorkerPool

TABLE = Path(__file__).with_name("every_file.tsv")
COLUMNS = (
    "file",
    "outcome",
    "frames",
    "dcmtk LINEAR",
    "dcmtk SIGMOID",
    "VTK LINEAR_EXACT",
    "formula",
    "colour",
    "remark",
)
_NO_DICOM = frozenset({".tsv", ".json", ".md", ".txt"})
_TOOLS = {"dcmj2pnm": ("50", "51", "53", "55", "57", "70"), "dcml2pnm": ("80", "81")}
UNJUDGED = "-"

# Where a program is not the judge, and why; each such file has another judge.
NOT_DCMTKS = {
    "rtdose_expb_1frame.dcm": "dcmtk swaps 32-bit big endian cells by words; the little endian twin agrees",
    "pydicom_rtdose_expb.dcm": "dcmtk swaps 32-bit big endian cells by words; the little endian twin agrees",
    "IM_0027_fMAP.dcm": "dcmtk reads no rescale of functional groups",
    "eCT_Supplemental.dcm": "dcmtk reads neither supplemental palettes nor the rescale of functional groups",
}

# Here dcmtk may be 2 apart, and pydicom must not be.
NOT_QUITE_DCMTKS = dict.fromkeys(
    ("SC_ybr_full_uncompressed.dcm", "ybrFull-RLE.dcm"),
    "dcmtk takes chroma 127.5 for grey and cuts fractions off; the standard takes 128",
)


@dataclass
class Row:
    """One file of the table; differences are the greatest of any pixel, in grey levels."""

    file: str
    outcome: str = "rendered"
    frames: str = ""
    linear: str = UNJUDGED
    sigmoid: str = UNJUDGED
    exact: str = UNJUDGED
    formula: str = UNJUDGED
    colour: str = UNJUDGED
    remark: str = ""

    def cells(self) -> list[str]:
        """As they stand in the table."""
        return [str(getattr(self, name)) for name in self.__dataclass_fields__]

    @property
    def differences(self) -> list[float]:
        """What the judges found."""
        found = (self.linear, self.sigmoid, self.exact, self.formula, self.colour)
        return [float(one) for one in found if one != UNJUDGED]


def files(root: Path) -> list[Path]:
    """Every file that may be DICOM, in order."""
    return [path for path in sorted(root.rglob("*")) if path.is_file() and path.suffix not in _NO_DICOM]


def row_of(path: Path, root: Path, pool: WorkerPool, out: Path) -> Row | None:
    """Render and judge one file; None for what is no DICOM file or carries no pixels."""
    row = Row(str(path.relative_to(root)))
    data = path.read_bytes()
    try:
        row.frames = str(read_part10(data).required_description().number_of_frames)
        ours = render_file(data, pool)
    except WorkstationError as error:
        if error.code in ("not-dicom", "no-pixels"):
            return None
        row.outcome, row.remark = "refused", str(error).splitlines()[0]
        return row
    try:
        ours = render_file(data, pool, frame=int(row.frames))
    except WorkstationError as error:
        row.outcome, row.remark = "rendered in part", f"frame {row.frames}: {error}"
        return row
    (_judge_colour if ours.ndim == 3 else _judge_grey)(row, path, ours, pool, out)
    return row


def _apart(ours: np.ndarray, theirs: np.ndarray | None) -> str:
    if theirs is None:
        return UNJUDGED
    if ours.shape != theirs.shape:
        return "999"
    return f"{np.abs(theirs.astype(np.float64) - ours).max():.3g}"


def _judge_grey(row: Row, path: Path, ours: np.ndarray, pool: WorkerPool, out: Path) -> None:
    last, render = int(row.frames), partial(render_file, path.read_bytes(), pool, frame=int(row.frames))
    values = independent.modality(path, last)
    picture = independent.automatic(path, last)
    if picture is not None and values is not None:
        row.formula = _apart(ours, picture[0])
        row.remark = picture[1]
    window = _window(values if values is not None else _ours(path, last, pool))
    padded = independent.padding(path, last)
    if values is not None and padded is not None and values.dtype.kind == "f":
        by_vtk = _vtk(values, window)
        by_vtk = 255 - by_vtk if independent.is_inverse(independent.dataset_of(path)) else by_vtk
        exact = render(voi=Window(window.center, window.width, "LINEAR_EXACT"))
        row.exact = _apart(np.where(padded, by_vtk, exact), by_vtk)
    if path.name in NOT_DCMTKS:
        row.remark += f"; {NOT_DCMTKS[path.name]}"
        return
    for name, function in (("linear", "LINEAR"), ("sigmoid", "SIGMOID")):
        theirs = by_dcmtk(path, out, window, function, frame=last)
        made = render(voi=Window(window.center, window.width, function))
        if padded is not None and padded.any() and theirs is not None:
            made = np.where(padded, theirs, made)  # dcmtk knows no padding; the formula judges it
        setattr(row, name, _apart(made, theirs))


def _judge_colour(row: Row, path: Path, ours: np.ndarray, _: WorkerPool, out: Path) -> None:
    last = int(row.frames)
    if path.name in NOT_DCMTKS:
        row.colour, row.remark = _apart(ours, independent.supplemental(path, last)), NOT_DCMTKS[path.name]
        return
    row.linear = _apart(ours, by_dcmtk(path, out, None, "", frame=last))
    row.colour = _apart(ours, independent.picture(path, last))
    row.remark = NOT_QUITE_DCMTKS.get(path.name, "")


def _ours(path: Path, frame: int, pool: WorkerPool) -> np.ndarray:
    """Modality values by our own decoder, for choosing a window and nothing else."""
    part10 = read_part10(path.read_bytes())
    values = decode_frame(part10, frame, FrameKey("", "", "", frame), pool).values
    return grayscale_of(part10.dataset, frame).modality.values(values)


def _window(values: np.ndarray) -> Window:
    """A window of whole numbers that cuts off a part at both ends of the range."""
    low, high = float(np.nanmin(values)), float(np.nanmax(values))
    return Window(round((low + high) / 2 - 0.1 * (high - low)), max(2, round(0.7 * (high - low))))


def _vtk(values: np.ndarray, window: Window) -> np.ndarray:
    """VTK's window and level, which is the standard's LINEAR_EXACT (measured in float)."""
    from vtkmodules.util.numpy_support import numpy_to_vtk, vtk_to_numpy
    from vtkmodules.vtkCommonDataModel import vtkImageData
    from vtkmodules.vtkImagingColor import vtkImageMapToWindowLevelColors

    image = vtkImageData()
    image.SetDimensions(values.shape[1], values.shape[0], 1)
    image.GetPointData().SetScalars(numpy_to_vtk(np.ascontiguousarray(values).ravel(), deep=True))
    mapped = vtkImageMapToWindowLevelColors()
    mapped.SetInputData(image)
    mapped.SetLevel(window.center)
    mapped.SetWindow(window.width)
    mapped.SetOutputFormatToLuminance()
    mapped.Update()
    return vtk_to_numpy(mapped.GetOutput().GetPointData().GetScalars()).reshape(values.shape)


def by_dcmtk(path: Path, out: Path, window: Window | None, function: str, *options: str, frame: int = 1) -> Any:
    """What dcmtk makes of a frame, P-values of 8 bit or R, G, B; None where it refuses."""
    ending = read_part10(path.read_bytes()).transfer_syntax_uid.rsplit(".", 1)[-1]
    tool = next((tool for tool, endings in _TOOLS.items() if ending in endings), "dcm2pnm")
    voi = ["+Wfs" if function == "SIGMOID" else "+Wfl", "+Ww", str(window.center), str(window.width)] if window else []
    made = out / f"{abs(hash(path))}.pnm"
    made.unlink(missing_ok=True)
    command = [tool, "-O", "+F", str(frame), *voi, *options, str(path), str(made)]
    subprocess.run(command, capture_output=True, check=False)
    if not made.exists():
        return None
    picture = cv2.imread(str(made), cv2.IMREAD_UNCHANGED)
    made.unlink()
    return picture if picture is None or picture.ndim == 2 else picture[..., ::-1]


def rows_of(root: Path) -> list[Row]:
    """The whole table."""
    with WorkerPool(2) as pool, TemporaryDirectory() as folder, ThreadPoolExecutor(2) as threads:
        made = threads.map(lambda path: row_of(path, root, pool, Path(folder)), files(root))
        return [row for row in made if row is not None]


def as_text(rows: list[Row]) -> str:
    """The table as it lies in the file."""
    lines = ["\t".join(COLUMNS), *("\t".join(row.cells()) for row in rows)]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    from tests.conftest import SHARED_DATA

    TABLE.write_text(as_text(rows_of(SHARED_DATA)), encoding="utf-8")
    sys.exit(0)
