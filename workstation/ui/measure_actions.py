"""The commands that measure, and those that edit measurements."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from workstation.measuring.spacing import may_be_calibrated
from workstation.ui.action import Action, deed, has_image
from workstation.ui.language import mark

if TYPE_CHECKING:
    from collections.abc import Callable

    from workstation.ui.action import Desk


def _measure(
    kind: str, text: str, keys: tuple[str, ...], hint: str, is_enabled: Callable[[Desk], bool] = has_image
) -> Action:
    tool_id = f"measure-{kind}"
    return Action(
        f"tool.{tool_id}", text, lambda desk: desk.session.tool.set(tool_id), keys, tool_id, "", hint, is_enabled,
        lambda desk: desk.session.tool.value == tool_id,
    )  # fmt: skip


def _may_calibrate(desk: Desk) -> bool:
    shown = desk.shown()
    return shown is not None and may_be_calibrated(shown.instance, shown.frame.key.frame)


def measure_on(desk: Desk) -> None:
    """The measuring tool that was used last; the next one when it is chosen already."""
    used = f"tool.{desk.session.last_measuring_tool.value}"
    every = [action.action_id for action in MEASURES if action.is_enabled(desk)]
    if used not in every:
        used = every[0]
    elif f"tool.{desk.session.tool.value}" == used:
        used = every[(every.index(used) + 1) % len(every)]
    desk.session.tool.set(used.removeprefix("tool."))


def is_measuring(desk: Desk) -> bool:
    """Whether a measuring tool is chosen."""
    return desk.session.tool.value.startswith("measure-")


def _is_drawing(desk: Desk) -> bool:
    return desk.session.markings.draft.value is not None


def _has_selected(desk: Desk) -> bool:
    return bool(desk.session.markings.selected.value)


MEASURES: Final[tuple[Action, ...]] = (
    _measure("length", mark("Length"), ("L",), mark("Length: drag from end to end, or click both")),
    _measure("angle", mark("Angle"), ("A",), mark("Angle: one arm, the vertex, the other arm")),
    _measure("angle-of-lines", mark("Angle of two lines"), ("Shift+A",), mark("Draw one line, then the other")),
    _measure("cobb", mark("Cobb angle"), ("C",), mark("Cobb angle: along the upper end plate, then along the lower")),
    _measure("bidirectional", mark("Bidirectional"), ("B",), mark("The long axis, then the short one")),
    _measure("perpendicular", mark("Perpendicular"), ("Shift+L",), mark("Draw a line, then click the point")),
    _measure("parallel", mark("Parallel"), ("Shift+P",), mark("Draw a line, then click where its parallel runs")),
    _measure("circle", mark("Circle"), ("O",), mark("Circle: click three points of its edge")),
    _measure("ellipse", mark("Ellipse"), ("E",), mark("Ellipse: drag the box that it fills; area and values")),
    _measure("rectangle", mark("Rectangle"), ("K",), mark("Rectangle: drag from corner to corner; area and values")),
    _measure("polygon", mark("Polygon"), ("Y",), mark("Polygon: click its corners; a double click closes it")),
    _measure("freehand", mark("Freehand"), ("J",), mark("Freehand: drag around the region")),
    _measure("arrow", mark("Arrow"), ("N",), mark("Arrow: drag to what it points at; words may follow")),
    _measure("text", mark("Text"), ("U",), mark("Text: click, type, Enter")),
    _measure("probe", mark("Probe"), ("Q",), mark("Probe: click a pixel; its value stays")),
    _measure("calibration", mark("Calibrate by a known length"), ("Shift+C",),
             mark("Draw along an object of known size, then type its length"), _may_calibrate),
)  # fmt: skip
EDITS: Final[tuple[Action, ...]] = (
    Action("edit.undo", mark("Undo"), deed("undo"), ("Ctrl+Z",), "arrow-back-up",
           is_enabled=lambda desk: desk.session.markings.history.can_undo or _is_drawing(desk)),
    Action("edit.redo", mark("Redo"), lambda desk: desk.session.markings.redo(), ("Ctrl+Shift+Z", "Ctrl+Y"),
           "arrow-forward-up", is_enabled=lambda desk: desk.session.markings.history.can_redo),
    Action("edit.delete", mark("Delete the measurement"), lambda desk: desk.session.markings.delete(
           desk.session.markings.selected.value), ("Delete",), "trash", is_enabled=_has_selected),
    Action("edit.rename", mark("Name the measurement…"), deed("rename_measurement"), ("F2",),
           hint=mark("Words beside it; of a calibration, its length"), is_enabled=_has_selected),
    *(Action(f"edit.nudge_{way}", text, deed(f"nudge_{way}"), (f"Alt+{way.title()}",), is_enabled=_has_selected)
      for way, text in (("left", mark("Nudge to the left")), ("right", mark("Nudge to the right")),
                        ("up", mark("Nudge up")), ("down", mark("Nudge down")))),
)  # fmt: skip
