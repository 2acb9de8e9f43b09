"""A screen that is no DICOM screen is brought to the GSDF by a table, and what that table is worth is said as it is."""

from __future__ import annotations

import numpy as np
import pytest

from workstation.dicom.display_function import (
    P_VALUES,
    characteristic,
    conformance,
    fitted,
    forecast,
    levels_for,
    unchanged,
)
from workstation.dicom.gsdf import index_of, luminance
from workstation.dicom.luminances import CHECK_PATCHES, DIAGNOSTIC_LIMIT, PATCHES, Flaw, Measured


def srgb(v):
    return np.where(v <= 0.04045, v / 12.92, ((v + 0.055) / 1.055) ** 2.4)


SCREENS = {
    "gamma 2.2": lambda v: 0.5 + 349.5 * v**2.2,
    "gamma 2.2, office": lambda v: 0.2 + 99.8 * v**2.2,
    "gamma 1.8": lambda v: 0.5 + 349.5 * v**1.8,
    "gamma 2.4": lambda v: 0.5 + 349.5 * v**2.4,
    "sRGB": lambda v: 0.5 + 349.5 * srgb(v),
}


def measured(light, ambient=0.0, patches=PATCHES):
    """What a meter says of a simulated screen."""
    return Measured(tuple(patches), tuple(light(np.array(patches) / 255).tolist()), ambient)


def seen_through(light, levels, bits, ambient=0.0):
    """The light that reaches the eye from device levels of a simulated screen."""
    return light(np.asarray(levels) / (2**bits - 1)) + ambient


def deviation(p, light):
    """The contrast of each step against the GSDF's, written anew from PS3.14 and AAPM OR-03."""
    first, last = float(index_of(light[0])), float(index_of(light[-1]))
    worst = 0.0
    for n in range(len(p) - 1):
        step = p[n + 1] - p[n]
        low, high = (float(luminance(first + (q - p[0]) / (p[-1] - p[0]) * (last - first))) for q in (p[n], p[n + 1]))
        wished = 2 * (high - low) / ((high + low) * step)
        found = 2 * (light[n + 1] - light[n]) / ((light[n + 1] + light[n]) * step)
        worst = max(worst, abs(found / wished - 1))
    return worst


@pytest.mark.parametrize("name", SCREENS)
@pytest.mark.parametrize(("bits", "limit"), [(8, DIAGNOSTIC_LIMIT), (10, 0.05)])
@pytest.mark.parametrize("ambient", [0.0, 0.15])
def test_after_calibration_a_simulated_screen_keeps_to_the_gsdf_at_patches_that_were_not_measured(
    name, bits, limit, ambient
):
    light = SCREENS[name]
    p = np.array(CHECK_PATCHES)
    levels = levels_for(measured(light, ambient), p / 255, bits)
    seen = seen_through(light, levels, bits, ambient)
    found = conformance(p, seen)
    assert len(found.deviations) == len(p) - 1
    assert found.worst <= limit
    assert found.worst == pytest.approx(deviation(p, seen), rel=1e-9)


def test_the_figures_of_a_gamma_2_2_screen_from_0_5_to_350():
    """53 % without a table, 6.7 % with 8 bit and 213 levels left, 1.3 % with 10 bit, at steps of 15."""
    light = SCREENS["gamma 2.2"]
    patches = np.arange(0, 256, 15)
    assert conformance(patches, light(patches / 255)).worst == pytest.approx(0.53, abs=0.005)
    for bits, worst in ((8, 0.067), (10, 0.013)):
        levels = levels_for(measured(light), patches / 255, bits)
        assert conformance(patches, seen_through(light, levels, bits)).worst == pytest.approx(worst, abs=0.001)
    assert forecast(measured(light), 8).surviving == 213
    assert forecast(measured(light), 10).surviving == 256


@pytest.mark.parametrize("name", SCREENS)
@pytest.mark.parametrize("bits", [8, 10])
def test_what_is_promised_is_what_a_meter_finds(name, bits):
    light, p = SCREENS[name], np.array(CHECK_PATCHES)
    promise = forecast(measured(light), bits)
    levels = levels_for(measured(light), np.arange(256) / 255, bits)
    assert promise.through == pytest.approx(deviation(p, seen_through(light, levels[p], bits)), abs=0.01)
    assert promise.without == pytest.approx(deviation(p, light(p / 255)), abs=0.05)
    assert promise.surviving == len(set(levels.tolist()))


@pytest.mark.parametrize("bits", [8, 10])
def test_each_p_value_has_the_level_of_the_nearest_luminance(bits):
    light = measured(SCREENS["sRGB"], 0.1)
    table = fitted(light, bits).table
    curve = characteristic(light, bits)
    first, last = float(index_of(curve[0])), float(index_of(curve[-1]))
    assert table.shape == (P_VALUES,)
    for p in range(0, P_VALUES, 7):
        wished = float(luminance(first + p / (P_VALUES - 1) * (last - first)))
        assert abs(curve[table[p]] - wished) == np.abs(curve - wished).min()
    assert (np.diff(table.astype(int)) >= 0).all()
    assert (table[0], table[-1]) == (0, 2**bits - 1)


def test_the_curve_goes_through_what_was_measured_and_always_rises():
    dice = np.random.default_rng(14)
    for _ in range(50):
        steps = dice.uniform(0.01, 30, len(PATCHES))
        light = Measured(PATCHES, tuple(np.cumsum(steps).tolist()), 0.2)
        curve = characteristic(light, 8)
        assert np.allclose(curve[list(PATCHES)], light.with_room, rtol=1e-9)
        assert (np.diff(curve) >= 0).all()


def test_a_screen_that_keeps_to_the_gsdf_already_is_left_nearly_alone():
    indices = np.linspace(index_of(0.5), index_of(350), 256)
    light = Measured(PATCHES, tuple(luminance(indices)[list(PATCHES)].tolist()))
    levels = fitted(light, 8).table[np.rint(np.arange(256) * 1023 / 255).astype(int)]
    assert np.abs(levels.astype(int) - np.arange(256)).max() <= 1
    assert forecast(light, 8).without < 0.02


@pytest.mark.parametrize(("bits", "last"), [(8, 255), (10, 1023)])
def test_a_monitor_with_a_table_of_its_own_gets_p_values_as_they_are(bits, last):
    table = unchanged(bits).table
    assert (table[0], table[-1], len(np.unique(table))) == (0, last, last + 1)


GOOD = measured(SCREENS["gamma 2.2"])


@pytest.mark.parametrize(
    ("wrong", "flaw"),
    [
        (GOOD, None),
        (Measured(PATCHES[:17], GOOD.luminances[:17]), Flaw.FEW),
        (Measured(PATCHES[1:], GOOD.luminances[1:]), Flaw.FEW),
        (Measured(PATCHES[:-1], GOOD.luminances[:-1]), Flaw.FEW),
        (Measured(PATCHES, GOOD.luminances[:-1]), Flaw.FEW),
        (Measured(PATCHES, (*GOOD.luminances[:5], *GOOD.luminances[4:-1])), Flaw.FALLING),
        (Measured(PATCHES, GOOD.luminances[::-1]), Flaw.FALLING),
        (Measured(PATCHES, (*GOOD.luminances[:-1], float("nan"))), Flaw.FALLING),
        (Measured(PATCHES, GOOD.luminances, -1.0), Flaw.DARK),
        (Measured(PATCHES, (-1.0, *GOOD.luminances[1:])), Flaw.DARK),
        (Measured(PATCHES, tuple(one / 1e5 for one in GOOD.luminances)), Flaw.DARK),
    ],
)
def test_what_no_table_can_be_made_of_is_named(wrong, flaw):
    assert wrong.flaw is flaw
