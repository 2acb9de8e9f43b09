"""`read_part10`: the bytes of a DICOM file, checked against caps, as a data set and its frames (PS3.10 7).

Nothing is decoded here. Native frames are views on the given bytes.
"""

from __future__ import annotations

import io
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np
from pydicom.dataset import Dataset
from pydicom.filereader import read_dataset
from pydicom.uid import UID

from workstation.dicom.elements import UNREADABLE, text_of, value_of, whole_number_of, without_warnings
from workstation.dicom.encapsulation import Fragments, fragments_of, frame_items
from workstation.dicom.pixels import PixelDescription
from workstation.dicom.scanner import UNDEFINED, PixelElement, inflated, scan
from workstation.errors import DicomError

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

MAX_PIXEL_BYTES: Final = 4 << 30  # of one instance, unpacked
IMPLICIT_LITTLE: Final = "1.2.840.10008.1.2"
EXPLICIT_LITTLE: Final = "1.2.840.10008.1.2.1"
DEFLATED: Final = "1.2.840.10008.1.2.1.99"
EXPLICIT_BIG: Final = "1.2.840.10008.1.2.2"
NATIVE: Final = frozenset({IMPLICIT_LITTLE, EXPLICIT_LITTLE, DEFLATED, EXPLICIT_BIG})
_PREAMBLE_BYTES: Final = 128
_VIDEO: Final = "1.2.840.10008.1.2.4.10"  # MPEG-2 to HEVC, .100 to .109: a frame is no fragment
_JPIP: Final = frozenset(f"1.2.840.10008.1.2.4.{last}" for last in (94, 95, 204, 205))
_FLOAT_BITS: Final = {0x7FE00008: 32, 0x7FE00009: 64}  # Float Pixel Data, Double Float Pixel Data
_PARSE_ERRORS: Final = (*UNREADABLE, EOFError, OSError, RecursionError, MemoryError, AssertionError)


class Part10:
    """One instance.

    Attributes
    ----------
    dataset : pydicom Dataset
        Everything before the pixel data.
    file_meta : pydicom Dataset
        Group 0002; empty for files without it.
    transfer_syntax_uid : str
        As the file says; implicit VR little endian where it says nothing.
    """

    def __init__(self, file_meta: Dataset, dataset: Dataset, transfer_syntax_uid: str, pixels: _Pixels) -> None:
        self.file_meta = file_meta
        self.dataset = dataset
        self.transfer_syntax_uid = transfer_syntax_uid
        self._pixels = pixels

    @cached_property
    def description(self) -> PixelDescription | None:
        """The Image Pixel module, or None where there is no pixel data.

        Raises
        ------
        DicomError
            ``damaged`` or ``unsupported-pixels``: the module contradicts itself; ``over-limit``: more than 4 GiB.
        """
        element = self._pixels.element
        if element is None:
            return None
        description = _description(self.dataset, self.transfer_syntax_uid, _FLOAT_BITS.get(element.tag, 0))
        if self.is_native and description.photometric_interpretation == "YBR_FULL_422":
            return _without_false_subsampling(description, element.length)
        return description

    def required_description(self) -> PixelDescription:
        """The Image Pixel module.

        Raises
        ------
        DicomError
            ``no-pixels`` with the SOP class in words, ``unsupported-syntax`` for pixels to be streamed by JPIP, or as
            `description`.
        """
        description = self.description
        if description is not None:
            return description
        if self.is_streamed:
            raise self._unsupported_syntax()
        raise DicomError("no-pixels", what=_sop_class_name(self.file_meta, self.dataset))

    @property
    def is_native(self) -> bool:
        """Whether frames lie uncompressed in the file."""
        return self.transfer_syntax_uid in NATIVE

    @property
    def is_streamed(self) -> bool:
        """Whether the pixels are not in the file but at a JPIP server (PS3.5 A.6, A.7)."""
        return self.transfer_syntax_uid in _JPIP

    def _unsupported_syntax(self) -> DicomError:
        return DicomError("unsupported-syntax", syntax=UID(self.transfer_syntax_uid).name)

    @property
    def is_little_endian(self) -> bool:
        """Byte order of native pixel cells."""
        return self.transfer_syntax_uid != EXPLICIT_BIG

    def encoded_frame(self, n: int) -> bytes | memoryview:
        """The bytes of frame `n` (from 1): a view for native frames and single fragments, else joined fragments.

        Bit-packed frames (BitsAllocated 1) may begin inside the first byte given: at bit ``(n - 1) * pixels % 8``.

        Raises
        ------
        DicomError
            ``no-such-frame``; ``truncated`` when its bytes are not all there; ``damaged``; ``no-pixels``.
        """
        description = self.required_description()
        if not 1 <= n <= description.number_of_frames:
            raise DicomError("no-such-frame", frame=n, frames=description.number_of_frames)
        if self.is_native:
            return self._native_frame(description, n)
        if self.transfer_syntax_uid.startswith(_VIDEO):
            raise self._unsupported_syntax()
        parts = [self._pixels.body[at : at + length] for at, length in self._frame_items[n - 1]]
        return parts[0] if len(parts) == 1 else b"".join(parts)

    def cells(self, n: int) -> NDArray[np.unsignedinteger[Any]] | None:
        """The pixel cells of an uncompressed grey frame `n`, with what lies beside their values; None for others.

        Returns
        -------
        (rows, columns) unsigned integer array or None
        """
        description = self.required_description()
        if not self.is_native or description.samples_per_pixel != 1 or description.bits_allocated not in (8, 16, 32):
            return None
        order = "<" if self.is_little_endian else ">"
        cells = np.frombuffer(self.encoded_frame(n), f"{order}u{description.bits_allocated // 8}")
        return cells.reshape(description.rows, description.columns)

    def check_complete(self) -> None:
        """Prove that every frame is there; objects that are no images are complete when they were read.

        Raises
        ------
        DicomError
            ``no-pixels``: an image without any; ``truncated``: native pixel data shorter than the Image Pixel module
            says, or encapsulated pixel data without its delimiter or some of its frames; ``damaged``.
        """
        description = self.description
        if description is None:
            if self._pixels.element is None and self._is_image:
                self.required_description()
            return
        if self.is_native:
            self._native_frame(description, description.number_of_frames)
            return
        if not self._fragments.is_delimited:
            raise DicomError("truncated")
        if self.transfer_syntax_uid.startswith(_VIDEO):
            return
        if any(not group or sum(length for _, length in group) == 0 for group in self._frame_items):
            raise DicomError("truncated")

    @property
    def _is_image(self) -> bool:
        """Whether the SOP class is an image, whose pixel data is not optional unless it lies elsewhere."""
        return "Image Storage" in _sop_class_name(self.file_meta, self.dataset) and not text_of(
            self.dataset, "PixelDataProviderURL"
        )

    def _native_frame(self, description: PixelDescription, n: int) -> memoryview:
        element = self._element
        if element.length == UNDEFINED:
            raise DicomError("damaged", reason="uncompressed pixel data of undefined length")
        if description.bits_allocated == 1:
            pixels = description.rows * description.columns * description.samples_per_pixel
            first, end = (n - 1) * pixels // 8, (n * pixels + 7) // 8
        else:
            first, end = (n - 1) * description.frame_bytes, n * description.frame_bytes
        if end > element.length or element.start + end > len(self._pixels.body):
            raise DicomError("truncated")
        if element.vr == "OW" and description.bits_allocated <= 8 and not self.is_little_endian:
            return memoryview(self._unswapped(element))[first:end]
        return self._pixels.body[element.start + first : element.start + end]

    def _unswapped(self, element: PixelElement) -> bytes:
        """8-bit cells that lie two in a big endian word, the second one first (PS3.5 7.3, 8.1.2)."""
        words = bytearray(self._pixels.body[element.start : element.start + element.length // 2 * 2])
        words[0::2], words[1::2] = words[1::2], words[0::2]
        return bytes(words)

    @property
    def _element(self) -> PixelElement:
        assert self._pixels.element is not None  # noqa: S101 - there is a description
        return self._pixels.element

    @cached_property
    def _fragments(self) -> Fragments:
        if self._element.length != UNDEFINED:
            raise DicomError("damaged", reason="compressed pixel data of defined length")
        return fragments_of(self._pixels.body, self._element.start)

    @cached_property
    def _frame_items(self) -> tuple[tuple[tuple[int, int], ...], ...]:
        frames = self.required_description().number_of_frames
        table = value_of(self.dataset, "ExtendedOffsetTable")
        extended = memoryview(table[: len(table) // 8 * 8]).cast("Q") if isinstance(table, bytes) else ()
        return frame_items(self._pixels.body, self._fragments, frames, tuple(extended))


class _Pixels:
    """The scanned bytes and where in them the pixel data lies."""

    def __init__(self, body: memoryview, element: PixelElement | None) -> None:
        self.body = body
        self.element = element


def read_part10(data: bytes | memoryview) -> Part10:
    """Read one instance; the data set is scanned against the caps of `dicom.scanner` first.

    Files without preamble or without file meta information are read when their first element is plausible.

    Parameters
    ----------
    data : bytes or memoryview
        The whole file. It is kept as long as the result: frames are views on it.

    Raises
    ------
    DicomError
        ``not-dicom``, ``truncated``, ``damaged`` or ``over-limit``.
    """
    view = memoryview(data).cast("B").toreadonly()
    start = _start(view)
    meta_end = _meta_end(view, start)
    file_meta = _parsed(view[start:meta_end], is_implicit=False, is_little=True)
    body = view[meta_end:]
    syntax = text_of(file_meta, "TransferSyntaxUID") or _syntax_without_meta(body)
    if syntax == DEFLATED:
        body = memoryview(inflated(body))
    is_little = syntax != EXPLICIT_BIG
    found = scan(body, is_implicit=syntax == IMPLICIT_LITTLE, is_little=is_little)
    if not found.elements:
        raise DicomError("truncated")
    dataset = _parsed(body[: found.header_bytes], is_implicit=found.is_implicit, is_little=is_little)
    return Part10(file_meta, dataset, syntax, _Pixels(body, found.pixels))


def _start(view: memoryview) -> int:
    """Offset of the first element, after the preamble where there is one."""
    if bytes(view[_PREAMBLE_BYTES : _PREAMBLE_BYTES + 4]) == b"DICM":
        return _PREAMBLE_BYTES + 4
    if len(view) >= 16 and _is_plausible(view):
        return 0
    raise DicomError("not-dicom")


def _is_plausible(view: memoryview) -> bool:
    """Whether an element of group 0002 or 0008 stands first, with a VR or a length that can be true."""
    order: Literal["little", "big"] = "big" if _starts_big(view) else "little"
    group, element = int.from_bytes(view[:2], order), int.from_bytes(view[2:4], order)
    if group not in (0x0002, 0x0008) or element > 0x0080:
        return False
    vr = bytes(view[4:6])
    return (vr.isalpha() and vr.isupper()) or int.from_bytes(view[4:8], order) <= min(1024, len(view) - 8)


def _starts_big(view: memoryview) -> bool:
    return bytes(view[:2]) == b"\x00\x08"


def _syntax_without_meta(body: memoryview) -> str:
    """What a data set alone is written in, by its first element."""
    if _starts_big(body):
        return EXPLICIT_BIG
    vr = bytes(body[4:6])
    return EXPLICIT_LITTLE if vr.isalpha() and vr.isupper() else IMPLICIT_LITTLE


def _meta_end(view: memoryview, start: int) -> int:
    """Offset of the first element after group 0002, which is always explicit VR little endian."""
    position = start
    while position + 8 <= len(view) and bytes(view[position : position + 2]) == b"\x02\x00":
        if bytes(view[position + 4 : position + 6]) in (b"OB", b"UN", b"OW", b"UT"):
            position += 12 + int.from_bytes(view[position + 8 : position + 12], "little")
        else:
            position += 8 + int.from_bytes(view[position + 6 : position + 8], "little")
    if position > len(view):
        raise DicomError("truncated")
    return position


def _parsed(view: memoryview, *, is_implicit: bool, is_little: bool) -> Dataset:
    """Let pydicom build the data set; what it raises becomes ours, what it warns about is dropped."""
    if not len(view):
        return Dataset()
    with without_warnings():
        try:
            return read_dataset(io.BytesIO(view), is_implicit, is_little)
        except _PARSE_ERRORS as error:
            raise DicomError("damaged", reason=type(error).__name__) from error


def _sop_class_name(file_meta: Dataset, dataset: Dataset) -> str:
    uid = text_of(dataset, "SOPClassUID") or text_of(file_meta, "MediaStorageSOPClassUID")
    return UID(uid).name if uid else "unknown"


def _description(dataset: Dataset, syntax: str, float_bits: int) -> PixelDescription:
    def whole(keyword: str, default: int | None = None) -> int:
        number = whole_number_of(dataset, keyword)
        if number is None:
            number = default
        if number is None or number < 0:
            raise DicomError("damaged", reason=keyword)
        return number

    samples = whole("SamplesPerPixel", 1)
    allocated = whole("BitsAllocated")
    stored = whole("BitsStored", allocated)
    description = PixelDescription(
        rows=whole("Rows"),
        columns=whole("Columns"),
        number_of_frames=max(1, whole("NumberOfFrames", 1)),
        samples_per_pixel=samples,
        bits_allocated=allocated,
        bits_stored=stored,
        high_bit=whole("HighBit", stored - 1 if stored else 0),
        pixel_representation=whole("PixelRepresentation", 0),
        photometric_interpretation=text_of(dataset, "PhotometricInterpretation").upper()
        or ("RGB" if samples == 3 else "MONOCHROME2"),
        planar_configuration=whole("PlanarConfiguration", 0),
        transfer_syntax_uid=syntax,
        is_float=float_bits > 0,
    )
    if float_bits:
        _check_float(description, float_bits)
    _check(description)
    return description


def _without_false_subsampling(description: PixelDescription, length: int) -> PixelDescription:
    """Writers call full YBR 4:2:2; the length of the pixel data tells."""
    full = replace(description, photometric_interpretation="YBR_FULL")
    if length >= full.frame_bytes * full.number_of_frames:
        return full
    if description.columns % 2:
        raise DicomError("unsupported-pixels", reason="YBR_FULL_422 of an odd number of columns")
    return description


_RULES: Final[tuple[tuple[str, Callable[[PixelDescription], bool]], ...]] = (
    ("Rows", lambda d: 1 <= d.rows <= 65535),
    ("Columns", lambda d: 1 <= d.columns <= 65535),
    ("BitsStored", lambda d: 1 <= d.bits_stored <= d.bits_allocated),
    ("HighBit", lambda d: d.bits_stored - 1 <= d.high_bit < max(d.bits_allocated, 1)),
    ("PixelRepresentation", lambda d: d.pixel_representation in (0, 1)),
    ("PlanarConfiguration", lambda d: d.planar_configuration in (0, 1)),
)


def _check_float(description: PixelDescription, bits: int) -> None:
    """Float pixel data is uncompressed and grey (PS3.3 C.7.6.24, C.7.6.25; PS3.5 8.2)."""
    if description.bits_allocated != bits:
        raise DicomError("damaged", reason="BitsAllocated")
    if description.transfer_syntax_uid not in NATIVE or description.is_colour:
        raise DicomError("unsupported-pixels", reason="compressed or colour float pixel data")


def _check(description: PixelDescription) -> None:
    if description.bits_allocated not in ((32, 64) if description.is_float else (1, 8, 16, 32)):
        raise DicomError("unsupported-pixels", reason=f"{description.bits_allocated} bits allocated")
    if description.samples_per_pixel not in (1, 3):
        raise DicomError("unsupported-pixels", reason=f"{description.samples_per_pixel} samples per pixel")
    for name, holds in _RULES:
        if not holds(description):
            raise DicomError("damaged", reason=name)
    values = description.rows * description.columns * description.samples_per_pixel * description.number_of_frames
    if values * max(8, description.bits_allocated) // 8 > MAX_PIXEL_BYTES:
        raise DicomError("over-limit", what="pixel bytes", limit=MAX_PIXEL_BYTES)
