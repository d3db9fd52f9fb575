"""Staging models of the file kinds in tests: files through their readers and bronze into the models' SQL.

The SQL is rendered as dbt would for a full build and run in plain DuckDB; models referred to become tables.
"""

from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import jinja2

from enrichment import functions as enrichment_functions
from enrichment import sql_macros
from extractors import functions as extractor_functions
from extractors.registry import kind
from lake import bronze

PROJECT = Path(__file__).parents[2] / "dbt_project"
TRACK_COLUMNS = (
    "ingest_date", "bronze_id", "provider", "stream", "fetched_at", "source_url", "source_entity_id",
    "artist_raw", "title_raw", "mix_name_raw", "remixer_raw", "album_raw", "label_raw", "catalog_number",
    "track_position", "formats_raw", "isrc_raw", "iswc_raw", "spotify_id", "beatport_id",
    "discogs_release_id", "musicbrainz_id", "track_1001_id", "youtube_id", "deezer_id", "apple_id",
    "bpm_raw", "key_raw", "genre_raw",
    "subgenre_raw", "release_date_raw", "duration_ms", "energy", "danceability", "valence",
    "acousticness", "instrumentalness", "liveness", "speechiness", "loudness", "popularity", "confidence",
)  # fmt: skip
PLAYLIST_COLUMNS = (
    "ingest_date", "bronze_id", "provider", "stream", "fetched_at", "source_url", "playlist_key", "title",
    "dj_names", "event_date", "event_date_precision", "venue", "set_type", "genres", "duration_ms",
    "source_url_external",
)  # fmt: skip
PLAY_COLUMNS = (
    "ingest_date", "bronze_id", "provider", "stream", "fetched_at", "source_url", "playlist_key",
    "position", "kind", "with_previous", "cue_raw", "cue_ms", "raw_text", "artist_raw", "title_raw",
    "mix_name_raw", "remixer_raw", "label_raw", "catalog_number", "genre_raw", "duration_ms",
    "source_entity_id", "spotify_id", "beatport_id", "discogs_release_id", "musicbrainz_id",
    "track_1001_id", "youtube_id", "deezer_id", "apple_id", "isrc_raw",
)  # fmt: skip
COLUMNS = {"_tracks": TRACK_COLUMNS, "_playlists": PLAYLIST_COLUMNS, "_plays": PLAY_COLUMNS}


class Staging:
    """A bronze of its own and the models built on it."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.connection = duckdb.connect(config={"threads": 1})
        self.connection.execute("set timezone = 'UTC'")
        sql_macros.create(self.connection)
        enrichment_functions.register(self.connection)
        extractor_functions.register(self.connection)

    def ingest(self, name: str, file: str, text: str, day: date = date(2026, 1, 2)) -> None:
        path = self.home / file
        path.write_text(text, encoding="utf-8")
        one = kind(name)
        answers = one.read(path)
        bronze.write(
            self.home / "bronze",
            one.provider,
            answers,
            ingest_date=day,
            extractor_version=one.extractor_version,
        )

    def _source(self, _: str, table: str) -> str:
        provider, stream = table.split("__")
        return bronze.read_sql(self.home / "bronze", provider, stream)

    def build(self, model: str, text: str | None = None) -> list[dict[str, Any]]:
        def ref(other: str) -> str:
            if not self.connection.execute("from duckdb_tables() where table_name = $1", [other]).fetchall():
                self.build(other)
            return f'"{other}"'

        if text is None:
            (path,) = (PROJECT / "models/staging").rglob(f"{model}.sql")
            text = path.read_text()
        macros = [file.read_text() for file in sorted((PROJECT / "macros").glob("*.sql"))]
        macros += [file.read_text() for file in sorted((PROJECT / "macros/staging").glob("*.sql"))]
        context = {
            "config": lambda **_: "",
            "source": self._source,
            "ref": ref,
            "is_incremental": lambda: False,
            "var": lambda _: "",
        }
        environment = jinja2.Environment(autoescape=False)  # noqa: S701  # SQL, not HTML
        sql = environment.from_string("".join([*macros, text])).render(context)
        self.connection.execute(f'create or replace table "{model}" as {sql}')
        table = self.connection.execute(f'from "{model}"').to_arrow_table()
        wanted = next((columns for ending, columns in COLUMNS.items() if model.endswith(ending)), None)
        assert wanted is None or tuple(table.column_names) == wanted
        return list(table.to_pylist())


def pick(rows: list[dict[str, Any]], *names: str) -> list[tuple[Any, ...]]:
    return [tuple(row[name] for name in names) for row in rows]
