"""Kind ``billboard_hot100``: weekly charts, one per line of a JSON Lines file.

Layout: ``date`` and ``data`` [{``song``, ``artist``, ``this_week``, ``last_week`` (null: new or back),
``peak_position``, ``weeks_on_chart``}].
"""

from extractors.files.documents import Documents
from extractors.kind import Kind

STREAM = "hot100_weeks"
_WEEKS = Documents(
    stream=STREAM,
    what="Billboard Hot 100 weeks",
    members={"date": str, "data": list},
    key=lambda week: f"charts/hot-100/{week['date']}",
    entity_id=lambda week: str(week["date"]),
)

KIND = Kind(
    name="billboard_hot100",
    provider="billboard",
    streams=(STREAM,),
    summary="weekly Billboard Hot 100 as JSON Lines: date and the week's entries",
    example="cratelake ingest billboard_hot100 weeks.jsonl.gz",
    patterns=("*.jsonl",),
    read=_WEEKS.lines,
    extractor_version="billboard_hot100/1",
)
