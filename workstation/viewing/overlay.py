"""What is drawn over an image, as a list of primitives: texts, letters, scale, marks. Drawn by `ui`, asserted in tests.

Texts that belong to the program are given in English through `say`, which the `ui` binds to its translator; `WORDS`
lists them. Texts that belong to the data (names, descriptions) are given as they are.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from workstation.dicom.grayscale import VoiLut, Window
from workstation.viewing.anatomy_words import details, headline
from workstation.viewing.honesty import Mark, is_stretched, marks
from workstation.viewing.life_size import size_words, spacing_on
from workstation.viewing.words import NOT_GIVEN, age_word, clock, iso_date, sex_word

if TYPE_CHECKING:
    from collections.abc import Callable

    from workstation.dicom.study import Instance
    from workstation.viewing.plan import RenderPlan
    from workstation.viewing.situation import Situation
    from workstation.viewing.viewport import ViewportState

Say = "Callable[[str], str]"

WORDS: Final = (
    "male", "female", "other sex", "{years} y", "{months} mo", "{weeks} wk", "{days} d",
    "Window", "Zoom", "Slice", "Thickness", "Frame", "Image",
    "True size is asked for; shown to fit, as this monitor was not measured",
    "Presentation: {label}", "Presentation states: {count}, in the menu", "{done} of {total}", "VOI table", "(no name)",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Corner:
    """Lines of text in a corner of the canvas.

    Attributes
    ----------
    headline : str
        What stands above them, larger, and stays when texts are hidden: side and part.
    details : tuple of str
        What is told, a line each, of the headline and of the letters when one points at them.
    """

    corner: str  # top-left, top-right, bottom-left, bottom-right
    lines: tuple[str, ...]
    is_identity: bool = False  # stays when texts are hidden
    headline: str = ""
    details: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Letter:
    """The letter of a direction at the middle of an edge."""

    edge: str  # left, top, right, bottom
    text: str


@dataclass(frozen=True, slots=True)
class ScaleBar:
    """A bar whose length is true in the patient."""

    length_px: float  # device pixels
    label: str


Primitive = Corner | Letter | ScaleBar | Mark


def overlay(plan: RenderPlan, state: ViewportState, situation: Situation, say: Callable[[str], str]) -> list[Primitive]:
    """Everything that is drawn over an image."""
    instance, frame = plan.shown.instance, plan.shown.frame.key.frame
    edges = plan.projection.edges(instance.sides(frame))
    words, told = headline(instance, frame, say), details(instance, frame, edges, say)
    found: list[Primitive] = [
        Corner("top-left", identity_lines(instance, situation.chinese, say), is_identity=True),
        Corner("top-right", _when_and_where(instance), headline=words, details=told),
        Corner("bottom-left", _how(plan, state, situation, say)),
        Corner("bottom-right", _where_in_stack(plan, situation, say)),
    ]
    found += [Letter(edge, text) for edge, text in zip(("left", "top", "right", "bottom"), edges, strict=True) if text]
    bar = scale_bar(plan)
    if bar is not None:
        found.append(bar)
    return [*found, *marks(plan, state, situation, say)]


def identity_lines(instance: Instance, chinese: bool, say: Callable[[str], str]) -> tuple[str, ...]:
    """Who is shown, from the shown object's own header."""
    patient = instance.patient
    person = " ".join(part for part in (sex_word(patient.sex, say), age_word(instance.study.age, say)) if part)
    lines = (
        patient.name.shown(chinese) or say("(no name)"),
        " · ".join(part for part in (person, iso_date(patient.birth_date)) if part),
        f"ID {patient.patient_id or NOT_GIVEN}",
        instance.study.description,
        instance.series.description,
    )
    return tuple(line for line in lines if line)


def _when_and_where(instance: Instance) -> tuple[str, ...]:
    when = " ".join(part for part in (iso_date(instance.study.date), clock(instance.study.time)) if part)
    return tuple(line for line in (instance.study.institution, when, instance.series.modality) if line)


def _how(plan: RenderPlan, state: ViewportState, situation: Situation, say: Callable[[str], str]) -> tuple[str, ...]:
    lines = []
    if isinstance(plan.voi, Window):
        name = f" ({say(state.voi_name)})" if state.voi_name else ""
        lines.append(f"{say('Window')} {plan.voi.center:g} / {plan.voi.width:g}{name}")
    elif isinstance(plan.voi, VoiLut):
        lines.append(f"{say('Window')} {plan.voi.explanation or say('VOI table')}")
    lines.append(f"{say('Zoom')} {plan.projection.scale * 100:.0f} %")
    spacing = spacing_on(plan.shown, situation.calibration)
    size = size_words(spacing, plan.projection.scale, situation.pixel_mm, say)
    lines += [size] if size else []
    plane = plan.shown.instance.plane(plan.shown.frame.key.frame)
    if plane is not None and not plan.shown.instance.is_projection:
        lines.append(f"{say('Slice')} {plane.distance:.1f} mm")
    if plan.shown.instance.slice_thickness and not plan.shown.instance.is_projection:
        lines.append(f"{say('Thickness')} {plan.shown.instance.slice_thickness:g} mm")
    return (*_presentation_words(plan, situation, say), *lines)


def _where_in_stack(plan: RenderPlan, situation: Situation, say: Callable[[str], str]) -> tuple[str, ...]:
    word = say("Image") if plan.shown.instance.number_of_frames == 1 else say("Frame")
    return (f"{word} {situation.position} / {situation.steps}",)


def scale_bar(plan: RenderPlan) -> ScaleBar | None:
    """A bar of a round number of millimetres, where lengths are true in the patient, and one both ways; else None."""
    shown = plan.shown
    if is_stretched(plan) or not shown.instance.spacing_is_in_patient(shown.frame.key.frame):
        return None
    plane = shown.instance.plane(shown.frame.key.frame)
    if plane is None:
        return None
    pixels_per_mm = plan.projection.scale / plane.column_spacing
    wished = plan.canvas.width * 0.22 / pixels_per_mm
    fitting = [mm for mm in (1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0) if mm <= wished]
    if not fitting:
        return None
    millimetres = fitting[-1]
    label = f"{millimetres:g} mm" if millimetres < 10 else f"{millimetres / 10:g} cm"
    return ScaleBar(millimetres * pixels_per_mm, label)


def _presentation_words(plan: RenderPlan, situation: Situation, say: Callable[[str], str]) -> tuple[str, ...]:
    """Which presentation state is applied, and what of it cannot be; else how many could be."""
    if plan.presentation is not None:
        words = say("Presentation: {label}").format(label=plan.presentation.label)
        missed = say("True size is asked for; shown to fit, as this monitor was not measured")
        return (words, missed) if plan.misses_true_size else (words,)
    if situation.states:
        return (say("Presentation states: {count}, in the menu").format(count=situation.states),)
    return ()
