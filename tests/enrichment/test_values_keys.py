"""Musical keys in every notation."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enrichment.musical_key import PITCH_NAMES, Key, compatible_keys, parse_key

KEYS = [Key(pitch_class, major) for pitch_class in range(12) for major in (True, False)]


@pytest.mark.parametrize(
    ("text", "camelot"),
    [
        ("8A", "8A"), ("08A", "8A"), ("8a", "8A"), ("12b", "12B"), ("['9A']", "9A"),
        ("9m", "4A"), ("12d", "7B"), ("1m", "8A"), ("01d", "8B"),
        ("Am", "8A"), ("Abm", "1A"), ("G#m", "1A"), ("F# min", "11A"), ("F♯ min", "11A"), ("G♭ min", "11A"),
        ("A Minor", "8A"), ("A minor", "8A"), ("A-minor", "8A"), ("Abmaj", "4B"), ("D♭ maj", "3B"),
        ("C♯ maj", "3B"),
        ("C", "8B"), ("Bb", "6B"), ("B", "1B"), ("Cb", "1B"), ("a", "8A"), ("e♭", "2A"), ("bb", "3A"),
        ("f#", "11A"),
        ("F#min", "11A"), ("E flat major", "5B"), ("C sharp minor", "12A"),
        ("pc:0:1", "8B"), ("pc:9:0", "8A"), ("traktor:0", "8B"), ("traktor:21", "8A"),
    ],
)  # fmt: skip
def test_notations(text: str, camelot: str) -> None:
    key = parse_key(text)
    assert key is not None
    assert key.camelot == camelot


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        "off",
        "None",
        "none",
        "null",
        "13A",
        "0A",
        "pc:-1:0",
        "pc:12:1",
        "pc:3:2",
        "traktor:24",
        "Xm",
        "hello",
    ],
)
def test_what_is_no_key(text: str | None) -> None:
    assert parse_key(text) is None


@pytest.mark.parametrize(
    ("pitch_class", "major", "minor", "open_major", "open_minor"),
    [
        (0, "8B", "5A", "1d", "10m"), (1, "3B", "12A", "8d", "5m"), (2, "10B", "7A", "3d", "12m"),
        (3, "5B", "2A", "10d", "7m"), (4, "12B", "9A", "5d", "2m"), (5, "7B", "4A", "12d", "9m"),
        (6, "2B", "11A", "7d", "4m"), (7, "9B", "6A", "2d", "11m"), (8, "4B", "1A", "9d", "6m"),
        (9, "11B", "8A", "4d", "1m"), (10, "6B", "3A", "11d", "8m"), (11, "1B", "10A", "6d", "3m"),
    ],
)  # fmt: skip
def test_the_wheel(pitch_class: int, major: str, minor: str, open_major: str, open_minor: str) -> None:
    a, b = Key(pitch_class, major=True), Key(pitch_class, major=False)
    assert (a.camelot, b.camelot, a.open_key, b.open_key) == (major, minor, open_major, open_minor)
    assert a.standard == f"{PITCH_NAMES[pitch_class]} major"
    assert b.standard == f"{PITCH_NAMES[pitch_class]} minor"


@pytest.mark.parametrize("key", KEYS)
def test_every_form_reads_back(key: Key) -> None:
    mode = "1" if key.major else "0"
    forms = [key.camelot, key.open_key, key.standard, key.standard.upper(), f"pc:{key.pitch_class}:{mode}"]
    forms.append(f"traktor:{key.pitch_class + (0 if key.major else 12)}")
    assert [parse_key(form) for form in forms] == [key] * len(forms)


def test_compatible_keys() -> None:
    assert compatible_keys("6A") == ["6A", "6B", "5A", "7A"]
    assert compatible_keys("12A") == ["12A", "12B", "11A", "1A"]
    assert compatible_keys("1B") == ["1B", "1A", "12B", "2B"]


@pytest.mark.parametrize("key", KEYS)
def test_compatibility_is_mutual(key: Key) -> None:
    assert all(key.camelot in compatible_keys(other) for other in compatible_keys(key.camelot))


@pytest.mark.parametrize("text", ["", "13A", "A minor"])
def test_compatible_keys_needs_a_camelot_key(text: str) -> None:
    with pytest.raises(ValueError, match="Camelot"):
        compatible_keys(text)


@given(st.text())
def test_no_text_raises(text: str) -> None:
    key = parse_key(text)
    assert key is None or key in KEYS
