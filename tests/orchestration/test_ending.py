"""How commands and what they start come to their end."""

import signal
import subprocess
import sys
import time

import psutil
import pytest


@pytest.mark.parametrize("command", ["status", "run"])
def test_ctrl_c_while_a_command_is_still_loading_ends_it_without_a_traceback(command: str) -> None:
    process = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "from orchestration.cli import main; print('begun', flush=True); main()",
            command,
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "begun\n"
    time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert (process.returncode, "Traceback" in said) == (130, False), said
    assert said == "stopped before anything was begun\n"


@pytest.mark.slow
def test_dbt_ends_with_the_run_that_started_it() -> None:
    child = (
        "import time; from orchestration.dbt_functions import end_with_parent; end_with_parent(); "
        "print('watching', flush=True); time.sleep(600)"
    )
    parent = (
        "import os, subprocess, sys, time; os.environ['CRATELAKE_DBT_PARENT'] = str(os.getpid()); "
        f"print(subprocess.Popen([sys.executable, '-c', {child!r}]).pid, flush=True); time.sleep(600)"
    )
    with subprocess.Popen([sys.executable, "-c", parent], stdout=subprocess.PIPE, text=True) as run:
        assert run.stdout is not None
        dbt = psutil.Process(int(run.stdout.readline()))
        assert run.stdout.readline() == "watching\n"
        assert dbt.is_running()
        run.kill()
    gone, _ = psutil.wait_procs([dbt], timeout=10)
    assert gone == [dbt]
