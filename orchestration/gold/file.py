"""What the published file holds besides the marts: search, macros for the common questions, a README table.

A stranger who opens the file with nothing but a DuckDB shell starts with ``from README``.
"""

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

import duckdb
import yaml

from lake import search_index
from lake.publish import FILE, Finish
from lake.tables import describe, quoted
from orchestration.gold.marts import Mart
from orchestration.resources import DBT_DIRECTORY

ABOUT = {
    "what this is": """
        Electronic-music metadata as several providers tell it, decided field by field, ready for questions:
        the gold layer of a Cratelake. Read-only; each night a new file takes the name of this one, and who
        has it open keeps it.""",
    "how to begin": """
        Below are the tables and the macros, each with the question it answers and an example to run.
        Every column has a comment: select column_name, comment from duckdb_columns()
        where table_name = 'track_analytics'.""",
    "from another database": """
        Macros look for tables in the current database:
        attach 'gold.duckdb' as gold (read_only); use gold;""",
}
_COLUMNS = {
    "place": "Order of the rows.",
    "part": "about, table or macro.",
    "name": "Of the table or macro; what the row tells.",
    "question": "What it answers; the text itself, of what is about the file.",
    "grain": "What one row of a table is; how to call a macro.",
    "example": "A query to run in this file.",
    "row_count": "Rows of a table.",
}
SEARCHED = {
    "track": (
        "track_analytics",
        "select track_id as id, full_track_name as name, popularity_score as popularity",
    ),
    "artist": (
        "artist_analytics",
        """
        select
            artist_id as id, concat_ws(' ', artist_name, nullif('(' || disambiguator || ')', '()')) as name,
            popularity_score as popularity""",
    ),
}
"""Kind of entry -> table it is found in, and what the index takes of it."""


@dataclass(frozen=True, slots=True)
class Macro:
    """A table macro of the published file; `needs` are the tables without which it is left out."""

    name: str
    parameters: str
    question: str
    notes: str
    example: str
    needs: tuple[str, ...]
    sql: str


@cache
def macros() -> tuple[Macro, ...]:
    """All macros, in the order in which they are made."""
    file = DBT_DIRECTORY / "published" / "macros.yml"
    return tuple(
        Macro(**{**one, "notes": " ".join(one["notes"].split()), "needs": tuple(one["needs"])})
        for one in yaml.safe_load(file.read_text(encoding="utf-8"))["macros"]
    )


def macros_over(tables: Collection[str]) -> list[Macro]:
    """The macros whose tables are there."""
    there = {*tables, *search_index.COMMENTS}
    return [macro for macro in macros() if there.issuperset(macro.needs)]


def finish(marts: Sequence[Mart]) -> Finish:
    """What `lake.publish.publish` does once these marts are in the file."""
    return partial(_finish, marts=marts)


def form(marts: Sequence[Mart]) -> str:
    """Content hash of everything here that the file is made from, besides the marts' rows."""
    code = b"".join(Path(one).read_bytes() for one in (__file__, search_index.__file__))
    return hashlib.sha256(code + repr((marts, macros())).encode()).hexdigest()


def _finish(connection: duckdb.DuckDBPyConnection, marts: Sequence[Mart]) -> None:
    names = [mart.name for mart in marts]
    sources = {
        kind: f"{taken} from {FILE}.{table}" for kind, (table, taken) in SEARCHED.items() if table in names
    }
    search_index.build(connection, FILE, sources)
    made = macros_over(names)
    (before,) = connection.execute("select current_database() || '.' || current_schema()").fetchone() or ("",)
    connection.execute(f"use {FILE}")  # a macro is checked against the tables it will find
    for macro in made:
        connection.execute(f"create macro {macro.name}({macro.parameters}) as table {macro.sql}")
        said = quoted(f"{macro.question} {macro.notes} Example: {macro.example}")
        connection.execute(f"comment on macro table {macro.name} is {said}")
    connection.execute(f"use {before}")
    _readme(connection, marts, made)


def _readme(connection: duckdb.DuckDBPyConnection, marts: Sequence[Mart], made: Sequence[Macro]) -> None:
    rows: list[tuple[object, ...]] = [
        ("about", name, " ".join(text.split()), None, None, None) for name, text in ABOUT.items()
    ]
    (built,) = connection.execute("select strftime(now(), '%Y-%m-%d %H:%M UTC')").fetchone() or ("",)
    rows.append(("about", "built", built, None, "from published", None))
    for mart in marts:
        (count,) = connection.execute(f"select count(*) from {FILE}.{mart.name}").fetchone() or (0,)
        rows.append(("table", mart.name, mart.question, mart.grain, mart.example, count))
    for macro in made:
        call = f"{macro.name}({macro.parameters})"
        rows.append(("macro", macro.name, f"{macro.question} {macro.notes}", call, macro.example, None))
    connection.execute(
        f"create table {FILE}.README (place integer, part varchar, name varchar, question varchar, "
        "grain varchar, example varchar, row_count bigint)"
    )
    connection.executemany(
        f"insert into {FILE}.README values (?, ?, ?, ?, ?, ?, ?)",
        [(place, *row) for place, row in enumerate(rows, start=1)],
    )
    describe(connection, f"{FILE}.README", "Start here: what is in this file, and how to ask it.", _COLUMNS)
