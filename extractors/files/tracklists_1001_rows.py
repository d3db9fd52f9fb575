"""Kind ``1001tracklists_rows``: rows of 1001Tracklists pages, a fragment of HTML per line (JSON Lines).

Layout: ``row_id``, ``set_id``, ``row_index`` (from 0, the page's order), ``raw_html``. A scraper stored each
child of the page's list by itself; headings and players are among them. Staging puts the rows of a set
together.
"""

from extractors.files.documents import Documents
from extractors.kind import Kind

STREAM = "page_rows"
_ROWS = Documents(
    stream=STREAM,
    what="rows of 1001Tracklists pages",
    members={"set_id": str, "row_index": int, "raw_html": str},
    key=lambda row: f"tracklist/{row['set_id']}/rows/{row['row_index']}",
    entity_id=lambda row: str(row["set_id"]),
    url=lambda row: f"https://1001.tl/{row['set_id']}",
)

KIND = Kind(
    name="1001tracklists_rows",
    provider="1001tracklists",
    streams=(STREAM,),
    summary="rows of 1001Tracklists pages as JSON Lines: set_id, row_index and raw_html of each row",
    example="cratelake ingest 1001tracklists_rows set_rows.jsonl.gz",
    patterns=("set_rows*.jsonl", "set_*.jsonl"),
    read=_ROWS.lines,
    extractor_version="1001tracklists_rows/1",
)
