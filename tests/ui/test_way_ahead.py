"""The way to a source is open before Enter is pressed; nobody else learns what is typed."""

from __future__ import annotations

from tests.phantoms import CT_STUDY


def tunnels(bench):
    return sum(bench.service.proxy.passed.values())


def test_a_link_of_a_source_opens_the_way_to_it_and_asks_for_nothing(bench):
    before = tunnels(bench)
    bench.window.door.enter_text(bench.service.share(CT_STUDY))
    bench.until(lambda: tunnels(bench) > before)
    bench.run(0.2)
    assert tunnels(bench) <= before + 2
    assert not bench.session.films.value


def test_a_link_of_somebody_else_reaches_nobody_before_enter(bench):
    asked = dict(bench.service.proxy.asked)
    bench.window.door.enter_text(f"https://127.0.0.1:9/dicom-web/studies/{CT_STUDY}")
    bench.run(0.4)
    assert dict(bench.service.proxy.asked) == asked
