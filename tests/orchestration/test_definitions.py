"""What Dagster loads: it loads, its names follow the rules, and what guards gold blocks."""

import datetime as dt
import re

import dagster as dg
import pytest

from orchestration.definitions import build
from orchestration.fetching import ASKED
from orchestration.instance import _CONFIG as INSTANCE
from orchestration.staging import answers_models

LAYERS = {"bronze", "staging", "silver", "ops", "gold", "published"}


@pytest.fixture(scope="module")
def definitions() -> dg.Definitions:
    return build()


def test_the_definitions_are_loadable(definitions: dg.Definitions) -> None:
    dg.Definitions.validate_loadable(definitions)


def test_asset_keys_follow_the_naming_rules(definitions: dg.Definitions) -> None:
    for key in definitions.resolve_asset_graph().get_all_asset_keys():
        layer, name = key.path
        assert layer in LAYERS, key
        assert re.fullmatch(r"[a-z0-9_]+", name), key
        if layer == "bronze":
            assert "__" in name, key
        if layer == "staging":
            assert name.startswith(("stg_", "base_")), key


def test_every_asset_has_group_description_kind_and_owner(definitions: dg.Definitions) -> None:
    graph = definitions.resolve_asset_graph()
    for key in graph.get_all_asset_keys():
        node = graph.get(key)
        assert node.group_name == key.path[0], key
        assert node.owners, key
        assert node.description, key
        assert node.kinds, key


def test_checks_on_what_reaches_gold_block(definitions: dg.Definitions) -> None:
    specs = {
        (one.asset_key.to_user_string(), one.name): one.blocking
        for check in definitions.asset_checks or ()
        for one in check.check_specs
    }
    for check in (
        ("ops/enrichment_transformations", "no_value_accepted_below_its_threshold"),
        ("silver/field_provenance", "every_provenance_is_an_attempt"),
        ("silver/track_records", "every_record_has_its_bronze_answer"),
        ("silver/enriched_tracks", "quality_score_recomputes"),
        ("gold/track_analytics", "every_gold_track_is_a_silver_track"),
    ):
        assert specs[check], check


def test_a_provider_is_asked_by_one_process_at_a_time(definitions: dg.Definitions) -> None:
    pools = {
        node.name: node.pools
        for node in definitions.resolve_job_def("nightly").graph.node_defs
        if node.name.startswith("fetch_")
    }
    assert len(pools) >= 4
    assert all(pools[name] == {name.replace("fetch_", "api_", 1)} for name in pools)
    assert "default_limit: 1" in INSTANCE


def test_answers_are_typed_after_asking_and_files_before(definitions: dg.Definitions) -> None:
    graph = definitions.resolve_asset_graph()
    for provider in ASKED:
        fetched = dg.AssetKey(["bronze", f"{provider}__fetches"])
        before = {key.path[1] for key in graph.get_ancestor_asset_keys(fetched) if key.path[0] == "staging"}
        assert "stg_1001tracklists__page_plays" in before
        assert not before & set(answers_models())


def test_the_schedule_runs_the_job_of_the_command(definitions: dg.Definitions) -> None:
    schedule = definitions.resolve_schedule_def("nightly_schedule")
    context = dg.build_schedule_context(scheduled_execution_time=dt.datetime(2026, 3, 2, 3, tzinfo=dt.UTC))
    request = schedule(context)
    assert schedule.job_name == "nightly"
    assert isinstance(request, dg.RunRequest)
    assert request.partition_key == "2026-03-02"
