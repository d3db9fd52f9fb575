"""Who is asked about what, where providers disagree, and what their agreement is worth."""

import datetime as dt
import json
import uuid
from decimal import Decimal
from typing import Any

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from enrichment import config, pipeline, sql_macros
from enrichment.config import WaterfallConfig
from quality.check import run
from quality.checks import lake_checks
from tests.enrichment.lake_records import DAY, put, tie

pytestmark = pytest.mark.slow

TRACK = str(uuid.UUID(int=1))


def settle(lake: duckdb.DuckDBPyConnection, chosen: WaterfallConfig, *records: dict[str, Any]) -> None:
    """Resolve one track made of the given records; their key ``sure`` is the match confidence."""
    sure = [float(record.pop("sure", 1)) for record in records]
    names = {"artist_raw": "deadmau5", "title_raw": "Strobe"}
    ids = put(lake, *(names | record for record in records))
    tie(lake, TRACK, *zip(ids, sure, strict=True))
    pipeline.resolve(lake, DAY, chosen, "run-1")


def bpm(provider: str, value: float, **more: Any) -> dict[str, Any]:
    return {"provider": provider, "bpm_raw": str(value), "bpm": value} | more


def key(provider: str, camelot: str, standard: str) -> dict[str, Any]:
    return {"provider": provider, "key_raw": standard, "key_camelot": camelot, "key_standard": standard}


def configured(field: str, order: dict[str, Any], **options: Any) -> WaterfallConfig:
    return config.parse({"critical": [field], "completeness": [field], "fields": {field: order}} | options)


def attempts(lake: duckdb.DuckDBPyConnection) -> list[tuple[Any, ...]]:
    return lake.execute(
        "select provider, outcome, confidence from ops.enrichment_transformations order by priority"
    ).fetchall()


def conflicts(lake: duckdb.DuckDBPyConnection) -> list[tuple[Any, ...]]:
    return lake.execute(
        "select field, kind, severity, chosen_provider from silver.field_conflicts order by field"
    ).fetchall()


@pytest.mark.parametrize(
    ("records", "field", "kind"),
    [
        ([bpm("beatport", 174), bpm("spotify", 87)], "bpm", "half_or_double"),
        ([bpm("beatport", 128), bpm("spotify", 126)], "bpm", "close"),
        ([bpm("beatport", 95), bpm("spotify", 126)], "bpm", "three_quarters"),
        ([bpm("beatport", 128), bpm("spotify", 110)], "bpm", "different"),
        ([key("beatport", "6A", "G minor"), key("spotify", "6B", "Bb major")], "key", "relative"),
        ([key("beatport", "12A", "Db minor"), key("spotify", "1A", "Ab minor")], "key", "fifth"),
        ([key("beatport", "6A", "G minor"), key("spotify", "9B", "G major")], "key", "parallel"),
        ([key("beatport", "6A", "G minor"), key("spotify", "2A", "Eb minor")], "key", "different"),
        ([{"provider": "beatport", "duration_ms": 633000}, {"provider": "spotify", "duration_ms": 200000}],
         "duration_ms", "different"),
    ],
)  # fmt: skip
def test_disagreement_is_kept_with_its_kind_though_the_first_was_accepted(
    lake: duckdb.DuckDBPyConnection, records: list[dict[str, Any]], field: str, kind: str
) -> None:
    settle(lake, config.load(), *records)
    ((found, named, _, chosen),) = conflicts(lake)
    assert (found, named) == (field, kind)
    assert chosen == "beatport"
    (answers,) = lake.execute("select answers::varchar from silver.field_conflicts").fetchone() or ("",)
    assert [one["provider"] for one in json.loads(answers)] == ["beatport", "spotify"]


@pytest.mark.parametrize(
    "records",
    [
        [bpm("beatport", 128), bpm("spotify", 127.6)],
        [{"provider": "beatport", "duration_ms": 633000}, {"provider": "spotify", "duration_ms": 631500}],
        [{"provider": "beatport", "release_date_raw": "x", "release_date": dt.date(2009, 9, 22),
          "release_date_precision": "day"},
         {"provider": "spotify", "release_date_raw": "x", "release_date": dt.date(2009, 1, 1),
          "release_date_precision": "year"}],
        [bpm("beatport", 128), {"provider": "spotify", "bpm_raw": "fast"}],
    ],
)  # fmt: skip
def test_within_the_tolerance_there_is_no_conflict(
    lake: duckdb.DuckDBPyConnection, records: list[dict[str, Any]]
) -> None:
    settle(lake, config.load(), *records)
    assert conflicts(lake) == []


def test_a_conflict_goes_when_the_answer_that_made_it_is_mended(lake: duckdb.DuckDBPyConnection) -> None:
    settle(lake, config.load(), bpm("beatport", 174), bpm("spotify", 87, record_id="s"))
    assert len(conflicts(lake)) == 1
    lake.execute("update silver.track_records set bpm = 174 where record_id = 's'")
    pipeline.resolve(lake, DAY, config.load(), "run-2")
    assert conflicts(lake) == []


def test_corroboration_is_off_unless_switched_on(lake: duckdb.DuckDBPyConnection) -> None:
    order = {"beatport": [0.98, 0.9], "spotify": [0.95, 0.8]}
    settle(lake, configured("bpm", order), bpm("beatport", 128), bpm("spotify", 128))
    assert [row[1] for row in attempts(lake)] == ["below_threshold", "below_threshold"]


def test_independent_providers_that_agree_confirm_each_other_and_the_log_says_who(
    lake: duckdb.DuckDBPyConnection,
) -> None:
    order = {"beatport": [0.98, 0.9], "spotify": [0.95, 0.8]}
    chosen = configured("bpm", order, corroborate=["bpm"])
    settle(lake, chosen, bpm("beatport", 128), bpm("spotify", 127.8))
    assert attempts(lake) == [("beatport", "accepted", Decimal("0.9800"))]  # 1 - 0.1 x 0.2
    (terms,) = lake.execute(
        "select corroboration::varchar from ops.enrichment_transformations"
    ).fetchone() or ("",)
    assert json.loads(terms) == [{"sure": 8000, "provider": "spotify"}]
    (check,) = (
        one
        for one in lake_checks(chosen.critical, "(select '' as bronze_id)", {})
        if one.name == "no_value_accepted_below_its_threshold"
    )
    assert run(lake, check).passed


@pytest.mark.parametrize(
    ("options", "other"),
    [
        ({"providers": {"beatport": "beatport", "spotify": "beatport"}}, 128),  # the same word twice
        ({}, 100),  # another answer
    ],
)
def test_copies_and_contradictions_confirm_nothing(
    lake: duckdb.DuckDBPyConnection, options: dict[str, Any], other: float
) -> None:
    order = {"beatport": [0.98, 0.9], "spotify": [0.95, 0.8]}
    chosen = configured("bpm", order, corroborate=["bpm"], **options)
    settle(lake, chosen, bpm("beatport", 128), bpm("spotify", other))
    assert [row[1:] for row in attempts(lake)] == [
        ("below_threshold", Decimal("0.9000")),
        ("below_threshold", Decimal("0.8000")),
    ]


shares = st.integers(0, 10_000)


@given(own=shares, others=st.lists(shares, max_size=8))
def test_law_combined_confidence_is_exact_and_never_lower(own: int, others: list[int]) -> None:
    with duckdb.connect() as connection:
        sql_macros.create(connection)
        ((found,),) = connection.execute(
            "select combined_confidence($own::bigint, $others::bigint[])", {"own": own, "others": others}
        ).fetchall()
    doubt = Decimal(10_000 - own)
    for one in others:
        doubt = doubt * (10_000 - one) / 10_000
    assert found == 10_000 - int(doubt.quantize(Decimal(1), "ROUND_HALF_EVEN"))
    assert found >= own


@pytest.mark.parametrize(
    ("only", "more", "outcome"),
    [
        ({"genres": ["House"]}, {"genre": "Techno"}, "not_eligible"),
        ({"genres": ["House"]}, {"genre": "house"}, "accepted"),
        ({"genres": ["Acid"]}, {"genre": "House", "subgenre": "Acid"}, "accepted"),
        ({"genres": ["House"]}, {}, "accepted"),  # nobody knows the genre: it may be electronic
        ({"released": ["2010-01-01", None]}, {"release_date": dt.date(2009, 12, 31)}, "not_eligible"),
        ({"released": [None, "2010-01-01"]}, {"release_date": dt.date(2010, 1, 2)}, "not_eligible"),
        ({"released": ["2010-06-01", None]},
         {"release_date": dt.date(2010, 1, 1), "release_date_precision": "year"}, "accepted"),
        ({"released": ["2010-01-01", None]}, {}, "accepted"),
        ({"streams": ["features_api"]}, {}, "not_eligible"),
        ({"streams": ["tracks_api"]}, {}, "accepted"),
    ],
)  # fmt: skip
def test_a_provider_is_asked_only_about_what_it_is_eligible_for(
    lake: duckdb.DuckDBPyConnection, only: dict[str, Any], more: dict[str, Any], outcome: str
) -> None:
    chosen = configured("bpm", {"beatport": {"confidence": [0.9, 0.9], "only": only}, "spotify": [0.5, 0.5]})
    settle(lake, chosen, bpm("beatport", 128, **more), bpm("spotify", 127))
    assert attempts(lake)[0][:2] == ("beatport", outcome)
    assert len(attempts(lake)) == (1 if outcome == "accepted" else 2)
