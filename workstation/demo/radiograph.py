"""A frontal radiograph of the demo leg: ray sums through its shapes, with the calibration ball and the lead letter."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from workstation.demo import anatomy
from workstation.demo.anatomy import Ellipsoid, Fracture, chord, cortex_mm, plateau_z

if TYPE_CHECKING:
    from numpy.typing import NDArray

# attenuation a millimetre
_FAT: Final = 0.0182
_SOFT: Final = 0.0206
_CORTEX: Final = 0.0600
_SPONGE: Final = 0.0290
_STEEL: Final = 0.9
_STRIP: Final = 200  # rows worked on at a time: they stay in the processor's cache
_BONES_MM: Final = (-56.0, 52.0)  # where there can be bone
_FOUR: Final = 4  # soft tissue is smooth: a quarter of the resolution is enough


@dataclass(frozen=True, slots=True)
class RadiographGeometry:
    """Detector and magnification. Pixel (0, 0) is the top left; columns go to the patient's left, rows to the feet.

    Attributes
    ----------
    pixel_mm : float
        At the detector: what Imager Pixel Spacing says.
    magnification : float
        Source to detector over source to the plane of the bones and the ball.
    centre_mm : (float, float)
        Leg x and z at the middle of the detector.
    """

    rows: int = 4000
    columns: int = 3000
    pixel_mm: float = 0.1
    magnification: float = 1.15
    centre_mm: tuple[float, float] = (6.0, -12.0)

    def x(self) -> NDArray[np.float32]:
        """Leg x of every column."""
        step = self.pixel_mm / self.magnification
        return ((np.arange(self.columns) - (self.columns - 1) / 2) * step + self.centre_mm[0]).astype(np.float32)

    def z(self) -> NDArray[np.float32]:
        """Leg z of every row."""
        step = self.pixel_mm / self.magnification
        return (self.centre_mm[1] - (np.arange(self.rows) - (self.rows - 1) / 2) * step).astype(np.float32)

    def pixel_of(self, x: float, z: float) -> tuple[float, float]:
        """Column and row of a leg point, zero-based."""
        scale = self.magnification / self.pixel_mm
        return (
            (x - self.centre_mm[0]) * scale + (self.columns - 1) / 2,
            (self.centre_mm[1] - z) * scale + (self.rows - 1) / 2,
        )


@dataclass(frozen=True, slots=True)
class Ball:
    """The steel ball that makes a radiograph measurable."""

    diameter_mm: float = 25.4
    x: float = 96.0
    z: float = -14.0


@dataclass
class Radiograph:
    """Makes the picture: 12-bit values, bone bright."""

    geometry: RadiographGeometry = field(default_factory=RadiographGeometry)
    fracture: Fracture = field(default_factory=Fracture)
    ball: Ball = field(default_factory=Ball)
    seed: int = 7

    def values(self) -> NDArray[np.uint16]:
        """(rows, columns) uint16, 0 to 4095."""
        rng = np.random.default_rng(self.seed)
        grain = _periodic(rng, 1024, (1.1, 1.1))
        sponge = (
            _periodic(rng, 1024, (14.0, 2.6)) + 0.6 * _periodic(rng, 1024, (3.0, 7.0)) + _periodic(rng, 1024, (40, 30))
        )
        x, z = self.geometry.x()[None, :], self.geometry.z()[:, None]
        soft = self._soft(x[:, ::_FOUR], z[::_FOUR])
        haze = _coarse(soft, 25)
        out = np.empty((self.geometry.rows, self.geometry.columns), np.uint16)
        for top in range(0, self.geometry.rows, _STRIP):
            rows = slice(top, min(top + _STRIP, self.geometry.rows))
            total = _stretched(soft, rows, self.geometry.columns, _FOUR)
            low = _stretched(haze, rows, self.geometry.columns, _FOUR * 25)
            self._bones(total, x, z[rows], sponge, top)
            self._metal(total, x, z[rows])
            out[rows] = _presented(total, low, grain, top)
        return out

    def _soft(self, x: Any, z: Any) -> Any:
        """Ray sums of skin, fat and muscle."""
        whole = chord((anatomy.SKIN,), x, z)
        lean = chord((anatomy.SKIN,), x, z, anatomy.FAT_MM)
        total = _FAT * (whole - lean) + (_FAT + 0.35 * (_SOFT - _FAT)) * lean
        for cx, cy, a, b, low, high in _BELLIES:
            total += (_SOFT - _FAT) * 0.55 * chord((Ellipsoid(cx, cy, (low + high) / 2, a, b, (high - low) / 2),), x, z)
        capsule = chord((Ellipsoid(0, 1, 8, 47, 38, 46),), x, z)
        return total + 0.35 * (_SOFT - _FAT) * capsule

    def _bones(self, total: Any, x: Any, z: Any, sponge: Any, top: int) -> None:
        window = slice(*np.searchsorted(x[0], _BONES_MM))
        x = x[:, window]
        texture = _tiled(sponge, top, z.shape[0], int(window.start), x.shape[1])
        bone = np.zeros((z.shape[0], x.shape[1]), np.float32)
        high, low = float(z[0, 0]), float(z[-1, 0])
        if high > 0:
            _add_bone(bone, anatomy.FEMUR, (x, z), cortex_mm(z, 45, 120), texture)
        if high > 12 and low < 60:
            _add_bone(bone, anatomy.PATELLA, (x, z), 1.5, texture)
        if low < 6:
            _add_bone(bone, anatomy.FIBULA, (x, z), cortex_mm(-z, 30, 70) * 0.62, texture)
            self._tibia(bone, x, z, texture)
        total[:, window] += bone

    def _tibia(self, bone: Any, x: Any, z: Any, texture: Any) -> None:
        """Both fragments, each cut by the front and the back of the broken face."""
        break_ = self.fracture
        near = np.zeros_like(bone)
        _add_bone(near, anatomy.TIBIA, (x, z), cortex_mm(-z, 30, 85), texture)
        plateau = 0.5 * (_step(plateau_z(x, 5.0) - z) + _step(plateau_z(x, 24.0) - z - 1.0))
        subchondral = np.exp(-(((plateau_z(x, 24.0) - z - 1.3) / 1.1) ** 2)) * (near > 0) * 0.28
        near = (near + subchondral) * plateau
        across, along = break_.across(x, z), break_.along(x, z)
        if float(across.min()) > 8:
            bone += near
            return
        shares = [_step(across - break_.roughness(along, depth)) for depth in (-1.7, 1.7)]
        bone += near * 0.5 * (shares[0] + shares[1])
        old_x, old_z = break_.undone(x, z)
        far = np.zeros_like(bone)
        height = old_z.mean(axis=1, keepdims=True)
        _add_bone(far, anatomy.TIBIA, (old_x, height), cortex_mm(-height, 30, 85), texture)
        across, along = break_.across(old_x, old_z), break_.along(old_x, old_z)
        shares = [_step(break_.roughness(along, depth) - across) for depth in (-1.7, 1.7)]
        bone += far * 0.5 * (shares[0] + shares[1])

    def _metal(self, total: Any, x: Any, z: Any) -> None:
        radius = self.ball.diameter_mm / 2
        if z[0, 0] > self.ball.z - radius and z[-1, 0] < self.ball.z + radius:
            columns = slice(*np.searchsorted(x[0], (self.ball.x - radius - 1, self.ball.x + radius + 1)))
            off = (x[:, columns] - self.ball.x) ** 2 + (z - self.ball.z) ** 2
            total[:, columns] += _STEEL * 2 * np.sqrt(np.maximum(0.0, radius * radius - off))
        letter_x, letter_z, height = -106.0, 138.0, 13.0
        if z[-1, 0] < letter_z + height and z[0, 0] > letter_z - 1:
            columns = slice(*np.searchsorted(x[0], (letter_x - 2, letter_x + height)))
            total[:, columns] += 2.2 * _letter_r(x[:, columns] - letter_x, z - letter_z, height)


# centre x, centre y, half width, half depth, lowest z, highest z
_BELLIES: Final = (
    (25.0, 34.0, 26.0, 30.0, -300.0, 34.0),
    (-24.0, 34.0, 25.0, 29.0, -300.0, 30.0),
    (-30.0, 2.0, 20.0, 30.0, -320.0, -12.0),
    (36.0, 14.0, 21.0, 38.0, 4.0, 420.0),
    (-42.0, 10.0, 20.0, 40.0, 14.0, 420.0),
    (-6.0, -26.0, 34.0, 20.0, 52.0, 420.0),
)


def _add_bone(bone: Any, lobes: tuple[Any, ...], at: tuple[Any, Any], cortex: Any, texture: Any) -> None:
    """Ray sums of a bone: its cortex, and the sponge inside, which thins out towards the shaft."""
    x, z = at
    outer = chord(lobes, x, z)
    inner = np.minimum(chord(lobes, x, z, cortex), outer)
    hollow = np.clip((np.abs(z) - 52.0) / 45.0, 0.0, 1.0)
    sponge = _SPONGE * (1 + 0.036 * texture) * (1 - hollow) + _FAT * 1.05 * hollow
    # the bone takes the place of soft tissue, whose ray sum is already there
    bone += (_CORTEX - _SOFT) * (outer - inner) + (sponge - _SOFT) * inner


def _step(depth: Any) -> Any:
    return np.clip(depth / np.float32(0.35) + np.float32(0.5), 0.0, 1.0)


def _presented(total: Any, low: Any, grain: Any, top: int) -> NDArray[np.uint16]:
    """What a flat panel's processing makes of ray sums: grain, evened out thickness, 12 bit."""
    noise = _tiled(grain, top, total.shape[0], 0, total.shape[1])
    seen = np.minimum(total, 6.0) + noise * (0.010 + 0.006 * np.minimum(total, 4.0))
    evened = seen - 0.42 * low
    scaled = np.clip((evened + 0.02) / 2.75, 0.0, 1.0)
    return np.asarray(np.rint(scaled**0.92 * 4095), np.uint16)


def _coarse(values: Any, factor: int) -> Any:
    """Block means, blurred: the thickness of the leg without its details."""
    rows, columns = values.shape[0] // factor * factor, values.shape[1] // factor * factor
    blocks = values[:rows, :columns].reshape(rows // factor, factor, -1, factor).mean(axis=(1, 3))
    for axis in (0, 1):
        padded = np.concatenate([np.take(blocks, [0], axis), blocks, np.take(blocks, [-1], axis)], axis)
        length = blocks.shape[axis]
        blocks = sum(np.take(padded, np.arange(k, k + length), axis) * w for k, w in ((0, 0.25), (1, 0.5), (2, 0.25)))
    return np.asarray(blocks, np.float32)


def _stretched(values: Any, rows: slice, columns: int, factor: int) -> Any:
    """Bilinear enlargement by `factor` of the rows asked for."""
    at = np.clip((np.arange(rows.start, rows.stop) + 0.5) / factor - 0.5, 0, values.shape[0] - 1.001)
    first = at.astype(int)
    share = (at - first).astype(np.float32)[:, None]
    lines = values[first] * (1 - share) + values[first + 1] * share
    at = np.clip((np.arange(columns) + 0.5) / factor - 0.5, 0, values.shape[1] - 1.001)
    first = at.astype(int)
    share = (at - first).astype(np.float32)[None, :]
    return (lines[:, first] * (1 - share) + lines[:, first + 1] * share).astype(np.float32)


def _periodic(rng: np.random.Generator, size: int, sigma_px: tuple[float, float]) -> NDArray[np.float32]:
    """A square of blurred noise, mean 0 and deviation 1, whose edges meet."""
    noise = rng.standard_normal((size, size), np.float32)
    rows, columns = np.fft.fftfreq(size)[:, None], np.fft.rfftfreq(size)[None, :]
    gain = np.exp(-2 * math.pi**2 * ((sigma_px[0] * rows) ** 2 + (sigma_px[1] * columns) ** 2))
    field_ = np.fft.irfft2(np.fft.rfft2(noise) * gain, noise.shape)
    return np.asarray((field_ - field_.mean()) / field_.std(), np.float32)


def _tiled(tile: Any, top: int, rows: int, left: int, columns: int) -> Any:
    size = tile.shape[0]
    return tile[(np.arange(top, top + rows) % size)[:, None], (np.arange(left, left + columns) % size)[None, :]]


def _letter_r(x: Any, z: Any, height: float) -> Any:
    """A capital R of lead, its lower left corner at the origin."""
    stroke = height * 0.16
    stem = (x >= 0) & (x <= stroke) & (z >= 0) & (z <= height)
    bowl_z, radius = height * 0.72, height * 0.28
    ring = np.sqrt(np.maximum(x - height * 0.24, 0.0) ** 2 + (z - bowl_z) ** 2)
    bowl = (np.abs(ring - radius + stroke / 2) < stroke / 2) & (x >= 0)
    leg = (np.abs((x - height * 0.22) + (z - height * 0.44) * 0.62) < stroke * 0.58) & (z >= 0) & (z < height * 0.46)
    return (stem | bowl | leg).astype(np.float32)
