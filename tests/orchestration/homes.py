"""Running the real command line on homes of their own, and comparing what came of it."""

import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

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
    "silver.field_provenance",
    "ops.enrichment_transformations",
    "gold.track_analytics",
    "gold.playlist_analytics",
    "gold.artist_analytics",
    "gold.top_tracks_by_genre",
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

    def postgres_running(self) -> bool:
        return any(
            str(self.path / "postgres") in " ".join(process.info["cmdline"] or ())
            for process in psutil.process_iter(["cmdline"])
        )
