"""`StudySearch`: asks one service for the studies that fit a query, and mistrusts its answers.

Services differ in what they search: some ignore a key, some do not undo percent signs, some cannot search Chinese, none
knows the pinyin of a Chinese name. So a name is asked for twice: narrowly, with the name (what the service finds comes
at once), and widely, by dates and modality alone; the local filter decides on every row. What was found out about a
service is remembered for the session.

References
----------
PS3.18 8.3.4 (limit, offset, fuzzy matching), 10.6 (search), PS3.4 C.2.2.2.4 (wild cards).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from workstation.archive.cloud import IDENTITY_FIELDS
from workstation.dicom.attributes import JsonAttributes, integer, text
from workstation.dicom.name_search import NameWords, is_han
from workstation.dicom.study_search import MOST_ROWS, Filter, FoundStudy, found_study
from workstation.errors import ServerRefused, TransferError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from workstation.archive.dicomweb import DicomWeb, Records
    from workstation.dicom.study_search import StudyQuery
    from workstation.reference import Source
    from workstation.tasks import CancelToken

PAGE: Final = 200  # rows a request: the first ones are on the screen while the others come
_SURELY_SHORT: Final = 25  # rows: no service gives pages as small as this by itself
_NOT_UNDERSTOOD: Final = frozenset({400, 404, 406, 414, 422, 500, 501})
_SAMPLE_DAYS: Final = 30
_SAMPLE_ROWS: Final = 20
_FIELDS: Final = [("includefield", name) for name in IDENTITY_FIELDS]
_NO_PICTURES: Final = frozenset({"SR", "PR", "KO", "DOC", "REG", "SEG", "RTSTRUCT", "RTPLAN", "AU", "ECG"})
_NAME_BREAKS: Final = re.compile(r"[\s^=,，、·'’*?\\]+")

Pairs = list[tuple[str, str]]


@dataclass(slots=True)
class Findings:
    """What a service was found to do; None: not known yet.

    Attributes
    ----------
    decodes_escapes : bool or None
        It undoes percent signs in a query (RFC 3986 2.4).
    searches_chinese : bool or None
        It finds names by Chinese characters.
    heeds_names : bool
        It does not simply give everything when a name is asked for.
    matches_fuzzily : bool
        It takes the parameter fuzzymatching.
    gives_thumbnails, renders : bool
        It draws a small picture of a study; of an instance.
    """

    decodes_escapes: bool | None = None
    searches_chinese: bool | None = None
    heeds_names: bool = True
    matches_fuzzily: bool = True
    gives_thumbnails: bool = True
    renders: bool = True


@dataclass(frozen=True, slots=True)
class Searched:
    """How a search of one source ended.

    Attributes
    ----------
    is_capped : bool
        The service has more than was asked for: some that fit may be missing.
    is_unsure : bool
        Only the service itself looked for the words, and it may not find all that fit; a period would help.
    """

    is_capped: bool = False
    is_unsure: bool = False


@dataclass(slots=True)
class _Asked:
    """What came of one question."""

    rows: int = 0
    fitting: int = 0
    is_capped: bool = False


class StudySearch:
    """One search at one service. Runs on a background thread.

    Parameters
    ----------
    web : DicomWeb
        The service, with its sign-in.
    source : Source
        What IT calls it.
    findings : Findings
        What is known of it; added to.
    told : callable
        ``told(studies)`` gets those that fit, as they come; each study once.
    """

    def __init__(
        self, web: DicomWeb, source: Source, findings: Findings, told: Callable[[tuple[FoundStudy, ...]], None]
    ) -> None:
        self._web = web
        self._source = source
        self._findings = findings
        if findings.decodes_escapes is None:
            findings.decodes_escapes = web.abilities.decodes_escapes  # found out by another search
        self._told = told
        self._listed: dict[str, FoundStudy] = {}
        self._sample: FoundStudy | None = None  # any study there is, to find out what the service understands
        self._chinese_sample: FoundStudy | None = None

    def run(self, query: StudyQuery, token: CancelToken) -> Searched:
        """Ask until there is nothing new, or `MOST_ROWS` were seen.

        Raises
        ------
        ConnectionFailed, ServerRefused, TransferError, Cancelled
            As `DicomWeb`.
        """
        if not query.is_bounded:
            message = "an unbounded query is never sent"
            raise ValueError(message)
        if query.number or query.patient_id or query.accession_number:
            return self._by_number(query, token)
        if query.name:
            return self._by_name(query, token)
        return Searched(is_capped=self._ask(query, [], token).is_capped)

    # Numbers ---------------------------------------------------------------

    def _by_number(self, query: StudyQuery, token: CancelToken) -> Searched:
        wanted = [("PatientID", query.patient_id or query.number),
                  ("AccessionNumber", query.accession_number or query.number)]  # fmt: skip
        wanted = [(keyword, value) for keyword, value in wanted if value]
        is_plain = all(quote(value, safe="*^,-=\\") == value for _, value in wanted)
        either = [[pair] for pair in wanted] if query.number else [wanted]
        asked = _Asked()
        if is_plain or self._findings.decodes_escapes is not False:
            asked = self._ask_each(query, either, token)
        if asked.fitting or is_plain:
            return Searched(is_capped=asked.is_capped)
        if query.is_dated:
            return Searched(is_capped=self._ask(query, [], token).is_capped)
        return Searched(is_capped=asked.is_capped, is_unsure=not self._decodes_escapes(token))

    # Names ---------------------------------------------------------------

    def _by_name(self, query: StudyQuery, token: CancelToken) -> Searched:
        is_chinese = NameWords.of(query.name).is_chinese
        narrow = self._ask_for_name(query, token, is_chinese=is_chinese)
        if not query.is_dated:
            is_sure = is_chinese and (bool(narrow and narrow.fitting) or self._searches_chinese(token))
            return Searched(is_capped=bool(narrow and narrow.is_capped), is_unsure=not is_sure)
        wide = self._ask(query, [], token)
        if is_chinese and narrow is not None and not narrow.fitting and wide.fitting:
            self._searches_chinese(token)  # for the next time
        is_covered = is_chinese and self._findings.searches_chinese is True
        return Searched(is_capped=wide.is_capped and not is_covered)

    def _ask_for_name(self, query: StudyQuery, token: CancelToken, *, is_chinese: bool) -> _Asked | None:
        """Ask the service for the name itself; None: it cannot be asked that."""
        findings = self._findings
        if not findings.heeds_names and query.is_dated:
            return None
        if is_chinese and (findings.searches_chinese is False or findings.decodes_escapes is False):
            return None
        questions = [[("PatientName", pattern)] for pattern in name_patterns(query.name)]
        if not is_chinese and findings.matches_fuzzily:
            questions = [[*question, ("fuzzymatching", "true")] for question in questions]
        try:
            asked = self._ask_each(query, questions, token, once=True)
        except ServerRefused as refusal:
            if refusal.status not in _NOT_UNDERSTOOD:
                raise
            return self._on_name_refused(query, token, is_chinese=is_chinese)
        if asked.rows > 2 * asked.fitting:
            findings.heeds_names = False
        elif is_chinese and asked.fitting:
            findings.searches_chinese = True
        return asked

    def _on_name_refused(self, query: StudyQuery, token: CancelToken, *, is_chinese: bool) -> _Asked | None:
        if is_chinese:
            self._findings.searches_chinese = False
        elif self._findings.matches_fuzzily:
            self._findings.matches_fuzzily = False
            return self._ask_for_name(query, token, is_chinese=False)
        elif not query.is_dated:
            raise ServerRefused("bad-request", host=self._source.name, status=400)
        return None

    # Asking ---------------------------------------------------------------

    def _ask_each(
        self, query: StudyQuery, questions: Sequence[Pairs], token: CancelToken, *, once: bool = False
    ) -> _Asked:
        whole = _Asked()
        for question in questions:
            asked = self._ask(query, question, token, once=once)
            whole.rows += asked.rows
            whole.fitting += asked.fitting
            whole.is_capped |= asked.is_capped
        return whole

    def _ask(self, query: StudyQuery, pairs: Pairs, token: CancelToken, *, once: bool = False) -> _Asked:
        """Ask one question, for each modality by itself; a query key takes one (PS3.4 C.2.2.2)."""
        asked = _Asked()
        dated: Pairs = [("StudyDate", f"{query.from_date}-{query.to_date}")] if query.from_date or query.to_date else []
        ways = [[("ModalitiesInStudy", modality)] for modality in query.modalities] or [[]]
        for way in ways:
            for page in self._pages([*pairs, *dated, *way, *_FIELDS], asked, token, once=once):
                self._take(page, query, asked)
        return asked

    def _pages(self, pairs: Pairs, asked: _Asked, token: CancelToken, *, once: bool) -> Iterator[list[FoundStudy]]:
        """Pages until there is nothing new: a service may ignore limit or offset, or say how much it holds back."""
        offset, seen = 0, {""}
        while True:
            page = self._web.study_page(pairs, PAGE, offset, token=token, once=once)
            offset += len(page)
            has_more = self._has_more(page)
            read = {one.study.study_instance_uid: one for one in map(self._read, page)}
            new = [one for uid, one in read.items() if uid not in seen]
            seen |= set(read)
            asked.rows += len(new)
            yield new
            if not new or (len(page) < _SURELY_SHORT and not has_more):
                return
            if offset >= MOST_ROWS:
                asked.is_capped = True
                return

    def _read(self, record: dict[str, object]) -> FoundStudy:
        return found_study(JsonAttributes(record), self._source.name, self._source.issuer)

    def _has_more(self, page: Records) -> bool:
        """Whether the service says that it holds some back; another warning says that it matches no names fuzzily."""
        if "fuzzymatching" in page.warning:
            self._findings.matches_fuzzily = False
            return "additional" in page.warning
        return not page.is_whole

    def _take(self, page: list[FoundStudy], query: StudyQuery, asked: _Asked) -> None:
        sieve = Filter(query)
        self._remember_sample(page)
        fitting = [one for one in page if sieve.fits(one)]
        asked.fitting += len(fitting)
        new = [one for one in fitting if one.study.study_instance_uid not in self._listed]
        self._listed |= {one.study.study_instance_uid: one for one in new}
        if new:
            self._told(tuple(new))

    # Finding out what the service understands ---------------------------------------------------------------

    def _remember_sample(self, page: list[FoundStudy]) -> None:
        self._sample = self._sample or next(iter(page), None)
        if self._chinese_sample is None:
            self._chinese_sample = next((one for one in page if _chinese_of(one)), None)

    def _fetch_sample(self, token: CancelToken) -> None:
        """Some studies of the last days, asked for in plain words."""
        since = date.today() - timedelta(days=_SAMPLE_DAYS)
        pairs = [("StudyDate", f"{since:%Y%m%d}-"), *_FIELDS]
        page = self._web.study_page(pairs, _SAMPLE_ROWS, 0, token=token)
        self._remember_sample([self._read(record) for record in page[:_SAMPLE_ROWS]])

    def _searches_chinese(self, token: CancelToken) -> bool:
        """Ask for a study that is known to be there, by its UID and its own Chinese name."""
        findings = self._findings
        if findings.searches_chinese is None:
            if self._chinese_sample is None:
                self._fetch_sample(token)
            if self._chinese_sample is not None:
                pattern = name_patterns(_chinese_of(self._chinese_sample))[0]
                findings.searches_chinese = self._is_found(self._chinese_sample, [("PatientName", pattern)], token)
        return bool(findings.searches_chinese)

    def _decodes_escapes(self, token: CancelToken) -> bool:
        """Ask for a study that is known to be there with one digit of its UID written as a percent sign and a code."""
        findings = self._findings
        if findings.decodes_escapes is None:
            if self._sample is None:
                self._fetch_sample(token)
            if self._sample is not None:
                findings.decodes_escapes = self._is_found(self._sample, [], token, is_escaped=True)
                self._web.abilities.decodes_escapes = findings.decodes_escapes
        return bool(findings.decodes_escapes)

    def _is_found(self, sample: FoundStudy, pairs: Pairs, token: CancelToken, *, is_escaped: bool = False) -> bool:
        uid = sample.study.study_instance_uid
        try:
            page = self._web.study_page(
                [("StudyInstanceUID", uid), *pairs], 1, 0, token=token, once=True, escaped=is_escaped
            )
        except (ServerRefused, TransferError):
            return False
        return any(text(JsonAttributes(record), "StudyInstanceUID") == uid for record in page)


def name_patterns(typed: str) -> tuple[str, ...]:
    """What to ask a service for: the words in the typed order and, of two, the other way round.

    Between Chinese characters anything may stand: nobody types where the surname ends.
    """
    words = [word for word in _NAME_BREAKS.split(typed.strip()) if word]
    orders = [words, words[::-1]] if len(words) == 2 else [words]
    spread = [["*".join(word) if is_han(word) else word for word in order] for order in orders]
    return tuple("*" + "*".join(order) + "*" for order in spread)


def _chinese_of(found: FoundStudy) -> str:
    """The part of a name that is written in Chinese."""
    name = found.patient.name
    return next((group for group in (name.ideographic, name.alphabetic) if is_han(group)), "")


def study_picture(web: DicomWeb, findings: Findings, study_uid: str, side: int, token: CancelToken) -> bytes | None:
    """A small picture (JPEG or PNG) for a list, drawn by the service; None where it draws none.

    Made for looks: never measured, never shown in a viewport.
    """
    size = (side, side)
    if findings.gives_thumbnails:
        try:
            return web.study_thumbnail(study_uid, size, token=token)
        except (ServerRefused, TransferError) as error:
            if isinstance(error, ServerRefused) and error.status in {401, 403, 429, 503}:
                return None
            findings.gives_thumbnails = False  # it has none of studies: an instance may do
    if not findings.renders:
        return None
    return _instance_picture(web, findings, study_uid, size, token)


def _instance_picture(
    web: DicomWeb, findings: Findings, study_uid: str, size: tuple[int, int], token: CancelToken
) -> bytes | None:
    """The middle image of the first series that has any."""
    try:
        series = [JsonAttributes(one) for one in web.series(study_uid, token=token)]
        images = [one for one in series if text(one, "Modality").upper() not in _NO_PICTURES]
        if not images:
            return None
        uid = text(images[0], "SeriesInstanceUID")
        count = integer(images[0], "NumberOfSeriesRelatedInstances") or 1
        sops = web.instance_uids(study_uid, uid, 1, count // 2, token=token)
        return web.rendered(study_uid, uid, sops[0], size, token=token) if sops else None
    except (ServerRefused, TransferError) as error:
        if isinstance(error, ServerRefused) and error.status == 501:
            findings.renders = False
        return None
