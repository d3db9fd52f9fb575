"""Fields that do not go by the first sure answer: the earliest date, the name most providers give."""

import uuid
from typing import Any

import duckdb
import pytest

from enrichment import config, pipeline, sql_macros
from enrichment.config import WaterfallConfig
from lake.errors import LakeError
from tests.enrichment.lake_records import DAY, put, tie

pytestmark = pytest.mark.slow
TRACK = str(uuid.UUID(int=1))
PROVIDERS = ("beatport", "spotify", "discogs", "soulection")


def configured(field: str, rule: str | None) -> WaterfallConfig:
    return config.parse(
        {
            "critical": [field],
            "completeness": [field],
            "providers": {one: "spotify" if one == "soulection" else one for one in PROVIDERS},
            "settle": {field: rule} if rule else {},
            "fields": {field: {one: [0.5, 0.9] for one in PROVIDERS}},
        }
    )


def outcomes(
    lake: duckdb.DuckDBPyConnection, chosen: WaterfallConfig, field: str, *records: dict[str, Any]
) -> list[tuple[str, str]]:
    """Resolve one track of these records; (provider, outcome) of each attempt, the unasked left out."""
    names = {"artist_raw": "deadmau5", "title_raw": "Strobe"}
    ids = put(lake, *(names | record for record in records))
    tie(lake, TRACK, *((one, 1.0) for one in ids))
    pipeline.resolve(lake, DAY, chosen, "run-1")
    return lake.execute(
        "select provider, outcome from ops.enrichment_transformations "
        "where field = $field and outcome not in ('not_fetched', 'field_absent') order by priority",
        {"field": field},
    ).fetchall()


def released(provider: str, day: str, precision: str = "day", **more: Any) -> dict[str, Any]:
    said = {"day": 10, "month": 7, "year": 4}[precision]
    return {
        "provider": provider, "release_date_raw": day[:said], "release_date": day,
        "release_date_precision": precision,
    } | more  # fmt: skip


def by(provider: str, artist: str, **more: Any) -> dict[str, Any]:
    return {"provider": provider, "artist_raw": artist} | more


@pytest.mark.parametrize(
    ("records", "expected"),
    [
        # a reissue and the first release; what lost is on record, before and behind the winner
        (
            [released("beatport", "2017-04-23"), released("spotify", "2016-07-29"),
             released("discogs", "2016-08-01", "month")],
            [("beatport", "passed_over"), ("spotify", "accepted"), ("discogs", "passed_over")],
        ),
        # the day within a month is the better answer, the year before is the earlier one
        (
            [released("beatport", "2009-09-01", "month"), released("spotify", "2009-09-22")],
            [("beatport", "passed_over"), ("spotify", "accepted")],
        ),
        (
            [released("beatport", "2009-09-22"), released("discogs", "2008-01-01", "year")],
            [("beatport", "passed_over"), ("discogs", "accepted")],
        ),
        # an answer below its threshold is no candidate; nobody else is looked at where all say the same
        (
            [released("beatport", "2009-09-22"),
             released("spotify", "2001-01-01", confidence='{"release_date": 0.4}')],
            [("beatport", "accepted")],
        ),
        ([released("beatport", "2009-09-22"), released("spotify", "2009-09-22")], [("beatport", "accepted")]),
    ],
)  # fmt: skip
def test_the_earliest_date_wins_whatever_the_order_of_providers(
    lake: duckdb.DuckDBPyConnection, records: list[dict[str, Any]], expected: list[tuple[str, str]]
) -> None:
    chosen = configured("release_date", "earliest")
    assert outcomes(lake, chosen, "release_date", *records) == expected


def test_without_a_rule_the_first_wins(lake: duckdb.DuckDBPyConnection) -> None:
    records = [released("beatport", "2017-04-23"), released("spotify", "2016-07-29")]
    assert outcomes(lake, configured("release_date", None), "release_date", *records) == [
        ("beatport", "accepted")
    ]


@pytest.mark.parametrize(
    ("records", "expected"),
    [
        (  # a slip stands alone
            [by("beatport", "deadmua5"), by("spotify", "deadmau5"), by("discogs", "Deadmau5")],
            [("beatport", "passed_over"), ("spotify", "accepted"), ("discogs", "passed_over")],
        ),
        (  # one against one: the first
            [by("beatport", "deadmua5"), by("spotify", "deadmau5")],
            [("beatport", "accepted"), ("spotify", "passed_over")],
        ),
        (  # who copies another has no voice of his own
            [by("beatport", "deadmua5"), by("spotify", "deadmau5"), by("soulection", "deadmau5")],
            [("beatport", "accepted"), ("spotify", "passed_over"), ("soulection", "passed_over")],
        ),
    ],
)
def test_what_most_independent_providers_say_wins(
    lake: duckdb.DuckDBPyConnection, records: list[dict[str, Any]], expected: list[tuple[str, str]]
) -> None:
    assert outcomes(lake, configured("artist", "most"), "artist", *records) == expected


def test_a_second_run_finds_no_difference(lake: duckdb.DuckDBPyConnection) -> None:
    chosen = configured("release_date", "earliest")
    outcomes(
        lake, chosen, "release_date", released("beatport", "2017-04-23"), released("spotify", "2016-07-29")
    )
    again = pipeline.resolve(lake, DAY, chosen, "run-2")
    assert (again.attempts_new, again.tracks_changed) == (0, 0)


@pytest.mark.parametrize(
    ("settle", "words"),
    [
        ({"bpm": "earliest"}, ["settle.bpm is 'earliest'", "earliest (for release_date)"]),
        ({"bpm": "loudest"}, ["settle.bpm is 'loudest'"]),
        ({"relese_date": "earliest"}, ["settle.relese_date is no field", "did you mean release_date"]),
        ({"title": "most"}, ["settle is empty or names fields", "title"]),
        ({"catalog_number": "most"}, ["nothing says when two values agree"]),
        (["bpm"], ["settle is no mapping"]),
    ],
)
def test_a_wrong_rule_is_refused(settle: Any, words: list[str]) -> None:
    fields = {"bpm": {"beatport": [0.9, 0.9]}, "catalog_number": {"beatport": [0.9, 0.9]}}
    with pytest.raises(LakeError) as refused:
        config.parse({"critical": ["bpm"], "completeness": ["bpm"], "settle": settle, "fields": fields})
    for word in words:
        assert word in str(refused.value)


def test_rules_are_part_of_the_snapshot() -> None:
    chosen = configured("artist", "most")
    assert config.parsed(chosen.snapshot) == chosen
    assert chosen.hash != configured("artist", None).hash


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("same_label('Warp', 'WARP Records')", True),
        ("same_label('Soma Records', 'Soma Music')", False),
        ("same_label('Records', 'Music')", False),
        ("credited_words('A & Bé') = credited_words('be, A')", True),
        ("credited_words('A & B') = credited_words('A')", False),
        ("credit_without('A, B', ['A', 'B'], ['B'])", "A"),
        ("credit_without('A & B', ['A', 'B'], ['B'])", "A & B"),  # so they sign it themselves
        ("credit_without('A, B', ['A', 'B'], ['A', 'B'])", "A, B"),
        ("acts_without(['A', 'B'], ['B'])", ["A"]),
        ("acts_without(['B'], ['B'])", ["B"]),
    ],
)
def test_names(sql: str, expected: Any) -> None:
    connection = duckdb.connect()
    sql_macros.create(connection)
    assert connection.execute(f"select {sql}").fetchone() == (expected,)
