"""MusicBrainz' telling: ``/recording/{mbid}`` with credits, ISRCs, releases and tags (docs on providers, 5).

What belongs here: this database's wording and payloads.
"""

import polars as pl

from extractors.sandbox import faults, ids
from extractors.sandbox.credits import title_with, with_version, wording
from extractors.sandbox.genres import GENRES
from extractors.sandbox.json_text import encode, thing, things
from extractors.sandbox.views import Lens, Telling, Views, told_of

PROVIDER = "musicbrainz"
_PEOPLE = ("artist_1", "artist_2", "artist_3", "featured")
_JOINERS = (" & ", " x ", " vs. ")
_STYLE = (
    "Extended Mix",
    "Original Mix",
    "Radio Edit",
    "Dub Mix",
    " Remix",
    " Edit",
    " Bootleg",
    "Instrumental",
    "Live",
)


def _titles(lens: Lens, pieces: pl.DataFrame) -> pl.Series:
    """``Title (someone remix)``: the words of a version mostly in lower case, as the style guide has it."""
    lower = pieces["version"].str.replace_many(list(_STYLE), [word.lower() for word in _STYLE])
    version = faults.where(lens.hit("version.lower", 0.7), lower, pieces["version"])
    return with_version(title_with(pieces, " (feat. {})"), version)


def _joins(pieces: pl.DataFrame, joiner: pl.Series) -> pl.DataFrame:
    """Join phrases behind each artist, such that name + phrase, put together, is the credit."""
    frame = pieces.with_columns(joiner=joiner)
    has = {who: pl.col(who).is_not_null() for who in _PEOPLE}
    last = pl.when(has["featured"]).then(pl.lit(" feat. ")).otherwise(pl.lit(""))
    return frame.select(
        join_1=pl.when(has["artist_3"])
        .then(pl.lit(", "))
        .when(has["artist_2"])
        .then("joiner")
        .otherwise(last),
        join_2=pl.when(has["artist_3"]).then("joiner").otherwise(last),
        join_3=last,
        join_4=pl.lit(""),
    )


def _columns(lens: Lens) -> pl.DataFrame:
    pieces = wording(lens)
    told = lens.told
    joiner = pl.Series(_JOINERS).gather(lens.dice.pick("joiner", lens.ids, [88, 8, 4]))
    people = {who: told[who].fill_null(0).to_numpy() for who in _PEOPLE}
    tags = pl.Series([genre.tag for genre in GENRES]).gather(lens.genre_number)
    releases, works = told["release"].to_numpy(), told["work"].to_numpy()
    return pieces.with_columns(
        id=ids.mbids(lens.dice, "recording", lens.ids),
        name=_titles(lens, pieces),
        length=lens.duration_ms,
        isrc=lens.isrc,
        iswc=faults.blanked(ids.iswcs(works), ~lens.dice.happens("work.registered", works, 0.4)),
        work_id=ids.mbids(lens.dice, "work", works),
        work=told["title"],
        date=lens.date_text,
        tag=faults.blanked(tags, lens.hit("genre.missing", lens.rates.genre_missing)),
        votes=pl.Series(lens.dice.between("tag.votes", lens.ids, 1, 9)),
        release_id=ids.mbids(lens.dice, "release", releases),
        group_id=ids.mbids(lens.dice, "release group", releases),
        release=told["album"],
        kind=told["album_kind"].replace(
            {"single": "Single", "ep": "EP", "album": "Album", "compilation": "Album"}
        ),
        country=pl.Series(["XW", "GB", "DE", "US", "NL"]).gather(
            lens.dice.pick("country", releases, [5, 2, 2, 1, 1])
        ),
        **{f"{who}_id": ids.mbids(lens.dice, "artist", number) for who, number in people.items()},
        **_joins(pieces, joiner).to_dict(),
    )


def _credit(number: int, who: str) -> pl.Expr:
    artist = thing(
        id=pl.col(f"{who}_id"),
        name=pl.col(who),
        sort__name=pl.col(who),
        disambiguation=pl.lit(""),
        type=pl.lit(None, pl.String),
    )
    credit = thing(name=pl.col(who), joinphrase=pl.col(f"join_{number}"), artist=artist)
    return pl.when(pl.col(who).is_not_null()).then(credit)


def recordings(views: Views, low: int, high: int) -> Telling:
    """Recordings of the database for the world's tracks in [low, high), one per record."""
    lens = views.lens(PROVIDER, views.records(PROVIDER, low, high))
    frame = _columns(lens)
    tag = pl.when(pl.col("tag").is_not_null()).then(thing(name=pl.col("tag"), count=pl.col("votes")))
    group = thing(id=pl.col("group_id"), title=pl.col("release"), primary__type=pl.col("kind"))
    release = thing(
        id=pl.col("release_id"),
        title=pl.col("release"),
        status=pl.lit("Official"),
        date=pl.col("date").fill_null(""),
        country=pl.col("country"),
        release__group=group,
    )
    work = thing(id=pl.col("work_id"), title=pl.col("work"), iswcs=pl.concat_list("iswc"))
    performance = thing(type=pl.lit("performance"), target__type=pl.lit("work"), work=work)
    payload = encode(
        frame,
        {
            "id": pl.col("id"),
            "title": pl.col("name"),
            "length": pl.col("length"),
            "disambiguation": pl.lit(""),
            "video": pl.lit(value=False),
            "first-release-date": pl.col("date").fill_null(""),
            "isrcs": pl.concat_list("isrc").list.drop_nulls(),
            "artist-credit": pl.concat_list(
                [_credit(number, who) for number, who in enumerate(_PEOPLE, 1)]
            ).list.drop_nulls(),
            "releases": pl.concat_list(release),
            "tags": pl.concat_list(tag).list.drop_nulls(),
            "relations": things(("iswc", performance)),
        },
    )
    return told_of(lens, frame["id"], payload)
