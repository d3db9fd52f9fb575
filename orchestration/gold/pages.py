"""``docs/gold.md`` from what the marts say of themselves: ``python -m orchestration.gold.pages`` writes it.

A section a mart: the question it answers, what one row is, the columns its example uses, the example, and a
picture of what it is built from and what is built from it.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import dagster as dg

from orchestration.assets import gold as assets
from orchestration.gold.file import Macro, macros_over
from orchestration.gold.marts import Mart, marts, published
from orchestration.resources import manifest

PAGE = Path(__file__).parents[2] / "docs" / "gold.md"
_HEAD = """\
<!-- Written by `make gold-docs` from the models' yml; a test holds it to them. -->
# Gold

What analysts read: `published/gold.duckdb` in the lake's home, a file for any DuckDB client. `from README` in
it lists the same tables and macros with their examples, `cratelake sql "from README"` does so on the command
line, and every column has a comment. Each night's file takes the name of the former in one step; who has one
open keeps it.

To find things, call a macro:

| macro | question | example |
|---|---|---|
{macros}

They stand in [macros.yml](../dbt_project/published/macros.yml). Search is an index of plain tables
([search_index.py](../lake/search_index.py)), so that no extension has to be there; what it costs, and
everything else here, `make bench-gold` measures beside PostgreSQL. `make docs` makes dbt's own pages, which
name the columns each column is made from; Dagster shows the same for each mart.

{contents}
"""


def page(document: Mapping[str, Any]) -> str:
    """The text of the page."""
    parents = _parents(document) | _of_python()
    every = marts()
    macros = "\n".join(_macro(one) for one in macros_over([mart.name for mart in published()]))
    contents = " · ".join(f"[{mart.name}](#{mart.name})" for mart in every)
    sections = [_section(mart, parents) for mart in every]
    return "\n".join([_HEAD.format(macros=macros, contents=contents), *sections])


def _macro(macro: Macro) -> str:
    return f"| `{macro.name}({macro.parameters})` | {macro.question} {macro.notes} | `{macro.example}` |"


def _section(mart: Mart, parents: Mapping[str, list[str]]) -> str:
    shown = {
        name: text
        for name, text in mart.columns.items()
        if re.search(rf"\b{re.escape(name)}\b", mart.example)
    }
    more = len(mart.columns) - len(shown)
    rows = "\n".join(f"| `{name}` | {text.replace('|', chr(92) + '|')} |" for name, text in shown.items())
    kept = f"Published sorted by {mart.order}." if mart.order else "Not published."
    return f"""\
## {mart.name}

**{mart.question}** {_sentence(mart.grain)} {kept}

{mart.description}

| column | |
|---|---|
{rows}

{f"And {more} more." if more else "These are all."}

```sql
{_wrapped(mart.example)}
```

{_picture(mart.name, parents)}
"""


def _sentence(text: str) -> str:
    return text[0].upper() + text[1:] + ("" if text.endswith(".") else ".")


def _wrapped(query: str) -> str:
    """A query with each clause on a line of its own."""
    flat = " ".join(query.split())
    return re.sub(
        r" (from|where|group by|having|order by|limit|qualify|(?:left |inner )?join) ", r"\n\1 ", flat
    )


def _picture(name: str, parents: Mapping[str, list[str]]) -> str:
    """What a mart is built from and what is built from it, as a Mermaid graph."""
    ours = f"gold.{name}"
    arrows = [(one, ours) for one in parents.get(ours, [])]
    arrows += [(ours, child) for child, above in sorted(parents.items()) if ours in above]
    lines = [f'    {_node(a)}["{a}"] --> {_node(b)}["{b}"]' for a, b in arrows] or [
        f'    {_node(ours)}["{ours}"]'
    ]
    return "\n".join(["```mermaid", "graph LR", *lines, f"    style {_node(ours)} stroke-width:3px", "```"])


def _node(name: str) -> str:
    return re.sub(r"\W", "_", name)


def _parents(document: Mapping[str, Any]) -> dict[str, list[str]]:
    """Tables of gold -> the tables each is built from, looking through views and steps that are no tables."""
    nodes, sources = document["nodes"], document["sources"]

    def tables(key: str) -> set[str]:
        if key in sources:
            return {f"{sources[key]['schema']}.{sources[key]['name']}"}
        node = nodes[key]
        if node["config"]["materialized"] in {"ephemeral", "view"}:
            return set[str]().union(*(tables(one) for one in node["depends_on"]["nodes"]))
        return {f"{node['schema']}.{node['name']}"}

    return {
        f"gold.{node['name']}": sorted(
            set[str]().union(*(tables(one) for one in node["depends_on"].get("nodes", [])))
        )
        for node in nodes.values()
        if node["schema"] == "gold"
        and node["resource_type"] in {"model", "seed"}
        and node["config"]["materialized"] not in {"ephemeral", "view"}
    }


def _of_python() -> dict[str, list[str]]:
    """The same of the tables that Python builds, as their assets say."""
    built = [one for one in vars(assets).values() if isinstance(one, dg.AssetsDefinition)]
    return {
        ".".join(key.path): sorted(".".join(parent.path) for parent in asset.asset_deps[key])
        for asset in built
        for key in asset.keys
    }


if __name__ == "__main__":
    PAGE.write_text(page(manifest()), encoding="utf-8")
