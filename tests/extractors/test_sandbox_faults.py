"""What goes wrong with values: each defect does what it says and nothing else."""

import re

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.sandbox import faults, ids
from extractors.sandbox.dice import Dice
from extractors.sandbox.keys import camelot, store_keys

DICE = Dice(1, "test")
NAMES = st.lists(st.text(st.characters(exclude_categories=("Cs",)), max_size=30), min_size=1, max_size=20)


def one_slip(text: str) -> set[str]:
    """All texts with one slip inside: letters swapped, one left out, or one doubled."""
    found = set()
    for at in range(1, len(text) - 1):
        head, one, two, rest = text[:at], text[at], text[at + 1], text[at + 2 :]
        found |= {head + two + one + rest, head + two + rest, head + one + one + two + rest}
    return found


@given(names=NAMES)
def test_a_misspelling_is_one_slip(names: list[str]) -> None:
    texts = pl.Series("name", names)
    told = faults.misspelt(texts, DICE, "slip", np.arange(len(names)), 1.0)
    for before, after in zip(names, told, strict=True):
        assert after in one_slip(before) if len(before) >= 5 else after == before


@given(names=NAMES)
def test_without_a_rate_nothing_is_misspelt(names: list[str]) -> None:
    texts = pl.Series("name", names)
    assert faults.misspelt(texts, DICE, "slip", np.arange(len(names)), 0.0).to_list() == names


def test_accents_are_dropped_and_plain_names_left_alone() -> None:
    names = pl.Series(["Bjørnez", "Zürén", "Plain", None, "Ñandu łoß"])
    assert faults.plain_letters(names).to_list() == ["Bjornez", "Zuren", "Plain", None, "Nandu loss"]


@given(pitch=st.integers(0, 11), minor=st.booleans(), respelt=st.booleans())
def test_a_key_object_agrees_with_its_camelot_code(pitch: int, minor: bool, respelt: bool) -> None:
    at, mode = np.array([pitch]), np.array([minor])
    key = store_keys(at, mode, np.array([respelt]))[0]
    assert f"{key['camelot_number']}{key['camelot_letter']}" == camelot(at, mode)[0]
    letters = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
    assert (letters[key["letter"]] + key["is_sharp"] - key["is_flat"]) % 12 == pitch
    assert key["name"].endswith("Minor" if minor else "Major")


@pytest.mark.parametrize(("pitch", "minor", "code"), [(9, True, "8A"), (0, False, "8B"), (7, True, "6A")])
def test_camelot_codes(pitch: int, minor: bool, code: str) -> None:
    assert camelot(np.array([pitch]), np.array([minor]))[0] == code


def test_wrong_keys_are_half_of_them_relative() -> None:
    rows = np.arange(4000)
    pitch, minor = rows % 12, rows % 2 == 0
    told_pitch, told_minor = faults.off_key(pitch, minor, DICE, rows, 1.0)
    assert np.all((told_pitch != pitch) | (told_minor != minor))
    relative = told_minor != minor
    assert 0.4 < relative.mean() < 0.6
    codes, true = camelot(told_pitch, told_minor), camelot(pitch, minor)
    same_number = codes.str.head(-1) == true.str.head(-1)
    assert (same_number.to_numpy() == relative).all()


@given(threshold=st.sampled_from([0.8, 0.85, 0.9, 0.95, 0.98]), number=st.integers(0, 2**40))
def test_confidence_stays_on_its_side_of_the_threshold(threshold: float, number: int) -> None:
    at = np.array([number, number])
    high, low = faults.sureness(DICE, "bpm", at, np.array([True, False]), threshold)
    assert threshold <= high < 1
    assert 0 < low < threshold


def test_unclean_isrcs_are_still_the_same_code() -> None:
    codes = pl.Series([f"GBABC26{number:05}" for number in range(400)])
    told = faults.unclean_isrc(codes, DICE, np.arange(400), 1.0)
    assert (told != codes).all()
    assert (told.str.replace_all("-", "").str.to_uppercase() == codes).all()


@pytest.mark.parametrize(
    ("milliseconds", "told"), [(0, "0:00"), (61_499, "1:01"), (61_500, "1:02"), (4_000_000, "66:40")]
)
def test_clock(milliseconds: int, told: str) -> None:
    assert faults.clock(pl.Series([milliseconds, None])).to_list() == [told, None]


def test_ids_have_their_forms_and_never_meet() -> None:
    rows = np.arange(50_000)
    for made, form in (
        (ids.spotify_ids(DICE, "track", rows), r"[0-9A-Za-z]{22}"),
        (
            ids.mbids(DICE, "recording", rows),
            r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}",
        ),
        (pl.concat([ids.tracklist_ids(sort, rows) for sort in (1, 2, 3)]), r"[0-9a-z]{8}"),
    ):
        assert made.n_unique() == len(made)
        assert all(re.fullmatch(form, one) for one in made.head(300))


def test_dice_depend_on_seed_scope_purpose_and_thing_alone() -> None:
    rows = np.arange(1000)
    drawn = DICE.uniform("a", rows)
    assert np.array_equal(Dice(1, "test").uniform("a", rows[::-1])[::-1], drawn)
    for other in (
        Dice(2, "test").uniform("a", rows),
        Dice(1, "x").uniform("a", rows),
        DICE.uniform("b", rows),
    ):
        assert abs(np.corrcoef(drawn, other)[0, 1]) < 0.1
    assert abs(drawn.mean() - 0.5) < 0.03
    assert abs(DICE.bell("c", rows).std() - 1) < 0.08
