"""``cratelake replay``, ``whatif``, the queue and the Dagster parts, on the source document's story."""

import json
import re
import shlex
from collections.abc import Callable
from pathlib import Path

import dagster as dg
import pytest

from enrichment import config, matching, pipeline, run, schema, waterfall
from enrichment.config import DEFAULT_FILE
from enrichment.engine import Day, lake_connection
from enrichment.replay import requests
from lake.postgres import postgres
from lake.tables import fingerprint
from orchestration.assets.silver import resolve_tracks
from orchestration.audit import audit
from orchestration.definitions import build
from orchestration.instance import instance
from orchestration.partitions import today
from orchestration.replays import replay_queue
from orchestration.resources import LakeResource
from tests.conftest import REPOSITORY
from tests.enrichment.lake_records import put
from tests.enrichment.test_replay import GOLDEN, STOPS_EARLY
from tests.orchestration.conftest import Build
from tests.orchestration.homes import Home, golden_answers

pytestmark = pytest.mark.slow
STROBE = "deadmau5 - Strobe"
OLD_RUN = "abc-123"


@pytest.fixture(scope="module")
def home(home_factory: Callable[[], Path]) -> Home:
    """A lake of one track, decided and then decided wrongly: records and silver alone, quick to make."""
    made = Home(home_factory())
    with postgres(made.settings) as server, lake_connection(made.settings, server) as lake:
        put(lake, *GOLDEN, day=Day(today()))
        matching.match_day(lake, Day(today()), config.load())
        pipeline.resolve(lake, Day(today()), config.load(), "first")
    old_run(made)
    return made


def old_run(home: Home) -> None:
    """Decide the day by code with the bug: what is below its threshold is accepted and ends the waterfall."""
    with (
        pytest.MonkeyPatch.context() as patched,
        postgres(home.settings) as server,
        lake_connection(home.settings, server) as lake,
    ):
        patched.setattr(waterfall, "_TRIED", waterfall._TRIED.replace(STOPS_EARLY, ""))
        patched.setattr(run, "code_version", lambda: "0ldc0de00000")
        pipeline.resolve(lake, Day(today()), config.load(), OLD_RUN)


def bpm(home: Home) -> float:
    (line,) = home.run(
        "sql", "--lake", "-f", "json", "select bpm from silver.enriched_tracks"
    ).stdout.splitlines()
    return float(json.loads(line)["bpm"])


def test_the_bug_story_by_commands(home: Home) -> None:
    assert bpm(home) == 130
    assert OLD_RUN in home.run("replay", "find", STROBE, "bpm").stdout
    viewed = home.run("replay", "run", OLD_RUN).stdout
    for text in ("beatport ≥ 0.9800", "0ldc0de00000", config.load().hash, "answers its attempts rest on"):
        assert text in viewed
    told = json.loads(home.run("replay", "run", "abc", "--json").stdout)
    assert told["snapshot"]["fields"]["bpm"]["beatport"][0] == "0.9800"
    assert len(told["bronze_ids"]) >= 1

    asked = ("--tracks", STROBE, "--fields", "bpm", "--config", f"run:{OLD_RUN}", "-r", "showed 130")
    printed = " ".join(home.run("replay", "plan", *asked, "--code", "stops no more").stdout.split())
    for text in ("code", "run abc-123", "stops no more", "nothing is changed yet"):
        assert text in printed, printed
    assert bpm(home) == 130
    shown = json.loads(home.run("replay", "show", "last", "--json").stdout)
    (one,) = shown["differences"]
    assert (one["verdict"], one["run_id"]) == ("code", OLD_RUN)
    assert (one["before"], one["after"]) == ("130.00", "128.00")

    assert "1 fields of 1 tracks" in home.run("replay", "apply", "last").stdout
    assert bpm(home) == 128
    assert "is taken back" in home.run("replay", "undo", "last").stdout
    assert bpm(home) == 130
    assert "undone" in home.run("replay", "list").stdout
    home.run("replay", "apply", "last")


def test_a_corrected_mistake_no_longer_keeps_gold_from_being_published(
    after: Callable[[Build], Home],
) -> None:
    full = after(golden_answers)
    old_run(full)
    with postgres(full.settings) as server, lake_connection(full.settings, server) as lake:
        chosen, failed = config.load(), []
        for told in ("wrong", "corrected"):
            if told == "corrected":
                full.run("replay", "plan", "--all", "--config", f"run:{OLD_RUN}", "-r", "showed 130")
                full.run("replay", "apply", "last")
            failed.append({one.check.name for one in audit(lake, full.settings, chosen) if not one.passed})
    # gold still says 128: it was built before the old run, and that of the correction fits it again
    assert "no_value_accepted_below_its_threshold" in failed[0]
    assert failed[1] == set()


def test_commands_that_make_no_sense_are_refused_with_a_remedy(home: Home) -> None:
    for arguments, words in [
        (("plan", "-r", "x"), "give one of --tracks"),
        (("plan", "--all", "--live", "--config", "run:zz", "-r", "x"), "no run begins with 'zz'"),
        (("plan", "--all", "--fields", "mood", "-r", "x"), "there is no field 'mood'"),
        (("plan", "--all", "--config", "run:zz", "-r", "x"), "no run begins with 'zz'"),
        (("plan", "--tracks", "nobody - nothing", "-r", "x"), "no track fits"),
        (("plan", "--all", "-r", " "), "a replay needs a reason"),
        (("apply", "zz"), "no plan begins with 'zz'"),
        (("apply", "last"), "is applied already"),
        (("run", "zz"), "no run begins with 'zz'"),
        (("request", "-r", "x"), "give one of --tracks"),
    ]:
        assert words in " ".join(home.run("replay", *arguments, code=1).stderr.split())


def test_whatif_tells_what_another_configuration_would_change(home: Home, tmp_path: Path) -> None:
    other, out = tmp_path / "waterfall-new.yml", tmp_path / "moved.csv"
    text = DEFAULT_FILE.read_text(encoding="utf-8")
    other.write_text(re.sub(r"(?m)^(  bpm:\n    beatport: )\[[^]]*\]", r"\1[0.80, 0.98]", text))
    before = _silver(home)
    printed = " ".join(home.run("whatif", str(other), "--out", str(out)).stdout.split())
    for words in ("1 fields of 1 tracks", "bpm", "configuration", "128.00 (spotify) → 130.00 (beatport)"):
        assert words in printed, printed
    told = json.loads(home.run("whatif", str(other), "--json", "--day", today().isoformat()).stdout)
    assert (told["by_verdict"], told["worse"]) == ({"configuration": 1}, 1)
    assert told["quality_before"] > told["quality_after"]
    assert "130.00" in out.read_text()
    assert _silver(home) == before
    assert "nowhere.yml" in home.run("whatif", "nowhere.yml", code=1).stderr


def test_a_queued_replay_is_worked_by_the_sensor_and_the_job(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    home.run("replay", "undo", "last")
    home.run("replay", "request", "--all", "--fields", "bpm", "--apply", "-r", "once more")
    home.run("replay", "request", "--bronze-ids", "nowhere", "-r", "a slip")
    for name, value in home.environment.items():
        if name.startswith("CRATELAKE_"):
            monkeypatch.setenv(name, value)
    definitions = build()
    with instance(home.settings) as opened:
        started = list(replay_queue(dg.build_sensor_context(instance=opened)))
        assert [type(one) for one in started] == [dg.RunRequest, dg.RunRequest]
        succeeded = [
            definitions.resolve_job_def("replay")
            .execute_in_process(instance=opened, run_config=one.run_config, raise_on_error=False)
            .success
            for one in started
        ]
        assert succeeded == [True, False]
        (waiting,) = replay_queue(dg.build_sensor_context(instance=opened))
        assert isinstance(waiting, dg.SkipReason)
        with postgres(home.settings) as server, lake_connection(home.settings, server) as lake:
            done, failed = requests.requests(lake)
            assert (done.state, failed.state) == ("done", "failed")
            assert "1 fields of 1 tracks came out differently; applied" in str(done.state_reason)
            assert "silver knows no answer nowhere" in str(failed.state_reason)
            # a run that died leaves its request running; the next tick says so
            lake.execute("update ops.pipeline_replay_queue set state = 'running', run_id = 'gone'")
        list(replay_queue(dg.build_sensor_context(instance=opened)))
    assert bpm(home) == 128
    listed = " ".join(home.run("replay", "list").stdout.split())
    assert "its run gone ended without a word" in listed


def test_a_day_rematerialised_with_fields_and_a_former_configuration(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in home.environment.items():
        if name.startswith("CRATELAKE_"):
            monkeypatch.setenv(name, value)
    old_run(home)
    before = _silver(home)
    with instance(home.settings) as opened:
        done = dg.materialize(
            [resolve_tracks],
            partition_key=today().isoformat(),
            instance=opened,
            resources={"lake": LakeResource()},
            run_config={
                "ops": {"resolve_tracks": {"config": {"fields": ["bpm"], "config": f"run:{OLD_RUN}"}}},
                "loggers": {"console": {"config": {"log_level": "CRITICAL"}}},
            },
        )
    assert done.success
    assert bpm(home) == 128
    changed = {name for name, content in _silver(home).items() if content != before[name]}
    silver = ("enriched_tracks", "field_provenance", "field_conflicts", "former_values")
    assert changed == {f"silver.{name}" for name in silver}


def _silver(home: Home) -> dict[str, str]:
    """Content hash of every table that a run can change, clocks and the list of runs left out."""
    with postgres(home.settings) as server, lake_connection(home.settings, server) as lake:
        return {
            name: fingerprint(lake, name, volatile=schema.VOLATILE)
            for name in schema.TABLES
            if name != "ops.enrichment_pipeline_runs"
        }


def test_the_commands_of_the_documentation_work(home: Home, tmp_path: Path) -> None:
    text = (REPOSITORY / "docs" / "replay.md").read_text(encoding="utf-8")
    lines = [
        line.split("  #")[0].strip()
        for block in re.findall(r"```sh\n(.*?)```", text, re.DOTALL)
        for line in block.splitlines()
    ]
    (tmp_path / "waterfall-new.yml").write_text(DEFAULT_FILE.read_text(encoding="utf-8"))
    assert len(lines) > 8
    here = {"waterfall-new.yml": str(tmp_path / "waterfall-new.yml"), "2026-11-19": today().isoformat()}
    for line in lines:
        if "--live" in line:
            continue  # asks providers, which this lake of records alone has not: test_fetching does
        words = [
            here.get(word, word.replace("waterfall-new.yml", here["waterfall-new.yml"]))
            for word in shlex.split(line)
        ]
        if words[1:3] == ["replay", "plan"]:
            old_run(home)  # something to find for each plan
        home.run(*words[1:])
