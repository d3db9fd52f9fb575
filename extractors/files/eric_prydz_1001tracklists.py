"""Kind ``eric_prydz_1001tracklists``: whole sets scraped from 1001Tracklists, one JSON document per set.

Layout: a JSON array of sets with ``event`` ("DJ @ Stage, Festival, Country YYYY-MM-DD"), ``url`` and
``tracks`` [{``title``: "Artist - Title", absent where unknown; ``artist``: [joined name];
``played_together``: with the row before; ``is_mashup_element``; ``track_number``: id of the row, not a
position}].
"""

from extractors.files.documents import Documents
from extractors.kind import Kind
from extractors.pages.set_head import set_id_of

STREAM = "set_documents"
_SETS = Documents(
    stream=STREAM,
    what="1001Tracklists sets",
    members={"event": str, "url": str, "tracks": list},
    key=lambda one: f"tracklist/{set_id_of(one['url']) or one['url']}",
    entity_id=lambda one: set_id_of(one["url"]),
    url=lambda one: str(one["url"]),
)

KIND = Kind(
    name="eric_prydz_1001tracklists",
    provider="1001tracklists",
    streams=(STREAM,),
    summary="sets scraped from 1001Tracklists as JSON: event, url and tracks of each",
    example="cratelake ingest eric_prydz_1001tracklists tracklists.json.gz",
    patterns=("*.json",),
    read=_SETS.elements,
    extractor_version="eric_prydz_1001tracklists/1",
)
