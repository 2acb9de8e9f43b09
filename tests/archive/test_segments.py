"""Sealed files: read back at any offset; any bit, length, name or key that is another one is noticed."""

from __future__ import annotations

import random

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given, settings
from hypothesis import strategies as st

from workstation.archive.store.segments import SEGMENT, TAG, Altered, Sealed, seal, sealed_size

KEY = bytes(range(32))
OF = b"2.25.1|2.25.2|2.25.3|instance|1"
RNG = random.Random(3)
SIZES = [0, 1, 15, 1000, SEGMENT - 1, SEGMENT, SEGMENT + 1, 2 * SEGMENT, 3 * SEGMENT - 5]


def text_of(size):
    return RNG.randbytes(size)


def opened(data, key=KEY, of=OF):
    return Sealed(key, of, len(data), lambda offset, count: data[offset : offset + count])


@pytest.mark.parametrize("size", SIZES)
def test_a_text_comes_back_whole_and_in_any_part(size):
    text = text_of(size)
    data = b"".join(seal(KEY, text, OF))
    assert len(data) == sealed_size(size)
    found = opened(data)
    assert (found.size, found.all()) == (size, text)
    for _ in range(12):
        offset, count = RNG.randint(0, size + 3), RNG.randint(0, size + 3)
        assert found.read(offset, count) == text[offset : offset + count]


def test_a_segment_is_what_aes_gcm_of_the_library_gives_with_the_written_nonce():
    """A second reading of the format, by hand: prefix, number, last flag; header and name authenticated."""
    text = text_of(SEGMENT + 10)
    data = b"".join(seal(KEY, text, OF))
    header, body = data[:12], data[12:]
    first, second = body[: SEGMENT + TAG], body[SEGMENT + TAG :]
    cipher = AESGCM(KEY)
    assert header[:4] == b"CFS1"
    assert cipher.decrypt(header[4:11] + b"\0\0\0\0" + b"\0", first, header + OF) == text[:SEGMENT]
    assert cipher.decrypt(header[4:11] + b"\0\0\0\1" + b"\1", second, header + OF) == text[SEGMENT:]


def test_two_files_of_one_text_share_nothing():
    one, other = (b"".join(seal(KEY, bytes(64), OF)) for _ in range(2))
    assert one[:12] != other[:12]
    assert one[12:] != other[12:]


@given(st.integers(0, 2 * SEGMENT), st.data())
@settings(max_examples=60, deadline=None)
def test_any_bit_that_was_flipped_is_noticed(size, data):
    sealed = bytearray(b"".join(seal(KEY, bytes(size), OF)))
    at = data.draw(st.integers(0, 8 * len(sealed) - 1))
    sealed[at // 8] ^= 1 << (at % 8)
    with pytest.raises(Altered):
        opened(bytes(sealed)).all()


@given(st.sampled_from([0, 5, SEGMENT, SEGMENT + 9, 2 * SEGMENT, 3 * SEGMENT]), st.data())
@settings(max_examples=60, deadline=None)
def test_a_file_that_is_cut_off_or_grown_is_noticed(size, data):
    sealed = b"".join(seal(KEY, bytes(size), OF))
    cut = data.draw(st.integers(0, len(sealed) - 1))
    for changed in (sealed[:cut], sealed + bytes(1 + cut % 50)):
        with pytest.raises(Altered):
            opened(changed).all()


def test_a_file_cut_off_at_the_end_of_a_segment_is_noticed():
    sealed = b"".join(seal(KEY, bytes(3 * SEGMENT), OF))
    with pytest.raises(Altered):
        opened(sealed[: 12 + 2 * (SEGMENT + TAG)]).all()


def test_segments_that_changed_places_are_noticed():
    sealed = b"".join(seal(KEY, bytes(3 * SEGMENT), OF))
    one, two = 12 + SEGMENT + TAG, 12 + 2 * (SEGMENT + TAG)
    first, second, rest = sealed[12:one], sealed[one:two], sealed[two:]
    with pytest.raises(Altered):
        opened(sealed[:12] + second + first + rest).all()


@pytest.mark.parametrize(("key", "of"), [(b"x" * 32, OF), (KEY, OF.replace(b"2.25.3", b"2.25.4")), (KEY, b"")])
def test_another_key_or_name_opens_nothing(key, of):
    sealed = b"".join(seal(KEY, b"bone", OF))
    with pytest.raises(Altered):
        opened(sealed, key, of).all()
