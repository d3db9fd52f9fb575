"""Last.fm's telling: ``track.getInfo`` and a listener's tracks (shapes: docs on providers, section 6).

What belongs here: this service's wording and payloads: numbers are strings, one name stands for all artists,
and spelling is whatever most people's files have.
"""

import polars as pl

from extractors.sandbox import faults, ids
from extractors.sandbox.credits import credit, title_with, with_version, wording
from extractors.sandbox.genres import GENRES
from extractors.sandbox.json_text import encode, thing
from extractors.sandbox.listeners import listens
from extractors.sandbox.views import Lens, Telling, Views, told_of

PROVIDER = "lastfm"
_NO_MBID = 0.6
_MOODS = ("seen live", "favourites", "chill", "party", "summer", "electronic", "dance", "club")


def _address(*parts: pl.Expr) -> pl.Expr:
    plain = [part.str.replace_all(" ", "+", literal=True) for part in parts]
    return pl.format("https://www.last.fm/music/{}" + "/_/{}" * (len(parts) - 1), *plain)


def _columns(views: Views, lens: Lens) -> pl.DataFrame:
    pieces, told = wording(lens), lens.told
    has_mbid = views.coverage["musicbrainz"][told["track"].to_numpy()]
    tags = pl.Series([genre.tag for genre in GENRES]).gather(lens.genre_number)
    listeners = (
        told["popularity"] ** 2 * 40 + pl.Series(lens.dice.below("listeners", lens.ids, 900)) + 2
    ).cast(pl.Int64)
    often = pl.Series(lens.dice.uniform("often", lens.ids)) * 8 + 1.2
    own_mbid = ids.mbids(lens.world.dice("musicbrainz"), "recording", lens.ids)
    return pieces.with_columns(
        artist=credit(pieces),
        name=with_version(title_with(pieces, " (feat. {})"), pieces["version"], " - {}"),
        mbid=faults.blanked(own_mbid, lens.hit("mbid.missing", _NO_MBID) | ~has_mbid),
        duration=lens.duration_ms.fill_null(0).cast(pl.String),
        listeners=listeners.cast(pl.String),
        playcount=(listeners * often).cast(pl.Int64).cast(pl.String),
        album=told["album"],
        tag=faults.blanked(tags, lens.hit("genre.missing", lens.rates.genre_missing)),
        subtag=told["subgenre"].str.to_lowercase(),
        mood=pl.Series(_MOODS).gather(lens.dice.pick("mood", lens.ids, [1.0] * len(_MOODS))),
    )


def tracks(views: Views, low: int, high: int) -> Telling:
    """Answers to ``track.getInfo`` for the world's tracks in [low, high), one per record, known by `url`."""
    lens = views.lens(PROVIDER, views.records(PROVIDER, low, high))
    frame = _columns(views, lens)
    # two records may be spelt alike; for the service they are one, which the first of them gives its values
    frame = frame.with_columns(url=_address(pl.col("artist"), pl.col("name")), told=pl.int_range(pl.len()))
    frame = frame.unique("url", keep="first", maintain_order=True)
    lens = Lens(lens.world, PROVIDER, lens.told[frame["told"]])

    def tag(name: str) -> pl.Expr:
        address = pl.format(
            "https://www.last.fm/tag/{}", pl.col(name).str.replace_all(" ", "+", literal=True)
        )
        return pl.when(pl.col(name).is_not_null()).then(thing(name=pl.col(name), url=address))

    artist = thing(name=pl.col("artist"), url=_address(pl.col("artist")))
    track = thing(
        name=pl.col("name"),
        mbid=pl.col("mbid").fill_null(""),
        url=pl.col("url"),
        duration=pl.col("duration"),
        listeners=pl.col("listeners"),
        playcount=pl.col("playcount"),
        artist=artist,
        album=thing(artist=pl.col("artist"), title=pl.col("album")),
        toptags=thing(tag=pl.concat_list(tag("tag"), tag("subtag"), tag("mood")).list.drop_nulls()),
    )
    return told_of(lens, frame["url"], encode(frame, {"track": track}))


def recent_tracks(views: Views, low: int, high: int) -> Telling:
    """Listens in [low, high) as ``user.getRecentTracks`` lists them, each with its listener as `user`."""
    heard = listens(views.world, low, high)
    told = views.world.told(heard["track"])
    frame = heard.with_columns(
        title=with_version(told["title"], told["version"], " - {}"),
        artist=told["artist_1_name"],
        album=told["album"],
        date=pl.from_epoch("listened_at").dt.strftime("%d %b %Y, %H:%M"),
    )
    payload = encode(
        frame,
        {
            "user": pl.col("user"),
            "number": pl.col("listen"),
            "artist": thing(mbid=pl.lit(""), name=pl.col("artist"), url=_address(pl.col("artist"))),
            "mbid": pl.lit(""),
            "name": pl.col("title"),
            "url": _address(pl.col("artist"), pl.col("title")),
            "album": pl.struct(pl.lit("").alias("mbid"), pl.col("album").alias("#text")),
            "loved": pl.lit("0"),
            "date": pl.struct(
                pl.col("listened_at").cast(pl.String).alias("uts"), pl.col("date").alias("#text")
            ),
        },
    )
    records = pl.DataFrame(
        {"source_entity_id": heard["listen"].cast(pl.String), "true_track_id": heard["track"]}
    )
    return Telling(payload, records)
