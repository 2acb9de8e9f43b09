"""The overlay planes of a frame as a layer over its painting: graphics opaque with a dark edge, regions as outlines.

How a plane is rendered is left open by PS3.3 C.9.2; a thin line of it never disappears when the image is reduced.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import cv2
import numpy as np

from workstation.rendering.planar import Painting, sample

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from workstation.dicom.overlay_planes import OverlayBitmaps
    from workstation.viewing.plan import RenderPlan
    from workstation.viewing.projection import Projection

_COLOUR: Final = (238, 233, 228)  # B, G, R: the white of the texts over images
_EDGE: Final = 0.65  # how dark the edge round graphics is
_ROUND: Final = np.ones((3, 3), np.uint8)


class OverlayLayer:
    """Paints the overlay planes of plans one after the other; what did not change is kept."""

    def __init__(self) -> None:
        self._painted: tuple[OverlayBitmaps, Projection, object] | None = None
        self._layer: Painting | None = None

    def paint(self, plan: RenderPlan) -> Painting | None:
        """B, G, R, A, premultiplied, where planes are to be seen; None where there are none."""
        painted = (plan.overlays, plan.projection, plan.canvas)
        if self._painted is None or self._painted[0] is not painted[0] or self._painted[1:] != painted[1:]:
            self._layer = _layer(plan)
            self._painted = painted
        return self._layer


def _layer(plan: RenderPlan) -> Painting | None:
    (graphics, origin), (regions, other) = (
        _opacity(mask, plan) for mask in (plan.overlays.graphics, plan.overlays.regions)
    )
    box = _seen([opacity for opacity in (graphics, regions) if opacity is not None])
    if box is None:
        return None
    left, top, right, bottom = box
    ink = np.zeros((bottom - top, right - left), np.float32)
    shade = ink.copy()
    if regions is not None:
        inside = regions[top:bottom, left:right]
        ink = np.maximum(ink, cv2.subtract(inside, cv2.erode(inside, _ROUND)))
        shade = cv2.subtract(cv2.dilate(inside, _ROUND), inside) * np.float32(_EDGE)
    if graphics is not None:
        lines = graphics[top:bottom, left:right]
        ink = np.maximum(ink, lines)
        shade = np.maximum(shade, cv2.dilate(lines, _ROUND) * np.float32(_EDGE))
    pixels = np.empty((*ink.shape, 4), np.uint8)
    pixels[..., :3] = np.rint(ink[..., None] * (np.array(_COLOUR, np.float32) / 255))
    pixels[..., 3] = np.rint(np.maximum(ink, shade))
    corner = origin if graphics is not None else other
    return Painting(pixels, corner[0] + left, corner[1] + top)


def _opacity(mask: NDArray[np.uint8] | None, plan: RenderPlan) -> tuple[NDArray[np.uint8] | None, tuple[int, int]]:
    """A mask at device pixels, 0 to 255; what is averaged thin when reduced is drawn as strong as it was."""
    if mask is None:
        return None, (0, 0)
    samples, origin = sample(mask, plan)
    if samples is None or not samples.any():
        return None, origin
    strength = max(1.0, 1.0 / plan.projection.scale)
    return np.asarray(cv2.convertScaleAbs(samples, alpha=strength), np.uint8), origin


def _seen(opacities: list[NDArray[np.uint8]]) -> tuple[int, int, int, int] | None:
    """Left, top, right, bottom of what any of the arrays of one shape draws, with room for an edge."""
    if not opacities:
        return None
    boxes = [cv2.boundingRect(opacity) for opacity in opacities]
    left, top = min(box[0] for box in boxes), min(box[1] for box in boxes)
    right, bottom = max(box[0] + box[2] for box in boxes), max(box[1] + box[3] for box in boxes)
    height, width = opacities[0].shape
    return max(0, left - 1), max(0, top - 1), min(width, right + 1), min(height, bottom + 1)
