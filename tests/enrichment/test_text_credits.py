"""Credits as names."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enrichment.text.credits import parse_credit, split_names


@pytest.mark.parametrize(
    ("credit", "main", "featured"),
    [
        ("Ada Quill", ["Ada Quill"], []),
        ("Ada Quill, Oat; Lumen", ["Ada Quill", "Oat", "Lumen"], []),
        ("Ada & Oat", ["Ada", "Oat"], []),
        ("Ada x Oat X Lumen", ["Ada", "Oat", "Lumen"], []),
        ("Ada vs. Oat", ["Ada", "Oat"], []),
        ("Ada b2b Oat", ["Ada", "Oat"], []),
        ("Above & Beyond", ["Above & Beyond"], []),
        ("Above & Beyond & Oat", ["Above & Beyond", "Oat"], []),
        ("Ada Quill & The Lanterns", ["Ada Quill & The Lanterns"], []),
        ("Tyler, The Creator", ["Tyler, The Creator"], []),
        ("Lanterns, The", ["The Lanterns"], []),
        ("Ada feat. Oat & Lumen", ["Ada"], ["Oat", "Lumen"]),
        ("Ada Feat. Oat", ["Ada"], ["Oat"]),
        ("Ada ft Oat", ["Ada"], ["Oat"]),
        ("Ada featuring Oat", ["Ada"], ["Oat"]),
        ("Ada (feat. Oat)", ["Ada"], ["Oat"]),
        ("Ada f/ Oat", ["Ada"], ["Oat"]),
        ("Ada (f) Oat", ["Ada"], ["Oat"]),
        ("Ada w/ Oat", ["Ada"], ["Oat"]),
        ("Ada Quill With Oat", ["Ada Quill"], ["Oat"]),
        ("Man With No Hat", ["Man With No Hat"], []),
        ("Ada pres. Lumen", ["Ada", "Lumen"], []),
        ("Ada Presents Lumen", ["Ada", "Lumen"], []),
        ("Ada meets Oat", ["Ada", "Oat"], []),
        ("Hunter/Game", ["Hunter/Game"], []),
        ("Ada; Ada featuring Oat; Oat", ["Ada"], ["Oat"]),
        ("!!!", ["!!!"], []),
    ],
)
def test_names(credit: str, main: list[str], featured: list[str]) -> None:
    parsed = parse_credit(credit)
    assert (list(parsed.main), list(parsed.featured)) == (main, featured)


def test_keys_agree_whether_or_not_a_duo_is_known_and_spaces_survived() -> None:
    spellings = ["Dune & Ash", "Dune and Ash", "Dune&Ashes"[:8], "Ash, Dune", "Dune + Ash"]
    assert len({frozenset(parse_credit(s).keys) for s in spellings}) == 1


def test_disambiguators_are_set_aside() -> None:
    credit = parse_credit("Rollercoaster (NL) & Oat (2)")
    assert credit.main == ("Rollercoaster", "Oat")
    assert dict(credit.disambiguators) == {"Rollercoaster": "NL", "Oat": "2"}
    assert credit.keys == ("rollercoaster", "oat")
    assert parse_credit("Rollercoaster(NL)").keys == ("rollercoaster",)
    assert credit.main_display == "Rollercoaster & Oat"


def test_an_alias_is_neither_main_nor_featured_but_has_a_key() -> None:
    credit = parse_credit("R.O.Q. aka Ron Quill")
    assert (credit.main, credit.featured, credit.aliases) == (("R.O.Q.",), (), ("Ron Quill",))
    assert credit.featured_keys == ("ronquill",)


@pytest.mark.parametrize("text", ["ID", "Unknown Artist", "unknown", "Various Artists", "VA", "N/A"])
def test_nobody(text: str) -> None:
    assert parse_credit(text).unknown


def test_an_empty_credit_is_not_an_unknown_artist() -> None:
    assert parse_credit(None) == parse_credit("  ")
    assert not parse_credit("").unknown


@given(st.text(alphabet=st.characters(codec="utf-8")))
def test_no_text_raises(text: str) -> None:
    credit = parse_credit(text)
    assert all(credit.keys)
    assert split_names(text) is not None


@given(
    st.permutations(["Kestrel", "Oat", "Lumen"]),
    st.sampled_from([", ", " & ", " x ", " vs. ", "; ", " and "]),
)
def test_order_and_separator_do_not_change_the_set_of_names(names: list[str], separator: str) -> None:
    assert set(parse_credit(separator.join(names)).keys) == {"kestrel", "oat", "lumen"}
