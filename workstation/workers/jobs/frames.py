"""The frame job: one compressed frame to stored values, or to R, G, B of 8 bit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from workstation.workers.jobs import codecs
from workstation.workers.messages import JobFailed, Reason, Status
from workstation.workers.samples import eight_bit, rgb_from_ybr_full, stored_values

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from workstation.workers.messages import DecodeJob


def decode(job: DecodeJob, output: memoryview) -> int:
    """Decode `job` into `output` and give the number of bytes written.

    Raises
    ------
    JobFailed
        No decoder for the syntax, a decoder refused, or the codestream is not what the job says.
    """
    decoder = codecs.DECODERS.get(job.transfer_syntax_uid)
    if decoder is None:
        raise JobFailed(Status.UNSUPPORTED)
    samples = decoder(job, output)
    expected = (job.rows, job.columns) if job.samples_per_pixel == 1 else (job.rows, job.columns, 3)
    if samples.values.shape != expected:
        raise JobFailed(Status.WRONG_SIZE, sizes=(*samples.values.shape[:2], job.samples_per_pixel, samples.precision))
    values = _grey(samples, job) if job.samples_per_pixel == 1 else _colour(samples, job)
    target = np.frombuffer(output, job.dtype, count=values.size).reshape(values.shape)
    if not _is_same_place(values, target):
        np.copyto(target, values, casting="unsafe")
    return target.nbytes


def _is_same_place(values: NDArray[Any], target: NDArray[Any]) -> bool:
    """Whether the values lie in the target already, bit for bit."""
    ours, theirs = values.__array_interface__, target.__array_interface__
    return bool(ours["data"][0] == theirs["data"][0] and values.dtype.itemsize == target.dtype.itemsize)


def _colour(samples: codecs.Samples, job: DecodeJob) -> NDArray[np.uint8]:
    bits = job.bits_stored if samples.is_cell else samples.precision
    values = eight_bit(samples.values, bits)
    return rgb_from_ybr_full(values) if samples.is_ybr else values


def _grey(samples: codecs.Samples, job: DecodeJob) -> NDArray[np.integer[Any]]:
    """Stored values in the type of the result; the codestream's precision and signs are reconciled with the job's."""
    values = samples.values
    if samples.is_cell:
        return _of_cells(values, job)
    if values.dtype.kind not in "iu":
        raise JobFailed(Status.FAILED, Reason.PRECISION)
    if samples.is_signed != bool(job.pixel_representation) and not _is_plain_jpeg(job):
        # JPEG 2000 whose word on signs is not the data set's, and JPEG-LS, which has none: the bits are right
        values = stored_values(
            values,
            bits_stored=samples.precision,
            high_bit=samples.precision - 1,
            pixel_representation=job.pixel_representation,
            is_ours=values.flags.writeable,
        )
    if _is_plain_jpeg(job) or (job.transfer_syntax_uid in codecs.LOSSLESS and samples.precision > job.bits_stored):
        # whole cells were coded: beside the value may stand what it is not, planes of an overlay as a rule
        wide = values.astype(f"<u{max(values.dtype.itemsize, int(job.dtype[2:]))}", copy=False)
        return _of_cells(wide, job)
    return _within_bits_stored(values, job)


def _is_plain_jpeg(job: DecodeJob) -> bool:
    return codecs.DECODERS[job.transfer_syntax_uid] in (codecs.jpeg, codecs.jpeg_lossless)


def _of_cells(cells: NDArray[Any], job: DecodeJob) -> NDArray[np.integer[Any]]:
    if job.bits_allocated == 1:
        return cells
    return stored_values(
        cells,
        bits_stored=job.bits_stored,
        high_bit=job.high_bit,
        pixel_representation=job.pixel_representation,
        is_ours=cells.flags.writeable,
    )


def _within_bits_stored(values: NDArray[Any], job: DecodeJob) -> NDArray[np.integer[Any]]:
    """Lossy wavelets overshoot: hold values to what BitsStored allows instead of letting them wrap round."""
    top = (1 << (job.bits_stored - job.pixel_representation)) - 1
    bottom = -top - 1 if job.pixel_representation else 0
    info = np.iinfo(values.dtype)
    if info.min >= bottom and info.max <= top:
        return values
    room = values if values.flags.writeable else None
    typed = values.dtype.type  # six times as fast as Python's numbers
    held: NDArray[np.integer[Any]] = np.clip(values, typed(max(bottom, info.min)), typed(min(top, info.max)), out=room)
    return held
