"""`SeriesStream`: a series in one answer of many parts, for services that give no single instances.

Whoever waits for an instance reads on, until it is there; the others wait for what he reads. What comes and nobody
has asked for yet is held. When the line is cut what came stays, and the answer is asked for again.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import TYPE_CHECKING, Final

from workstation.archive.bodies import INSTANCE_LIMIT_BYTES, counted, not_dicom
from workstation.archive.multipart import MultipartParser, PartBegan, PartData, PartEnded, boundary_of, media_type
from workstation.archive.part10 import is_part10, media_storage_sop_instance_uid
from workstation.errors import ServerRefused, TransferError
from workstation.tasks import CancelToken

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from workstation.archive.answer import Answer
    from workstation.archive.dicomweb import DicomWeb

_HELD_BYTES: Final = 1 << 30  # of what nobody has asked for; what came first is let go
_LOOK_S: Final = 0.05


class SeriesStream:
    """One series of one service. Called from several background threads.

    The answer outlives who reads it: a token that is called off ends the waiting, and another one reads on.

    Parameters
    ----------
    web : DicomWeb
        The service.
    study, series : str
        Which series.
    """

    def __init__(self, web: DicomWeb, study: str, series: str, held_bytes: int = _HELD_BYTES) -> None:
        self._web, self._study, self._series = web, study, series
        self._most = held_bytes
        self._turn = threading.Condition()
        self._is_read = False  # by some thread
        self._held: OrderedDict[str, bytes] = OrderedDict()
        self._named: set[str] = set()  # SOP Instance UIDs that ever came
        self._taken: set[str] = set()
        self._answer: Answer | None = None
        self._parts: Iterator[bytes] = iter(())
        self._token = CancelToken()  # of the answer
        self._is_over = False  # the answer came to its proper end

    def take(self, sop_instance_uid: str, token: CancelToken, received: Callable[[int], None]) -> bytes:
        """Give one instance as a DICOM file; once.

        Raises
        ------
        ServerRefused
            not-found: the whole series came and it is not in it; or as the service refuses the series.
        TransferError, ConnectionFailed, Cancelled
            As `DicomWeb.instance`.
        """
        while True:
            with self._turn:
                while self._is_read and sop_instance_uid not in self._held:
                    token.raise_if_cancelled()
                    self._turn.wait(_LOOK_S)
                if sop_instance_uid in self._held:
                    self._taken.add(sop_instance_uid)
                    return self._held.pop(sop_instance_uid)
                if self._is_over and sop_instance_uid not in self._named:
                    raise self._not_in_it()
                self._is_read = True
            try:
                self._read_until(sop_instance_uid, token, received)
            finally:
                with self._turn:
                    self._is_read = False
                    self._turn.notify_all()

    def close(self) -> None:
        """Let go of the answer and of what is held."""
        self._token.cancel()
        with self._turn:
            self._held.clear()
            if not self._is_read and self._answer is not None:
                self._answer.close()
                self._answer = None

    def _not_in_it(self) -> ServerRefused:
        refusal = ServerRefused("not-found", host="")
        refusal.status = 404
        return refusal

    def _read_until(self, wanted: str, token: CancelToken, received: Callable[[int], None]) -> None:
        """Read on until the wanted part is held, or there are no more."""
        patience, named = self._web.service.patience(), len(self._named)
        while True:
            token.raise_if_cancelled()
            try:
                self._read_parts(wanted, token, received)
            except TransferError as error:
                self._end()
                if len(self._named) > named:  # the line carries something
                    patience, named = self._web.service.patience(), len(self._named)
                if not self._web.service.line_failed(error, patience, self._token):
                    raise
            except BaseException:
                if not token.is_cancelled or self._token.is_cancelled:  # else another one reads on
                    self._end()
                raise
            else:
                return

    def _read_parts(self, wanted: str, token: CancelToken, received: Callable[[int], None]) -> None:
        if self._answer is None:
            self._begin(received)
        for part in self._parts:
            if self._hold(part, wanted) == wanted:
                return
            token.raise_if_cancelled()
        self._end()
        self._is_over = True

    def _begin(self, received: Callable[[int], None]) -> None:
        patience = self._web.service.patience()
        self._answer = self._web.series_instances(self._study, self._series, token=self._token, patience=patience)
        self._parts = _files_in(self._answer, received)
        self._is_over = False

    def _end(self) -> None:
        if self._answer is not None:
            self._answer.close()
        self._answer, self._parts = None, iter(())

    def _hold(self, part: bytes, wanted: str) -> str:
        name = media_storage_sop_instance_uid(part) if is_part10(part) else ""
        if name == wanted or (name and name not in self._taken):
            with self._turn:
                self._named.add(name)
                self._held[name] = part
                while sum(map(len, self._held.values())) > self._most and len(self._held) > 1:
                    self._held.popitem(last=False)
                self._turn.notify_all()
        return name


def _files_in(answer: Answer, received: Callable[[int], None]) -> Iterator[bytes]:
    """The parts of an answer, each as soon as it is whole."""
    if media_type(answer.content_type).name != "multipart/related":
        raise not_dicom(answer)
    parser = MultipartParser(boundary_of(answer.content_type), part_limit=INSTANCE_LIMIT_BYTES)
    body = bytearray()
    for chunk in counted(answer.chunks(), received):
        for event in parser.feed(chunk):
            if isinstance(event, PartBegan):
                body = bytearray()
            elif isinstance(event, PartData):
                body += event.data
            elif isinstance(event, PartEnded):
                yield bytes(body)
    parser.finish()
