"""Titles of sets: who played, where, in which show."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enrichment.text.set_title import country_of, parse_set_title


def said(title: str) -> dict[str, Any]:
    return {name: value for name, value in parse_set_title(title).items() if value not in (None, [])}


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        (
            "Ada Fox & Bo Hare @ Main Stage, Some Festival, Norway 2024-05-17",
            {
                "dj_names": ["Ada Fox", "Bo Hare"],
                "places": ["Main Stage", "Some Festival"],
                "stage": "Main Stage",
                "country": "Norway",
                "date": "2024-05-17",
            },
        ),
        (
            "Ada - Night Radio 012 (Radio 538) 2024-05-17",
            {
                "dj_names": ["Ada"],
                "show": "Night Radio",
                "episode": 12,
                "station": "Radio 538",
                "notes": ["Radio 538"],
                "date": "2024-05-17",
            },
        ),
        (
            "2013-08-03 - Ada, Bo @ Cream, Privilege, Ibiza (Some Mix, 2013-08-04)",
            {
                "dj_names": ["Ada", "Bo"],
                "places": ["Cream", "Privilege", "Ibiza"],
                "show": "Some Mix",
                "notes": ["Some Mix, 2013-08-04"],
                "date": "2013-08-03",
            },
        ),
        (
            "2003-05-25 - Ada @ Homelands - Some Mix",
            {"dj_names": ["Ada"], "places": ["Homelands"], "show": "Some Mix", "date": "2003-05-25"},
        ),
        (
            "2016-05-09 - Ada - Planet Ada 288, DI.FM",
            {
                "dj_names": ["Ada"],
                "show": "Planet Ada",
                "episode": 288,
                "station": "DI.FM",
                "notes": ["DI.FM"],
                "date": "2016-05-09",
            },
        ),
        ("200X - VA @ Some Club", {"places": ["Some Club"], "date": "200X"}),
        ("Ada - Best Of 2015", {"dj_names": ["Ada"], "show": "Best Of 2015"}),
        ("Ada - Somecast #2015", {"dj_names": ["Ada"], "show": "Somecast", "episode": 2015}),
        (
            "Above & Beyond b2b MK (US) @ Club",
            {"dj_names": ["Above & Beyond", "MK (US)"], "places": ["Club"]},
        ),
        ("just words", {}),
    ],
)
def test_what_a_title_says(title: str, expected: dict[str, Any]) -> None:
    assert said(title) == expected


def test_countries_are_spelt_one_way() -> None:
    assert (country_of(" usa"), country_of("UK"), country_of("Paris")) == (
        "United States",
        "United Kingdom",
        None,
    )


@given(st.text(max_size=200))
def test_any_text_is_read(title: str) -> None:
    found = parse_set_title(title)
    assert isinstance(found["dj_names"], list)
    assert found["episode"] is None or isinstance(found["episode"], int)


def test_a_numbered_show_needs_no_djs_and_a_dash_in_its_remarks_divides_nothing() -> None:
    found = parse_set_title("Crate Radio Show #47 (Summer Finale - All Star Tribute)")
    assert (found["show"], found["episode"], found["dj_names"]) == ("Crate Radio Show", 47, [])
    assert parse_set_title("Best of #1 hits")["show"] is None
