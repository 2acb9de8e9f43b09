"""Window presets by modality. Only where the values have a fixed meaning: Hounsfield units."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from workstation.dicom.grayscale import Window

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


def presets_for(shown: ShownFrame | None) -> tuple[Preset, ...]:
    """The presets that make sense for a frame."""
    if shown is None or shown.grayscale is None or not shown.grayscale.is_hounsfield:
        return ()
    return HOUNSFIELD
