"""AcoustID's telling: what a fingerprint is of (shapes: docs on providers, section 12).

What belongs here: this service's payloads. An AcoustID belongs to one recording of MusicBrainz; a share of
recordings is known by id alone.
"""

import polars as pl

from extractors.sandbox import ids
from extractors.sandbox.credits import title_with, with_version, wording
from extractors.sandbox.json_text import encode, thing, things
from extractors.sandbox.views import Telling, Views, told_of

PROVIDER = "acoustid"
_BARE = 0.1
_PEOPLE = ("artist_1", "artist_2", "artist_3", "featured")


def lookups(views: Views, low: int, high: int) -> Telling:
    """Results of look-ups for the world's tracks in [low, high), one per record, with its `fingerprint`."""
    lens = views.lens(PROVIDER, views.records(PROVIDER, low, high))
    pieces = wording(lens)
    dice = lens.world.dice("musicbrainz")
    bare = pl.Series(lens.hit("bare", _BARE))
    acoustid = ids.mbids(lens.dice, "acoustid", lens.ids)
    frame = pieces.with_columns(
        id=acoustid,
        mbid=ids.mbids(dice, "recording", lens.ids),
        whole=with_version(title_with(pieces, " (feat. {})"), pieces["version"]),
        seconds=lens.duration_ms / 1000,
        score=pl.Series((1 - 0.15 * lens.dice.uniform("score", lens.ids) ** 2).round(6)),
        sources=pl.Series(lens.dice.between("sources", lens.ids, 1, 90)),
        bare=bare,
        **{f"{who}_id": ids.mbids(dice, "artist", lens.told[who].fill_null(0).to_numpy()) for who in _PEOPLE},
    )
    people = things(*((who, thing(id=pl.col(f"{who}_id"), name=pl.col(who))) for who in _PEOPLE))
    recording = thing(
        id=pl.col("mbid"),
        title=pl.when(~pl.col("bare")).then("whole"),
        duration=pl.when(~pl.col("bare")).then("seconds"),
        artists=pl.when(~pl.col("bare")).then(people),
        sources=pl.col("sources"),
    )
    payload = encode(
        frame,
        {
            "id": pl.col("id"),
            "score": pl.col("score"),
            "recordings": pl.concat_list(recording),
            "fingerprint": pl.format("AQAD{}", pl.col("id").str.replace_all("-", "", literal=True)),
        },
    )
    return told_of(lens, acoustid, payload)
