"""A lake that was made before a column was thought of goes on working, and gets the column."""

import duckdb
import pytest

from enrichment import records
from enrichment.engine import lake_connection
from lake.postgres import Postgres
from lake.settings import Settings
from tests.enrichment.lake_records import DAY, put
from tests.enrichment.test_waterfall import STROBE, attempts, settle, track

pytestmark = pytest.mark.slow

ADDED = {
    "silver.track_records": ("iswc", "iswc_raw", "formats_raw", "available_formats"),
    "silver.enriched_tracks": ("available_formats",),
}


def age(lake: duckdb.DuckDBPyConnection) -> None:
    """Take from the lake what later versions added."""
    for table, columns in ADDED.items():
        for column in columns:
            lake.execute(f"alter table {table} drop column {column}")


def test_columns_are_added_and_filled_by_the_next_run(
    lake: duckdb.DuckDBPyConnection, settings: Settings, server: Postgres
) -> None:
    age(lake)
    put(lake, {"provider": "musicbrainz", **STROBE})
    with lake_connection(settings, server) as opened:
        assert opened.execute(
            "select count(*), count(iswc), count(available_formats) from silver.track_records"
        ).fetchall() == [(1, 0, 0)]
        opened.execute("update silver.track_records set iswc_raw = 'T9188386518', iswc = 'T-918838651-8'")
        put(
            opened,
            {
                "provider": "discogs",
                **STROBE,
                "formats_raw": "Vinyl LP; Box Set",
                "available_formats": ["Vinyl"],
            },
        )
        settle(opened)
        assert track(opened, "iswc, available_formats") == ("T-918838651-8", ["Vinyl"])
        assert attempts(opened, "formats")[0][:3] == ("discogs", "accepted", "Vinyl")


def test_staging_without_the_column_is_read_until_its_models_run_again(
    lake: duckdb.DuckDBPyConnection,
) -> None:
    names = (
        "provider",
        "stream",
        "bronze_id",
        "source_entity_id",
        "artist_raw",
        "title_raw",
        "catalog_number",
    )
    listed = ", ".join(f"'{name}' as {name}" for name in names)
    lake.execute(
        f"create table staging.stg_old__tracks as select {listed}, {DAY.sql} as ingest_date, "
        "now() as fetched_at, 128.0 as unknown_column"
    )
    records.build(lake, DAY)
    assert lake.execute(
        "select title_raw, catalog_number, formats_raw, available_formats, bpm from silver.track_records"
    ).fetchall() == [("title_raw", "catalog_number", None, None, None)]
