"""The sample films, measured again from their pixels by means that know nothing of how they were made."""

from __future__ import annotations

import hashlib
import math
import re
import shutil
import subprocess
import warnings
from itertools import islice
from typing import TYPE_CHECKING

import numpy as np
import pydicom
import pytest

from workstation.demo.films import (
    CURRENT_GRID,
    DEMO_ISSUER,
    PRIOR_GRID,
    TRUTH,
    FilmInfo,
    head_ct_files,
    is_demo,
    make_films,
    uid,
)
from workstation.demo.phantoms import CtGrid, CtLeg
from workstation.dicom.grayscale_reader import grayscale_of
from workstation.dicom.part10 import read_part10
from workstation.rendering.still import render_file

if TYPE_CHECKING:
    from pathlib import Path

    from workstation.workers.pool import WorkerPool


class Volume:
    """A CT read back with pydicom: Hounsfield units by patient position."""

    def __init__(self, folder: Path, film: FilmInfo) -> None:
        images = [pydicom.dcmread(folder / name) for name in film.files]
        images = [image for image in images if "LOCALIZER" not in image.get("ImageType", ["LOCALIZER"])]  # nor a report
        images.sort(key=lambda image: image.ImagePositionPatient[2])
        self.values = np.stack(
            [image.pixel_array.astype(np.float32) + float(image.RescaleIntercept) for image in images]
        )
        first = images[0]
        self.origin = np.array(first.ImagePositionPatient, float)
        row_mm, column_mm = (float(number) for number in first.PixelSpacing)
        slice_mm = float(images[1].ImagePositionPatient[2] - images[0].ImagePositionPatient[2])
        self.step = np.array([column_mm, row_mm, slice_mm])

    def at(self, points: np.ndarray) -> np.ndarray:
        """Trilinear samples at (n, 3) patient points."""
        index = (points - self.origin) / self.step
        low = np.floor(index).astype(int)
        share = index - low
        total = np.zeros(len(points))
        for corner in np.ndindex(2, 2, 2):
            weight = np.prod(np.where(np.array(corner), share, 1 - share), axis=1)
            x, y, z = (low + np.array(corner)).T
            total += weight * self.values[z, y, x]
        return total


@pytest.fixture(scope="module")
def current(demo_folder: Path, films: dict[str, FilmInfo]) -> Volume:
    return Volume(demo_folder, films["knee-ct-current"])


@pytest.fixture(scope="module")
def prior(demo_folder: Path, films: dict[str, FilmInfo]) -> Volume:
    return Volume(demo_folder, films["knee-ct-prior"])


def gap_along_the_normal(volume: Volume, pose_shift: tuple[float, float, float], along_mm: float) -> float:
    """Width of the dark stretch between the fragments on a line across the break, its rough faces averaged out."""
    tilt = math.radians(TRUTH.fracture.obliquity_deg)
    across = np.arange(-9.0, 9.0, 0.05)
    profile = np.zeros_like(across)
    lines = [(da, dy) for da in np.arange(-2.5, 2.6, 0.5) for dy in np.arange(-8.0, 8.1, 0.5)]
    for da, dy in lines:
        a = along_mm + da
        x = across * math.sin(tilt) + a * math.cos(tilt)
        z = across * math.cos(tilt) - a * math.sin(tilt) + TRUTH.fracture.z
        leg = np.stack([x, np.full_like(x, 1.0 + dy), z], axis=1)
        profile += volume.at(leg + np.array(pose_shift))
    profile /= len(lines)
    bone = np.median(np.concatenate([profile[:60], profile[-60:]]))
    missing = bone - profile
    return float(missing.clip(0).sum() * 0.05 / (bone - profile.min()))


def test_the_fracture_gap_is_as_wide_as_the_truth_says(current: Volume):
    shift = TRUTH.current_pose.shift_mm
    assert gap_along_the_normal(current, shift, 0.0) == pytest.approx(TRUTH.fracture.gap_mm, abs=0.5)


def test_the_gap_opens_to_one_side_by_the_angle_between_the_fragments(current: Volume):
    shift = TRUTH.current_pose.shift_mm
    wide, narrow = (gap_along_the_normal(current, shift, along) for along in (-12.0, 12.0))
    angle = math.degrees(math.atan((wide - narrow) / 24.0))
    assert angle == pytest.approx(TRUTH.fracture.angulation_deg, abs=1.5)


def test_the_far_fragment_of_the_tibia_points_away_by_the_true_angle(current: Volume):
    centres = []
    for index in range(1, 14):  # the lowest 14 mm: 12 to 26 mm below the break
        bone = current.values[index] > 700
        columns = np.arange(bone.shape[1]) * current.step[0] + current.origin[0] - TRUTH.current_pose.shift_mm[0]
        rows = np.arange(bone.shape[0]) * current.step[1] + current.origin[1] - TRUTH.current_pose.shift_mm[1]
        tibia = bone & (columns > -20)[None, :] & (np.abs(rows) < 30)[:, None]
        height = current.origin[2] + index * current.step[2]
        centres.append((height, float((tibia * columns[None, :]).sum() / tibia.sum())))
    slope = np.polyfit(*np.array(centres).T, 1)[0]
    assert math.degrees(math.atan(-slope)) == pytest.approx(TRUTH.fracture.angulation_deg, abs=1.0)


def similarity(current: Volume, prior: Volume, off_mm: tuple[float, float, float], turned_deg: float) -> float:
    """How well the two CTs agree when the true transform is spoilt by a shift and a turn."""
    rng = np.random.default_rng(3)
    leg = rng.uniform((-38, -28, -40), (38, 32, 44), (6000, 3))
    points = leg + np.array(TRUTH.current_pose.shift_mm)
    back = np.linalg.inv(TRUTH.prior_to_current())
    turn = math.radians(turned_deg)
    spoil = np.array([[math.cos(turn), -math.sin(turn), 0], [math.sin(turn), math.cos(turn), 0], [0, 0, 1]])
    centre = np.array(TRUTH.current_pose.shift_mm)
    moved = (points - centre) @ spoil.T + centre + np.array(off_mm)
    there = moved @ back[:3, :3].T + back[:3, 3]
    return float(np.corrcoef(current.at(points), prior.at(there))[0, 1])


def test_the_two_cts_lie_on_each_other_by_the_true_transform_and_by_no_other(current: Volume, prior: Volume):
    best = similarity(current, prior, (0, 0, 0), 0)
    assert best > 0.9
    for off in ((1, 0, 0), (-1, 0, 0), (0, 1, 0), (0, -1, 0), (0, 0, 1.5), (0, 0, -1.5)):
        assert similarity(current, prior, off, 0) < best - 0.005
    for turned in (1.5, -1.5):
        assert similarity(current, prior, (0, 0, 0), turned) < best - 0.005


def test_the_balls_shadow_is_magnified_by_the_true_factor(demo_folder: Path, films: dict[str, FilmInfo]):
    image = pydicom.dcmread(demo_folder / films["knee-dx"].files[0])
    assert (image.Columns, image.Rows) == (3000, 4000)
    shadow = image.pixel_array[:, 2300:] > 1500
    rows, columns = np.nonzero(shadow)
    diameter_px = 2 * math.sqrt(shadow.sum() / math.pi)
    pixel_mm = float(image.ImagerPixelSpacing[0])
    assert diameter_px * pixel_mm == pytest.approx(25.4 * 1.15, abs=0.1)
    assert TRUTH.ball_on_detector_mm == pytest.approx(29.21)
    centre = TRUTH.radiograph.pixel_of(TRUTH.ball.x, TRUTH.ball.z)
    assert (columns.mean() + 2300, rows.mean()) == pytest.approx(centre, abs=0.5)


def test_the_radiograph_has_no_spacing_but_that_of_the_detector(demo_folder: Path, films: dict[str, FilmInfo]):
    image = pydicom.dcmread(demo_folder / films["knee-dx"].files[0], stop_before_pixels=True)
    for keyword in ("PixelSpacing", "EstimatedRadiographicMagnificationFactor", "DistanceSourceToPatient"):
        assert keyword not in image


def test_monochrome1_and_monochrome2_look_the_same(
    demo_folder: Path, films: dict[str, FilmInfo], demo_pool: WorkerPool
):
    bright, inverse = (
        render_file((demo_folder / name).read_bytes(), demo_pool).astype(int) for name in films["knee-dx"].files
    )
    assert np.abs(bright - inverse).max() <= 1


def test_grids_have_no_equal_numbers_and_no_origin_anyone_would_guess():
    for grid in (CURRENT_GRID,):
        assert len({grid.row_spacing_mm, grid.column_spacing_mm, grid.slice_spacing_mm}) == 3
    assert all(number != round(number) for grid in (CURRENT_GRID, PRIOR_GRID) for number in grid.origin_mm)


def test_hounsfield_units_are_those_of_air_fat_and_bone(current: Volume, demo_folder: Path, films: dict[str, FilmInfo]):
    part10 = read_part10((demo_folder / films["knee-ct-current"].files[60]).read_bytes())
    assert grayscale_of(part10.dataset).is_hounsfield
    assert np.median(current.values[60][:40, :40]) == pytest.approx(-1000, abs=5)
    assert np.percentile(current.values[5], 99.8) > 1200
    localizer = read_part10((demo_folder / films["knee-ct-current"].files[-2]).read_bytes())
    assert not grayscale_of(localizer.dataset).is_hounsfield


def test_every_file_says_demo_and_names_its_patient_in_gb18030(demo_folder: Path, films: dict[str, FilmInfo]):
    names = {"DEMO-0001": "Ouyang^Xiaodong=欧阳^晓东", "DEMO-0002": "Zhuge^Mingyue=诸葛^明月"}
    seen = set()
    for film in films.values():
        for name in film.files:
            image = pydicom.dcmread(demo_folder / name, stop_before_pixels=True)
            assert is_demo(image.PatientID)
            assert (image.IssuerOfPatientID, image.ImageComments) == (DEMO_ISSUER, "DEMO")
            assert image.SpecificCharacterSet == "GB18030"
            assert str(image.PatientName) == names[image.PatientID]
            assert image.StudyInstanceUID == film.study_instance_uid
            for keyword in ("StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID"):
                assert re.fullmatch(r"2\.25\.[1-9]\d{0,38}", image[keyword].value)
                assert len(image[keyword].value) <= 64
            assert image.SOPInstanceUID not in seen
            seen.add(image.SOPInstanceUID)
    raw = (demo_folder / films["knee-ct-current"].files[0]).read_bytes()
    assert "欧阳^晓东".encode("gb18030") in raw


def test_the_real_head_ct_keeps_its_pixels_and_loses_its_identity(demo_folder: Path, films: dict[str, FilmInfo]):
    def pixels(paths: list[Path]) -> set[str]:
        return {hashlib.sha256(pydicom.dcmread(path).PixelData).hexdigest() for path in paths}

    copies = [demo_folder / name for name in films["head-ct"].files]
    assert len(copies) == 20
    assert pixels(copies) == pixels(head_ct_files())
    for path in copies:
        raw = path.read_bytes()
        for trace in (b"DOE^John", b"UV59569735", b"19770530", b"8529258169397744", b"1.2.250.1.59"):
            assert trace not in raw
    notice = (head_ct_files()[0].parent / "NOTICE").read_text()
    assert "CC BY 4.0" in notice
    assert "IHE" in notice


@pytest.mark.filterwarnings("error")
def test_pydicom_reads_every_film_without_a_warning(demo_folder: Path, films: dict[str, FilmInfo]):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for film in films.values():
            for name in film.files[:: max(1, len(film.files) // 3)]:
                for element in pydicom.dcmread(demo_folder / name).iterall():
                    assert element.value is not None or element.VM == 0


@pytest.mark.skipif(shutil.which("dciodvfy") is None, reason="dicom3tools is not installed")
@pytest.mark.parametrize("key", ["knee-ct-current", "knee-ct-prior", "knee-dx", "head-ct"])
def test_dciodvfy_finds_no_error(key: str, demo_folder: Path, films: dict[str, FilmInfo]):
    for name in {films[key].files[0], films[key].files[-1]}:
        said = subprocess.run(["dciodvfy", str(demo_folder / name)], capture_output=True, text=True, errors="replace")
        errors = [line for line in (said.stderr + said.stdout).splitlines() if line.startswith("Error")]
        assert errors == []


def test_films_that_are_there_are_not_made_again_and_broken_ones_are(demo_folder: Path, films: dict[str, FilmInfo]):
    path = demo_folder / films["head-ct"].files[0]
    before = path.stat().st_mtime_ns
    again = {film.key: film for film in make_films(demo_folder)}
    assert again == films
    assert path.stat().st_mtime_ns == before


def test_the_same_numbers_give_the_same_picture_every_time():
    grid = CtGrid(64, 80, 2, 2.6, 2.5, 5.0, (-195.0, -95.0, -440.0))
    first, second = (
        [hashlib.sha256(values).hexdigest() for values in islice(CtLeg(TRUTH.current_pose).slices(grid), 2)]
        for _ in range(2)
    )
    assert first == second
    assert uid("a", "b") == "2.25.260417788260120763452316697418877763913"
