"""Spaces put back into names that lost them."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.files.respace import respace_label_row, spaced_by_evidence, spaced_by_guess, spaced_genre


@pytest.mark.parametrize(
    ("name", "evidence", "spaced"),
    [
        ("AdavonFox", "Ada von Fox, Bo", "Ada von Fox"),
        ("AdavonFox", "ADA VON FOX", "Ada von Fox"),  # capitals are the name's own
        ("Fox&Hare", "Fox & Hare feat. Bo", "Fox & Hare"),
        ("TeeBoo", "TeeBoo", "TeeBoo"),
        ("Lane9", "Ada, Lane 9", "Lane 9"),
        ("Fox", "Foxglove", None),  # only whole words
        ("Fox", "Silverfox Fox", "Fox"),
        ("AdaFox", "Ada - Fox", None),
        ("Ada", "", None),
        ("İstanbul", "İ stanbul", None),  # a letter that lowers to two: no evidence rather than a wrong cut
    ],
)
def test_evidence_shows_where_the_spaces_were(name: str, evidence: str, spaced: str | None) -> None:
    assert spaced_by_evidence(name, [evidence]) == spaced


def test_the_first_evidence_counts() -> None:
    assert spaced_by_evidence("TeeBoo", ["other", "Tee Boo", "TeeBoo"]) == "Tee Boo"


@pytest.mark.parametrize(
    ("name", "guess"),
    [
        ("OliverSmith", "Oliver Smith"),
        ("AdaKFox", "Ada K Fox"),
        ("JohnO'Hare", "John O'Hare"),
        ("FoxyB", "Foxy B"),
        ("DJHare", "DJ Hare"),
        ("Ada&Bob", "Ada & Bob"),
        ("Hare(NL)", "Hare (NL)"),
        ("BigFox(akaAdaHare)", "Big Fox (aka Ada Hare)"),
        ("ÉlanÖst", "Élan Öst"),
        ("deadmau5", "deadmau5"),
        ("ATB", "ATB"),
        ("McKenzie", "McKenzie"),
        ("AnnMcKenzie", "Ann McKenzie"),
        ("MacDonald", "MacDonald"),
        ("KiNK", "KiNK"),
        ("A&B", "A&B"),
        ("D1M3NSION", "D1M3NSION"),
    ],
)
def test_without_evidence_a_name_is_split_only_where_a_word_plainly_ends(name: str, guess: str) -> None:
    assert spaced_by_guess(name) == guess


@given(st.text(max_size=30).map(lambda text: "".join(text.split())))
def test_guessing_puts_in_spaces_and_nothing_else(name: str) -> None:
    assert "".join(spaced_by_guess(name).split()) == name
    assert "".join(spaced_genre(name).split()) == name


@given(st.text(max_size=20), st.text(max_size=40))
def test_evidence_puts_in_spaces_and_nothing_else(name: str, text: str) -> None:
    compact = "".join(name.split())
    found = spaced_by_evidence(compact, [text, name])
    assert found is None or "".join(found.split()) == compact


@pytest.mark.parametrize(
    ("genre", "spaced"),
    [
        ("ProgressiveHouse", "Progressive House"),
        ("MelodicHouse&Techno", "Melodic House & Techno"),
        ("Electronica/Downtempo", "Electronica / Downtempo"),
        ("DJTools", "DJ Tools"),
        ("Psy-Trance", "Psy-Trance"),
    ],
)
def test_genres(genre: str, spaced: str) -> None:
    assert spaced_genre(genre) == spaced


def test_a_row_gives_every_credit_with_what_its_own_texts_show() -> None:
    row = {
        "Album": "Ada Fox, Bo - Dusk",
        "Name": "Dusk(Cy Hare Remix)",
        "Artists": "AdaFox,Zed",
        "Remixers": "CyHare",
    }
    assert json.loads(respace_label_row(json.dumps(row))) == {
        "credits": [
            {"field": "Artists", "position": 1, "name": "AdaFox", "spaced": "Ada Fox", "guess": "Ada Fox"},
            {"field": "Artists", "position": 2, "name": "Zed", "spaced": None, "guess": "Zed"},
            {"field": "Remixers", "position": 1, "name": "CyHare", "spaced": "Cy Hare", "guess": "Cy Hare"},
        ],
        "genre": None,
    }
