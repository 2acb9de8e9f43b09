"""What stands over an image does not stand over the patient's name."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter

from workstation.ui import theme
from workstation.ui.overlay_painter import OverlayPainter
from workstation.viewing.overlay import Corner, Letter, Mark

WHO = ("Ouyang Xiaodong", "male 46 y · 1980-03-12", "ID DEMO-7001", "膝关节CT", "骨窗")
MARKS = [Mark("DEMO", "info"), Mark("INVERTED", "amber"), Mark("FLIPPED", "red"), Mark("118 of 120", "amber")]


class Watched(OverlayPainter):
    """Remembers where marks went."""

    def _chip(self, mark, x, y, metrics):
        width = super()._chip(mark, x, y, metrics)
        self.boxes = [*getattr(self, "boxes", []), QRectF(x, y, width, metrics.height() + 4)]
        return width


@pytest.mark.parametrize("scale", [100, 150, 200])
@pytest.mark.parametrize("width", [240, 300, 388, 520, 900, 1600])
def test_no_mark_covers_who_it_is(qapp, width, scale):
    picture = QImage(width, 400, QImage.Format.Format_RGB32)
    painter = QPainter(picture)
    drawer = Watched(painter, QRectF(picture.rect()), scale, 1.0)
    corners = [Corner("top-left", WHO, is_identity=True), Corner("top-right", ("示范医院", "2026-11-20 14:25"))]
    drawer.draw([*corners, Letter("top", "A"), *MARKS], texts_hidden=False)
    painter.end()
    assert len(drawer.boxes) == len(MARKS)
    assert not [1 for box in drawer.boxes for line in drawer._lines if box.intersects(line)]


SIDE = Corner("top-right", ("示范医院", "2026-11-20 14:25"), headline="Right knee, AP", details=("Side: right",))
ALL = [Mark(text, tone) for text, tone in (
    ("Name differs", "amber"), ("Side contradictory: right / left", "red"), ("FLIPPED", "red"),
    ("Orientation unknown", "amber"), ("118 of 120", "amber"), ("Not calibrated", "amber"),
    ("Not for diagnosis", "amber"), ("INVERTED", "amber"), ("DEMO", "info"),
)] + [Mark(text, tone, is_permanent=False) for text, tone in (
    ("LOSSY 12:1", "amber"), ("Text in the picture", "amber"), ("Derived", "info"), ("Interpolated", "info"),
)]  # fmt: skip


def drawn(width, height, marks, *, scale=100, **keywords):
    """What was drawn on a canvas: the painter, and the words of the chips in their order."""
    picture = QImage(width, height, QImage.Format.Format_RGB32)
    painter = QPainter(picture)
    chips = []

    class Listening(Watched):
        def _chip(self, mark, x, y, metrics):
            chips.append(mark)
            return super()._chip(mark, x, y, metrics)

    drawer = Listening(painter, QRectF(picture.rect()), scale, 1.0)
    corners = [Corner("top-left", WHO, is_identity=True), SIDE, Corner("bottom-right", ("Image 3 / 7",))]
    drawer.draw([*corners, Letter("top", "A"), *marks], **{"texts_hidden": False, **keywords})
    painter.end()
    return drawer, chips


def folded_words(drawer):
    return [words for _, words in drawer.hints if words != "Side: right"]


def test_on_a_large_viewport_every_mark_that_there_is_room_for_stands_in_words(qapp):
    drawer, chips = drawn(1600, 900, ALL)
    assert [mark.text for mark in chips[:9]] == [mark.text for mark in ALL[:9]]
    assert "LOSSY 12:1" in [mark.text for mark in chips]
    shown = {mark.text for mark in chips}
    assert {mark.text for mark in ALL} - shown == set("\n".join(folded_words(drawer)).split("\n")) - {""}


@pytest.mark.parametrize("scale", [100, 200])
@pytest.mark.parametrize("tile", [False, True])
@pytest.mark.parametrize(("width", "height"), [(160, 160), (200, 160), (240, 200), (320, 240), (480, 270), (900, 700)])
def test_in_a_small_viewport_the_worst_stand_in_words_and_the_rest_is_counted_in_its_tone(
    qapp, width, height, tile, scale
):
    drawer, chips = drawn(width, height, ALL, scale=scale, is_tile=tile)
    shown = [mark.text for mark in chips if not mark.text.startswith("+")]
    assert shown == [mark.text for mark in ALL[: len(shown)]]
    rest = ALL[len(shown) :]
    folded = [words for words in folded_words(drawer) if words not in shown]  # a mark that is cut is told in full
    if rest:
        chip = chips[-1]
        assert chip.text == f"+{len(rest)}"
        tones = [mark.tone for mark in rest]
        assert chip.tone == ("red" if "red" in tones else "amber" if "amber" in tones else "info")
        assert folded == ["\n".join(mark.text for mark in rest)]
    for box in drawer.boxes:
        assert box.top() >= 0
        assert box.left() >= 0
        assert box.right() <= width
    if scale == 100 and height >= 200:
        assert "FLIPPED" in shown
        assert max(box.bottom() for box in drawer.boxes) <= height


def test_marks_that_may_be_folded_add_no_row(qapp):
    one, _ = drawn(500, 400, ALL[:2])
    more, _ = drawn(500, 400, [*ALL[:2], *ALL[9:]])
    assert len({box.top() for box in more.boxes}) <= len({box.top() for box in one.boxes}) + 1


@pytest.mark.parametrize("tile", [False, True])
@pytest.mark.parametrize("hidden", [False, True])
@pytest.mark.parametrize("width", [160, 300, 900])
def test_side_and_part_are_drawn_whatever_is_hidden(qapp, monkeypatch, tile, hidden, width):
    texts = []
    monkeypatch.setattr(OverlayPainter, "_text", lambda self, place, text, font, colour: texts.append((text, font)))
    drawer, _ = drawn(width, 300, [], texts_hidden=hidden, is_tile=tile)
    (found,) = [(text, font) for text, font in texts if text.startswith("Right")]
    assert found[1].bold()
    assert found[1].pixelSize() > 12
    assert found[0] == "Right knee, AP"
    box = next(box for box, words in drawer.hints if words == "Side: right")
    assert not [line for line in drawer._lines if line != box and line.intersects(box)]


def test_letters_and_side_tell_more_when_one_points_at_them(qapp):
    drawer, _ = drawn(900, 600, [])
    assert [words for _, words in drawer.hints] == ["Side: right", "Side: right"]


def luminance(colour):
    """WCAG 2.1: relative luminance of an sRGB colour."""
    parts = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in colour.getRgbF()[:3]]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


@pytest.mark.parametrize("tone", ["red", "amber", "info"])
@pytest.mark.parametrize("ground", [0, 128, 255])
def test_a_mark_is_readable_on_any_image(qapp, tone, ground):
    picture = QImage(400, 200, QImage.Format.Format_RGB32)
    picture.fill(QColor(ground, ground, ground))
    painter = QPainter(picture)
    drawer = Watched(painter, QRectF(picture.rect()), 100, 1.0)
    drawer.draw([Mark("I", tone)], texts_hidden=False)
    painter.end()
    box = drawer.boxes[0]
    inside = luminance(picture.pixelColor(int(box.left() + 4), int(box.center().y())))
    words = luminance(QColor(theme.TONES[tone]))
    assert (max(inside, words) + 0.05) / (min(inside, words) + 0.05) >= 4.5


@pytest.mark.parametrize("tile", [False, True])
@pytest.mark.parametrize("size", [(240, 180), (352, 250), (900, 700)])
def test_letters_stand_at_their_edges_and_no_mark_covers_one(qapp, monkeypatch, tile, size):
    boxes = []
    bare = OverlayPainter._beside_lines

    def watched(self, box, edge):
        boxes.append(bare(self, box, edge))
        return boxes[-1]

    monkeypatch.setattr(OverlayPainter, "_beside_lines", watched)
    picture = QImage(*size, QImage.Format.Format_RGB32)
    painter = QPainter(picture)
    drawer = Watched(painter, QRectF(picture.rect()), 100, 1.0)
    corners = [Corner("top-left", WHO, is_identity=True), SIDE, Corner("bottom-right", ("Image 3 / 7",))]
    letters = [Letter(edge, text) for edge, text in zip(("left", "top", "right", "bottom"), "RALP", strict=True)]
    drawer.draw([*corners, *letters, Mark("Not for diagnosis", "amber"), Mark("DEMO", "info")],
                texts_hidden=False, is_tile=tile)  # fmt: skip
    painter.end()
    assert not [1 for box in boxes for chip in drawer.boxes if chip.intersects(box)]
    assert not [1 for box in boxes for line in drawer._lines if line.intersects(box)]
    if size[0] >= 352:
        assert boxes[1].top() == pytest.approx(10)
    assert boxes[3].bottom() == pytest.approx(size[1] - 10)


@pytest.mark.parametrize("scale", [100, 125, 150])
@pytest.mark.parametrize("size", [(250, 180), (250, 260), (300, 220), (388, 300), (250, 130)])
def test_no_mark_lies_below_the_glass(qapp, size, scale):
    """A warning whose row would be cut off is counted in the row before it."""
    width, height = size
    picture = QImage(width, height, QImage.Format.Format_RGB32)
    painter = QPainter(picture)
    drawer = Watched(painter, QRectF(picture.rect()), scale, 1.0)
    corners = [
        Corner("top-left", WHO, is_identity=True), SIDE, Corner("bottom-left", ("Window 40 / 400", "Zoom 7 %")),
        Corner("bottom-right", ("Image 1 / 1",)),
    ]  # fmt: skip
    drawer.draw([*corners, Letter("top", "H"), Letter("bottom", "F"), *ALL], texts_hidden=False)
    painter.end()
    assert drawer.boxes
    assert [box for box in drawer.boxes if not QRectF(picture.rect()).contains(box)] == []
    told = " ".join(words for _, words in drawer.hints)
    assert len(drawer.boxes) >= len(ALL) or "Interpolated" in told
