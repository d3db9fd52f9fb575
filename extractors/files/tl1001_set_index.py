"""Kind ``tl1001_set_index``: the list of sets that 1001Tracklists shows for a DJ, without their rows.

Layout: JSON Lines with ``tracklist_id``, ``title``, ``url``, ``date``, ``views``, ``ided_tracks``,
``total_tracks``, ``play_time`` ("2h 2m"), ``likes``, ``styles`` (comma list) and ``dj_file`` (whose list). A
set of several DJs stands in the list of each.
"""

from extractors.files.documents import Documents
from extractors.kind import Kind

STREAM = "set_index"
_SETS = Documents(
    stream=STREAM,
    what="sets listed by 1001Tracklists",
    members={"tracklist_id": str, "title": str},
    key=lambda one: f"tracklist/{one['tracklist_id']}/listed/{one.get('dj_file') or ''}",
    entity_id=lambda one: str(one["tracklist_id"]),
    url=lambda one: one["url"] if isinstance(one.get("url"), str) else None,
)

KIND = Kind(
    name="tl1001_set_index",
    provider="1001tracklists",
    streams=(STREAM,),
    summary="lists of sets per DJ from 1001Tracklists as JSON Lines: dates, views, likes, styles; no rows",
    example="cratelake ingest tl1001_set_index sets.jsonl.gz",
    patterns=("*.jsonl",),
    read=_SETS.lines,
    extractor_version="tl1001_set_index/1",
)
