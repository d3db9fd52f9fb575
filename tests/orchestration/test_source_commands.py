"""`cratelake parse` and `cratelake sandbox serve`."""

import gzip
import json
import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
import typer

from extractors.errors import FetchError, SourceError
from extractors.sandbox.server.wires import SITES, WIRES
from extractors.sources.registry import SOURCES
from lake.settings import Settings
from orchestration.cli import main
from orchestration.cli.console import Commands, errors
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
    assert "1 row of spotify search_api" in printed.err
    assert "new_key" in printed.err


@pytest.mark.parametrize(
    ("provider", "stream", "content", "reason"),
    [
        ("spotify", "tracks_api", {**TRACK, "artists": 5}, r"answer.json, field 'artists': .*list"),
        ("spotify", "tracks_api", '{"id": "1', "no JSON"),
        ("spotify", "songs", TRACK, "no stream songs"),
        ("spotfy", "auto", TRACK, "no provider is called so.*did you mean spotify.*1001tracklists"),
        ("listenbrainz", "auto", {"code": 400, "error": "Invalid mbid."}, r"Invalid mbid\. Asking"),
        ("deezer", "auto", {"error": {"code": 4, "message": "Quota limit exceeded"}}, "Asking again later"),
        ("deezer", "auto", {"error": {"code": 800, "message": "no data"}}, "no such thing"),
    ],
)
def test_parse_says_precisely_why_not(
    provider: str, stream: str, content: object, reason: str, tmp_path: Path
) -> None:
    with pytest.raises((SourceError, FetchError), match=reason):
        parse(provider, stream, saved(tmp_path, content))


def in_words(text: str) -> str:
    return " ".join(text.split())


HOSTILE: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "the file is empty"),
    "blank": (b" \n", "no JSON but nothing"),
    "binary": (b"\x00\xff\x17" * 99, "NUL bytes"),
    "picture": (b"\x89PNG\r\n\x1a\n" + b"\xff\xd8" * 9, "not UTF-8"),
    "cut off": (b'{"id": "1', "no JSON"),
    "list": (b"[1, 2]", "a JSON list, not an object"),
    "number": (b"12", "a JSON number, not an object"),
    "nesting": (b'{"a":' * 100_000, "nested too deeply"),
    "closed nesting": (b"[" * 50_000 + b"]" * 50_000, "nested too deeply"),
    "page": (b"<!DOCTYPE html><html>502</html>", "a page of HTML"),
    "xml": (b'<?xml version="1.0"?><lfm status="ok"/>', "but XML"),
    "damaged gzip": (b"\x1f\x8b" + b"x" * 50, "gzip data is damaged"),
    "half a gzip": (gzip.compress(json.dumps(TRACK).encode() * 99)[:40], "truncated"),
    "utf-16 without a mark": (json.dumps(TRACK).encode("utf-16-le"), "UTF-16 without a mark"),
    "latin-1": ('{"name": "Bj\xf6rk"}'.encode("latin-1"), "not UTF-8"),
    "half a character": (json.dumps({**TRACK, "name": "\ud800"}).encode(), "half a character"),
    "no number": (json.dumps({**TRACK, "duration_ms": float("nan")}).encode(), "NaN is no number"),
    "endless number": (b'{"id": ' + b"9" * 5000 + b"}", "limit"),
    "nothing of ours": (b'{"surprise": 1}', "none of them has surprise"),
    "code of no kind": (b'{"error": {"code": [1], "message": "odd"}, "status": "error"}', "odd|none of"),
    "list of errors": (b'{"errors": [1]}', "none of"),
}
"""What people hand over by mistake, and what they are told."""


@pytest.mark.parametrize("provider", sorted(SOURCES))
def test_parse_takes_whatever_is_handed_to_it(
    provider: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, (content, told) in HOSTILE.items():
        file = tmp_path / name
        file.write_bytes(content)
        monkeypatch.setattr(sys, "argv", ["cratelake", "parse", provider, "auto", str(file)])
        with pytest.raises(SystemExit) as ended:
            main()
        printed = capsys.readouterr()
        assert ended.value.code == 1, (name, printed)
        assert printed.out == ""
        assert "Remedy" in printed.err or "Asking again" in printed.err
        if not isinstance(json_of(content), list) or provider != "listenbrainz":  # which answers with lists
            assert re.search(told, in_words(printed.err)), (name, printed.err)


def json_of(content: bytes) -> object:
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        return None


@pytest.mark.parametrize("place", [".", "missing.json"])
def test_parse_of_what_is_no_file_says_so(place: str, tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="cannot be read"):
        parse("spotify", "auto", tmp_path / place)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_parse_reads_any_unicode_with_a_mark_and_gzip(
    encoding: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "answer.json.gz"
    file.write_bytes(
        gzip.compress(json.dumps({**TRACK, "name": "Bj\xf6rk"}, ensure_ascii=False).encode(encoding))
    )
    parse("spotify", "auto", file)
    assert json.loads(capsys.readouterr().out)["name"] == "Bj\xf6rk"


@pytest.mark.parametrize("depth", [50, 400, 900, 3000])
def test_parse_of_nesting_prints_it_or_says_that_it_is_too_deep(
    depth: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    nested = saved(tmp_path, json.dumps(TRACK)[:-1] + ',"x":' + "[" * depth + "]" * depth + "}")
    if depth < 100:
        parse("spotify", "auto", nested)
        assert "[" * depth in capsys.readouterr().out
    else:
        with pytest.raises(SourceError, match=r"deep|depth"):
            parse("spotify", "auto", nested)


def test_parse_of_json_lines_reads_each_and_names_the_row_that_is_none(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "answers.jsonl"
    file.write_text(json.dumps(TRACK) + "\n\n" + json.dumps(TRACK) + "\n{}\n")
    with pytest.raises(SourceError, match=r"answers\.jsonl, row 4"):
        parse("spotify", "tracks_api", file)
    assert len(capsys.readouterr().out.splitlines()) == 2


def test_parse_of_another_providers_answer_is_refused(tmp_path: Path) -> None:
    for provider in sorted(set(SOURCES) - {"spotify"}):
        with pytest.raises(SourceError, match="answer"):
            parse(provider, "auto", saved(tmp_path, TRACK))


@pytest.mark.real
def test_parse_reads_pages_of_1001tracklists_and_says_who_blocked_them(
    shared_data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = shared_data / "payloads/1001tracklists"
    pages = sorted((folder / "tracklist_page").glob("*.html"))
    for page in pages:
        parse("1001tracklists", "auto", page)
        printed = capsys.readouterr()
        rows = [json.loads(line) for line in printed.out.splitlines()]
        assert [row["position"] for row in rows] == list(range(1, len(rows) + 1))
        assert f"{len(rows)} rows of 1001tracklists" in in_words(printed.err)
    assert len(pages) > 5
    with pytest.raises(SourceError, match=r"captcha|forwarding|Cloudflare"):
        parse("1001tracklists", "pages", folder / "errors/captcha_interstitial_2022.html")
    with pytest.raises(SourceError, match="no page of 1001Tracklists"):
        parse("1001tracklists", "auto", saved(tmp_path, TRACK))
    with pytest.raises(SourceError, match="has no stream"):
        parse("1001tracklists", "tracks", pages[0])


@pytest.mark.real
def test_parse_of_each_recorded_payload_reads_it_or_says_why_not(
    shared_data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    read, reasons = 0, dict[Path, str]()
    for provider in sorted(SOURCES):
        for file in sorted((shared_data / "payloads" / provider).rglob("*.*")):
            if file.suffix == ".md" or ".headers." in file.name:
                continue
            try:
                parse(provider, "auto", file)
            except (SourceError, FetchError) as refused:
                reasons[file] = str(refused)
            else:
                read += 1
            capsys.readouterr()
    assert read > 200
    for file, reason in reasons.items():
        assert file.stem in reason
        assert file.suffix != ".xml" or "XML" in reason


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@pytest.mark.slow
def test_the_sandbox_is_served_until_it_is_stopped(home_factory: Callable[[], Path]) -> None:
    port = free_port()
    command = (
        f"from orchestration.cli.app import app; app(['sandbox', 'serve', '--port', '{port}', '--faults'])"
    )
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
    assert set(ledger) == {*WIRES, *SITES}, said.decode()


def test_a_port_that_is_taken_is_told_before_the_sandbox_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CRATELAKE_HOME", str(tmp_path))
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        monkeypatch.setattr(sys, "argv", ["cratelake", "sandbox", "serve", "--port", port])
        with pytest.raises(SystemExit) as ended:
            main()
    said = in_words(capsys.readouterr().err)
    assert ended.value.code == 1
    assert f"port {port} of 127.0.0.1 cannot be listened on" in said
    assert "another port with --port" in said
    assert "http://" not in said
    assert list(tmp_path.iterdir()) == []


def test_a_variable_that_is_no_setting_is_named_with_the_nearest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("HOME", "THREADS", "DEEZER_MODE", "1001TRACKLISTS_DAILY", "DEEZR_MODE", "QQQ"):
        monkeypatch.setenv(f"CRATELAKE_{name}", "1")
    monkeypatch.setattr(sys, "argv", ["cratelake", "parse", "spotify", "auto", str(saved(tmp_path, TRACK))])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 0
    warnings = [line for line in capsys.readouterr().err.splitlines() if line.startswith("warning")]
    assert warnings == [
        "warning CRATELAKE_DEEZR_MODE is no setting; did you mean CRATELAKE_DEEZER_MODE?",
        "warning CRATELAKE_QQQ is no setting; the README and docs/extraction.md list them",
    ]


@pytest.mark.parametrize(
    ("name", "place"),
    [("CRATELAKE_THREADS", "the README"), ("CRATELAKE_DEEZER_NIGHTLY", "docs/extraction.md")],
)
def test_a_wrong_setting_names_the_page_that_lists_it(
    name: str, place: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(name, "-1")
    with pytest.raises(SystemExit) as ended, errors():
        Settings() if place == "the README" else SOURCES["deezer"].settings()
    assert ended.value.code == 2
    said = in_words(capsys.readouterr().err)
    assert f"{name}=-1" in said
    assert f"{place} lists them" in said


@pytest.mark.parametrize("way", [KeyboardInterrupt(), RuntimeError("Query interrupted")])
def test_ctrl_c_wherever_it_arrives_is_told_in_one_line(
    way: BaseException, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        failing_with(way)(["one"])
    assert ended.value.code == 130
    (line,) = capsys.readouterr().err.splitlines()
    assert "what is in bronze" in line
    with pytest.raises(RuntimeError, match="a bug"):
        failing_with(RuntimeError("a bug"))(["one"])


def failing_with(error: BaseException) -> typer.Typer:
    app = typer.Typer(cls=Commands, pretty_exceptions_enable=False)

    @app.command()
    def one() -> None:
        raise error

    app.callback()(lambda: None)
    return app
