"""Running the real command line on homes of their own, and comparing what came of it."""

import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil

from enrichment import schema
from enrichment.engine import lake_connection
from lake.postgres import postgres
from lake.settings import Settings
from lake.tables import fingerprint

TRACKS = "200"
COMPARED = (
    "silver.track_records",
    "silver.track_members",
    "silver.track_matches",
    "silver.enriched_tracks",
    "silver.artist_names",
    "silver.artist_matches",
    "silver.enriched_artists",
    "silver.enriched_playlists",
    "silver.playlist_tracks",
    "silver.dj_sets",
    "silver.radio_shows",
    "silver.festivals",
    "silver.performances",
    "silver.field_provenance",
    "ops.enrichment_transformations",
    "gold.track_analytics",
    "gold.playlist_analytics",
    "gold.artist_analytics",
    "gold.track_popularity",
    "gold.top_tracks_by_genre",
    "gold.dj_support",
    "gold.dj_support_detail",
    "gold.dj_set_history",
    "gold.genre_tree",
    "gold.genre_evolution",
    "gold.chart_history",
    "gold.chart_movers",
    "gold.ml_features",
    "gold.harmonic_mixing_recommendations",
)
CLOCKS = (*schema.VOLATILE, "last_analyzed", "source_url")  # the sandbox listens on another port each time


@dataclass
class Home:
    """A lake of its own and the command line on it."""

    path: Path
    extra: dict[str, str] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        return (
            os.environ
            | {"CRATELAKE_HOME": str(self.path), "CRATELAKE_SANDBOX_TRACKS": TRACKS, "COLUMNS": "200"}
            | self.extra
        )

    def command(self, *arguments: str) -> list[str]:
        return [str(Path(sys.executable).with_name("cratelake")), *arguments]

    def run(self, *arguments: str, code: int = 0) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            self.command(*arguments),
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=900,
        )
        said = f"{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
        assert done.returncode == code, f"{arguments}: exit {done.returncode}\n{said}"
        assert "Traceback" not in done.stderr, done.stderr
        return done

    @property
    def settings(self) -> Settings:
        return Settings(home=self.path)

    def contents(self) -> dict[str, str]:
        """Content hash of every table compared, clocks and run ids left out."""
        with postgres(self.settings) as server, lake_connection(self.settings, server) as lake:
            return {table: fingerprint(lake, table, volatile=CLOCKS) for table in COMPARED}

    def bronze(self) -> dict[str, int]:
        """Bronze files with their modification times."""
        return {
            file.relative_to(self.path).as_posix(): file.stat().st_mtime_ns
            for file in (self.path / "bronze").rglob("*.parquet")
        }

    def rows(self, query: str, *options: str) -> list[dict[str, Any]]:
        """What ``cratelake sql`` answers."""
        printed = self.run("sql", "--format", "json", *options, query).stdout
        return [json.loads(line) for line in printed.splitlines()]

    def postgres_running(self) -> bool:
        return any(
            str(self.path / "postgres") in " ".join(process.info["cmdline"] or ())
            for process in psutil.process_iter(["cmdline"])
        )


PRINTED = "printed.txt"
"""File in a home made by `sandbox_night` with what the run printed."""


def sandbox_night(home: Home) -> None:
    """The sandbox world after its first run."""
    printed = home.run("run").stdout
    (home.path / PRINTED).write_text(printed, encoding="utf-8")


BEATPORT = {
    "id": 4141, "name": "Strobe", "mix_name": "Original Mix", "artists": [{"id": 1, "name": "deadmau5"}],
    "remixers": [], "bpm": 130, "genre": {"id": 15, "name": "Progressive House"}, "sub_genre": None,
    "key": {"name": "G Minor", "camelot_number": 6, "camelot_letter": "A", "letter": "G", "is_sharp": False,
            "is_flat": False, "chord_type": {"name": "Minor"}},
    "isrc": None, "length_ms": 633000, "publish_date": "2009-09-22", "catalog_number": "MAU5CD",
    "release": {"id": 1, "name": "For Lack of a Better Name", "label": {"id": 2, "name": "mau5trap"}},
    "_confidence": {"bpm": 0.89, "key": 0.95, "genre": 0.90},
}  # fmt: skip
SPOTIFY = {
    "id": "0Qsk000000000000000000", "name": "Strobe", "artists": [{"id": "a", "name": "deadmau5"}],
    "duration_ms": 633000, "external_ids": {}, "popularity": 60, "type": "track",
    "album": {
        "id": "b", "name": "For Lack of a Better Name", "release_date": "2009-09-22",
        "release_date_precision": "day",
    },
}  # fmt: skip
FEATURES = {
    "id": "0Qsk000000000000000000", "tempo": 128.0, "key": 7, "mode": 0, "energy": 0.85, "danceability": 0.6,
    "valence": 0.2, "acousticness": 0.0, "instrumentalness": 0.9, "liveness": 0.1, "speechiness": 0.04,
    "loudness": -8.1, "duration_ms": 633000, "type": "audio_features", "_confidence": {"bpm": 0.95},
}  # fmt: skip


def golden_answers(home: Home) -> None:
    """The source document's one track, as two providers tell it, after its first run."""
    with tempfile.TemporaryDirectory() as files:
        for provider, name, answer in (
            ("beatport", "tracks_api.jsonl", BEATPORT),
            ("spotify", "tracks_api.jsonl", SPOTIFY),
            ("spotify", "audio_features_api.jsonl", FEATURES),
        ):
            folder = Path(files, provider)
            folder.mkdir(exist_ok=True)
            (folder / name).write_text(json.dumps(answer) + "\n")
        for provider in ("beatport", "spotify"):
            home.run("ingest", f"{provider}_api", str(Path(files, provider)))
    home.run("run")
