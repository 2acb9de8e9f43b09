"""Instances of services that give frames only: metadata and frames of one SOP instance, joined and checked as a file.

Only the address says that the frames are of this instance, so what comes from here is marked *verified by address
only*. One request gives one frame; native frames must have the exact length, codestreams the declared size.
"""

from __future__ import annotations

import io
import warnings
from typing import TYPE_CHECKING, Any, Final

from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.uid import UID, ExplicitVRLittleEndian

from workstation.archive.intake import Received, check_uids
from workstation.dicom.dataset_attributes import DatasetAttributes
from workstation.dicom.identity import Comparison, Verdict
from workstation.dicom.part10 import read_part10
from workstation.dicom.study import instance_of
from workstation.errors import DicomError, TransferError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from workstation.archive.bodies import FrameBytes
    from workstation.archive.dicomweb import DicomWeb
    from workstation.dicom.study import Instance
    from workstation.tasks import CancelToken

# PS3.18 table 8.7.3-2: the transfer syntax of a media type that comes without one
_SYNTAXES: Final = {
    "application/octet-stream": ExplicitVRLittleEndian,
    "image/jpeg": "1.2.840.10008.1.2.4.50",
    "image/jls": "1.2.840.10008.1.2.4.80",
    "image/jp2": "1.2.840.10008.1.2.4.90",
    "image/jpx": "1.2.840.10008.1.2.4.92",
    "image/x-dicom-rle": "1.2.840.10008.1.2.5",
    "image/dicom-rle": "1.2.840.10008.1.2.5",
}


def received_by_frames(
    web: DicomWeb,
    asked: Instance,
    record: Mapping[str, Any],
    token: CancelToken,
    received: Callable[[int], None],
) -> Received:
    """Fetch an instance's frames and join them with its metadata.

    Raises
    ------
    TransferError
        wrong-length: a native frame is not as long as its metadata says; not-dicom-answer: no transfer syntax.
    DicomError
        The metadata cannot be used.
    ConnectionFailed, ServerRefused, Cancelled
        As `DicomWeb.frame`.
    """
    frames = []
    for number in range(1, asked.number_of_frames + 1):
        token.raise_if_cancelled()
        frame = web.frame(
            asked.study.study_instance_uid,
            asked.series.series_instance_uid,
            asked.sop_instance_uid,
            number,
            token=token,
        )
        received(len(frame.data))
        frames.append(frame)
    data = _as_file(record, frames)
    part10 = read_part10(data)
    instance = instance_of(DatasetAttributes(part10.dataset))
    check_uids(asked, instance)
    part10.check_complete()
    return Received(instance, part10, data, Comparison(Verdict.SAME), address_only=True)


def _as_file(record: Mapping[str, Any], frames: list[FrameBytes]) -> bytes:
    syntax = _syntax(frames)
    dataset = _dataset(record)
    if syntax == ExplicitVRLittleEndian:
        _check_lengths(dataset, frames)
        dataset.PixelData = b"".join(frame.data for frame in frames)
    else:
        dataset.PixelData = encapsulate([frame.data for frame in frames])
        dataset["PixelData"].VR = "OB"
    meta = FileMetaDataset()
    meta.TransferSyntaxUID = UID(syntax)
    meta.MediaStorageSOPClassUID = dataset.get("SOPClassUID", "")
    meta.MediaStorageSOPInstanceUID = dataset.get("SOPInstanceUID", "")
    dataset.file_meta = meta
    written = io.BytesIO()
    try:
        dataset.save_as(written, enforce_file_format=True)
    except (ValueError, TypeError, AttributeError, OSError, KeyError) as error:
        raise DicomError("damaged", reason=type(error).__name__) from None
    return written.getvalue()


def _dataset(record: Mapping[str, Any]) -> Dataset:
    useful = {tag: element for tag, element in record.items() if "BulkDataURI" not in element and tag[:4] != "0002"}
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return Dataset.from_json(useful)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise DicomError("damaged", reason=type(error).__name__) from None


def _syntax(frames: list[FrameBytes]) -> str:
    said = {frame.transfer_syntax_uid or _SYNTAXES.get(frame.media_type, "") for frame in frames}
    if len(said) != 1 or "" in said:
        raise TransferError("not-dicom-answer", content_type=frames[0].media_type[:80])
    return said.pop()


def _check_lengths(dataset: Dataset, frames: list[FrameBytes]) -> None:
    bits = dataset.Rows * dataset.Columns * dataset.get("SamplesPerPixel", 1) * dataset.BitsAllocated
    expected = (bits + 7) // 8
    for frame in frames:
        if len(frame.data) not in (expected, expected + expected % 2):
            raise TransferError("wrong-length", received=len(frame.data), expected=expected)
