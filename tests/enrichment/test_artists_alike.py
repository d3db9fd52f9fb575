"""Credits of the same artists, and of others with similar names."""

import itertools
import json
import sys
from pathlib import Path

import pytest

from enrichment.matching.artists_alike import THRESHOLD, same_artist


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("Kölsch", "KOLSCH"),
        ("The Chemical Brothers", "Chemical Brothers"),
        ("Sasha & Emerson", "Emerson / Sasha"),
        ("Tiga vs Audion", "Tiga & Audion"),
        ("Danny Tenaglia", "Danny Teneglia"),
        ("Jon Hopkins", "John Hopkins"),
        ("Ron Carroll", "Ron Carrol"),
        ("Lena Voss & Danny Tenaglia", "Danny Tennaglia, Lena Voss"),
    ],
)
def test_spellings_of_one_artist(left: str, right: str) -> None:
    assert same_artist(left, right) >= THRESHOLD
    assert same_artist(left, right) == same_artist(right, left)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("Zomboy", "Zomby"),
        ("System 2", "System 7"),
        ("Lawrence Dee", "Lawrence Lee"),
        ("Christopher", "Christopher K"),
        ("Submerge", "Submerged"),
        ("Carl Craig", "Carl Cox"),
        ("Sasha", "Sasha & Emerson"),
        ("Sully (UK)", "Sully (US)"),
        ("ID", "ID"),
        ("", ""),
    ],
)
def test_other_artists(left: str, right: str) -> None:
    assert same_artist(left, right) == 0


@pytest.mark.real
def test_hand_made_aliases_are_found_and_others_are_not(shared_data: Path) -> None:
    text = (shared_data / "artist_aliases" / "normalized_artist_names_part_a.json").read_text(
        encoding="utf-8"
    )
    aliases: dict[str, list[str]] = json.loads(text)
    found = [same_artist(name, variant) for name, variants in aliases.items() for variant in variants]
    pairs = itertools.islice(itertools.combinations(sorted(aliases), 2), 0, None, 7)
    wrong = [pair for pair in pairs if same_artist(*pair)]
    exact = sum(score == 1 for score in found) / len(found)
    recall = sum(score > 0 for score in found) / len(found)
    precision = sum(score > 0 for score in found) / (sum(score > 0 for score in found) + len(wrong))
    sys.stdout.write(f"aliases: exact {exact:.4f}, recall {recall:.4f}, precision {precision:.4f}, {wrong}\n")
    assert exact > 0.45
    assert recall > 0.70
    assert precision >= 0.97
