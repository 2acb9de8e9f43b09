"""One decoder a transfer syntax, on imagecodecs; a second opinion where it refuses a frame (PS3.5 A.4, 8.2).

A decoder gives samples as the codestream has them, and says what they are; `jobs.frames` makes stored values of them.
It is told the room in the shared memory where they go in the end, and unpacks straight into it where it can.
"""

from __future__ import annotations

import math
import sys
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import imagecodecs
import numpy as np

from workstation.workers.jobs.codestream import CodestreamHeader, end_marker, jpeg2000_header, jpeg_header
from workstation.workers.messages import JobFailed, Reason, Status

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from workstation.workers.messages import DecodeJob

    Decoder = Callable[[DecodeJob, memoryview], "Samples"]

_RATIO_FREE_BYTES: Final = 64 << 20  # up to here a blank frame may compress as well as it can
_HIGHEST_RATIO: Final = 2000
_PART_2: Final = frozenset({"1.2.840.10008.1.2.4.92", "1.2.840.10008.1.2.4.93"})
_DECODER_ERRORS: Final = (ValueError, TypeError, RuntimeError, IndexError, OverflowError, NotImplementedError)


@dataclass(frozen=True, slots=True)
class Samples:
    """What came out of a decoder.

    Attributes
    ----------
    values : (rows, columns) or (rows, columns, 3) integer array
    precision : int
        Bits of a sample, by the codestream.
    is_cell : bool
        The values are pixel cells of the data set (RLE): BitsStored and HighBit place the value in them.
    is_signed : bool
        The codestream knew of signs, and the values have them.
    is_ybr : bool
        Three samples are Y, CB, CR and not R, G, B.
    """

    values: NDArray[Any]
    precision: int
    is_cell: bool = False
    is_signed: bool = False
    is_ybr: bool = False


class _Swallowed:
    """Notices exceptions that a decoder's C code swallowed.

    WORKAROUND(imagecodecs 2026.3.6): `htj2k_decode` prints "Exception ignored" for an OpenJPH error and returns
    an array of garbage; only `sys.unraisablehook` learns of it.
    """

    def __enter__(self) -> _Swallowed:
        self.happened = False
        self._previous = sys.unraisablehook
        sys.unraisablehook = self._on_unraisable
        return self

    def _on_unraisable(self, _: object) -> None:
        self.happened = True

    def __exit__(self, *_: object) -> None:
        sys.unraisablehook = self._previous


def _call(decoder: Callable[..., Any], *args: Any, **options: Any) -> Any:
    """Run a decoder; whatever it raises or swallows becomes `JobFailed`."""
    try:
        with _Swallowed() as swallowed:
            decoded = decoder(*args, **options)
    except MemoryError as error:
        raise JobFailed(Status.FAILED, Reason.OUT_OF_MEMORY) from error
    except _DECODER_ERRORS as error:  # imagecodecs' own errors are RuntimeErrors
        raise JobFailed(Status.FAILED, Reason.REFUSED) from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # what pylibjpeg-rle raises on damaged runs: no Exception
            raise
        raise JobFailed(Status.FAILED, Reason.REFUSED) from error
    if swallowed.happened:
        raise JobFailed(Status.FAILED, Reason.REFUSED)
    return decoded


def _first_that_works(*attempts: Callable[[], Any]) -> Any:
    """Ask decoders in turn; the first one's refusal counts when none of them accepts."""
    refusal: JobFailed | None = None
    for attempt in attempts:
        try:
            return attempt()
        except JobFailed as failed:
            if failed.reason is Reason.OUT_OF_MEMORY:
                raise
            refusal = refusal or failed
    raise refusal or JobFailed(Status.FAILED, Reason.REFUSED)


def _check(header: CodestreamHeader, job: DecodeJob) -> None:
    """Refuse, before anything is allocated, a codestream that is not what the data set says."""
    sizes = (header.rows, header.columns, header.samples, header.precision)
    if sizes[:3] != (job.rows, job.columns, job.samples_per_pixel):
        raise JobFailed(Status.WRONG_SIZE, sizes=sizes)
    if not 1 <= header.precision <= max(job.bits_allocated, 8):
        raise JobFailed(Status.WRONG_SIZE, Reason.PRECISION, sizes)
    decoded = job.output_bytes
    if decoded > _RATIO_FREE_BYTES and decoded > _HIGHEST_RATIO * len(job.encoded):
        raise JobFailed(Status.FAILED, Reason.TOO_SMALL_FOR_ITS_SIZE)


def _array_in(room: memoryview, job: DecodeJob, header: CodestreamHeader) -> NDArray[Any] | None:
    """The room as the array that a decoder makes of the codestream; None where the result is of another type."""
    size = int(job.dtype[2:])
    if size != (1 if header.precision <= 8 else 2):
        return None
    kind = f"<{'i' if header.is_signed else 'u'}{size}"
    return np.frombuffer(room, kind, count=job.output_bytes // size).reshape(job.shape)


def _says_ybr(job: DecodeJob, header: CodestreamHeader) -> bool:
    """Whether three samples of a JPEG are Y, CB, CR: the codestream's word first, then the data set's."""
    if header.colour:
        return header.colour == "YBR"
    return job.photometric_interpretation.startswith("YBR")


def jpeg(job: DecodeJob, room: memoryview) -> Samples:
    """JPEG with a discrete cosine transform, 8 and 12 bit (processes 1 to 12); colour comes as R, G, B."""
    frame = memoryview(job.encoded)
    header = jpeg_header(frame)
    _check(header, job)
    frame = frame[: end_marker(frame)]
    options: dict[str, str] = {}
    if job.samples_per_pixel == 3:
        options = {"colorspace": "YCBCR" if _says_ybr(job, header) else "RGB", "outcolorspace": "RGB"}
    values = _call(imagecodecs.jpeg8_decode, frame, **options, out=_array_in(room, job, header))
    return Samples(values, header.precision)


def jpeg_lossless(job: DecodeJob, room: memoryview) -> Samples:
    """JPEG lossless (process 14, any selection value): samples as they were coded, colour untouched."""
    frame = memoryview(job.encoded)
    header = jpeg_header(frame)
    _check(header, job)
    frame = frame[: end_marker(frame)]
    options = {"colorspace": "RGB", "outcolorspace": "RGB"} if job.samples_per_pixel == 3 else {}
    values = _first_that_works(
        lambda: _call(imagecodecs.jpeg8_decode, frame, **options, out=_array_in(room, job, header)),
        lambda: _call(imagecodecs.jpegsof3_decode, bytes(frame)),
    )
    return Samples(values, header.precision, is_ybr=job.photometric_interpretation.startswith("YBR"))


def jpeg_ls(job: DecodeJob, room: memoryview) -> Samples:
    """JPEG-LS, lossless and near-lossless; it has no word for signs or colour."""
    frame = memoryview(job.encoded)
    header = jpeg_header(frame)
    _check(header, job)
    out = _array_in(room, job, header) if job.samples_per_pixel == 1 else None  # planes of colour are turned later
    values = _call(imagecodecs.jpegls_decode, frame[: end_marker(frame)], out=out)
    return Samples(values, header.precision, is_ybr=job.photometric_interpretation.startswith("YBR"))


def jpeg2000(job: DecodeJob, room: memoryview) -> Samples:
    """JPEG 2000, lossless and lossy; a component transform is undone by the decoder (PS3.5 A.4.4)."""
    return _jpeg2000(job, room, imagecodecs.jpeg2k_decode)


def high_throughput_jpeg2000(job: DecodeJob, room: memoryview) -> Samples:
    """Lossless HTJ2K by OpenJPH, which is the fastest; the second opinion is OpenJPEG's.

    Lossy frames go to OpenJPEG: imagecodecs 2026.3.6 lets what OpenJPH overshoots wrap round, and white turns black.
    """
    return _jpeg2000(job, room, imagecodecs.htj2k_decode, imagecodecs.jpeg2k_decode)


def _jpeg2000(job: DecodeJob, room: memoryview, *decoders: Callable[..., Any]) -> Samples:
    frame = memoryview(job.encoded)
    header = jpeg2000_header(frame)
    if header.is_extended and job.transfer_syntax_uid in _PART_2:
        raise JobFailed(Status.UNSUPPORTED)
    _check(header, job)
    frame = frame[: end_marker(frame)]
    out = _array_in(room, job, header)
    attempts = [lambda decoder=decoder: _call(decoder, frame, out=out) for decoder in decoders]
    values = _first_that_works(*attempts, lambda: _by_pylibjpeg_openjpeg(frame, header, job))
    is_ybr = job.photometric_interpretation.startswith("YBR_FULL") and not header.transforms_colour
    return Samples(values, header.precision, is_signed=header.is_signed, is_ybr=is_ybr)


def _by_pylibjpeg_openjpeg(frame: memoryview, header: CodestreamHeader, job: DecodeJob) -> NDArray[Any]:
    import openjpeg  # only when the first decoder refused

    raw = _call(openjpeg.decode_pixel_data, bytes(frame), version=2)
    size = 1 if header.precision <= 8 else 2 if header.precision <= 16 else 4
    shape = (job.rows, job.columns, 3)[: 2 if job.samples_per_pixel == 1 else 3]
    return np.frombuffer(raw, f"<{'i' if header.is_signed else 'u'}{size}").reshape(shape)


def jpeg_xl(job: DecodeJob, room: memoryview) -> Samples:
    """JPEG XL (Supplement 232), lossless, recompressed JPEG and lossy; colour comes as R, G, B."""
    if job.output_bytes > _RATIO_FREE_BYTES and job.output_bytes > _HIGHEST_RATIO * len(job.encoded):
        raise JobFailed(Status.FAILED, Reason.TOO_SMALL_FOR_ITS_SIZE)
    size = 1 if job.bits_allocated <= 8 else 2
    shape = (job.rows, job.columns, 3)[: 2 if job.samples_per_pixel == 1 else 3]
    # a picture of any other size does not fit and is refused
    values = np.frombuffer(room, f"u{size}", count=math.prod(shape)).reshape(shape)
    return Samples(_call(imagecodecs.jpegxl_decode, job.encoded, out=values), job.bits_stored)


def run_length(job: DecodeJob, room: memoryview) -> Samples:
    """RLE: byte planes, most significant first, one picture a sample (PS3.5 Annex G)."""
    size = max(1, job.bits_allocated // 8)
    frame = memoryview(job.encoded)
    segments = int.from_bytes(frame[:4], "little") if len(frame) >= 64 else 0
    if segments != size * job.samples_per_pixel:
        raise JobFailed(Status.WRONG_SIZE, sizes=(job.rows, job.columns, segments // size, job.bits_allocated))
    fits = job.samples_per_pixel == 1 and len(room) == _cells_bytes(job)
    raw = _first_that_works(
        lambda: _of_length(_call(imagecodecs.dicomrle_decode, frame, f"<u{size}", out=room if fits else None), job),
        lambda: _of_length(_call(imagecodecs.dicomrle_decode, frame, f"<u{size}"), job),  # runs beyond the last pixel
        lambda: _of_length(_by_pylibjpeg_rle(frame, job), job),
    )
    return _from_planes(np.frombuffer(raw, f"<u{size}"), job)


def _cells_bytes(job: DecodeJob) -> int:
    return (job.rows * job.columns * job.samples_per_pixel * job.bits_allocated + 7) // 8


def _of_length(raw: bytes | memoryview, job: DecodeJob) -> bytes | memoryview:
    if len(raw) < _cells_bytes(job):
        raise JobFailed(Status.FAILED, Reason.CUT_OFF)
    return raw[: _cells_bytes(job)]


def _by_pylibjpeg_rle(frame: memoryview, job: DecodeJob) -> bytes:
    import rle  # only when the first decoder refused

    pixels = job.rows * job.columns
    return bytes(_call(rle.rle.decode_frame, bytes(frame), pixels, job.bits_allocated, "<"))


def deflated_frame(job: DecodeJob, _room: memoryview) -> Samples:
    """Deflated Image Frame Compression: raw cells of one frame, deflated; never inflated beyond their size."""
    stream = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        raw = stream.decompress(job.encoded, _cells_bytes(job) + 1)
    except zlib.error as error:
        raise JobFailed(Status.FAILED, Reason.REFUSED) from error
    return _from_cells(_of_length(raw, job), job)


def uncompressed(job: DecodeJob, _room: memoryview) -> Samples:
    """Encapsulated Uncompressed Explicit VR Little Endian: raw cells of one frame in fragments."""
    return _from_cells(_of_length(bytes(job.encoded), job), job)


def _from_cells(raw: bytes | memoryview, job: DecodeJob) -> Samples:
    values = np.frombuffer(raw, f"<u{max(1, job.bits_allocated // 8)}")
    if job.samples_per_pixel == 1:
        return _from_planes(values, job)
    by_pixel = values.reshape(job.rows, job.columns, 3)
    return Samples(by_pixel, job.bits_stored, is_cell=True, is_ybr=job.photometric_interpretation == "YBR_FULL")


def _from_planes(values: NDArray[Any], job: DecodeJob) -> Samples:
    pixels = job.rows * job.columns
    if job.bits_allocated == 1:
        values = np.unpackbits(values, count=pixels, bitorder="little")
    if job.samples_per_pixel == 1:
        return Samples(values.reshape(job.rows, job.columns), job.bits_stored, is_cell=True)
    by_pixel = values.reshape(3, job.rows, job.columns).transpose(1, 2, 0)
    return Samples(by_pixel, job.bits_stored, is_cell=True, is_ybr=job.photometric_interpretation == "YBR_FULL")


DECODERS: Final[dict[str, Decoder]] = {
    "1.2.840.10008.1.2.1.98": uncompressed,
    "1.2.840.10008.1.2.5": run_length,
    "1.2.840.10008.1.2.4.50": jpeg,
    "1.2.840.10008.1.2.4.51": jpeg,
    "1.2.840.10008.1.2.4.53": jpeg,
    "1.2.840.10008.1.2.4.55": jpeg,
    "1.2.840.10008.1.2.4.57": jpeg_lossless,
    "1.2.840.10008.1.2.4.70": jpeg_lossless,
    "1.2.840.10008.1.2.4.80": jpeg_ls,
    "1.2.840.10008.1.2.4.81": jpeg_ls,
    "1.2.840.10008.1.2.4.90": jpeg2000,
    "1.2.840.10008.1.2.4.91": jpeg2000,
    **dict.fromkeys(_PART_2, jpeg2000),  # where the codestream keeps to part 1
    "1.2.840.10008.1.2.4.110": jpeg_xl,
    "1.2.840.10008.1.2.4.111": jpeg_xl,
    "1.2.840.10008.1.2.4.112": jpeg_xl,
    "1.2.840.10008.1.2.4.201": high_throughput_jpeg2000,
    "1.2.840.10008.1.2.4.202": high_throughput_jpeg2000,
    "1.2.840.10008.1.2.4.203": jpeg2000,  # OpenJPEG reads HTJ2K too
    "1.2.840.10008.1.2.8.1": deflated_frame,
}


LOSSLESS: Final = frozenset({f"1.2.840.10008.1.2.4.{last}" for last in (57, 70, 80, 90, 92, 110, 201, 202)})


def warm_up() -> None:
    """Load the decoders' libraries, which imagecodecs does lazily."""
    for name in ("jpeg8", "jpegsof3", "jpegls", "jpeg2k", "htj2k", "dicomrle"):
        getattr(imagecodecs, f"{name}_decode")
