"""`Forgetting`: by hand, destroys kept films, or everything of a patient; asks first where something was measured."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from workstation.tasks import Priority
from workstation.ui.bars import person_words
from workstation.ui.forgetting import Fate
from workstation.ui.language import tr

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from workstation.app.house import House
    from workstation.app.leases import KeptFilm
    from workstation.ui.forgetting import ForgetBar
    from workstation.viewing.session import ReadingSession

Names = frozenset[tuple[str, str]]  # of journals: patient ID and study


class Forgetting:
    """What one window's user forgets.

    Parameters
    ----------
    house : House
        The program around it.
    session : ReadingSession
        Whose patient may be forgotten.
    bar : ForgetBar
        Asks.
    """

    def __init__(self, house: House, session: ReadingSession, bar: ForgetBar) -> None:
        self._house, self._session, self._bar = house, session, bar
        self._act: Callable[[Fate], None] | None = None
        bar.answered.connect(self._on_answered)

    def films(self, films: tuple[KeptFilm, ...], told: Callable[[], None]) -> None:
        """Destroy kept films; where something was measured on them, ask what becomes of that.

        Parameters
        ----------
        told : callable
            Hears when they are gone.
        """
        names = _names(films)

        def counted(measured: int) -> None:
            act = partial(self._forget, "film", films, names, told)
            if not measured:
                act(Fate.FILMS)
                return
            self._ask(act, lambda: _question(len(films), measured), measured)

        self._house.keeping.count(names, counted)

    def patient(self, told: Callable[[], None]) -> None:
        """Ask whether everything of the patient on the screen shall go: kept films, memory, by choice measurements.

        Parameters
        ----------
        told : callable
            Hears when they are gone.
        """
        patient, hanging = self._session.patient, self._session.films.value
        if patient is None:
            return
        studies = frozenset(film.instances[0].study.study_instance_uid for film in hanging)

        def found(films: tuple[KeptFilm, ...]) -> None:
            names = _names(films) | {(patient.patient_id, study) for study in studies}
            self._house.keeping.count(names, partial(counted, films, names))

        def counted(films: tuple[KeptFilm, ...], names: Names, measured: int) -> None:
            if self._session.films.value != hanging:
                return  # another patient is on the screen by now
            measured = max(measured, len(self._session.markings.items.value))
            act = partial(self._forget, "patient", films, names, told)
            self._ask(act, lambda: self._patient_question(len(films), measured), measured)

        shelving = self._house.station.shelving
        self._house.tasks.submit(
            lambda _token: _of_patient(shelving.kept(), patient.patient_id, studies),
            priority=Priority.SHOWN,
            done=found,
        )

    def _patient_question(self, films: int, measured: int) -> str:
        patient = self._session.patient
        who = person_words(patient, "", chinese=self._house.language.code == "zh") if patient is not None else ""
        return tr("Forget this patient now: {who}? What is open is closed.", who=who) + " " + _question(films, measured)

    def _ask(self, act: Callable[[Fate], None], words: Callable[[], str], measured: int) -> None:
        self._act = act
        self._bar.ask(words, has_measurements=measured > 0)

    def _on_answered(self, fate: Fate) -> None:
        act, self._act = self._act, None
        if act is not None and fate is not Fate.NOTHING:
            act(fate)

    def dismiss(self) -> None:
        """The film is closed: what was asked of it is not asked any more."""
        self._act = None
        self._bar.dismiss()

    def _forget(
        self, what: str, films: tuple[KeptFilm, ...], names: Names, told: Callable[[], None], fate: Fate
    ) -> None:
        is_all = fate is Fate.ALL
        if what == "patient" or is_all:
            self._close(names)  # what is on a screen would be written again
        if is_all:
            self._house.keeping.destroy(names)
        outcome = "all" if is_all else "films"
        self._house.station.record("forget", act=what, count=len(films), outcome=outcome)
        shelving = self._house.station.shelving

        def work(_token: object) -> None:
            for film in films:
                shelving.forget(film)

        self._house.tasks.submit(work, priority=Priority.SHOWN, done=lambda _: told())

    def _close(self, names: Names) -> None:
        """Close every window that shows one of the studies."""
        for desk in tuple(self._house.desks):
            patient = desk.session.patient
            shown = {film.instances[0].study.study_instance_uid for film in desk.session.films.value}
            if patient is not None and any((patient.patient_id, study) in names for study in shown):
                desk.close_film()


def _names(films: Iterable[KeptFilm]) -> Names:
    return frozenset((film.about.patient, film.about.study) for film in films)


def _of_patient(kept: tuple[KeptFilm, ...], patient_id: str, studies: frozenset[str]) -> tuple[KeptFilm, ...]:
    """The kept films of a patient: the studies on the screen, and those of the same number by the same issuer."""
    shown = tuple(film for film in kept if film.about.study in studies and film.about.patient == patient_id)
    issuers = {film.about.issuer for film in shown}
    of_number = (film for film in kept if patient_id and film.about.patient == patient_id)
    return tuple(dict.fromkeys((*shown, *(film for film in of_number if film.about.issuer in issuers))))


def _question(films: int, measured: int) -> str:
    if not measured:
        return tr("Kept films that are deleted: {count}.", count=films)
    return tr("Kept films that are deleted: {count}. Measurements on them: {measured}.", count=films, measured=measured)
