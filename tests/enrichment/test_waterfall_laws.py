"""Laws of the waterfall, whatever the providers say."""

import uuid
from collections.abc import Sequence
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from enrichment import config, waterfall
from enrichment.config import WaterfallConfig
from enrichment.run import Run
from tests.enrichment.lake_records import empty, put, tie

pytestmark = pytest.mark.slow
PROVIDERS = ("beatport", "spotify", "discogs", "dj_library")
sure = st.integers(0, 100).map(lambda n: n / 100)
answers = st.fixed_dictionaries(
    {"bpm": st.sampled_from([87, 128, 128.4, 174]), "reported": st.none() | sure, "match": sure}
)
worlds = st.lists(st.dictionaries(st.sampled_from(PROVIDERS), answers, min_size=1), min_size=1, max_size=4)
gates = st.fixed_dictionaries({provider: st.tuples(sure, sure) for provider in PROVIDERS})
examples = settings(
    max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


def fill(lake: duckdb.DuckDBPyConnection, world: Sequence[dict[str, Any]], order: Sequence[str]) -> None:
    """Put tracks of one record per provider into an empty lake, the records in a given order of providers."""
    empty(lake)
    for number, track in enumerate(world):
        members = []
        for provider in (one for one in order if one in track):
            said = track[provider]
            (record,) = put(
                lake,
                {
                    "record_id": f"{number}-{provider}", "provider": provider, "artist_raw": "A",
                    "title_raw": f"T{number}", "bpm_raw": str(said["bpm"]), "bpm": said["bpm"],
                    "confidence": None if said["reported"] is None else f'{{"bpm": {said["reported"]}}}',
                },
            )  # fmt: skip
            members.append((record, said["match"]))
        tie(lake, str(uuid.UUID(int=number)), *members)


def decided(lake: duckdb.DuckDBPyConnection, chosen: WaterfallConfig) -> dict[str, tuple[str, str]]:
    """Track id -> accepted value and its provider."""
    lake.execute(
        "create or replace temp table batch_tracks as "
        "select track_id, row_number() over ()::integer as track_no "
        "from (select distinct track_id from silver.track_members)"
    )
    waterfall.attempt(lake, Run.start("law", chosen))
    rows = lake.execute("select track_id::varchar, value, provider from provenance").fetchall()
    return {track: (value, provider) for track, value, provider in rows}


def configured(
    gates: dict[str, tuple[float, float]], providers: Sequence[str] = PROVIDERS
) -> WaterfallConfig:
    return config.parse(
        {
            "critical": ["bpm"],
            "completeness": ["bpm"],
            "fields": {"bpm": {provider: list(gates[provider]) for provider in providers}},
        }
    )


@examples
@given(world=worlds, gates=gates, provider=st.sampled_from(PROVIDERS), higher=sure)
def test_raising_a_threshold_never_accepts_more(
    lake: duckdb.DuckDBPyConnection,
    world: list[dict[str, Any]],
    gates: dict[str, tuple[float, float]],
    provider: str,
    higher: float,
) -> None:
    fill(lake, world, PROVIDERS)
    before = decided(lake, configured(gates))
    low, usual = gates[provider]
    after = decided(lake, configured(gates | {provider: (max(low, higher), usual)}))
    assert set(after) <= set(before)
    assert sum(one[1] == provider for one in after.values()) <= sum(
        one[1] == provider for one in before.values()
    )


@examples
@given(world=worlds, gates=gates, present=st.integers(1, len(PROVIDERS) - 1))
def test_adding_a_lower_priority_provider_never_changes_a_satisfied_field(
    lake: duckdb.DuckDBPyConnection,
    world: list[dict[str, Any]],
    gates: dict[str, tuple[float, float]],
    present: int,
) -> None:
    fill(lake, world, PROVIDERS)
    before = decided(lake, configured(gates, PROVIDERS[:present]))
    after = decided(lake, configured(gates, PROVIDERS[: present + 1]))
    assert before.items() <= after.items()


@examples
@given(world=worlds, gates=gates, order=st.permutations(PROVIDERS))
def test_the_order_of_arrival_does_not_matter(
    lake: duckdb.DuckDBPyConnection,
    world: list[dict[str, Any]],
    gates: dict[str, tuple[float, float]],
    order: list[str],
) -> None:
    fill(lake, world, PROVIDERS)
    before = decided(lake, configured(gates))
    fill(lake, world, order)
    assert decided(lake, configured(gates)) == before
