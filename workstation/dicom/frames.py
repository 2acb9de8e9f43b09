"""`decode_frame`: one frame of an instance as stored values, or as R, G, B. Compressed frames go to the worker pool.

`shown_frame` adds all that is needed to show it: its header, grey scale, overlay planes and shutter.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, Protocol

import numpy as np
from pydicom.uid import HTJ2K, JPEG2000, UID, JPEGBaseline8Bit, JPEGExtended12Bit, JPEGLSNearLossless, RLELossless

from workstation.dicom.colour import icc_profile_of, rgb_of_native, rgb_of_palette
from workstation.dicom.elements import text_of
from workstation.dicom.grayscale_reader import grayscale_of
from workstation.dicom.overlay_planes import NO_OVERLAYS, OverlayBitmaps, bitmaps_on
from workstation.dicom.overlay_reader import overlay_planes_of, unusable_planes
from workstation.dicom.pixels import Frame, FrameKey
from workstation.dicom.shutter import Shutter, covered
from workstation.dicom.shutter_reader import shutter_of
from workstation.errors import DecodeError, DicomError, WorkstationError
from workstation.workers.messages import DecodeJob
from workstation.workers.samples import stored_values

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from pydicom.dataset import Dataset

    from workstation.dicom.grayscale import Grayscale
    from workstation.dicom.part10 import Part10
    from workstation.dicom.pixels import PixelDescription
    from workstation.dicom.study import Instance
    from workstation.tasks import CancelToken


_LOSSY: Final = frozenset(
    {
        JPEGBaseline8Bit,
        JPEGExtended12Bit,
        JPEGLSNearLossless,
        "1.2.840.10008.1.2.4.53",
        "1.2.840.10008.1.2.4.55",
        "1.2.840.10008.1.2.4.111",
    }
)  # fmt: skip - retired processes of JPEG, and JPEG XL that holds a JPEG
MAX_SMALL_BYTES: Final = 2 << 20  # of one frame unpacked, 1024 x 1024 pixels of 16 bit
_JPEG_XL: Final = "1.2.840.10008.1.2.4.112"  # the one of its three syntaxes that may lose something
_WHOLE_CELLS: Final = frozenset(
    {RLELossless, "1.2.840.10008.1.2.1.98", "1.2.840.10008.1.2.8.1"}
    | {f"1.2.840.10008.1.2.4.{last}" for last in (57, 70, 80, 90, 92, 110, 201, 202)}
)  # lossless: JPEG, JPEG-LS, JPEG 2000, JPEG XL, HTJ2K
_MAY_BE_LOSSY: Final = frozenset({JPEG2000, HTJ2K, _JPEG_XL})


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class ShownFrame:
    """A decoded frame with the header of its own object. Banners are drawn from here, never from a selection."""

    instance: Instance  # read from the very bytes that hold the pixels
    frame: Frame
    grayscale: Grayscale | None  # None for colour
    address_only: bool = False  # came by `/frames`: verified by its address alone
    overlays: OverlayBitmaps = NO_OVERLAYS
    shutter: Shutter | None = None

    @property
    def nbytes(self) -> int:
        """How much memory it takes."""
        return self.frame.values.nbytes + self.overlays.nbytes


class Decoder(Protocol):
    """What decodes compressed frames: `workers.pool.WorkerPool`."""

    def decode(self, job: DecodeJob, token: CancelToken | None = None) -> NDArray[np.generic]:
        """Decode one frame; see `WorkerPool.decode`."""
        ...

    def to_srgb(self, pixels: NDArray[np.uint8], profile: bytes, token: CancelToken | None = None) -> NDArray[np.uint8]:
        """Colours by their ICC profile; see `WorkerPool.to_srgb`."""
        ...


class Unpacked:
    """A `Decoder` that has the one frame it will be asked for: it was unpacked together with others.

    Parameters
    ----------
    outcome : array or WorkstationError
        What `WorkerPool.decode_each` told of the frame's `job_of_small_frame`.
    """

    def __init__(self, outcome: NDArray[np.generic] | WorkstationError) -> None:
        self._outcome = outcome

    def decode(self, job: DecodeJob, token: CancelToken | None = None) -> NDArray[np.generic]:
        """Give it, or raise its error."""
        del job, token
        if isinstance(self._outcome, WorkstationError):
            raise self._outcome
        return self._outcome

    def to_srgb(self, pixels: NDArray[np.uint8], profile: bytes, token: CancelToken | None = None) -> NDArray[np.uint8]:
        """Refuse: frames in colour go alone."""
        del pixels, profile, token
        raise DecodeError("decode-failed", reason="profile")


def job_of_small_frame(part10: Part10, n: int) -> DecodeJob | None:
    """The decoder's job for frame `n` where it is worth while to send it with others; None for all that goes alone.

    Small are compressed grey frames that unpack in about as much time as the way to a process takes.

    Raises
    ------
    DicomError
        As `Part10.encoded_frame`.
    """
    description = part10.required_description()
    if part10.is_native or description.is_colour or description.frame_bytes > MAX_SMALL_BYTES:
        return None
    if any(plane.is_embedded for plane in overlay_planes_of(part10.dataset)):  # these need the frame a second time
        return None
    return _job(part10.encoded_frame(n), description)


def decode_frame(part10: Part10, n: int, key: FrameKey, pool: Decoder, token: CancelToken | None = None) -> Frame:
    """Frame `n` (from 1) of an instance.

    Parameters
    ----------
    key : FrameKey
        The identity that `part10` was checked against; it travels with the values.
    pool : Decoder
        Asked for compressed frames only.

    Returns
    -------
    Frame
        Read-only. Grey: (rows, columns), 8, 16 or 32 bit, signed as PixelRepresentation says, masked to BitsStored;
        or float of 32 or 64 bit.
        Colour and palette colour: (rows, columns, 3) uint8, R, G, B.

    Raises
    ------
    DicomError
        As `Part10.encoded_frame`; ``unsupported-pixels``; ``unsupported-syntax``.
    DecodeError
        The decoder refused, died or took too long.
    Cancelled
        `token` was cancelled.
    """
    description = part10.required_description()
    encoded = part10.encoded_frame(n)
    if part10.is_native:
        values = _native(encoded, part10, description, n)
    else:
        values = _decoded(_job(encoded, description), pool, token)
    return _in_colours(values, part10, key, pool, token)


def _in_colours(values: NDArray[Any], part10: Part10, key: FrameKey, pool: Decoder, token: CancelToken | None) -> Frame:
    """A frame of decoded values, with palette and ICC profile applied where it has them."""
    if part10.required_description().photometric_interpretation == "PALETTE COLOR":
        values = rgb_of_palette(values, part10.dataset, is_little_endian=part10.is_little_endian)
    profile = icc_profile_of(part10.dataset) if values.ndim == 3 else b""
    is_managed = True
    if profile:
        try:
            values = pool.to_srgb(values, profile, token)
        except DecodeError:  # the colours as they are, and said so, are better than no picture
            is_managed = False
    values.flags.writeable = False
    return Frame(key, values, ignores_profile=not is_managed)


def _decoded(job: DecodeJob, pool: Decoder, token: CancelToken | None) -> NDArray[Any]:
    """Let the pool decode; a syntax that nobody decodes is refused by its name."""
    try:
        return pool.decode(job, token)
    except DicomError as error:
        if error.code != "unsupported-syntax":
            raise
        raise DicomError("unsupported-syntax", syntax=UID(job.transfer_syntax_uid).name) from error


def shown_frame(
    part10: Part10, instance: Instance, n: int, pool: Decoder, token: CancelToken | None = None
) -> ShownFrame:
    """Frame `n` (from 1) with all that is needed to show it.

    Parameters
    ----------
    instance : Instance
        The header that was read from `part10`.

    Raises
    ------
    DicomError, DecodeError, Cancelled
        As `decode_frame`.
    """
    dataset = part10.dataset
    study, series = instance.study.study_instance_uid, instance.series.series_instance_uid
    frame = decode_frame(part10, n, FrameKey(study, series, instance.sop_instance_uid, n), pool, token)
    planes = overlay_planes_of(dataset)
    cells = _cells(part10, n, pool, token) if any(plane.is_embedded for plane in planes) else None
    rows, columns = frame.values.shape[:2]
    shutter = shutter_of(dataset, n)
    if shutter is not None:
        covered(shutter, rows, columns, instance.pixel_aspect)  # kept there: painting must not wait for it
    if not instance.is_lossy and _lost_something(part10, dataset):
        instance = replace(instance, is_lossy=True)
    if instance.is_lossy and not instance.lossy_ratio and _lost_something(part10, dataset):
        instance = replace(instance, lossy_ratio=_ratio(part10, n))
    return ShownFrame(
        instance,
        frame,
        None if frame.is_colour else grayscale_of(dataset, n),
        overlays=bitmaps_on(
            planes, n, (rows, columns), cells, unusable=unusable_planes(dataset), is_sure=part10.is_native
        ),
        shutter=shutter,
    )


def _cells(part10: Part10, n: int, pool: Decoder, token: CancelToken | None) -> NDArray[Any] | None:
    """The pixel cells of a grey frame, with what lies beside their values; None where they cannot be had.

    PS3.3-2004 C.9.2 let planes lie there. Compressed without loss, cells come back whole where the encoder was given
    them whole, as dcmtk and pydicom do; a lossy codestream has values only.
    """
    description = part10.required_description()
    if part10.is_native or description.samples_per_pixel != 1 or description.transfer_syntax_uid not in _WHOLE_CELLS:
        return part10.cells(n)
    whole = replace(
        description, bits_stored=description.bits_allocated, high_bit=description.bits_allocated - 1,
        pixel_representation=0,
    )  # fmt: skip
    return _decoded(_job(part10.encoded_frame(n), whole), pool, token)


def _lost_something(part10: Part10, dataset: Dataset) -> bool:
    """Whether the transfer syntax loses something, though no attribute says so (PS3.5 A.4; PS3.3 C.7.6.1.1.5).

    A syntax that may lose something, or not, counts as lossy unless Lossy Image Compression is 00.
    """
    syntax = part10.required_description().transfer_syntax_uid
    return syntax in _LOSSY or (syntax in _MAY_BE_LOSSY and text_of(dataset, "LossyImageCompression") != "00")


def _ratio(part10: Part10, n: int) -> str:
    """About how much smaller the frame became, where no attribute says it (PS3.3 C.7.6.1.1.5.2)."""
    description = part10.required_description()
    bits = description.rows * description.columns * description.samples_per_pixel * description.bits_stored
    ratio = bits / 8 / max(1, len(part10.encoded_frame(n)))
    return f"≈{ratio:.0f}" if ratio >= 1.5 else ""


def _job(encoded: bytes | memoryview, description: PixelDescription) -> DecodeJob:
    return DecodeJob(
        encoded=encoded,
        transfer_syntax_uid=description.transfer_syntax_uid,
        rows=description.rows,
        columns=description.columns,
        samples_per_pixel=description.samples_per_pixel,
        bits_allocated=description.bits_allocated,
        bits_stored=description.bits_stored,
        high_bit=description.high_bit,
        pixel_representation=description.pixel_representation,
        photometric_interpretation=description.photometric_interpretation,
    )


def _native(encoded: bytes | memoryview, part10: Part10, description: PixelDescription, n: int) -> NDArray[Any]:
    """Stored values, or R, G, B, of an uncompressed frame (PS3.5 8.1, 8.2)."""
    shape = (description.rows, description.columns)
    if description.bits_allocated == 1:
        return _bits(encoded, shape[0] * shape[1], n).reshape(shape)
    order = "<" if part10.is_little_endian else ">"
    if description.is_float:
        floats = np.frombuffer(encoded, f"{order}f{description.bits_allocated // 8}")
        return floats.astype(floats.dtype.newbyteorder("="), copy=False).reshape(shape)
    cells = np.frombuffer(encoded, f"{order}u{description.bits_allocated // 8}")
    if not part10.is_little_endian:
        cells = cells.astype(cells.dtype.newbyteorder("<"))
    values = stored_values(
        cells,
        bits_stored=description.bits_stored,
        high_bit=description.high_bit,
        pixel_representation=0 if description.samples_per_pixel == 3 else description.pixel_representation,
    )
    if description.samples_per_pixel == 3:
        return rgb_of_native(values, description)
    return values.reshape(shape)


def _bits(encoded: bytes | memoryview, pixels: int, n: int) -> NDArray[np.uint8]:
    """Bit-packed pixels: the first in the lowest bit; a frame may begin inside a byte (PS3.5 8.1.1)."""
    skip = (n - 1) * pixels % 8
    return np.unpackbits(np.frombuffer(encoded, np.uint8), bitorder="little")[skip : skip + pixels]
