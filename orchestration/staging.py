"""Which staging models there are, what they read, and which of them a day gives nothing to do.

A model costs dbt a quarter of a second with its tests, whatever it reads, and on most nights most of them
read nothing.
"""

import hashlib
from collections.abc import Collection, Mapping
from functools import cache

import duckdb

from extractors.sources.registry import SOURCES
from lake import bronze, tables
from lake.settings import Settings
from orchestration.resources import DBT_DIRECTORY, manifest, project_files

Stream = tuple[str, str]
_TABLES = {
    # each model as it was last built with all tests passing: the state of the project then, the rows it has
    "ops.staging_models": "model varchar, code varchar, rows bigint",
}


@cache
def staging_models() -> Mapping[str, frozenset[Stream]]:
    """Staging models, each with the bronze streams (provider, stream) it reads, itself or through others."""
    document = manifest()
    streams = {
        name: (source["meta"]["provider"], source["meta"]["stream"])
        for name, source in document["sources"].items()
        if source["source_name"] == "bronze"
    }
    nodes = {
        name: node
        for name, node in document["nodes"].items()
        if node["resource_type"] == "model" and node["fqn"][1] == "staging"
    }

    def read_by(name: str) -> frozenset[Stream]:
        parents = nodes[name]["depends_on"]["nodes"]
        own = frozenset(streams[one] for one in parents if one in streams)
        return own.union(*(read_by(one) for one in parents if one in nodes))

    return {node["name"]: read_by(name) for name, node in nodes.items()}


def staged_streams() -> set[Stream]:
    """(provider, stream) of all that staging reads."""
    return set[Stream]().union(*staging_models().values())


def answers_models() -> list[str]:
    """Names of the staging models that read answers over HTTP: they are built after asking."""
    answered = {(name, stream.name) for name, source in SOURCES.items() for stream in source.streams}
    return [name for name, streams in staging_models().items() if streams & answered]


def idle(connection: duckdb.DuckDBPyConnection, settings: Settings, day: str) -> dict[str, int]:
    """Models that have nothing to do for a day, with the rows their tables hold.

    Nothing of what such a model reads landed on that day, and its table is as the present project would leave
    it, all tests passing; or nothing of it landed ever, and then there is no table yet.

    Args:
        connection: prepared lake connection.
        settings: of the lake.
        day: ISO date of the partition.
    """
    tables.bootstrap(connection, _TABLES)
    landed = list(bronze.landed(settings.bronze))
    ever = {(provider, stream) for provider, stream, _ in landed}
    today = {(provider, stream) for provider, stream, landed_on in landed if landed_on == day}
    built = dict(
        connection.execute(
            "select model, rows from ops.staging_models where code = $code", {"code": _code()}
        ).fetchall()
    )
    return {
        model: built.get(model, 0)
        for model, streams in staging_models().items()
        if not streams & today and (model in built or not streams & ever)
    }


def note(connection: duckdb.DuckDBPyConnection, rows: Mapping[str, int], failed: Collection[str]) -> None:
    """After `idle`, keep which models were built and their rows; those with a failed test are built again."""
    connection.execute("create or replace temp table built_models (model varchar, code varchar, rows bigint)")
    good = [(model, _code(), count) for model, count in rows.items() if model not in failed]
    if good:
        connection.executemany("insert into built_models values (?, ?, ?)", good)
    listed = ", ".join(f"'{model}'" for model in {*rows, *failed}) or "''"
    tables.transaction(
        connection,
        lambda: tables.merge_changed(
            connection, "ops.staging_models", "built_models", key=("model",), scope=f"t.model in ({listed})"
        ),
        message="staging models built",
    )


@cache
def _code() -> str:
    """Content hash of the dbt project: what a changed macro does to a model is nobody's guess."""
    digest = hashlib.sha256()
    for file in project_files():
        digest.update(file.relative_to(DBT_DIRECTORY).as_posix().encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()[:16]
