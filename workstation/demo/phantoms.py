"""Grey values of the demo leg: transverse CT slices and a frontal radiograph by ray sums. numpy only, repeatable."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from workstation.demo import anatomy
from workstation.demo.anatomy import Fracture, depth_inside

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

_AIR: Final = -1000.0
_FAT: Final = -98.0
_MUSCLE: Final = 56.0
_SKIN: Final = 25.0
_CARTILAGE: Final = 96.0
_TENDON: Final = 88.0
_CORTEX: Final = 1480.0
_MARROW: Final = -35.0
_BLUR_MM: Final = 0.75  # width of an edge
_NOISE_HU: Final = 13.0


@dataclass(frozen=True, slots=True)
class CtGrid:
    """Where the voxels of a CT lie. The image axes are the patient's x and y; slices go up along z."""

    rows: int
    columns: int
    slices: int
    row_spacing_mm: float
    column_spacing_mm: float
    slice_spacing_mm: float
    origin_mm: tuple[float, float, float]  # patient position of the centre of the first voxel


@dataclass(frozen=True, slots=True)
class Pose:
    """How the leg lies: patient point = R · leg point + shift; R turns about z."""

    shift_mm: tuple[float, float, float] = (0.0, 0.0, 0.0)
    about_z_deg: float = 0.0

    def rotation(self) -> NDArray[np.float64]:
        """The 3 x 3 matrix R."""
        turn = math.radians(self.about_z_deg)
        return np.array([[math.cos(turn), -math.sin(turn), 0], [math.sin(turn), math.cos(turn), 0], [0, 0, 1]])

    def to_leg(self, x: Any, y: Any, z: float) -> tuple[Any, Any, Any]:
        """Leg coordinates of patient coordinates."""
        back = self.rotation().T.astype(np.float32)
        px, py = x - np.float32(self.shift_mm[0]), y - np.float32(self.shift_mm[1])
        return back[0, 0] * px + back[0, 1] * py, back[1, 0] * px + back[1, 1] * py, z - self.shift_mm[2]


def _edge(depth: Any, blur: float = _BLUR_MM) -> Any:
    """1 inside, 0 outside, a smooth step of width `blur` between."""
    return np.clip(depth / np.float32(blur) + np.float32(0.5), 0.0, 1.0)


@dataclass
class CtLeg:
    """Paints slices of the leg one after another.

    Parameters
    ----------
    gap_hu : float
        What fills the fracture gap: blood, or callus after some weeks.
    """

    pose: Pose
    fracture: Fracture = field(default_factory=Fracture)
    gap_hu: float = 38.0
    seed: int = 1

    def slices(self, grid: CtGrid) -> Iterator[NDArray[np.int16]]:
        """Hounsfield units of every slice, from the lowest z up: (rows, columns) int16."""
        rng = np.random.default_rng(self.seed)
        noise = _smooth(rng.standard_normal((grid.rows, grid.columns), np.float32), 1.1)
        noise *= _NOISE_HU / noise.std()
        texture = _smooth(rng.standard_normal((grid.rows, grid.columns), np.float32), 2.0)
        texture /= texture.std()
        x0, y0, z0 = grid.origin_mm
        x = np.float32(x0) + np.arange(grid.columns, dtype=np.float32)[None, :] * np.float32(grid.column_spacing_mm)
        y = np.float32(y0) + np.arange(grid.rows, dtype=np.float32)[:, None] * np.float32(grid.row_spacing_mm)
        for index in range(grid.slices):
            z = z0 + index * grid.slice_spacing_mm
            values = self._slice(x, y, z, np.roll(texture, (index * 37, index * 11), (0, 1)))
            values += np.roll(noise, (index * 131, index * 57), (0, 1))
            yield np.clip(np.rint(values), -1024, 3071).astype(np.int16)

    def _slice(self, x: Any, y: Any, z: float, texture: Any) -> NDArray[np.float32]:
        values = np.full((y.size, x.size), _AIR, np.float32)
        _lay_table(values, x, y)
        leg_x, leg_y, leg_z = self.pose.to_leg(x, y, z)
        height = float(leg_z)  # the pose turns about z alone
        window = _around(leg_x, leg_y, 96.0)
        self._soft_tissue(values[window], leg_x[window], leg_y[window], height)
        window = _around(leg_x, leg_y, 56.0)
        near_x, near_y = leg_x[window], leg_y[window]
        self._joint(values[window], near_x, near_y, height)
        for depth, cortex, ends, cut in self._bones(near_x, near_y, height):
            _lay_bone(values[window], depth, (cortex, ends), cut, texture[window])
        return values

    def _soft_tissue(self, values: Any, x: Any, y: Any, z: float) -> None:
        skin = depth_inside(anatomy.SKIN, x, y, z)
        values += (_SKIN - values) * _edge(skin)
        values += (_FAT - _SKIN) * _edge(skin - 1.8)
        coarse_x, coarse_y = x[::2, ::2], y[::2, ::2]
        muscle = np.zeros_like(coarse_x)
        for cx, cy, a, b, from_z, to_z in _MUSCLES:
            size = np.clip(min(z - from_z, to_z - z) / 45.0, 0.0, 1.0) ** 0.5
            if size > 0.05:
                belly = depth_inside(anatomy.Ellipsoid(cx, cy, 0, a * size, b * size, 1e3), coarse_x, coarse_y, 0.0)
                muscle = np.maximum(muscle, _edge(belly, 2.2))
        muscle = np.repeat(np.repeat(muscle, 2, 0), 2, 1)[: x.shape[0], : x.shape[1]]
        values += (_MUSCLE - values) * np.minimum(muscle, _edge(skin - anatomy.FAT_MM + 3, 2.2))
        for cx, cy, radius, hu in _CORDS:
            values += (hu - values) * _edge(radius - np.sqrt((x - cx) ** 2 + (y - cy) ** 2))

    def _joint(self, values: Any, x: Any, y: Any, height: float) -> None:
        """Capsule and cartilage between the bones; the patella's tendons."""
        if abs(height) < 60:
            capsule = depth_inside(anatomy.Ellipsoid(0, 1, 8, 47, 38, 46), x, y, height)
            values += (38.0 - values) * _edge(capsule, 2.5) * 0.85
        if -12 < height < 14:
            pad = depth_inside(anatomy.Ellipsoid(0, 4, 0, 38, 29, 16), x, y, height)
            values += (_CARTILAGE - values) * _edge(pad, 1.5)
        if -48 < height < 110:
            tendon = depth_inside(anatomy.Ellipsoid(-2, -40 + 0.03 * abs(height - 30), 0, 13, 3.2, 1e3), x, y, 0.0)
            values += (_TENDON - values) * _edge(tendon)

    def _bones(self, x: Any, y: Any, height: float) -> Iterator[tuple[Any, float, float, Any]]:
        """Depth below each bone's surface, its cortex in mm, how spongy it is inside (1) or hollow (0), and a cut."""
        if height > 0:
            depth = _union([depth_inside(lobe, x, y, height) for lobe in anatomy.FEMUR])
            yield depth, float(anatomy.cortex_mm(height, 45, 120)), float(np.clip((95 - height) / 50, 0, 1)), None
        if height < 6:
            yield from self._tibia(x, y, height)
            fibula = _union([depth_inside(lobe, x, y, height) for lobe in anatomy.FIBULA])
            cortex = float(anatomy.cortex_mm(-height, 30, 70)) * 0.62
            yield fibula, cortex, float(np.clip((height + 60) / 30, 0, 1)), None
        if 12 < height < 60:
            yield depth_inside(anatomy.PATELLA[0], x, y, height), 1.5, 1.0, None

    def _tibia(self, x: Any, y: Any, height: float) -> Iterator[tuple[Any, float, float, Any]]:
        """The near and the far fragment; between them is what bleeds or heals."""
        cortex, ends = float(anatomy.cortex_mm(-height, 30, 85)), float(np.clip((height + 118) / 50, 0, 1))
        whole = depth_inside(anatomy.TIBIA[0], x, y, height)
        break_ = self.fracture
        if abs(height - break_.z) > 40:
            moved = height < break_.z
            old_x = break_.undone(x, height)[0] if moved else x
            depth = depth_inside(anatomy.TIBIA[0], old_x, y, height) if moved else whole
            yield np.minimum(depth, anatomy.plateau_z(x, y) - height), cortex, ends, None
            return
        near = break_.across(x, height) - break_.roughness(break_.along(x, height), y / 9.0)
        old_x, old_z = break_.undone(x, height)
        far_whole = depth_inside(anatomy.TIBIA[0], old_x, y, float(old_z.mean()))
        far = break_.roughness(break_.along(old_x, old_z), y / 9.0) - break_.across(old_x, old_z)
        yield np.maximum(whole, far_whole) - 1.0, 99.0, self.gap_hu, np.minimum(-near, -far)
        yield whole, cortex, ends, near
        yield far_whole, cortex, ends, far


# centre x, centre y, half width, half depth, from z, to z
_MUSCLES: Final = (
    (26.0, 34.0, 25.0, 27.0, -300.0, 30.0),  # gastrocnemius, medial head
    (-22.0, 34.0, 24.0, 26.0, -300.0, 26.0),  # gastrocnemius, lateral head
    (0.0, 30.0, 30.0, 16.0, -300.0, -10.0),  # soleus, popliteus
    (-27.0, -6.0, 17.0, 20.0, -300.0, -22.0),  # tibialis anterior, extensors
    (-33.0, 16.0, 15.0, 19.0, -300.0, -30.0),  # peronei
    (-6.0, 18.0, 34.0, 22.0, -300.0, -36.0),  # tibialis posterior, flexors
    (34.0, 10.0, 18.0, 24.0, 8.0, 400.0),  # vastus medialis
    (-38.0, 2.0, 16.0, 26.0, 18.0, 400.0),  # vastus lateralis
    (38.0, 36.0, 15.0, 17.0, -20.0, 400.0),  # semimembranosus, semitendinosus
    (-38.0, 36.0, 14.0, 16.0, -25.0, 400.0),  # biceps femoris
    (0.0, -30.0, 30.0, 13.0, 62.0, 400.0),  # rectus femoris
)
# centre x, centre y, radius, HU: popliteal vessels, nerve, great saphenous vein
_CORDS: Final = ((3.0, 40.0, 4.2, 48.0), (9.0, 44.0, 4.8, 42.0), (-6.0, 49.0, 3.2, 22.0), (52.0, 22.0, 2.4, 40.0))


def _union(depths: list[Any]) -> Any:
    """Join shapes with a rounded seam of about 3 mm."""
    joined = depths[0]
    for depth in depths[1:]:
        blend = np.clip(0.5 + 0.5 * (joined - depth) / 3.0, 0.0, 1.0)
        joined = depth + (joined - depth) * blend + 1.5 * blend * (1 - blend)
    return joined


def _lay_bone(values: Any, depth: Any, make: tuple[float, float], cut: Any, texture: Any) -> None:
    """Put cortex and what is inside it over the soft tissue; `cut` is the depth below a broken face.

    A cortex of 99 mm stands for what fills a gap: its HU are the second number.
    """
    cortex, ends = make
    outer = _edge(depth) if cut is None else _edge(depth) * _edge(cut)
    if cortex > 90:
        values += (np.float32(ends) - values) * outer
        return
    spongy = np.float32(245.0) - np.clip(depth - cortex, 0, 14) * np.float32(5.0) + texture * np.float32(36.0)
    inside = spongy * ends + np.float32(_MARROW) * (1 - ends)
    bone = np.float32(_CORTEX) + (inside - np.float32(_CORTEX)) * _edge(depth - cortex)
    values += (bone - values) * outer


def _around(x: Any, y: Any, radius_mm: float) -> tuple[slice, slice]:
    """Rows and columns that hold everything nearer to the leg's axis than `radius_mm`."""
    near = (np.abs(x) < radius_mm) & (np.abs(y) < radius_mm)
    rows, columns = np.flatnonzero(near.any(axis=1)), np.flatnonzero(near.any(axis=0))
    if not rows.size:
        return slice(0, 0), slice(0, 0)
    return slice(int(rows[0]), int(rows[-1]) + 1), slice(int(columns[0]), int(columns[-1]) + 1)


def _lay_table(values: Any, x: Any, y: Any) -> None:
    """The couch: two thin shells of carbon below the leg."""
    centre_x = float(x.mean())
    top = float(y.max()) - 24.0
    window = slice(max(0, int(np.searchsorted(y[:, 0], top - 30.0))), None)
    for offset, thickness in ((0.0, 1.1), (9.0, 0.8)):
        surface = top + offset - 0.0009 * (x - centre_x) ** 2
        shell = np.clip((thickness - np.abs(y[window] - surface)) / 0.5 + 0.5, 0.0, 1.0)
        values[window] += (-560.0 - values[window]) * shell


def _smooth(noise: NDArray[np.float32], sigma_px: float) -> NDArray[np.float32]:
    """A periodic field of noise blurred by a Gaussian."""
    rows, columns = (np.fft.fftfreq(noise.shape[0])[:, None], np.fft.rfftfreq(noise.shape[1])[None, :])
    gain = np.exp(-2 * (math.pi * sigma_px) ** 2 * (rows**2 + columns**2))
    return np.asarray(np.fft.irfft2(np.fft.rfft2(noise) * gain, noise.shape), np.float32)
