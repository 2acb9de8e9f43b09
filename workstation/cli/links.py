"""`resolve` and `fetch`: what a link means, and a film's instances as files, without a window."""

from __future__ import annotations

import hashlib
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from workstation.archive.connection import Connection
from workstation.archive.media import list_media
from workstation.cli.words import words
from workstation.errors import Cancelled, LinkError, StationError, WorkstationError
from workstation.film.links import as_json, parse
from workstation.film.opened import OpenedFilm
from workstation.film.resolve import FilmOpening
from workstation.station.audit import Audit
from workstation.station.policy import Policy
from workstation.station.vault import Vault
from workstation.tasks import CancelToken
from workstation.workers.pool import WorkerPool

if TYPE_CHECKING:
    import argparse

    from workstation.dicom.study import Instance
    from workstation.settings import Settings

DONE, PARTLY = 0, 1
_TRIES: Final = 3


def run_resolve(options: argparse.Namespace, settings: Settings) -> int:
    """Print the record of a link as JSON, secrets as ***."""
    print(as_json(parse(options.link, settings.sources)))
    return DONE


def run_fetch(options: argparse.Namespace, settings: Settings) -> int:
    """Write every instance of a film, byte for byte as it is stored at the source."""
    policy, audit, vault = Policy(settings), Audit(), Vault()
    policy.require("export")
    token = CancelToken()
    with WorkerPool(1) as pool:
        connection = Connection(settings, vault.secret, pool.proxy_for)
        try:
            opened = _opened(options, settings, FilmOpening(connection, settings.sources, vault.secret, policy), token)
            failed = _write_all(opened, options.to, settings.screen.language, token)
            for error in opened.listing.unusable:
                print(words(error, settings.screen.language), file=sys.stderr)
        finally:
            connection.close()
    total = len(opened.listing.instances) + len(opened.listing.unusable)
    failed += len(opened.listing.unusable)
    audit.record("export", act="fetch", count=total - failed, expected=total)
    print(f"{total - failed} / {total}", file=sys.stderr)
    return PARTLY if failed else DONE


def _opened(options: argparse.Namespace, settings: Settings, opening: FilmOpening, token: CancelToken) -> OpenedFilm:
    if "://" not in options.source and os.path.exists(options.source):  # noqa: PTH110 - Path.exists raises for long names
        films = list_media(Path(options.source), token, lambda _done, _total: None)
        if len(films) > 1:
            raise LinkError("link-several-studies", count=len(films))
        return OpenedFilm(*films[0])
    reference = parse(options.source, settings.sources)
    opened = opening.open(reference, options.passcode, token, lambda _patient, _study: None)
    if isinstance(opened, tuple):
        raise LinkError("link-several-studies", count=len(opened))
    return opened


def _write_all(opened: OpenedFilm, folder: Path, language: str, token: CancelToken) -> int:
    failed = 0
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StationError("cannot-write", reason=error.strerror or folder.name) from error
    for asked in opened.listing.instances:
        try:
            _write_one(opened, asked, folder, token)
        except Cancelled:
            raise
        except WorkstationError as error:
            failed += 1
            print(words(error, language), file=sys.stderr)
    return failed


def _write_one(opened: OpenedFilm, asked: Instance, folder: Path, token: CancelToken) -> None:
    got = opened.source.obtain(asked, opened.listing.patient, token, lambda _count: None)
    # The name is made by us from the UID's digest: no path is ever built from DICOM text.
    name = hashlib.sha256(asked.sop_instance_uid.encode()).hexdigest()[:32]
    part = folder / f"{name}.part"
    try:
        part.write_bytes(got.data)
        part.replace(folder / f"{name}.dcm")
    except OSError as error:
        raise StationError("cannot-write", reason=error.strerror or folder.name) from error
