"""The marts of gold, as their own documentation describes them.

A mart is a table of schema gold that analysts get. Each model and seed says in its ``meta`` which question it
answers, what one row is, one query as an example, and how its published copy is sorted and indexed. Tables
that Python builds say the same as sources (``_python__sources.yml``).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from lake.errors import LakeError
from lake.publish import Table
from orchestration.resources import manifest


@dataclass(frozen=True, slots=True)
class Mart:
    """One table of gold.

    Attributes:
        name: of the table.
        question: what it answers, in a sentence an analyst would say.
        grain: what one row is.
        example: a query that runs in the published file.
        order: what the published rows are sorted by; empty if it is not published.
        indexes: columns that get an index there.
        description: of the table.
        columns: name of each column -> its description.
    """

    name: str
    question: str
    grain: str
    example: str
    order: str
    indexes: tuple[str, ...]
    description: str
    columns: Mapping[str, str]

    @property
    def plan(self) -> Table:
        """How it is published."""
        return Table(self.order, self.indexes, self.description, self.columns)


@cache
def marts() -> tuple[Mart, ...]:
    """All marts by name.

    Raises:
        LakeError: the meta of one is missing or wrong; all that is wrong is told.
    """
    return read(manifest())


def read(document: Mapping[str, Any]) -> tuple[Mart, ...]:
    """The marts of a manifest of dbt's.

    Raises:
        LakeError: the meta of one is missing or wrong; all that is wrong is told.
    """
    found, wrong = [], []
    for node in (*document["nodes"].values(), *document["sources"].values()):
        if not _is_table(node):
            continue
        problems = _problems(node)
        wrong += [f"{node['original_file_path']}, {node['name']}: {problem}" for problem in problems]
        if not problems:
            found.append(_mart(node))
    if wrong:
        raise LakeError(
            "marts of gold that do not say what analysts need:\n  " + "\n  ".join(wrong),
            "write `config: {meta: {question, grain, example, published: {order, indexes}}}` and tell what "
            "each column is in the yml of the model; `published: false` keeps a table out of the file",
        )
    return tuple(sorted(found, key=lambda mart: mart.name))


def _is_table(node: Mapping[str, Any]) -> bool:
    """Whether it is a table of gold: a model, a seed, or a source, which Python builds."""
    return (
        node["schema"] == "gold"
        and node["resource_type"] in {"model", "seed", "source"}
        and node["config"].get("materialized") not in {"view", "ephemeral"}
    )


def published() -> tuple[Mart, ...]:
    """The marts that go into the published file."""
    return tuple(mart for mart in marts() if mart.order)


def _problems(node: Mapping[str, Any]) -> list[str]:
    meta = _meta(node)
    problems = [f"meta.{name} is missing" for name in ("question", "grain", "example") if not meta.get(name)]
    problems += [f"meta.{name} is not known" for name in meta.keys() - _KNOWN]
    place = meta.get("published")
    if place is None:
        problems.append("meta.published is missing")
    elif place is not False and (
        not isinstance(place, Mapping) or not place.get("order") or place.keys() - {"order", "indexes"}
    ):
        problems.append("meta.published must be {order: COLUMNS, indexes: [COLUMN, ...]}, or false")
    if not node["description"].strip():
        problems.append("the description is missing")
    problems += [
        f"column {name} has no description"
        for name, column in node["columns"].items()
        if not column["description"].strip()
    ]
    return problems if node["columns"] else [*problems, "no column is listed"]


_KNOWN = {"question", "grain", "example", "published", "dagster"}


def _meta(node: Mapping[str, Any]) -> Mapping[str, Any]:
    meta = node["config"].get("meta") or {}
    return meta if isinstance(meta, Mapping) else {}


def _mart(node: Mapping[str, Any]) -> Mart:
    meta = _meta(node)
    place = meta["published"] or {}
    return Mart(
        name=node["name"],
        question=_line(meta["question"]),
        grain=_line(meta["grain"]),
        example=str(meta["example"]).strip().rstrip(";"),
        order=place.get("order", ""),
        indexes=tuple(place.get("indexes") or ()),
        description=_line(node["description"]),
        columns={name: _line(column["description"]) for name, column in node["columns"].items()},
    )


def _line(text: str) -> str:
    return " ".join(str(text).split())
