"""dbt's documentation of the project as one HTML file: ``python -m orchestration.gold.site``.

dbt writes it from the lake of ``CRATELAKE_HOME``; to the description of each column is added what the column
comes from, which dbt itself does not know.
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from enrichment.engine import lake_connection
from lake.errors import LakeError
from lake.postgres import postgres
from lake.settings import Settings
from orchestration.cli.console import errors, out
from orchestration.gold import lineage
from orchestration.resources import DBT_DIRECTORY, LakeResource

_INLINE = {"manifest": '"MANIFEST.JSON INLINE DATA"', "catalog": '"CATALOG.JSON INLINE DATA"'}
"""What dbt's page has in the place of the two documents, for pages without a server."""


def build(settings: Settings) -> Path:
    """Write the page; where it lies.

    Raises:
        LakeError: dbt cannot make its documentation.
    """
    target = settings.root / "docs"
    with postgres(settings) as server:
        with lake_connection(settings, server):
            pass  # tables that the lake lacks are made, so that dbt finds what its models read
        command = [str(Path(sys.executable).with_name("dbt")), "--quiet", "docs", "generate"]
        places = ["--project-dir", DBT_DIRECTORY, "--profiles-dir", DBT_DIRECTORY, "--target-path", target]
        with LakeResource().dbt_environment():
            done = subprocess.run(  # noqa: S603
                [*command, *map(str, places)], cwd=DBT_DIRECTORY, capture_output=True, text=True, check=False
            )
    if done.returncode:
        raise LakeError(f"dbt cannot document the project:\n{done.stdout[-2000:]}", "mend what it names")
    documents = {name: json.loads((target / f"{name}.json").read_text("utf-8")) for name in _INLINE}
    _add_lineage(documents["manifest"], settings.root / "dbt" / "lineage")
    page = (target / "index.html").read_text("utf-8")
    for name, place in _INLINE.items():
        page = page.replace(place, json.dumps(documents[name]).replace("</", "<\\/"))
    file = target / "cratelake.html"
    file.write_text(page, encoding="utf-8")
    return file


def _add_lineage(document: dict[str, Any], folder: Path) -> None:
    for node in document["nodes"].values():
        if node["resource_type"] != "model" or not node.get("compiled_code"):
            continue
        for column, sources in lineage.kept(node["compiled_code"], folder).items():
            if sources:
                told = node["columns"].setdefault(
                    column, {"name": column, "description": "", "meta": {}, "data_type": None, "tags": []}
                )
                places = ", ".join(f"`{layer}.{table}.{name}`" for layer, table, name in sources)
                told["description"] = f"{told['description']} Comes from {places}.".strip()


if __name__ == "__main__":
    with errors():
        out.print(f"written: {build(Settings())}", soft_wrap=True)
