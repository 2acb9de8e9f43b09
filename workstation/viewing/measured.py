"""What was measured in a session, row by row: for the table of measurements, for copying and for a CSV file."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from workstation.dicom.pixels import FrameKey
from workstation.measuring.measurement import REGIONS, Kind
from workstation.measuring.readings import Quantity, read
from workstation.measuring.spacing import Spacing, spacing_of
from workstation.viewing.measure_words import AT_LENGTH, KINDS, QUANTITIES, named, scale_words
from workstation.viewing.words import number_word

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from workstation.dicom.frames import ShownFrame
    from workstation.dicom.geometry import ImagePoint
    from workstation.dicom.study import Instance
    from workstation.measuring.measurement import Ground, Measurement
    from workstation.viewing.display_sets import DisplaySet
    from workstation.viewing.markings import Markings
    from workstation.viewing.session import ReadingSession

_MOST_READ: Final = 512
_MOST_MOVING_PIXELS: Final = 250_000  # some 3 ms
_MOST_MOVING_POINTS: Final = 500
_FORMULA: Final = tuple("=+-@\t\r＝＋－＠")  # a table program would run a text that begins so, in wide letters, too
WORDS: Final = (
    "Patient ID", "Study date", "Series", "Image", "Kind", "Name", "Quantity", "Value", "Unit", "Uncertainty",
    "Meaning", "Author", "Time", "SOP Instance UID",
)  # fmt: skip


class Reader:
    """Reads measurements off frames, each once as long as neither it, its frame nor its scale is another."""

    def __init__(self) -> None:
        self._read: dict[object, tuple[Spacing, tuple[Quantity, ...]]] = {}

    def read(
        self,
        kind: Kind,
        points: Sequence[ImagePoint],
        shown: ShownFrame,
        markings: Markings,
        *,
        is_moving: bool = False,
    ) -> tuple[Spacing, tuple[Quantity, ...]]:
        """The scale between the points, and what the measurement amounts to on a frame.

        Parameters
        ----------
        is_moving : bool
            It follows the hand: the values of a region that takes longer than a mouse move wait until it rests.
        """
        calibration = markings.calibration_of(shown.instance)
        has_values = not (is_moving and _is_long(kind, points))
        key = (kind, tuple(points), shown.frame.key, calibration, has_values)
        found = self._read.get(key)
        if found is None:
            spacing = spacing_of(shown.instance, shown.frame.key.frame, points, calibration)
            stored = shown.frame.values if has_values else None
            found = spacing, read(kind, points, spacing, stored, shown.grayscale)
            if len(self._read) >= _MOST_READ:
                self._read.clear()
            self._read[key] = found
        return found

    def forget(self) -> None:
        """Let go of everything: the patient is put away."""
        self._read.clear()


def _is_long(kind: Kind, points: Sequence[ImagePoint]) -> bool:
    """Whether reading a region's values may take longer than a hand notices."""
    columns, rows = [one.column for one in points], [one.row for one in points]
    box = (max(columns) - min(columns)) * (max(rows) - min(rows))
    round_it = 4.0 if kind is Kind.CIRCLE else 1.0  # three points of a circle may lie on one side of it
    return kind in REGIONS and (box * round_it > _MOST_MOVING_PIXELS or len(points) > _MOST_MOVING_POINTS)


@dataclass(frozen=True, slots=True)
class Row:
    """A measurement as it stands in a table.

    Attributes
    ----------
    is_read : bool
        Whether its values are those of its frame; until that is here, only its geometry is told.
    """

    measurement: Measurement
    instance: Instance
    spacing: Spacing
    quantities: tuple[Quantity, ...]
    is_read: bool

    @property
    def kind(self) -> str:
        """The kind in English words, to be translated."""
        return KINDS[self.measurement.kind]

    @property
    def place(self) -> str:
        """Series and image, as their numbers say."""
        number = self.instance.series.number
        image = self.instance.instance_number
        frame = f".{self.measurement.ground.frame}" if self.instance.number_of_frames > 1 else ""
        return f"{'–' if number is None else number} / {'–' if image is None else image}{frame}"

    def figures(self, say: Callable[[str], str], *, is_whole: bool = True) -> str:
        """The figures in one line; in short without spread, extremes and counts."""
        if self.measurement.kind is Kind.CALIBRATION:
            return f"{self.measurement.length_mm:g} mm"
        return " · ".join(named(one, say) for one in self.quantities if is_whole or one.name not in AT_LENGTH)

    def scale(self, say: Callable[[str], str], *, is_whole: bool = True) -> str:
        """What its lengths are lengths of; empty where it has none, or they are the patient's own."""
        return scale_words(self.spacing, self.quantities, say, is_whole=is_whole)


def place_of_frame(session: ReadingSession, ground: Ground) -> tuple[DisplaySet, int] | None:
    """The display set and the step in it that show a frame; None where no open film has it."""
    for film in session.films.value:
        for display_set in film.display_sets:
            step = next((n for n, one in enumerate(display_set.frames) if ground.is_on(one.key)), None)
            if step is not None:
                return display_set, step
    return None


def rows_of(session: ReadingSession, reader: Reader) -> tuple[Row, ...]:
    """Every measurement that lies on an open film, in the order of series, image and time.

    A listing may lack what the image's own header says: then lengths are told when the image is here.
    """
    instances = {one.sop_instance_uid: (film, one) for film in session.films.value for one in film.instances}
    made = []
    for one in session.markings.items.value:
        film, instance = instances.get(one.ground.sop_instance_uid, (None, None))
        if film is not None and instance is not None:
            shown = film.frames.get(FrameKey(*_uids(one.ground), one.ground.frame))
            made.append(_row(one, instance, shown, reader, session.markings))
    return tuple(sorted(made, key=_order))


def _row(one: Measurement, listed: Instance, shown: ShownFrame | None, reader: Reader, markings: Markings) -> Row:
    instance = shown.instance if shown is not None else listed
    plane = instance.plane(one.ground.frame)
    if not one.has_place_on(plane):
        return Row(one, instance, Spacing(), (), is_read=shown is not None)
    points = one.points(plane)
    if shown is not None:
        return Row(one, instance, *reader.read(one.kind, points, shown, markings), is_read=True)
    spacing = spacing_of(instance, one.ground.frame, points, markings.calibration_of(instance))
    return Row(one, instance, spacing, read(one.kind, points, spacing), is_read=False)


def _uids(ground: Ground) -> tuple[str, str, str]:
    return ground.study_instance_uid, ground.series_instance_uid, ground.sop_instance_uid


def _order(row: Row) -> tuple[int, int, int, str]:
    return (
        row.instance.series.number or 0, row.instance.instance_number or 0, row.measurement.ground.frame,
        row.measurement.created,
    )  # fmt: skip


def as_text(rows: Sequence[Row], say: Callable[[str], str]) -> str:
    """One line a measurement, for a report: name, figures, what they mean, where."""
    lines = []
    for row in rows:
        name = row.measurement.text or say(row.kind)
        figures = row.figures(say)
        told = f"{name}: {figures}" if figures else name
        where = f"{say('Series')} / {say('Image')} {row.place}"
        lines.append("; ".join(part for part in (told, row.scale(say), where) if part))
    return "\n".join(lines)


def as_csv(rows: Sequence[Row], say: Callable[[str], str]) -> str:
    """One line a quantity, with a heading, as RFC 4180 has it; no cell is a formula to a table program."""
    target = io.StringIO()
    writer = csv.writer(target, lineterminator="\r\n")
    writer.writerow([say(word) for word in WORDS])
    for row in rows:
        for quantity in row.quantities or (None,):
            writer.writerow([_plain(cell) for cell in _cells(row, quantity, say)])
    return target.getvalue()


def _cells(row: Row, quantity: Quantity | None, say: Callable[[str], str]) -> tuple[object, ...]:
    one, instance = row.measurement, row.instance
    figures: tuple[object, ...] = ("", "", "", "")
    if quantity is not None:
        spread = f"{quantity.uncertainty:.3g}" if quantity.uncertainty else ""
        figures = (say(QUANTITIES[quantity.name]), number_word(quantity.value), quantity.unit, spread)
    of = scale_words(row.spacing, (quantity,), say, is_whole=True) if quantity is not None else ""
    return (
        instance.patient.patient_id, instance.study.date, instance.series.number, instance.instance_number,
        say(row.kind), one.text, *figures, of, one.author, one.created,
        instance.sop_instance_uid,
    )  # fmt: skip


def _plain(cell: object) -> str:
    text = "" if cell is None else str(cell)
    is_number = text.lstrip("-").replace(".", "", 1).replace("e", "", 1).replace("+", "", 1).replace("-", "").isdigit()
    return f"'{text}" if text.startswith(_FORMULA) and not is_number else text
