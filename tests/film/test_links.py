"""Every way of naming a film, and what each wrong one says."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workstation.errors import LinkError
from workstation.film.links import as_json, parse, understand
from workstation.reference import Source

CLOUD = Source("省影像云", "https://cloud.example/dicom-web", ("share.example", "cloud.example"), issuer="PROV")
PACS = Source("院内", "https://pacs.hospital:8443/dw")
BOTH = (CLOUD, PACS)
UID = "1.2.840.113619.2.55.3.1"
TOKEN = "eyJhbGciOi.J9-secret_token"


@pytest.mark.parametrize(
    ("text", "kind", "root", "token"),
    [
        (f"https://a.example/dw/studies/{UID}", "dicomweb", "https://a.example/dw", ""),
        (f"  https://a.example/dw/studies/{UID}\n", "dicomweb", "https://a.example/dw", ""),
        (f"https://a.example:8443/dw/studies/{UID}?token={TOKEN}", "dicomweb", "https://a.example:8443/dw", TOKEN),
        (f"https://a.example/dw/studies/{UID}?Access_Token={TOKEN}", "dicomweb", "https://a.example/dw", TOKEN),
        (f"https://a.example/dw/studies/{UID}#token={TOKEN}", "dicomweb", "https://a.example/dw", TOKEN),
        (
            f"https://a.example/dw/studies/{UID}\nAuthorization: Bearer {TOKEN}",
            "dicomweb",
            "https://a.example/dw",
            TOKEN,
        ),
        (f"https://a.example/api/link/{TOKEN}/studies/{UID}", "dicomweb", "https://a.example/api/link/{token}", TOKEN),
        (f"https://user:pw@a.example/dw/studies/{UID}", "dicomweb", "https://a.example/dw", ""),
        (f"https://a.example/studies/{UID}/series/1.2.3.4/instances/1.2.3.5", "dicomweb", "https://a.example", ""),
        (f"https://share.example/viewer?StudyInstanceUIDs={UID}&token={TOKEN}", "ohif", CLOUD.root, TOKEN),
        (f"https://share.example/viewer/dicomweb?studyinstanceuids={UID}", "ohif", CLOUD.root, ""),
        (f"https://cloud.example/ohif/viewer?StudyInstanceUIDs={UID}%2C{UID}", "ohif", CLOUD.root, ""),
        (f"cloudfilm:open?source=%E9%99%A2%E5%86%85&study={UID}", "cloudfilm", PACS.root, ""),
        (f"cloudfilm://open?source=院内&study={UID}&token={TOKEN}", "cloudfilm", PACS.root, TOKEN),
        (UID, "uid", CLOUD.root, ""),
        ("2.25.329800735698586629295641978511506172918", "uid", CLOUD.root, ""),
        ("A20261120-0007", "accession", CLOUD.root, ""),
        ("2026.11.20", "accession", CLOUD.root, ""),
    ],
)
def test_what_a_text_means(text, kind, root, token):
    found = parse(text, BOTH)
    assert found.kind == kind
    assert found.dicomweb_root == root
    assert found.bearer.reveal() == token
    named = (found.study_uids or found.accession)[0]
    assert named == (text if kind in ("uid", "accession") else UID)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "link-empty"),
        ("   \n ", "link-empty"),
        ("hello", "link-not-understood"),
        ("王小明", "link-not-understood"),
        ("https://news.example/article/7", "link-not-understood"),
        ("file:///etc/passwd", "link-not-understood"),
        ("\\\\server\\share\\film.dcm", "link-not-understood"),
        ("https://[broken/studies/1.2.3", "link-not-understood"),
        ("https://a.example/dw/studies/1.2.x", "link-bad-uid"),
        ("https://a.example/dw/studies/" + "1." * 40 + "1", "link-bad-uid"),
        ("https://a.example/dw/studies/..%2F..%2Fadmin", "link-bad-uid"),
        (f"https://unknown.example/viewer?StudyInstanceUIDs={UID}", "link-host-unknown"),
        (f"cloudfilm:open?source=nobody&study={UID}", "link-host-unknown"),
        (f"cloudfilm:open?study={UID}", "link-host-unknown"),
        ("cloudfilm:open?source=院内", "link-not-understood"),
        ("x" * 9000, "link-not-understood"),
    ],
)
def test_what_a_wrong_text_says(text, code):
    with pytest.raises(LinkError) as caught:
        parse(text, BOTH)
    assert caught.value.code == code


def test_our_own_scheme_takes_no_address_and_no_path_from_outside():
    text = f"cloudfilm:open?source=院内&study={UID}&root=https://evil.example&path=/etc&option=1"
    found = parse(text, BOTH)
    assert found.dicomweb_root == PACS.root
    assert "evil" not in as_json(found)


def test_the_only_source_need_not_be_named():
    assert parse(f"cloudfilm:open?study={UID}", (PACS,)).dicomweb_root == PACS.root


def test_a_number_without_any_source_says_so():
    with pytest.raises(LinkError) as caught:
        parse(UID, ())
    assert caught.value.code == "link-no-source"


def test_the_record_shows_no_secret():
    for text in (
        f"https://a.example/api/link/{TOKEN}/studies/{UID}",
        f"https://a.example/dw/studies/{UID}?token={TOKEN}",
        f"https://a.example/dw/studies/{UID}\nX-Share: {TOKEN}\nAuthorization: Bearer {TOKEN}",
    ):
        reference = parse(text, BOTH)
        printed = as_json(reference)
        assert TOKEN not in printed
        assert TOKEN not in repr(reference)
        assert "***" in printed
        assert json.loads(printed)["study_uids"] == [UID]


def test_the_record_has_the_fields_of_every_grammar():
    record = json.loads(as_json(parse(UID, BOTH)))
    assert list(record) == [
        "kind", "patient_id", "issuer", "study_uids", "series_uids", "sop_uids", "accession", "dicomweb_root",
        "wado_uri_root", "manifest_url", "headers", "bearer", "passcode_needed", "expires_at", "label", "extras",
    ]  # fmt: skip


def test_what_is_said_while_typing_names_grammar_place_and_study():
    found = understand(f"https://share.example/viewer?StudyInstanceUIDs={UID}&token={TOKEN}", BOTH)
    assert (found.grammar, found.place, found.detail) == ("ohif", "省影像云", UID)
    assert understand("https://a.exam", BOTH).problem.code == "link-not-understood"


@given(st.text(max_size=300))
def test_any_text_is_understood_or_refused_never_a_crash(text):
    understand(text, BOTH)


@given(st.text(alphabet="https://a.b?&=%25#1.2/studies[]@:token", max_size=120))
def test_any_text_like_a_link_is_understood_or_refused(text):
    found = understand("https://" + text, BOTH)
    assert found.reference is not None or found.problem is not None
