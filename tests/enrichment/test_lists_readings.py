"""Rows whose cells hold something else than their names say, judged by what they may be meant to say."""

from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from enrichment.lists.pairs import judge_frame
from enrichment.lists.readings import cut_off, other_readings

HERE = Path("list.csv")
LONG = "Somebody Left The Harbour Lights On"
Row = dict[str, str | None]


def judged(left: Row, right: Row) -> tuple[float, str]:
    """Confidence and veto of two rows of artist, title, length."""
    row = {f"a_{k}": v for k, v in left.items()} | {f"b_{k}": v for k, v in right.items()}
    for side in "ab":
        for name in ("artist", "title", "length"):
            row.setdefault(f"{side}_{name}", None)
    found = judge_frame(pl.DataFrame([row], schema=dict.fromkeys(row, pl.String)), "a_", "b_", {}, HERE)
    return float(found.confidence[0]), str(found.vetoes[0])


@pytest.mark.parametrize(
    ("artist", "title"),
    [
        ("Deep Channel", "Marble Dusk - Lumen Drift"),  # who put it up
        ("Deep Channel", "PREMIERE: Marble Dusk - Lumen Drift [Onyx Recordings]"),
        (None, "Marble Dusk- Lumen Drift"),
        (None, "Lumen Drift - Marble Dusk"),
        (None, "ONYX041_Marble Dusk_Lumen Drift"),
        (None, "Marble Dusk - Night Sessions - 09 - Lumen Drift"),
        ("Marble Dusk", "A1 Lumen Drift"),
        ("Marble Dusk", "Lumen Drift (B2)"),
        ("Marble Dusk", "1-05 Lumen Drift"),
        ("Marble Dusk", "ONYX041 - Lumen Drift"),
        ("Marble Dusk", "Lumen Drift (taken from Night Sessions)"),
    ],
)
def test_what_stands_around_the_names_is_seen_through(artist: str | None, title: str) -> None:
    told = {"artist": "Marble Dusk", "title": "Lumen Drift", "length": "5:12"}
    assert judged({"artist": artist, "title": title, "length": "5:12"}, told)[0] > 0.85


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (("Marble Dusk", "Untitled (A1)"), ("Marble Dusk", "Untitled (B2)")),
        (("Marble Dusk", "Lumen (Raven Remix)"), ("Marble Dusk", "Lumen")),
        (("Deep Channel", "Marble Dusk - Lumen (Raven Remix)"), ("Marble Dusk", "Lumen")),
        (("Deep Channel", "Marble Dusk - Lumen"), ("Copper", "Lumen")),
        (("Somebody (2)", "Midnight"), ("Somebody (3)", "Midnight")),
        (("Luch (PL)", "Nova"), ("Luch (BR)", "Nova")),
        (("Marble Dusk", "Don't You Want It"), ("Marble Dusk", "Do You Want It")),
        (("Copper", "Moonshine (Quartz Mix Part II)"), ("Copper", "Moonshine (Quartz Mix Part I)")),
        (("Copper", "Urban Train"), ("Copper", "Suburban Train")),
        (("Copper w/ Marble Dusk", "Zephyr w/ Lumen"), ("Copper", "Zephyr")),
        (("Marble Dusk", LONG[:24] + " (Raven..."), ("Marble Dusk", LONG)),
    ],
)
def test_no_reading_joins_what_is_different(left: tuple[str, str], right: tuple[str, str]) -> None:
    rows: list[Row] = [{"artist": one[0], "title": one[1]} for one in (left, right)]
    assert judged(*rows)[0] < 0.5


def test_a_remix_may_be_credited_to_who_made_it() -> None:
    remix: Row = {"artist": "Marble Dusk", "title": "Lumen (Raven Remix)", "length": "5:00"}
    assert judged(remix, remix | {"artist": "Raven"})[0] > 0.9
    assert judged(remix, remix | {"artist": "Copper"})[0] < 0.5
    plain = {"artist": "Marble Dusk", "title": "Lumen", "length": "5:00"}
    assert judged(plain, remix | {"artist": "Raven"})[0] < 0.5


def test_a_title_cut_off_is_the_one_that_begins_like_it() -> None:
    whole: Row = {"artist": "Marble Dusk", "title": f"{LONG} (Raven Remix)", "length": "6:40"}
    for end in ("...", "…"):
        assert (
            judged({"artist": "Marble Dusk", "title": f"{LONG} (Rav{end}", "length": "6:40"}, whole)[0] > 0.85
        )
        assert (
            judged({"artist": "Marble Dusk", "title": f"{LONG} (Ond{end}", "length": "6:40"}, whole)[0] < 0.5
        )


def test_namesakes_of_one_isrc_are_one_track() -> None:
    row = {"a_title": "Midnight", "a_artist": "Somebody (2)", "a_isrc": "GBABC2000001"}
    row |= {name.replace("a_", "b_"): value for name, value in row.items()} | {"b_artist": "Somebody (3)"}
    assert judge_frame(pl.DataFrame([row]), "a_", "b_", {}, HERE).confidence[0] > 0.9


def test_other_artists_need_a_release_to_be_one() -> None:
    copper = {"artist": "Copper", "title": "Lumen Drift", "length": "5:12"}
    assert judged(copper, {"artist": "Quartz", "title": "Lumen Drift", "length": "5:12"}) == (
        pytest.approx(0.02),
        "artists",
    )


def test_common_titles_of_another_length_are_others() -> None:
    intro = {"artist": "Copper", "title": "Intro"}
    assert judged({**intro, "length": "1:02"}, {**intro, "length": "0:58"})[1] == "length"
    assert judged({**intro, "length": "1:02"}, {**intro, "length": "1:03"})[0] > 0.5


@given(st.one_of(st.none(), st.text(max_size=40)), st.one_of(st.none(), st.text(max_size=60)))
def test_readings_are_few_and_never_the_row_itself(artist: str | None, title: str | None) -> None:
    found = other_readings(artist, title)
    assert len(found) <= 6
    assert (artist or "", title) not in found
    assert all(text for _, text in found)


def test_only_dots_at_the_end_cut_a_title_off() -> None:
    assert cut_off("Somebody Left The Har...") == "somebody left the har"
    assert cut_off("Wait...") == cut_off("...And Justice") == cut_off(None) == ""
