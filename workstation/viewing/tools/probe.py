"""The value under the pointer, with the unit that is true for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from workstation.viewing.words import number_word

if TYPE_CHECKING:
    from workstation.viewing.plan import RenderPlan
    from workstation.viewing.projection import CanvasPoint


@dataclass(frozen=True, slots=True)
class Probe:
    """One pixel read.

    Attributes
    ----------
    column, row : int
        Zero-based.
    values : tuple of float
        One value after the modality transform, or red, green and blue.
    unit : str
        ``HU`` only where it is HU, another declared unit, or empty.
    is_padding : bool
        The pixel is padding: it holds no measured value.
    """

    column: int
    row: int
    values: tuple[float, ...]
    unit: str
    is_padding: bool = False

    def words(self) -> str:
        """The reading as text: ``(212, 87)  -12 HU``."""
        place = f"({self.column}, {self.row})"
        if self.is_padding:
            return f"{place}  –"
        numbers = " ".join(number_word(value) for value in self.values)
        return f"{place}  {numbers} {self.unit}".rstrip()


def probe(plan: RenderPlan, point: CanvasPoint) -> Probe | None:
    """Read the pixel under a canvas point; None outside of the image."""
    pixel = plan.projection.pixel_at(point)
    if pixel is None:
        return None
    column, row = pixel
    stored = plan.shown.frame.values[row, column]
    grayscale = plan.wished.grayscale  # the value of the image, whatever a presentation state makes of it
    if grayscale is None:
        return Probe(column, row, tuple(float(part) for part in stored), "RGB")
    if grayscale.is_padding(stored):
        return Probe(column, row, (), "", is_padding=True)
    return Probe(column, row, (grayscale.modality_value(stored),), grayscale.unit)
