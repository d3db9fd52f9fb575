"""Finding the tracks a person means, by an id or by words of their name."""

from dataclasses import dataclass
from uuid import UUID

import duckdb

from lake.errors import LakeError


@dataclass(frozen=True, slots=True)
class Candidate:
    """A track that fits what was asked for."""

    track_id: str
    name: str
    plays: int


def find(connection: duckdb.DuckDBPyConnection, text: str, limit: int = 10) -> list[Candidate]:
    """Tracks whose id is `text`, or whose "Artist - Title (Version)" holds all its words, best first.

    Exact names come first, then originals before versions, then what is played most.

    Raises:
        LakeError: `text` holds no word.
    """
    words = [word for word in text.casefold().replace(" - ", " ").split() if word != "-"]
    try:
        asked_id = str(UUID(text.strip()))
    except ValueError:
        asked_id = None
    if asked_id is None and not any(len(word) > 1 for word in words):
        raise LakeError("nothing was named", 'give "artist - title", a part of it, or a track id')
    # an id is looked up, so that files which cannot hold it are not read
    fits = (
        "track_id = $asked::uuid"
        if asked_id
        else "$asked is null and list_bool_and(list_transform($words, lambda w: contains(lower(name), w)))"
    )
    rows = connection.execute(
        f"""
        with named as (
            select track_id, artist || ' - ' || title || coalesce(' (' || version || ')', '') as name, version
            from silver.enriched_tracks
        ),
        fitting as (
            select * from named
            where {fits}
        ),
        plays as (
            select track_id, count(*) as plays from silver.playlist_tracks
            where track_id in (select track_id from fitting) group by track_id
        )
        select f.track_id::varchar, f.name, coalesce(p.plays, 0)::bigint
        from fitting f left join plays p using (track_id)
        order by lower(name) = lower($text) desc, version is null desc, 3 desc, length(name), name, 1
        limit $limit
        """,
        {"asked": asked_id, "text": text.strip(), "limit": limit} | ({} if asked_id else {"words": words}),
    ).fetchall()
    return [Candidate(*row) for row in rows]
