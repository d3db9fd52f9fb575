"""The published tables in PostgreSQL, with the indexes the source document names.

B-trees on ids, the quality score and the columns of each look-up, a GIN index over a stored tsvector for full
text, one over JSONB, and materialised views for leaderboards, collaborations and recommendations.
"""

import contextlib
import time
from pathlib import Path

import duckdb

from lake.connection import install_extensions
from lake.postgres import Postgres

TABLES = ("track_analytics", "artist_analytics", "playlist_analytics")
VIEWS = ("top_tracks_by_genre", "artist_collaboration_network", "harmonic_mixing_recommendations")
"""What the source document has as materialised views. The recommendations are a table here, which is read the
same way: the view would be a second copy of them."""
_INDEXES = {
    "track_analytics": [
        "create unique index on gold.track_analytics (track_id)",
        "create unique index on gold.track_analytics (spotify_id)",
        "create index on gold.track_analytics (quality_score desc, track_id)",
        """
        alter table gold.track_analytics add column words tsvector
        generated always as (to_tsvector('simple', full_track_name)) stored
        """,
        "create index on gold.track_analytics using gin (words)",
        "create index on gold.track_analytics (genre_primary, release_date, key)",
    ],
    "artist_analytics": ["create unique index on gold.artist_analytics (artist_id)"],
    "playlist_analytics": [
        """
        alter table gold.playlist_analytics
        alter genre_distribution type jsonb using genre_distribution::jsonb
        """,
        "create index on gold.playlist_analytics using gin (genre_distribution)",
    ],
    "top_tracks_by_genre": ["create index on gold.top_tracks_by_genre (level, genre, rank)"],
    "artist_collaboration_network": [
        "create index on gold.artist_collaboration_network (artist_a_id)",
        "create index on gold.artist_collaboration_network (artist_b_id)",
    ],
    "harmonic_mixing_recommendations": [
        "create index on gold.harmonic_mixing_recommendations (track_id, rank)"
    ],
}


def load(server: Postgres, published: Path) -> dict[str, float]:
    """Copy the tables that were published into schema gold and index them; seconds each took."""
    taken = {}
    with contextlib.closing(server.connect()) as postgres, postgres.cursor() as cursor:
        postgres.autocommit = True
        cursor.execute(
            "drop schema if exists gold cascade; create schema gold; set maintenance_work_mem = '512MB'"
        )
        with duckdb.connect() as gold:
            install_extensions()
            gold.execute(f"load postgres_scanner; attach '{server.dsn}' as pg (type postgres)")
            gold.execute(f"attach '{published}' as gold (read_only); use gold")
            there = {
                row[0]
                for row in gold.execute(
                    "select table_name from duckdb_tables() where database_name = 'gold'"
                ).fetchall()
            }
            for name in [one for one in (*TABLES, *VIEWS) if one in there]:
                start = time.perf_counter()
                view = name in VIEWS and not name.startswith("harmonic")
                target = f"{name}_rows" if view else name
                columns = ", ".join(
                    _column(*row)
                    for row in gold.execute(
                        f"select column_name, column_type from (describe {name})"
                    ).fetchall()
                )
                gold.execute(f"create table pg.gold.{target} as select {columns} from {name}")
                if view:
                    cursor.execute(f"create materialized view gold.{name} as table gold.{target}")
                for statement in _INDEXES[name]:
                    cursor.execute(statement)
                taken[name] = time.perf_counter() - start
        cursor.execute("vacuum analyze")
        cursor.execute("create table gold.loaded ()")
    return taken


def _column(name: str, kind: str) -> str:
    """A column as the scanner can write it: nested values as JSON."""
    return f'"{name}"::json::varchar as "{name}"' if "STRUCT" in kind else f'"{name}"'
