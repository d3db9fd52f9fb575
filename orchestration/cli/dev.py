"""``cratelake dev`` and ``cratelake stop``: the Dagster UI on this lake, and nothing left running."""

import contextlib
import os
import signal
import subprocess
import sys
from pathlib import Path

import psutil

from lake.errors import LakeError
from lake.postgres import stop_embedded
from lake.settings import Settings
from orchestration.cli.console import out
from orchestration.instance import instance

_WORKSPACE = Path(__file__).parent.parent.parent / "workspace.yaml"


def _pid_file(settings: Settings) -> Path:
    return settings.root / "dev.pid"


def dev(port: int) -> None:
    """Run ``dagster dev`` on this lake in the foreground; Ctrl-C ends it and what it started.

    Raises:
        LakeError: the port is taken, or the UI ended with an error.
    """
    settings = Settings()
    taken = {
        one.laddr.port
        for one in psutil.net_connections("tcp")
        if one.status == psutil.CONN_LISTEN and one.laddr
    }
    if port in taken:
        raise LakeError(f"port {port} is in use", f"choose another: cratelake dev --port {port + 1}")
    with instance(settings):
        command = [
            sys.executable, "-m", "dagster", "dev", "--workspace", str(_WORKSPACE), "--host", "127.0.0.1",
            "--port", str(port),
        ]  # fmt: skip
        process = subprocess.Popen(command, env=os.environ.copy(), start_new_session=True)  # noqa: S603
        _pid_file(settings).write_text(str(process.pid))
        out.print(f"Dagster UI: [bold]http://127.0.0.1:{port}[/bold]  (Ctrl-C stops it)")
        try:
            code = process.wait()
        except KeyboardInterrupt:
            code = 0
        finally:
            _end(process.pid)
            _pid_file(settings).unlink(missing_ok=True)
    if code > 0:
        raise LakeError(f"the Dagster UI ended with code {code}", "see its messages above")


def stop() -> None:
    """End the UI and the embedded Postgres of this home, by their process ids."""
    settings = Settings()
    ended = []
    file = _pid_file(settings)
    if file.exists():
        if _end(int(file.read_text())):
            ended.append("the Dagster UI")
        file.unlink(missing_ok=True)
    if stop_embedded(settings):
        ended.append("Postgres")
    out.print(f"stopped {' and '.join(ended)}" if ended else "nothing was running")


def _end(pid: int) -> bool:
    """End a process and all it started; True if it ran."""
    try:
        parent = psutil.Process(pid)
        family = [parent, *parent.children(recursive=True)]
    except psutil.NoSuchProcess:
        return False
    for process in family:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.send_signal(signal.SIGINT if process is parent else signal.SIGTERM)
    _, alive = psutil.wait_procs(family, timeout=15)
    for process in alive:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()
    return True
