"""Where each column of a dbt model comes from, read out of the SQL that dbt compiled.

A column comes from the columns of other tables whose values can reach it: gold names silver and gold, staging
names bronze. Reading a model takes some tenths of a second, so the answer is kept in a file under the hash of
the SQL.
"""

import hashlib
import json
import logging
import re
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.metadata import version
from pathlib import Path

import dagster as dg
import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError
from sqlglot.lineage import lineage
from sqlglot.optimizer.qualify import qualify
from sqlglot.optimizer.scope import Scope, build_scope

from enrichment import schema
from lake.bronze import SCHEMA as BRONZE_SCHEMA
from lake.connection import LAKE
from orchestration.resources import manifest

Column = tuple[str, str, str]
"""Layer, table, column."""
logging.getLogger("sqlglot").setLevel(logging.ERROR)  # it warns of what it reads past, such as json paths
_log = logging.getLogger(__name__)
_FORM = 1
_DIALECT = "duckdb"
_BRONZE = re.compile(
    r"read_parquet\(getvariable\('bronze'\) \|\| '/([^/']+)/([^/']+)/[^']*'(?:[^(){}]|\{[^{}]*\})*\)"
)
"""A source of staging: files of one stream of one provider."""


def columns_read(sql: str) -> dict[str, list[Column]]:
    """Each column a query gives -> the columns of lake tables it is made from, which may be none.

    Raises:
        SqlglotError: the query is beyond what the parser knows.
    """
    known, tree = _tables(), sqlglot.parse_one(_BRONZE.sub(_bronze_table, sql), dialect=_DIALECT)
    query = qualify(
        tree, schema={LAKE: known}, dialect=_DIALECT, catalog=LAKE, validate_qualify_columns=False
    )
    if not isinstance(query, exp.Query):
        raise SqlglotError(f"no query: {sql[:80]}")
    scope = build_scope(query)
    return {name: sorted(set(_sources(name, query, scope, known))) for name in query.named_selects}


def kept(sql: str, folder: Path) -> dict[str, list[Column]]:
    """`columns_read`, from a file in `folder` if this SQL was read before; empty if it cannot be read."""
    name = hashlib.sha256(f"{_FORM} {version('sqlglot')}\n{sql}".encode()).hexdigest()[:32]
    file = folder / f"{name}.json"
    if file.exists():
        stored = json.loads(file.read_text(encoding="utf-8"))
        return {column: [(a, b, c) for a, b, c in sources] for column, sources in stored.items()}
    try:
        read = columns_read(sql)
    except (SqlglotError, ValueError) as error:  # what is only told must not keep a night from its work
        _log.info("no column lineage of SQL %s: %s", name, str(error)[:200])
        return {}
    folder.mkdir(parents=True, exist_ok=True)
    aside = file.with_suffix(".building")
    aside.write_text(json.dumps(read), encoding="utf-8")
    aside.replace(file)
    return read


def compiled(target: Path, model: str) -> str | None:
    """The SQL of a model as dbt compiled it below `target`; none for a seed, which has no SQL."""
    for file in target.glob(f"compiled/*/models/**/{model}.sql"):
        return file.read_text(encoding="utf-8")
    return None


def as_metadata(read: Mapping[str, list[Column]]) -> dict[str, dg.TableColumnLineage]:
    """What Dagster draws column lineage from."""
    if not read:
        return {}
    deps = {
        column: [dg.TableColumnDep(dg.AssetKey([layer, table]), source) for layer, table, source in sources]
        for column, sources in read.items()
    }
    return {"dagster/column_lineage": dg.TableColumnLineage(deps)}


def _bronze_table(found: re.Match[str]) -> str:
    return f'{LAKE}.bronze."{found[1]}__{found[2]}"'


def _sources(
    name: str, query: exp.Query, scope: Scope | None, known: Mapping[str, Mapping[str, object]]
) -> Iterator[Column]:
    for node in lineage(
        name, query, {}, dialect=_DIALECT, scope=scope, trim_selects=False, copy=False
    ).walk():
        if node.downstream or not isinstance(node.source, exp.Table):
            continue
        layer, table = node.source.db, node.source.name
        column = node.name.rpartition(".")[2].strip('"')
        if column != "*" and table in known.get(layer, {}):
            yield layer, table, column


@cache
def _tables() -> Mapping[str, dict[str, dict[str, str]]]:
    """Layer -> table -> column -> type, as far as they are known without a lake."""
    known: dict[str, dict[str, dict[str, str]]] = {"bronze": {}, "staging": {}, "silver": {}, "gold": {}}
    for name, columns in schema.TABLES.items():
        layer, table = name.split(".")
        made = sqlglot.parse_one(f"create table t ({columns})", dialect=_DIALECT)
        known.setdefault(layer, {})[table] = {one.name: str(one.kind) for one in made.find_all(exp.ColumnDef)}
    bronze = {field.name: "varchar" for field in BRONZE_SCHEMA}
    for source in manifest()["sources"].values():
        if source["source_name"] == "bronze":
            known["bronze"][source["name"]] = bronze | {"ingest_date": "date"}
    for node in manifest()["nodes"].values():
        if node["schema"] in known and node["columns"]:
            known[node["schema"]][node["name"]] = dict.fromkeys(node["columns"], "varchar")
    return known
