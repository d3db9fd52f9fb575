"""The index of the published file: what is found, in which order, whatever the spelling."""

from collections.abc import Iterator

import duckdb
import pytest

from lake import search_index
from orchestration.gold.file import macros_over

NAMES = """
create table things as
select md5(n::varchar)::uuid as id, name, popularity::decimal(5, 2) as popularity
from (values
    (1, 'deadmau5 - Strobe', 90), (2, 'deadmau5 - Strobe (Dimension Remix)', 50), (3, 'Strobe Lights', 99),
    (4, 'Étienne de Crécy - Am I Wrong', 10), (5, 'A$AP Ferg - Plain Jane', 5), (6, '!!!', 1),
    (7, 'Simon & Garfunkel', null), (8, 'Røyksopp - Eple', 3), (9, 'Кино - Группа крови', 2), (10, null, 100),
    (11, 'L’Impératrice', 4)
) t(n, name, popularity)
"""


@pytest.fixture(scope="module")
def index() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        connection.execute(NAMES)
        connection.execute("set preserve_insertion_order = false")  # as on every connection of the lake
        source = "select id, name, popularity from things where"
        search_index.build(
            connection,
            "memory",
            {"track": f"{source} name like '% - %'", "artist": f"{source} name not like '% - %'"},
        )
        for macro in macros_over(["track_analytics"]):
            connection.execute(f"create macro {macro.name}({macro.parameters}) as table {macro.sql}")
        yield connection


def found(index: duckdb.DuckDBPyConnection, what: str, options: str = "") -> list[str]:
    return [
        row[0] for row in index.execute(f"select name from search($what{options})", {"what": what}).fetchall()
    ]


@pytest.mark.parametrize(
    ("what", "first"),
    [
        ("strobe deadmau5", "deadmau5 - Strobe"),
        ("Strobe dimension remix", "deadmau5 - Strobe (Dimension Remix)"),
        ("etienne CRECY", "Étienne de Crécy - Am I Wrong"),
        ("asap", "A$AP Ferg - Plain Jane"),
        ("simon and garfunkel", "Simon & Garfunkel"),
        ("royksopp", "Røyksopp - Eple"),
        ("КИНО", "Кино - Группа крови"),
        ("limperatrice", "L’Impératrice"),
        ("L'Impératrice!", "L’Impératrice"),
        ("!!!", "!!!"),
    ],
)
def test_the_best_is_first(index: duckdb.DuckDBPyConnection, what: str, first: str) -> None:
    assert found(index, what)[0] == first


def test_more_words_count_more_than_popularity(index: duckdb.DuckDBPyConnection) -> None:
    assert set(found(index, "strobe deadmau5")) == {
        "deadmau5 - Strobe", "deadmau5 - Strobe (Dimension Remix)", "Strobe Lights"
    }  # fmt: skip
    assert found(index, "strobe deadmau5")[0] == "deadmau5 - Strobe"


def test_nothing_is_found_for_nothing(index: duckdb.DuckDBPyConnection) -> None:
    assert found(index, "") == found(index, "zzz") == found(index, "' or 1=1 --") == []


def test_kind_and_number_can_be_chosen(index: duckdb.DuckDBPyConnection) -> None:
    assert found(index, "strobe", ", kind_of := 'artist'") == ["Strobe Lights"]
    assert len(found(index, "strobe", ", size := 1")) == 1


def test_rows_lie_where_the_search_looks_for_them(index: duckdb.DuckDBPyConnection) -> None:
    assert index.execute("select count(*) from search_entries where entry <> rowid").fetchone() == (0,)
    assert index.execute("select name from search_entries order by entry limit 1").fetchone() == (
        "Strobe Lights",
    )


def test_common_words_are_flags_and_still_tell_entries_apart() -> None:
    # 'mix' is at every one of 5,000 names, 'dub' at half of them; n0 .. n4999 are names of one each
    with duckdb.connect() as connection:
        connection.execute(
            "create table many as select md5(i::varchar)::uuid as id, i::decimal(9, 2) as popularity, "
            "'n' || i || if(i % 2 = 0, ' dub', '') || ' mix' as name from range(5000) t(i)"
        )
        search_index.build(connection, "memory", {"track": "select id, name, popularity from many"})
        for macro in macros_over(["track_analytics"]):
            connection.execute(f"create macro {macro.name}({macro.parameters}) as table {macro.sql}")
        flags = connection.execute(
            "select word from search_words where flag is not null order by word"
        ).fetchall()
        assert flags == [("dub",), ("mix",)]
        (kept,) = connection.execute("select count(*) from search_postings").fetchone() or (0,)
        assert kept == 5000 + 2 * search_index.COMMON_FROM
        assert found(connection, "n7 mix")[0] == "n7 mix"
        assert found(connection, "dub mix", ", size := 2") == ["n4998 dub mix", "n4996 dub mix"]
        assert found(connection, "mix", ", size := 2") == ["n4999 mix", "n4998 dub mix"]
