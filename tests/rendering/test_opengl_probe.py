"""Whether 3D can be drawn: found out in a child process, with Mesa as the second try where the package carries it."""

from __future__ import annotations

import pytest

from workstation.rendering import opengl_probe, software_opengl
from workstation.rendering.opengl_probe import OpenGL, probe_in_child

BROKEN = OpenGL(False, reason="the driver crashed")
SOFTWARE = OpenGL(True, renderer="llvmpipe (LLVM 21.1, 256 bits)")


def machine(monkeypatch, own, mesa):
    """A machine whose own driver and whose Mesa answer so; gives the tries in their order."""
    tries = []

    def probed(_deadline_s, *, with_mesa):
        tries.append("mesa" if with_mesa else "own")
        return mesa if with_mesa else own

    monkeypatch.setattr(opengl_probe, "_probed", probed)
    monkeypatch.setattr(software_opengl, "is_there", lambda: mesa is not None)
    return tries


def test_this_machine_draws_a_lit_cube():
    found = probe_in_child()
    assert found.works, found.reason
    assert found.renderer
    assert not found.is_mesa


def test_a_driver_that_works_is_used_and_mesa_is_not_tried(monkeypatch):
    tries = machine(monkeypatch, OpenGL(True, renderer="NVIDIA T400"), SOFTWARE)
    assert (probe_in_child().renderer, tries) == ("NVIDIA T400", ["own"])


def test_mesa_takes_the_place_of_a_driver_that_fails(monkeypatch):
    tries = machine(monkeypatch, BROKEN, SOFTWARE)
    found = probe_in_child()
    assert tries == ["own", "mesa"]
    assert (found.works, found.is_mesa, found.is_software) == (True, True, True)


@pytest.mark.parametrize("mesa", [None, OpenGL(False, reason="no such library")])
def test_where_mesa_does_not_help_the_drivers_own_fault_is_told(monkeypatch, mesa):
    machine(monkeypatch, BROKEN, mesa)
    assert probe_in_child() == BROKEN


def test_mesa_is_looked_for_in_its_own_folder_beside_the_program(tmp_path):
    (tmp_path / "opengl32.dll").write_bytes(b"MZ")  # on the search path it would take the place of every driver
    assert software_opengl.library(tmp_path) is None
    (tmp_path / "mesa").mkdir()
    (tmp_path / "mesa" / "opengl32.dll").write_bytes(b"MZ")
    assert software_opengl.library(tmp_path) == tmp_path / "mesa" / "opengl32.dll"
