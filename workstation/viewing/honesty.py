"""The marks that say what an image is not: flipped, incomplete, lossy, uncalibrated. The worst come first."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from workstation.viewing.anatomy_words import contradictions
from workstation.viewing.life_size import spacing_on

if TYPE_CHECKING:
    from collections.abc import Callable

    from workstation.dicom.study import Instance
    from workstation.viewing.plan import RenderPlan
    from workstation.viewing.situation import Situation
    from workstation.viewing.viewport import ViewportState

WORDS: Final = (
    "FLIPPED", "INVERTED", "DEMO", "Not for diagnosis", "Not calibrated", "LOSSY", "LOSSY {ratio}:1", "Derived",
    "Text in the picture", "Repaired characters", "Name differs", "Interpolated", "Overlay not shown",
    "Colour profile not used", "Not confirmed", "Verified by address only", "{received} of {expected}",
    "{missing} slices missing between the positions", "Orientation unknown", "Not true size", "Stretched",
    "REJECTED for its quality", "CHANGED at its source",
)  # fmt: skip
TONES: Final = ("red", "amber", "info")  # the worst first
_INTERPOLATED: Final = 4.0  # device pixels an image pixel, above which an image is more made than taken
_STRETCHED: Final = 0.01
_LIES_IN_PATIENT: Final = frozenset({"CT", "MR", "PT", "NM"})


@dataclass(frozen=True, slots=True)
class Mark:
    """A warning: one that is always drawn, or one that takes the room that is left and is else folded away."""

    text: str
    tone: str  # amber, red, info
    is_permanent: bool = True


def worst_tone(marks: tuple[Mark, ...]) -> str:
    """The tone of the worst of them."""
    return min((mark.tone for mark in marks), key=TONES.index, default="info")


def marks(plan: RenderPlan, state: ViewportState, situation: Situation, say: Callable[[str], str]) -> tuple[Mark, ...]:
    """The warnings by their rank; those that may be folded last."""
    instance = plan.shown.instance
    return (
        *_of_identity(situation, say),
        *_of_orientation(plan, state, say),
        *_of_the_series(situation, say),
        *_of_the_display(plan, state, situation, say),
        *_if(instance.is_demo, say("DEMO"), "info"),
        *_of_the_pixels(plan, say),
    )


def _if(is_so: object, text: str, tone: str = "amber", *, is_permanent: bool = True) -> tuple[Mark, ...]:
    return (Mark(text, tone, is_permanent),) if is_so else ()


def _of_identity(situation: Situation, say: Callable[[str], str]) -> tuple[Mark, ...]:
    return (
        *_if(situation.is_rejected, say("REJECTED for its quality"), "red"),
        *_if(situation.is_differing, say("CHANGED at its source"), "red"),
        *_if(situation.name_differs, say("Name differs")),
        *_if(not situation.is_confirmed, say("Not confirmed")),
    )


def _of_orientation(plan: RenderPlan, state: ViewportState, say: Callable[[str], str]) -> tuple[Mark, ...]:
    """Sides and directions: what could end in surgery on the wrong one."""
    instance, frame = plan.shown.instance, plan.shown.frame.key.frame
    texts = contradictions(instance, frame, say)
    is_expected = instance.is_projection or instance.series.modality in _LIES_IN_PATIENT
    return (
        *(Mark(text, "red") for text in texts),
        *_if(state.view.is_mirrored, say("FLIPPED"), "red"),
        *_if(is_expected and not any(instance.sides(frame)[:2]), say("Orientation unknown")),
    )


def _of_the_series(situation: Situation, say: Callable[[str], str]) -> tuple[Mark, ...]:
    if situation.is_incomplete and situation.received < situation.expected:
        counts = say("{received} of {expected}")
        return (Mark(counts.format(received=situation.received, expected=situation.expected), "amber"),)
    text = say("{missing} slices missing between the positions")
    return _if(situation.missing_by_position, text.format(missing=situation.missing_by_position))


def _of_the_display(
    plan: RenderPlan, state: ViewportState, situation: Situation, say: Callable[[str], str]
) -> tuple[Mark, ...]:
    """What this glass does to the image: lengths, monitor, polarity, what is left out."""
    shown = plan.shown
    is_calibrated = spacing_on(shown, situation.calibration).is_true
    hidden = shown.overlays.missing or (shown.overlays and state.hides_overlays)
    return (
        *_if(shown.instance.is_projection and not is_calibrated, say("Not calibrated")),
        *_if(not situation.is_for_diagnosis, say("Not for diagnosis")),
        *_if(state.is_inverted, say("INVERTED")),
        *_if(plan.misses_true_size, say("Not true size")),
        *_if(is_stretched(plan), say("Stretched")),
        *_if(hidden, say("Overlay not shown")),
        *_if(shown.address_only, say("Verified by address only")),
    )


def is_stretched(plan: RenderPlan) -> bool:
    """Whether a presentation state gives pixels other proportions than the image does."""
    a, b, _, c, d, _ = plan.projection.matrix
    across, down = math.hypot(a, c), math.hypot(b, d)
    return abs(down / across / plan.shown.instance.pixel_aspect - 1) > _STRETCHED


def _of_the_pixels(plan: RenderPlan, say: Callable[[str], str]) -> tuple[Mark, ...]:
    """What was done to the pixels before they came, and by enlarging them; shown where there is room."""
    shown, instance = plan.shown, plan.shown.instance
    a, b, _, c, d, _ = plan.projection.matrix
    enlarged = max(abs(one) for one in (a, b, c, d))
    return (
        *_if(instance.is_lossy, _lossy(instance, say), is_permanent=False),
        *_if(instance.burned_in, say("Text in the picture"), is_permanent=False),
        *_if(instance.is_repaired, say("Repaired characters"), is_permanent=False),
        *_if(shown.frame.ignores_profile, say("Colour profile not used"), is_permanent=False),
        *_if(instance.is_derived(shown.frame.key.frame), say("Derived"), "info", is_permanent=False),
        *_if(enlarged > _INTERPOLATED + 1e-9, say("Interpolated"), "info", is_permanent=False),
    )


def _lossy(instance: Instance, say: Callable[[str], str]) -> str:
    ratio = instance.lossy_ratio
    return say("LOSSY {ratio}:1").format(ratio=ratio) if ratio else say("LOSSY")
