"""The SQL functions."""

import json

import duckdb
import pytest

from enrichment.functions import FUNCTIONS, register


@pytest.fixture
def con() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    register(connection)
    return connection


def test_keys_in_sql(con: duckdb.DuckDBPyConnection) -> None:
    rows = con.execute(
        "select camelot(k), standard_key(k) from (values ('Abm'), (null), ('no key'), ('pc:9:0')) t(k)"
    ).fetchall()
    assert rows == [("1A", "Ab minor"), (None, None), (None, None), ("8A", "A minor")]


def test_lines_in_sql_are_json(con: duckdb.DuckDBPyConnection) -> None:
    row = con.execute("select parse_tracklist_line('[12] Oat - Strobe [Lantern - LAN 1]')").fetchone()
    assert row is not None
    assert json.loads(row[0]) == {
        "cue_raw": "12",
        "cue_ms": 720_000,
        "kind": "track",
        "with_previous": False,
        "artist": "Oat",
        "title": "Strobe",
        "label": "Lantern",
        "catalog_number": "LAN 1",
    }
    split = con.execute("select split_artist_title('Öat - Strobe') ->> 'artist'").fetchone()
    assert split == ("Öat",)


def test_batches_keep_their_rows_apart(con: duckdb.DuckDBPyConnection) -> None:
    query = """
        with rows as (
            select i, if(i % 3 = 0, null, concat('pc:', i % 12, ':1')) as key, camelot(key) as found
            from range(100000) t(i)
        )
        select count(*) from rows
        where (found is null) <> (i % 3 = 0) or found <> camelot(concat('pc:', i % 12, ':1'))
    """
    assert con.execute(query).fetchone() == (0,)


def test_registering_twice_changes_nothing(con: duckdb.DuckDBPyConnection) -> None:
    register(con)
    for name in FUNCTIONS:
        assert con.execute(f"select {name}(null)").fetchone() == (None,)
