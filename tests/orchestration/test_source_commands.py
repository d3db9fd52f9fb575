"""`cratelake parse` and `cratelake sandbox serve`."""

import json
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from extractors.errors import FetchError, SourceError
from extractors.sources.registry import SOURCES
from orchestration.cli.sources import parse

TRACK = {"id": "1" * 22, "type": "track", "name": "A", "artists": [{"name": "B"}], "new_key": 1}


def saved(folder: Path, content: object) -> Path:
    file = folder / "answer.json"
    file.write_text(content if isinstance(content, str) else json.dumps(content))
    return file


def test_parse_prints_rows_and_names_what_it_does_not_know(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    parse("spotify", "auto", saved(tmp_path, {"tracks": {"items": [TRACK, None], "total": 2}}))
    printed = capsys.readouterr()
    (row,) = [json.loads(line) for line in printed.out.splitlines()]
    assert (row["name"], row["artists"][0]["name"], row["new_key"]) == ("A", "B", 1)
    assert "1 rows of spotify search_api" in printed.err
    assert "new_key" in printed.err


@pytest.mark.parametrize(
    ("provider", "stream", "content", "reason"),
    [
        ("spotify", "tracks_api", {**TRACK, "artists": 5}, r"answer.json, field 'artists': .*list"),
        ("spotify", "tracks_api", '{"id": "1', "no JSON"),
        ("spotify", "songs", TRACK, "no stream songs"),
        ("spotfy", "auto", TRACK, "use one of"),
        ("deezer", "auto", {"error": {"code": 4, "message": "Quota limit exceeded"}}, "Asking again later"),
        ("deezer", "auto", {"error": {"code": 800, "message": "no data"}}, "no such thing"),
    ],
)
def test_parse_says_precisely_why_not(
    provider: str, stream: str, content: object, reason: str, tmp_path: Path
) -> None:
    with pytest.raises((SourceError, FetchError), match=reason):
        parse(provider, stream, saved(tmp_path, content))


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@pytest.mark.slow
def test_the_sandbox_is_served_until_it_is_stopped(home_factory: Callable[[], Path]) -> None:
    port = free_port()
    command = f"from orchestration.cli import app; app(['sandbox', 'serve', '--port', '{port}', '--faults'])"
    environment = {
        "CRATELAKE_HOME": str(home_factory()),
        "CRATELAKE_SANDBOX_TRACKS": "120",
        "PYTHONPATH": ":".join(sys.path),
    }
    ledger: dict[str, object] = {}
    server = subprocess.Popen([sys.executable, "-c", command], env=environment, stderr=subprocess.PIPE)
    try:
        while server.poll() is None and not ledger:
            try:
                ledger = httpx.get(f"http://127.0.0.1:{port}/_sandbox/ledger", trust_env=False).json()
            except httpx.TransportError:
                time.sleep(0.1)
    finally:
        server.terminate()
        _, said = server.communicate(timeout=20)
    assert set(ledger) == set(SOURCES), said.decode()
