"""Our generic dbt tests: what they let pass and what they name; their SQL in plain DuckDB, without dbt."""

from pathlib import Path
from typing import Any

import duckdb
import jinja2

MACROS = Path(__file__).parents[2] / "dbt_project/macros/tests"


def _failing(name: str, rows: str, **arguments: Any) -> list[tuple[Any, ...]]:
    """Failing rows of the generic test over the rows of a query."""
    text = (MACROS / f"{name}.sql").read_text()
    macro = text.replace("{% test ", "{% macro ").replace("{% endtest %}", "{% endmacro %}")
    environment = jinja2.Environment(autoescape=False, extensions=["jinja2.ext.do"])  # noqa: S701  # SQL, not HTML
    query = getattr(environment.from_string(macro).module, name)(f"({rows})", **arguments)
    with duckdb.connect() as connection:
        return connection.execute(str(query)).fetchall()


def test_holds_names_every_broken_rule_and_lets_unknown_values_pass() -> None:
    rows = "from (values (1, 128, 'live'), (2, null, 'live'), (null, 500, 'x')) as t (id, bpm, set_type)"
    rules = ["bpm between 40 and 260", "set_type in ('live', 'radio')"]
    assert _failing("holds", rows, required=["id"], conditions=rules) == [
        (["id is not null", *rules], None, 500, "x")
    ]
    assert _failing("holds", rows, conditions=["id > 0"]) == []
    assert _failing("holds", rows, required=["set_type"]) == []


def test_same_keys_finds_lost_invented_and_doubled_keys() -> None:
    ours = "select unnest([1, 2, 2, 3, null]) as id"
    theirs = "(select unnest([1, 2, 4, 5]) as key)"
    found = _failing("same_keys", ours, column_name="id", to=theirs, field="key", to_where="key < 5")
    assert sorted(found, key=str) == [(2, 2, 1), (3, 1, 0), (4, 0, 1), (None, 1, 0)]


def test_contiguous_from_one_wants_every_place_taken_once() -> None:
    rows = (
        "select unnest([1, 2, 2, 1, 3, 0, 1, 1, 2]) as place, "
        "unnest(['twice', 'twice', 'twice', 'gap', 'gap', 'zero', 'zero', 'good', 'good']) as list"
    )
    found = _failing("contiguous_from_one", rows, column_name="place", group_by=["list"])
    assert sorted(row[0] for row in found) == ["gap", "twice", "zero"]


def test_unique_combination_counts_null_as_a_value() -> None:
    rows = "select * from (values (1, null), (1, null), (1, 'a'), (2, 'a')) as t (a, b)"
    assert _failing("unique_combination", rows, columns=["a", "b"]) == [(1, None, 2)]
