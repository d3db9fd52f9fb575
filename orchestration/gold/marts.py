"""The marts of gold, as their own documentation describes them.

A mart is a table of schema gold that analysts get. Each model and seed says in its ``meta`` which question it
answers, what one row is, one query as an example, and how its published copy is sorted and indexed. What
Python builds says the same here.
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


PYTHON_BUILT = (
    Mart(
        name="provider_scorecard",
        question="What is each provider worth in each field, and which threshold would its answers need?",
        grain="one row per (field, provider)",
        example=(
            "select field, provider, hit_rate, agreement, min_confidence, suggested_threshold "
            "from provider_scorecard where field = 'bpm' order by priority"
        ),
        order="field, priority",
        indexes=(),
        description=(
            "What providers are worth in the fields they are asked for, counted over a sample of tracks "
            "decided by the present configuration. One row per (field, provider)."
        ),
        columns={
            "field": "Field of the waterfall.",
            "provider": "Who is asked.",
            "priority": "1 is asked first.",
            "min_confidence": "Confidence an answer needs to be accepted (0-1).",
            "default_confidence": "Confidence of an answer that reports none (0-1).",
            "asked": "Tracks of which the provider said anything and that it is to be asked about.",
            "answered": "Of them, those it had a value for.",
            "valid": "Of them, those whose value can be right.",
            "accepted": "Of them, those whose value was taken.",
            "hit_rate": "answered / asked (0-1).",
            "accepted_share": "accepted / answered (0-1).",
            "asked_per_accepted": "asked / accepted: what one value costs in requests.",
            "compared": "Comparisons with valid values of other providers.",
            "agreement": "Share of those that agree, within the tolerance of the field (0-1).",
            "judged_by_people": "Tracks of which a person pinned the field and the provider has a value.",
            "overturned": "Share of those where the person said otherwise (0-1).",
            "suggested_threshold": "Lowest confidence from which on its answers agree surely enough.",
            "config_hash": "Configuration it was counted under.",
        },
    ),
)
"""Marts that are no models of dbt's."""


@cache
def marts() -> tuple[Mart, ...]:
    """All marts by name.

    Raises:
        LakeError: the meta of one is missing or wrong; all that is wrong is told.
    """
    return read(manifest())


def read(document: Mapping[str, Any]) -> tuple[Mart, ...]:
    """The marts of a manifest of dbt's, and those Python builds.

    Raises:
        LakeError: the meta of one is missing or wrong; all that is wrong is told.
    """
    found, wrong = list(PYTHON_BUILT), []
    for node in document["nodes"].values():
        if node["schema"] != "gold" or node["resource_type"] not in {"model", "seed"}:
            continue
        if node["config"]["materialized"] in {"view", "ephemeral"}:
            continue
        problems = _problems(node)
        wrong += [f"{node['original_file_path']}: {problem}" for problem in problems]
        if not problems:
            found.append(_mart(node))
    if wrong:
        raise LakeError(
            "marts of gold that do not say what analysts need:\n  " + "\n  ".join(wrong),
            "write `config: {meta: {question, grain, example, published: {order, indexes}}}` and tell "
            "what each column is in the yml of the model; `published: false` keeps a table out of the file",
        )
    return tuple(sorted(found, key=lambda mart: mart.name))


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
