"""Our grey against dcmtk's, pixel by pixel: explicit window, no overlay on either side, at most one level apart."""

from __future__ import annotations

import shutil
import subprocess
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np
import pydicom
import pytest
from pydicom.data import get_testdata_file
from pydicom.uid import UID

from tests.oracles.corpus import pydicom_files
from workstation.dicom.frames import decode_frame
from workstation.dicom.grayscale import Window, full_range_window
from workstation.dicom.grayscale_reader import grayscale_of
from workstation.dicom.part10 import read_part10
from workstation.dicom.pixels import FrameKey
from workstation.errors import WorkstationError
from workstation.rendering.still import render_file

if TYPE_CHECKING:
    from workstation.workers.pool import WorkerPool

pytestmark = pytest.mark.skipif(shutil.which("dcmj2pnm") is None, reason="dcmtk is not installed")

_BY_DCMJ2PNM = ("50", "51", "53", "55", "57", "70")
_BY_DCML2PNM = ("80", "81")

# Where dcmtk 3.6.7 is not the judge, and why. Every other file must agree.
_NOT_DCMTKS = {
    "rtdose_expb_1frame.dcm": "dcmtk swaps 32-bit big endian cells by 16-bit words; the little endian twin agrees",
    "pydicom_rtdose_expb.dcm": "as above",
    "rtdose_expb.dcm": "as above",
}
_YBR_TOLERANCE = 2  # dcmtk cuts the fraction off; ours is rounded, and test_ybr_is_the_rounded_formula holds it to that


def by_dcmtk(path: Path, out: Path, window: Window | None, *options: str) -> np.ndarray | None:
    """What dcmtk makes of the first frame; None where it refuses."""
    part10 = read_part10(path.read_bytes())
    ending = part10.transfer_syntax_uid.rsplit(".", 1)[-1]
    tool = "dcmj2pnm" if ending in _BY_DCMJ2PNM else "dcml2pnm" if ending in _BY_DCML2PNM else "dcm2pnm"
    voi = ["+Wfl", "+Ww", str(window.center), str(window.width)] if window else []
    out.unlink(missing_ok=True)
    subprocess.run([tool, "-O", "+F", "1", *voi, *options, str(path), str(out)], capture_output=True, check=False)
    if not out.exists():
        return None
    picture = cv2.imread(str(out), cv2.IMREAD_UNCHANGED)
    return picture[..., ::-1] if picture.ndim == 3 else picture


def window_within(path: Path, pool: WorkerPool) -> Window | None:
    """A window of whole numbers that cuts off a part at both ends of the frame's range; None for colour."""
    part10 = read_part10(path.read_bytes())
    frame = decode_frame(part10, 1, FrameKey("", "", "", 1), pool)
    if frame.is_colour:
        return None
    full = full_range_window(grayscale_of(part10.dataset), frame.values)
    return Window(round(full.center - 0.1 * full.width), max(2, round(0.7 * full.width)))


def compare(paths: list[Path], out: Path, pool: WorkerPool) -> Counter[str]:
    """Compare every file; print the table; fail on the first that is further off than it may be."""
    outcomes: Counter[str] = Counter()
    wrong: list[str] = []
    for path in paths:
        name = f"{path.parent.name}/{path.name}"
        try:
            window = window_within(path, pool)
            ours = render_file(path.read_bytes(), pool, voi=window)
        except WorkstationError as error:
            outcomes["refused by us"] += 1
            print(f"{name:70} refused by us: {error}")
            continue
        theirs = by_dcmtk(path, out, window)
        if theirs is None:
            outcomes["refused by dcmtk"] += 1
            print(f"{name:70} refused by dcmtk: {UID(read_part10(path.read_bytes()).transfer_syntax_uid).name}")
            continue
        if path.name in _NOT_DCMTKS:
            outcomes["not dcmtk's to judge"] += 1
            print(f"{name:70} {_NOT_DCMTKS[path.name]}")
            continue
        most = int(np.abs(theirs.astype(int) - ours).max()) if theirs.shape == ours.shape else 999
        meaning = pydicom.dcmread(path, stop_before_pixels=True, force=True).get("PhotometricInterpretation", "")
        allowed = _YBR_TOLERANCE if str(meaning).startswith("YBR") else 1
        outcomes["rendered"] += 1
        print(f"{name:70} rendered, at most {most} apart")
        if most > allowed:
            wrong.append(f"{name}: {most}")
    assert not wrong, wrong
    return outcomes


@pytest.mark.filterwarnings("ignore")
def test_the_files_of_pydicoms_wheel_are_grey_as_dcmtk_has_them(tmp_path: Path, pool: WorkerPool):
    outcomes = compare(pydicom_files(), tmp_path / "out.pnm", pool)
    print(outcomes)
    assert outcomes["rendered"] >= 25
    assert outcomes["refused by us"] <= 2


@pytest.mark.parametrize("photometric", ["MONOCHROME1", "MONOCHROME2"])
@pytest.mark.parametrize("shape", ["", "IDENTITY", "INVERSE"])
@pytest.mark.parametrize("window", [Window(40, 400), Window(300, 1500), Window(0, 2), Window(100, 1)])
def test_polarity_is_dcmtks(photometric: str, shape: str, window: Window, tmp_path: Path, pool: WorkerPool):
    dataset = pydicom.dcmread(get_testdata_file("CT_small.dcm", download=False))
    dataset.PhotometricInterpretation = photometric
    if shape:
        dataset.PresentationLUTShape = shape
    path = tmp_path / "polarity.dcm"
    dataset.save_as(path)
    theirs = by_dcmtk(path, tmp_path / "out.pgm", window)
    ours = render_file(path.read_bytes(), pool, voi=window)
    assert theirs is not None
    assert np.abs(theirs.astype(int) - ours).max() <= 1


def test_a_sigmoid_is_dcmtks(tmp_path: Path, pool: WorkerPool):
    path = Path(get_testdata_file("CT_small.dcm", download=False))
    out = tmp_path / "out.pgm"
    subprocess.run(["dcm2pnm", "-O", "+Wfs", "+Ww", "40", "400", str(path), str(out)], check=True, capture_output=True)
    theirs = cv2.imread(str(out), cv2.IMREAD_UNCHANGED)
    ours = render_file(path.read_bytes(), pool, voi=Window(40, 400, "SIGMOID"))
    assert np.abs(theirs.astype(int) - ours).max() <= 1


def test_the_window_of_the_file_is_the_default_as_in_dcmtk(tmp_path: Path, pool: WorkerPool):
    dataset = pydicom.dcmread(get_testdata_file("CT_small.dcm", download=False))
    dataset.WindowCenter, dataset.WindowWidth = [35, 400], [120, 1500]
    path = tmp_path / "windows.dcm"
    dataset.save_as(path)
    theirs = by_dcmtk(path, tmp_path / "out.pgm", None, "+Wi", "1")
    assert theirs is not None
    assert np.abs(theirs.astype(int) - render_file(path.read_bytes(), pool)).max() <= 1
