"""Instances of services that give frames only: metadata and frames of one SOP instance, joined and checked as a file.

Only the address says that the frames are of this instance, so what comes from here is marked *verified by address
only*. One request gives one frame; native frames must have the exact length, codestreams the declared size.
"""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.uid import UID, ExplicitVRLittleEndian

from workstation.archive.intake import Received, check_uids
from workstation.dicom.attributes import JsonAttributes, integer
from workstation.dicom.dataset_attributes import DatasetAttributes
from workstation.dicom.frames import shown_frame
from workstation.dicom.identity import Comparison, Verdict
from workstation.dicom.part10 import read_part10
from workstation.dicom.study import instance_of
from workstation.errors import DicomError, TransferError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from workstation.archive.bodies import FrameBytes
    from workstation.archive.dicomweb import DicomWeb
    from workstation.dicom.frames import Decoder, ShownFrame
    from workstation.dicom.part10 import Part10
    from workstation.dicom.study import Instance
    from workstation.tasks import CancelToken

_LARGE_BYTES: Final = 32 * 1024**2
_PER_FRAME: Final = "52009230"  # Per-Frame Functional Groups Sequence
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


@dataclass(frozen=True, slots=True, eq=False)
class ReceivedFrame:
    """One frame of a multi-frame object, which came before the whole. Verified by its address and its length alone.

    Attributes
    ----------
    asked : Instance
        The listing's entry of the whole object.
    number : int
        Which frame of it, from 1.
    part10 : Part10
        The frame with the metadata of the object, as an object of one frame.
    """

    asked: Instance
    number: int
    part10: Part10

    def shown(self, pool: Decoder) -> ShownFrame:
        """Decode it, under its own number and with the header of the whole."""
        made = shown_frame(self.part10, self.asked, 1, pool)
        frame = replace(made.frame, key=replace(made.frame.key, frame=self.number))
        return replace(made, frame=frame, address_only=True)


def is_large(record: Mapping[str, Any]) -> bool:
    """Whether an object has several frames and takes long to come as a whole: more than 32 MiB unpacked."""
    attributes = JsonAttributes(record)
    frames = integer(attributes, "NumberOfFrames") or 1
    cells = (integer(attributes, "Rows") or 0) * (integer(attributes, "Columns") or 0)
    of_each = (integer(attributes, "SamplesPerPixel") or 1) * (integer(attributes, "BitsAllocated") or 8) / 8
    return frames > 1 and frames * cells * of_each > _LARGE_BYTES


def received_frame(
    web: DicomWeb, asked: Instance, record: Mapping[str, Any], number: int, token: CancelToken
) -> ReceivedFrame:
    """Fetch one frame of a multi-frame object and join it with its metadata.

    Parameters
    ----------
    number : int
        From 1.

    Raises
    ------
    DicomError
        no-such-frame; or the metadata cannot be used.
    TransferError, ConnectionFailed, ServerRefused, Cancelled
        As `received_by_frames`.
    """
    if not 1 <= number <= asked.number_of_frames:
        raise DicomError("no-such-frame", frame=number, frames=asked.number_of_frames)
    study, series = asked.study.study_instance_uid, asked.series.series_instance_uid
    frame = web.frame(study, series, asked.sop_instance_uid, number, token=token)
    part10 = read_part10(_as_file(_of_one_frame(record, number), [frame]))
    check_uids(asked, instance_of(DatasetAttributes(part10.dataset)))
    part10.check_complete()
    return ReceivedFrame(asked, number, part10)


def _of_one_frame(record: Mapping[str, Any], number: int) -> dict[str, Any]:
    """The metadata of an object that has this frame alone (PS3.3 C.7.6.6, C.7.6.16)."""
    whole = dict(record)
    whole["00280008"] = {"vr": "IS", "Value": [1]}
    groups = whole.get(_PER_FRAME, {}).get("Value", [])
    if groups:
        if len(groups) < number:
            raise DicomError("damaged", reason="functional groups")
        whole[_PER_FRAME] = {"vr": "SQ", "Value": [groups[number - 1]]}
    return whole


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
