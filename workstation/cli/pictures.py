"""`render`: PNG pictures of DICOM files, as P-values, without a window."""

from __future__ import annotations

import sys
from collections import Counter
from typing import TYPE_CHECKING

from workstation.dicom.grayscale import Window
from workstation.errors import LinkError, StationError, WorkstationError
from workstation.rendering.still import render_file, write_png
from workstation.workers.pool import WorkerPool

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from workstation.settings import Settings

DONE, PARTLY = 0, 1


def run_render(options: argparse.Namespace, settings: Settings) -> int:
    """Render each source; one line on stderr for each that could not be rendered, exit code 1 at the end."""
    sources: list[Path] = options.source
    into_folder = len(sources) > 1 or options.out.is_dir() or not options.out.suffix
    language = settings.screen.language
    failed = 0
    with WorkerPool() as pool:
        render = _renderer(options, pool, language)
        names = _names(sources)
        for source, name in zip(sources, names, strict=True):
            target = options.out / name if into_folder else options.out
            try:
                _write(target, render(source))
            except WorkstationError as error:
                failed += 1
                print(f"{source.name}: {_words(error, language)}", file=sys.stderr)
    return PARTLY if failed else DONE


def _names(sources: Sequence[Path]) -> list[str]:
    """A picture's name for each source; files of one name from several folders are numbered, none is lost."""
    seen: Counter[str] = Counter()
    names = []
    for source in sources:
        seen[source.name] += 1
        number = f"-{seen[source.name]}" if seen[source.name] > 1 else ""
        names.append(f"{source.name}{number}.png")
    return names


def _renderer(options: argparse.Namespace, pool: WorkerPool, language: str) -> Callable[[Path], bytes]:
    voi = Window(*options.window) if options.window else None
    if options.annotations:
        from workstation.cli.annotated import annotated_png

        return lambda source: annotated_png(
            _read(source), pool, frame=options.frame, voi=voi, size=options.size, language=language
        )
    return lambda source: write_png(render_file(_read(source), pool, frame=options.frame, voi=voi, size=options.size))


def _read(source: Path) -> bytes:
    try:
        return source.read_bytes()
    except OSError as error:
        raise LinkError("link-file-not-found", file=source.name) from error


def _write(target: Path, picture: bytes) -> None:
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(picture)
    except OSError as error:
        raise StationError("cannot-write", reason=error.strerror or target.name) from error


def _words(error: WorkstationError, language: str) -> str:
    from workstation.cli.words import words

    return words(error, language)
