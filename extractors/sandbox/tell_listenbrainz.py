"""ListenBrainz' telling: recordings with tags, and listens (shapes: docs on providers, section 9).

What belongs here: this service's wording and payloads. Its recordings are MusicBrainz'; what a listen was
mapped to may be another.
"""

import numpy as np
import polars as pl

from extractors.sandbox import faults, ids
from extractors.sandbox.credits import credit, title_with, with_version, wording
from extractors.sandbox.genres import GENRES
from extractors.sandbox.json_text import encode, thing
from extractors.sandbox.listeners import listens
from extractors.sandbox.views import Telling, Views, told_of

PROVIDER = "listenbrainz"
_MAPPED, _WRONGLY_MAPPED = 0.8, 0.03


def recordings(views: Views, low: int, high: int) -> Telling:
    """Recordings as ``/1/metadata/recording/`` tells them, with their id as `mbid`."""
    lens = views.lens(PROVIDER, views.records(PROVIDER, low, high))
    pieces, told = wording(lens), lens.told
    dice = lens.world.dice("musicbrainz")
    tags = pl.Series([genre.tag for genre in GENRES]).gather(lens.genre_number)
    frame = pieces.with_columns(
        mbid=ids.mbids(dice, "recording", lens.ids),
        name=with_version(title_with(pieces, " (feat. {})"), pieces["version"]),
        length=lens.duration_ms,
        credit=credit(pieces),
        artist_mbid=ids.mbids(dice, "artist", told["artist_1"].to_numpy()),
        release=told["album"],
        release_mbid=ids.mbids(dice, "release", told["release"].to_numpy()),
        year=told["date"].dt.year(),
        tag=faults.blanked(tags, lens.hit("genre.missing", lens.rates.genre_missing)),
        votes=pl.Series(lens.dice.between("tag.votes", lens.ids, 1, 12)),
    )
    tag = pl.when(pl.col("tag").is_not_null()).then(thing(tag=pl.col("tag"), count=pl.col("votes")))
    artist = thing(artist_mbid=pl.col("artist_mbid"), name=pl.col("artist_1"), join_phrase=pl.lit(""))
    payload = encode(
        frame,
        {
            "mbid": pl.col("mbid"),
            "artist": thing(name=pl.col("credit"), artists=pl.concat_list(artist)),
            "recording": thing(name=pl.col("name"), length=pl.col("length")),
            "release": thing(mbid=pl.col("release_mbid"), name=pl.col("release"), year=pl.col("year")),
            "tag": thing(recording=pl.concat_list(tag).list.drop_nulls()),
        },
    )
    return told_of(lens, frame["mbid"], payload)


def user_listens(views: Views, low: int, high: int) -> Telling:
    """Listens in [low, high), as ``/1/user/{name}/listens`` lists them."""
    heard = listens(views.world, low, high)
    told = views.world.told(heard["track"])
    number = heard["listen"].to_numpy()
    dice, names = views.world.dice(PROVIDER), views.world.dice("musicbrainz")
    track = heard["track"].to_numpy()
    known = views.coverage["musicbrainz"][track] & dice.happens("mapped", number, _MAPPED)
    wrong = dice.happens("mapped.wrongly", number, _WRONGLY_MAPPED)
    other = dice.below("mapped.to", number, views.world.spec.tracks)
    mapped = ids.mbids(names, "recording", np.where(wrong, other, track) * 2)
    mapping = faults.blanked(mapped, ~known)
    frame = heard.with_columns(
        msid=ids.mbids(dice, "listen", number),
        title=with_version(told["title"], told["version"], " - {}"),
        artist=told["artist_1_name"],
        release=told["album"],
        duration=told["duration_ms"],
        isrc=faults.blanked(told["isrc"], dice.happens("isrc.missing", number, 0.5)),
        mapping=mapping,
    )
    payload = encode(
        frame,
        {
            "listened_at": pl.col("listened_at"),
            "recording_msid": pl.col("msid"),
            "user_name": pl.col("user"),
            "track_metadata": thing(
                artist_name=pl.col("artist"),
                track_name=pl.col("title"),
                release_name=pl.col("release"),
                additional_info=thing(isrc=pl.col("isrc"), duration_ms=pl.col("duration")),
                mbid_mapping=pl.when(pl.col("mapping").is_not_null()).then(
                    thing(recording_mbid=pl.col("mapping"))
                ),
            ),
        },
    )
    records = pl.DataFrame({"source_entity_id": frame["msid"], "true_track_id": heard["track"]})
    return Telling(payload, records)
