"""The parser against bodies put together by the rules of RFC 2046, and against broken ones."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workstation.archive.multipart import (
    MultipartParser,
    PartBegan,
    PartData,
    PartEnded,
    boundary_of,
    media_type,
    one_part,
)
from workstation.archive.part10 import is_part10
from workstation.errors import TransferError

BOUNDARY = b"dicom-boundary"


def body(parts, *, boundary=BOUNDARY, lengths=True, preamble=b"", epilogue=b"", newline=b"\r\n", content_type=True):
    """Put a body together as RFC 2046 5.1.1 says."""
    out = preamble
    for number, part in enumerate(parts):
        out += (b"" if number == 0 and not preamble else b"\r\n") + b"--" + boundary + newline
        if content_type:
            out += b"Content-Type: application/dicom" + newline
        if lengths:
            out += b"Content-Length: %d" % len(part) + newline
        out += newline + part
    return out + b"\r\n--" + boundary + b"--" + epilogue


def pieces(data, size):
    return [data[at : at + size] for at in range(0, len(data), size)]


def parts_of(chunks, boundary=BOUNDARY, **limits):
    """What the parser accepts: headers and bytes of each part that ended; it must have been closed."""
    parser = MultipartParser(boundary, **limits)
    found = []
    for chunk in chunks:
        for event in parser.feed(chunk):
            if isinstance(event, PartBegan):
                found.append([dict(event.headers), b"", False])
            elif isinstance(event, PartData):
                found[-1][1] += bytes(event.data)
            else:
                assert isinstance(event, PartEnded)
                found[-1][2] = True
    parser.finish()
    assert all(ended for _, _, ended in found)
    return [(headers, data) for headers, data, _ in found]


def code_of(call, *args, **kwargs):
    with pytest.raises(TransferError) as caught:
        call(*args, **kwargs)
    return caught.value.code


@pytest.mark.parametrize(
    ("header", "boundary"),
    [
        ("multipart/related; boundary=abc", b"abc"),
        ('multipart/related; boundary="a b:c"', b"a b:c"),
        ('multipart/related; type="application/dicom"; boundary=abc', b"abc"),
        ('Multipart/Related; Boundary = "abc" ; type="x"', b"abc"),
        (r'multipart/related; boundary="a\"b"', b'a"b'),
        ("multipart/related;boundary=" + "x" * 70, b"x" * 70),
        ('multipart/related; type="application/octet-stream; transfer-syntax=1.2.840.10008.1.2.1"; boundary=q', b"q"),
        ('multipart/related; type="application/octet-stream; boundary=inner"; boundary=outer', b"outer"),
    ],
)
def test_the_boundary_is_found_however_the_server_writes_it(header, boundary):
    assert boundary_of(header) == boundary


@pytest.mark.parametrize(
    "header",
    [
        "",
        "multipart/related",
        "multipart/related; boundary=",
        'multipart/related; boundary="é"',
        "x; boundary=" + "x" * 71,
    ],
)
def test_a_header_without_a_usable_boundary_is_refused(header):
    assert code_of(boundary_of, header) == "bad-multipart"


def test_a_transfer_syntax_inside_the_quotes_of_the_type_is_found():
    # as Orthanc 1.10 with its DICOMweb plugin 1.7 writes it for frames
    kind = media_type('multipart/related; type="application/octet-stream; transfer-syntax=1.2.840.10008.1.2.1"')
    assert kind.parameters["transfer-syntax"] == "1.2.840.10008.1.2.1"
    assert kind.parameters["type"] == "application/octet-stream"


@pytest.mark.parametrize("size", [1, 2, 3, 7, 64, 10_000])
@pytest.mark.parametrize("lengths", [True, False])
def test_parts_come_out_as_they_went_in(size, lengths):
    wanted = [b"one\r\n", b"", b"three\r\n--dicom-boundar\r\n--", b"\x00" * 500]
    found = parts_of(pieces(body(wanted, lengths=lengths), size))
    assert [data for _, data in found] == wanted
    assert found[0][0]["content-type"] == "application/dicom"


@pytest.mark.parametrize("size", [1, 5, 10_000])
def test_preamble_and_epilogue_are_not_data(size):
    text = body([b"x"], preamble=b"This is a message in parts.\r\n--dicom-boundaryish", epilogue=b"\r\nthe end --x")
    assert [data for _, data in parts_of(pieces(text, size))] == [b"x"]


@pytest.mark.parametrize("size", [1, 10_000])
def test_headers_may_end_their_lines_with_a_line_feed_alone(size):
    found = parts_of(pieces(body([b"x\ny"], newline=b"\n"), size))
    assert found == [({"content-type": "application/dicom", "content-length": "3"}, b"x\ny")]


@pytest.mark.parametrize("size", [1, 10_000])
def test_blanks_around_a_headers_colon_are_dropped(size):
    text = b"--dicom-boundary\r\nContent-Length :\t3  \r\n\r\nabc\r\n--dicom-boundary--"
    assert parts_of(pieces(text, size)) == [({"content-length": "3"}, b"abc")]


def test_a_part_without_any_header_is_read():
    assert parts_of([body([b"abc"], lengths=False, content_type=False)]) == [({}, b"abc")]


@pytest.mark.parametrize("size", [1, 10_000])
def test_blanks_after_the_boundary_are_allowed(size):
    text = b"--dicom-boundary \t \r\n\r\nabc\r\n--dicom-boundary  \r\n\r\nd\r\n--dicom-boundary--"
    assert [data for _, data in parts_of(pieces(text, size))] == [b"abc", b"d"]


@pytest.mark.parametrize("size", [1, 10_000])
@pytest.mark.parametrize("after", [b"X", b"-", b"-x--", b" x", b" " * 300])
def test_a_line_that_only_begins_like_a_delimiter_is_data(size, after):
    data = b"before\r\n--dicom-boundary" + after + b"\r\nafter"
    assert [found for _, found in parts_of(pieces(body([data], lengths=False), size))] == [data]


@pytest.mark.parametrize("size", [1, 4, 10_000])
@pytest.mark.parametrize("lie", [1, 2, 4, 6, 9])
def test_a_part_whose_length_is_a_lie_is_refused(size, lie):
    text = body([b"12345"]).replace(b"Content-Length: 5", b"Content-Length: %d" % lie)
    assert code_of(parts_of, pieces(text, size)) == "wrong-length"


def test_a_part_that_is_followed_by_what_only_begins_like_a_delimiter_is_refused():
    text = body([b"12345\r\n--dicom-boundaryX\r\n"]).replace(b"Content-Length: 26", b"Content-Length: 5")
    assert b"Content-Length: 5\r\n" in text
    assert code_of(parts_of, [text]) == "wrong-length"


@pytest.mark.parametrize("lengths", [True, False])
def test_every_cut_before_the_closing_delimiter_is_noticed(lengths):
    text = body([b"first part", b"second\r\n--dicom-bound"], lengths=lengths)
    for cut in range(len(text)):
        assert code_of(parts_of, [text[:cut]]) in {"no-closing-delimiter", "wrong-length"}, cut


def test_bytes_after_the_end_change_nothing():
    parser = MultipartParser(BOUNDARY)
    parser.feed(body([b"x"]))
    assert parser.is_done
    assert parser.feed(b"\r\n--dicom-boundary\r\n\r\nmore") == []
    parser.finish()


def test_part_headers_beyond_16_kib_are_refused():
    text = b"--dicom-boundary\r\nX-Long: " + b"a" * 20_000 + b"\r\n\r\n"
    for size in (1000, 100_000):
        assert code_of(parts_of, pieces(text, size)) == "bad-multipart"


def test_a_part_beyond_the_limit_is_refused_as_soon_as_that_is_known():
    promised = b"--dicom-boundary\r\nContent-Length: 11\r\n\r\n"
    assert code_of(parts_of, [promised], part_limit=10) == "too-large"
    assert code_of(parts_of, [body([b"x" * 40], lengths=False)], part_limit=10) == "too-large"
    assert code_of(MultipartParser(BOUNDARY).feed, promised.replace(b"11", b"%d" % (2 * 1024**3 + 1))) == "too-large"


@pytest.mark.parametrize(
    "headers",
    [
        "Content-Length: ٥\r\n".encode(),
        b"Content-Length: 5x\r\n",
        b"Content-Length: -5\r\n",
        b"Content-Length: 00000000000000000005\r\n",
        b"no colon\r\n",
        b": no name\r\n",
        b"A: \x00\r\n",
        b"A: b\nContent-Length: 5\r\n",
    ],
)
def test_part_headers_that_make_no_sense_are_refused(headers):
    text = body([b"12345"]).replace(b"Content-Length: 5\r\n", headers)
    assert code_of(parts_of, [text]) == "bad-multipart"


def test_a_carriage_return_in_headers_that_end_with_line_feeds_is_refused():
    text = body([b"12345"], newline=b"\n").replace(b"Content-Length: 5\n", b"Content-Length: 5\r\n")
    assert code_of(parts_of, [text]) == "bad-multipart"


def test_exactly_one_part_is_taken_where_one_was_asked_for():
    kind = "multipart/related; boundary=dicom-boundary"
    assert one_part([body([b"abc"])], kind, limit=10) == (
        {"content-type": "application/dicom", "content-length": "3"},
        b"abc",
    )
    assert code_of(one_part, [body([b"a", b"b"])], kind, limit=10) == "bad-multipart"
    assert code_of(one_part, [b"--dicom-boundary--"], kind, limit=10) == "bad-multipart"


LOOK_ALIKE = st.sampled_from(
    [b"\r\n--", b"\r", b"\n", b"-", b"\r\n--dicom-boundar", b"\r\n--dicom-boundaryX", b"--dicom-boundary", b"dicom"]
)
DATA = st.lists(st.one_of(LOOK_ALIKE, st.binary(max_size=50)), max_size=12).map(b"".join)


@settings(max_examples=300, deadline=None)
@given(
    parts=st.lists(DATA, min_size=1, max_size=5),
    size=st.one_of(st.integers(1, 40), st.integers(1, 1 << 20)),
    lengths=st.booleans(),
    newline=st.sampled_from([b"\r\n", b"\n"]),
)
def test_any_parts_in_any_pieces_come_out_as_they_went_in(parts, size, lengths, newline):
    if not lengths:  # such a line is a delimiter by definition; a sender must have chosen another boundary
        parts = [part.replace(b"\r\n--dicom-boundary", b"\r\n--dicom-boundarz") for part in parts]
    text = body(parts, lengths=lengths, newline=newline)
    assert [data for _, data in parts_of(pieces(text, size))] == parts


def mutated(text, parts_at, rng):
    """One accident that may happen to a body between archive and workstation."""
    kind = rng.choice(["cut", "drop", "double", "insert", "flip"])
    a, b = sorted(rng.sample(range(len(text) + 1), 2))
    if kind == "cut":
        return text[:a]
    if kind == "drop":
        return text[:a] + text[b:]
    if kind == "double":
        return text[:b] + text[a:]
    if kind == "insert":
        return text[:a] + rng.randbytes(rng.randint(1, 40)) + text[a:]
    # bytes changed in place inside the data are for TLS to notice, no multipart parser can: flip only around them
    outside = [at for at in range(len(text)) if not any(low <= at < high for low, high in parts_at)]
    at = rng.choice(outside)
    return text[:at] + bytes([text[at] ^ (1 << rng.randrange(8))]) + text[at + 1 :]


def wrong_answers(count):
    """How many of `count` damaged bodies of one instance were accepted with other bytes than were sent."""
    wrong = 0
    kind = "multipart/related; boundary=dicom-boundary"
    for seed in range(count):
        rng = random.Random(seed)
        part = rng.randbytes(128) + b"DICM" + rng.randbytes(rng.randint(100, 300))
        text = body([part])
        at = text.index(part)
        damaged = mutated(text, [(at, at + len(part))], rng)
        try:
            _, found = one_part(pieces(damaged, rng.choice([1, 13, 64, 4096])), kind, limit=1000)
        except TransferError:
            continue
        wrong += is_part10(found) and found != part  # as the door of `DicomWeb.instance` looks at it
    return wrong


def test_no_damaged_body_is_accepted_with_wrong_bytes():
    assert wrong_answers(500) == 0


@pytest.mark.long
def test_ten_thousand_damaged_bodies_none_is_accepted_with_wrong_bytes():
    assert wrong_answers(10_000) == 0
