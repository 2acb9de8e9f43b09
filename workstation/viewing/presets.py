"""Window presets by modality: Hounsfield windows for CT; for other grey images steps from the file's own window."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from workstation.dicom.grayscale import VoiLut, Window, full_range_window

if TYPE_CHECKING:
    from workstation.dicom.frames import ShownFrame


@dataclass(frozen=True, slots=True)
class Preset:
    """A window with a name; the name is translated where it is shown."""

    name: str
    window: Window


HOUNSFIELD: Final = (
    Preset("Bone", Window(400.0, 1800.0)),
    Preset("Soft tissue", Window(40.0, 400.0)),
    Preset("Bone, wide (metal)", Window(700.0, 4000.0)),
    Preset("Spine", Window(60.0, 350.0)),
    Preset("Lung", Window(-600.0, 1500.0)),
    Preset("Brain", Window(40.0, 80.0)),
    Preset("Abdomen", Window(50.0, 350.0)),
    Preset("Vessels", Window(200.0, 700.0)),
)

# Elsewhere stored values have no fixed meaning (MR, radiographs, ultrasound): a step from the file's own window is
# what can be offered honestly. Share of the width by which the centre moves to brighter; factor of the width.
_STEPS: Final = (
    ("More contrast", 0.0, 0.6),
    ("Less contrast", 0.0, 1.6),
    ("Brighter", 0.25, 1.0),
    ("Darker", -0.25, 1.0),
)
RELATIVE_NAMES: Final = ("Whole range", *(name for name, _, _ in _STEPS))


def preset_names(shown: ShownFrame | None) -> tuple[str, ...]:
    """The names of the presets for a frame, without looking at its pixels."""
    if shown is None or shown.grayscale is None:
        return ()
    return tuple(preset.name for preset in HOUNSFIELD) if shown.grayscale.is_hounsfield else RELATIVE_NAMES


def presets_for(shown: ShownFrame | None) -> tuple[Preset, ...]:
    """The presets that make sense for a frame."""
    if shown is None or shown.grayscale is None:
        return ()
    return HOUNSFIELD if shown.grayscale.is_hounsfield else _relative(shown)


def _width(own: Window, factor: float) -> float:
    width = own.width * factor
    return max(1.0, width) if own.function == "LINEAR" else width


def _relative(shown: ShownFrame) -> tuple[Preset, ...]:
    grayscale = shown.grayscale
    if grayscale is None:
        return ()
    whole = full_range_window(grayscale, shown.frame.values)
    first = grayscale.voi_choices[0] if grayscale.voi_choices else whole
    own = first.as_window() if isinstance(first, VoiLut) else first
    brighter = 1 if grayscale.is_inverse else -1  # a lower centre is brighter, unless the smallest value is white
    steps = (
        Preset(name, Window(own.center + brighter * share * own.width, _width(own, factor), own.function))
        for name, share, factor in _STEPS
    )
    return (Preset(RELATIVE_NAMES[0], whole), *steps)
