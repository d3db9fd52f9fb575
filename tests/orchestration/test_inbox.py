"""The drop folder in Dagster: the sensor sees what waits, the job takes it."""

import os
import time
from pathlib import Path

import dagster as dg
import pytest

from lake import bronze
from orchestration.inbox import inbox_files, inbox_job
from orchestration.resources import LakeResource


def lay(home: Path, name: str, file: str, text: str) -> None:
    path = home / "inbox" / name / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    os.utime(path, (time.time() - 60,) * 2)


def requests() -> list[dg.RunRequest]:
    with dg.build_sensor_context() as context:
        return list(inbox_files.evaluate_tick(context).run_requests or ())


def test_the_sensor_asks_for_a_run_when_files_wait_and_the_job_takes_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CRATELAKE_HOME", str(tmp_path))
    assert requests() == []
    lay(tmp_path, "tracklist_files", "friday.txt", "Ada - Dawn\n")
    lay(tmp_path, "tracklist_files", "notes.txt", "nothing")
    (request,) = requests()
    assert requests()[0].run_key == request.run_key, "the same files ask for one run"
    done = inbox_job.execute_in_process(resources={"lake": LakeResource()})
    assert done.success
    assert bronze.count(tmp_path / "bronze", "tracklist_file", "files") == 1
    (event,) = (one for one in done.all_events if one.is_step_materialization)
    assert event.asset_key == dg.AssetKey(["bronze", "tracklist_file__files"])
    assert "notes.txt" in str(event.materialization.metadata["files"].value)
    assert (tmp_path / "inbox/tracklist_files/refused/notes.txt.reason.txt").exists()
    assert requests() == []


def test_the_sensor_says_which_files_it_cannot_take(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CRATELAKE_HOME", str(tmp_path))
    lay(tmp_path, "", "friday.txt", "Ada - Dawn\n")
    with dg.build_sensor_context() as context:
        told = inbox_files.evaluate_tick(context).skip_message
    assert told is not None
    assert "1 lie in inbox/ itself" in told
