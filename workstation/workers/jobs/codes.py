"""The code job: the QR and bar codes in a picture, as texts. First the quick looks, then the slow ones.

Read are the symbols that carry a link or a number and check themselves: QR, Data Matrix, Aztec and PDF417
(Reed-Solomon) and Code 128 (check character). Code 39, which labels of examinations carry, has no check: it counts only
when two looks at different scales read the same. Left out are ITF, Codabar, MSI and DataBar, in which a grating or a
line of text reads as a number; the retail codes of shops, which name no film; Micro QR, rMQR and MaxiCode, which are
too small for a link and whose short symbols are found in noise.
"""

from __future__ import annotations

import math
import time
from typing import TYPE_CHECKING, Final

import cv2
import numpy as np
import zxingcpp

from workstation.workers.codes import FoundCode, packed, picture_shape
from workstation.workers.jobs.photographs import grey, picture_size
from workstation.workers.messages import JobFailed, Status

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    Grey = NDArray[np.uint8]

_FORMAT = zxingcpp.BarcodeFormat
_QR: Final = zxingcpp.BarcodeFormats([_FORMAT.QRCode])
_EVERY: Final = zxingcpp.BarcodeFormats(
    [_FORMAT.QRCode, _FORMAT.DataMatrix, _FORMAT.Aztec, _FORMAT.PDF417, _FORMAT.Code128, _FORMAT.Code39]
)
_NAMES: Final = {
    _FORMAT.QRCode: "QR",
    _FORMAT.QRCodeModel2: "QR",
    _FORMAT.DataMatrix: "Data Matrix",
    _FORMAT.Aztec: "Aztec",
    _FORMAT.AztecCode: "Aztec",
    _FORMAT.PDF417: "PDF417",
    _FORMAT.Code128: "Code 128",
    _FORMAT.Code39: "Code 39",
    _FORMAT.Code39Std: "Code 39",
}
_UNCHECKED: Final = "Code 39"
_QUICK_PIXELS: Final = 3_200_000  # QR codes: half of a 12-megapixel photograph
_GLANCE_PIXELS: Final = 1_000_000  # all kinds: they cost ten times as much a pixel
_SLOW_PIXELS: Final = 4_000_000  # what the slow looks work on
_SMALL_PIXELS: Final = 1_500_000  # below this, modules may be smaller than two pixels: it is enlarged
_PATIENCE_S: Final = 4.0  # after which no further slow look begins


def find_codes(parameters: bytes, given: memoryview, output: memoryview) -> int:
    """Write the codes of a picture into `output` (`workers.codes.packed`) and give the number of bytes.

    Raises
    ------
    JobFailed
        It is no picture that can be read, is too large, or damaged.
    """
    rows, columns = picture_shape(parameters)
    if rows and columns:
        if len(given) != rows * columns:
            raise JobFailed(Status.WRONG_SIZE, sizes=(rows, columns, 1, 8))
        codes = codes_in(np.frombuffer(given, np.uint8).reshape(rows, columns).copy())
    else:
        codes = codes_in_file(bytes(given))
    block = packed(codes)
    output[: len(block)] = block
    return len(block)


def codes_in_file(data: bytes) -> list[FoundCode]:
    """The codes of an encoded picture.

    A large JPEG, which is a photograph, is first looked at in half its size, because decoding it whole takes longer
    than the whole look; when its codes are read there, that is all. Codes with modules of less than four pixels may
    then be passed over.

    Raises
    ------
    JobFailed
        As `photographs.grey`.
    """
    cv2.setNumThreads(1)  # each thread's stack counts against the memory limit
    rows, columns = picture_size(data)
    if rows * columns > _QUICK_PIXELS and data.startswith(b"\xff\xd8"):
        quick = _Search(factor=2)
        quick.glance(grey(data, halved=True))
        if quick.is_complete:
            return quick.codes
    return codes_in(grey(data))


def codes_in(picture: Grey) -> list[FoundCode]:
    """The codes of a grey picture of (rows, columns)."""
    search = _Search()
    search.glance(picture)
    if search.is_complete:
        search.look_for_small_ones(picture)
    else:
        search.look_closely(picture)
    return search.codes


class _Search:
    """What has been found so far in one picture.

    Parameters
    ----------
    factor : int
        How much smaller the picture that is looked at is than the stored one.
    """

    def __init__(self, factor: int = 1) -> None:
        self._factor = factor
        self._found: dict[tuple[str, str], FoundCode] = {}
        self._once: dict[str, float] = {}  # texts of unchecked codes, with the scale at which each was read
        self._unread = 0  # symbols that were seen in the last look and not read
        self._ends = time.monotonic() + _PATIENCE_S

    @property
    def codes(self) -> list[FoundCode]:
        """The codes, in the order in which they were found."""
        return list(self._found.values())

    @property
    def is_complete(self) -> bool:
        """Whether something was read, and nothing seen that was not: a second, smaller code must not be missed."""
        return bool(self._found) and not self._unread

    def glance(self, picture: Grey) -> None:
        """The quick looks: QR at a few megapixels, every kind at one."""
        half = _bounded(picture, _QUICK_PIXELS)
        self._look(half, half.shape[0] / picture.shape[0], _QR, seeks_unread=True)
        small = _bounded(half, _GLANCE_PIXELS)
        self._look(small, small.shape[0] / picture.shape[0], _EVERY, inverted=False)
        if self._once:
            self._unread += 1

    def look_for_small_ones(self, picture: Grey) -> None:
        """QR codes that were too small for the quick looks, beside those that were read."""
        if picture.size > _QUICK_PIXELS:
            self._look(picture, 1.0, _QR, inverted=False)

    def look_closely(self, picture: Grey) -> None:
        """The slow looks, until one of them finds something: whole size, and then the picture made easier to read."""
        self._look(picture, 1.0, _EVERY)
        for made, scale, formats in _variants(_bounded(picture, _SLOW_PIXELS), picture.shape[0]):
            if (self._found and not self._once) or time.monotonic() > self._ends:
                return
            self._look(made, scale, formats)

    def _look(
        self, picture: Grey, scale: float, formats: object, *, seeks_unread: bool = False, inverted: bool = True
    ) -> None:
        read = zxingcpp.read_barcodes(
            picture,
            formats=formats,
            try_invert=inverted,
            text_mode=zxingcpp.TextMode.Plain,
            return_errors=seeks_unread,
        )
        for one in read:
            if not one.valid:
                self._unread += 1
                continue
            code = self._code(one, scale)
            if code is not None:
                self._found.setdefault((code.symbology, code.text), code)

    def _code(self, read: zxingcpp.Barcode, scale: float) -> FoundCode | None:
        symbology, text = _NAMES.get(read.format, ""), _text(read)
        if not symbology or not text.strip():
            return None
        if symbology == _UNCHECKED and self._once.setdefault(text, scale) == scale:
            return None
        self._once.pop(text, None)
        place = read.position
        corners = (place.top_left, place.top_right, place.bottom_right, place.bottom_left)
        grown = self._factor / scale
        return FoundCode(text, symbology, tuple((round(at.x * grown), round(at.y * grown)) for at in corners))


def _bounded(picture: Grey, pixels: int) -> Grey:
    """The picture, averaged down to at most `pixels`; by a whole factor, which is twenty times as fast."""
    factor = math.ceil((picture.size / pixels) ** 0.5)
    return picture if factor <= 1 else _shrunk(picture, 1 / factor)


def _shrunk(picture: Grey, share: float) -> Grey:
    size = (max(1, round(picture.shape[1] * share)), max(1, round(picture.shape[0] * share)))
    made: Grey = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
    return made


def _variants(picture: Grey, rows: int) -> Iterator[tuple[Grey, float, object]]:
    """The picture made easier to read, with its scale beside the stored one's `rows` and what to look for in it."""
    scale = picture.shape[0] / rows
    if picture.size <= _SMALL_PIXELS:
        yield _grown(picture, 2.0), 2 * scale, _EVERY
        yield _sharpened(_grown(picture, 3.0), 3.0), 3 * scale, _QR
    stretched: Grey = cv2.createCLAHE(4.0, (8, 8)).apply(picture)
    yield stretched, scale, _EVERY
    for sigma in (1.2, 2.5, 4.0):  # a screen photographed: its grid goes, the modules stay
        yield cv2.GaussianBlur(picture, (0, 0), sigma), scale, _QR
    for sigma in (2.0, 5.0):
        yield _sharpened(picture, sigma), scale, _QR
    for share in (0.71, 0.5, 0.35):
        small = _shrunk(picture, share)
        yield small, small.shape[0] / rows, _EVERY
        yield _sharpened(small, 1.5), small.shape[0] / rows, _QR


def _grown(picture: Grey, factor: float) -> Grey:
    made: Grey = cv2.resize(picture, None, fx=factor, fy=factor, interpolation=cv2.INTER_CUBIC)
    return made


def _sharpened(picture: Grey, sigma: float) -> Grey:
    """Unsharp masking: what a lens of `sigma` pixels took is put back in part."""
    made: Grey = cv2.addWeighted(picture, 3.0, cv2.GaussianBlur(picture, (0, 0), sigma), -2.0, 0)
    return made


def _text(read: zxingcpp.Barcode) -> str:
    """The text as its maker meant it. Codes made in China often hold GB18030 and do not say so."""
    text = str(read.text)
    if text.isascii():
        return text
    data = bytes(read.bytes)
    if data != text.encode("latin-1", "replace"):
        return text  # UTF-8, or an encoding that the code names
    try:
        chinese = data.decode("gb18030")
    except UnicodeDecodeError:
        return text
    return chinese if all(one.isascii() or "\u3000" <= one <= "\uffef" for one in chinese) else text
