"""The display function against a table of another program, the figures printed elsewhere, and dcmtk's curve."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest

from workstation.dicom.gsdf import index_of, luminance

# `gsdf_table.txt` holds index and cd/m2 as colour-science 0.4.7 gives them (eotf_DICOMGSDF), rounded to 4 decimals.
TABLE = np.loadtxt(Path(__file__).parent / "gsdf_table.txt")
INDICES = np.arange(1, 1024)


def test_all_1023_values_are_those_of_the_table_to_four_decimals():
    assert TABLE.shape == (1023, 2)
    assert np.array_equal(TABLE[:, 0], INDICES)
    assert np.array_equal(np.round(luminance(INDICES), 4), TABLE[:, 1])


@pytest.mark.parametrize(
    ("index", "printed"),
    [(1, 0.05), (2, 0.0547), (10, 0.0991), (50, 0.5574), (100, 1.8508), (150, 4.2586), (200, 8.2179), (300, 23.3989),
     (400, 55.3640), (500, 119.1318), (512, 130.0653), (600, 243.0099), (700, 480.4999), (800, 933.1874),
     (900, 1795.0813), (1000, 3439.1590), (1022, 3967.4732), (1023, 3993.3296)],
)  # fmt: skip
def test_the_figures_that_are_known_by_heart(index, printed):
    assert round(float(luminance(index)), 4) == printed


def test_the_end_of_the_standards_printed_table_is_met_to_five_digits():
    assert float(luminance(1023)) == pytest.approx(3993.4040, rel=2e-5)  # PS3.14 Table B-1


def test_there_and_back_strays_by_less_than_a_tenth_of_an_index():
    assert np.abs(index_of(luminance(INDICES)) - INDICES).max() <= 0.092
    assert float(index_of(130.0652840)) == pytest.approx(511.9964806, abs=1e-6)  # colour-science


def test_more_is_brighter_everywhere_and_so_it_is_back():
    fine = np.linspace(1, 1023, 100_000)
    assert (np.diff(luminance(fine)) > 0).all()
    assert (np.diff(index_of(np.geomspace(0.05, 3993.3, 100_000))) > 0).all()


def test_what_lies_outside_is_taken_as_the_nearest_end():
    assert luminance([0, 5000]).tolist() == luminance([1, 1023]).tolist()
    assert float(index_of(0.0)) == pytest.approx(1.0, abs=0.1)
    assert float(index_of(1e6)) == pytest.approx(1023.0, abs=0.1)


@pytest.mark.parametrize(
    ("low", "high", "indices"),
    [(0.5, 350, (46.56, 653.12)), (1.0, 350, (71.50, 653.12)), (0.8, 250, (62.72, 604.11)),
     (1.2, 420, (79.26, 680.02)), (0.2, 100, (22.73, 476.36))],
)  # fmt: skip
def test_the_range_of_a_monitor_in_just_noticeable_differences(low, high, indices):
    assert np.round(index_of([low, high]), 2).tolist() == list(indices)


@pytest.mark.skipif(shutil.which("dcmdspfn") is None, reason="needs dcmtk")
@pytest.mark.parametrize(("low", "high"), [(0.5, 350), (0.2, 100), (1.2, 420)])
def test_dcmtk_draws_the_same_curve(tmp_path, low, high):
    file = tmp_path / "curve.txt"
    subprocess.run(["dcmdspfn", "+Il", str(low), str(high), "+Cd", "256", "+Og", str(file)], check=True)
    rows = [line.split() for line in file.read_text().splitlines() if line[:1].isdigit()]
    theirs = np.array([float(row[1]) for row in rows])
    first, last = index_of([low, high])
    ours = luminance(np.linspace(first, last, 256))
    assert len(theirs) == 256
    assert np.abs(ours / theirs - 1).max() < 0.002  # dcmtk begins at 0.500476 for 0.5
