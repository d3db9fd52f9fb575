"""The truth about a delivery: every field of every track, and which record of which provider is which track.

What belongs here: the two tables that tests and benchmarks compare the lake with.
"""

from collections.abc import Iterator
from typing import Final

import polars as pl

from extractors.sandbox.keys import camelot
from extractors.sandbox.sound import FEATURES
from extractors.sandbox.tell_tracklists import mashup_names
from extractors.sandbox.views import Views

_CHUNK = 50_000
TRACKS: Final[dict[str, pl.DataType]] = {
    "true_track_id": pl.Int64(),
    "kind": pl.String(),
    "artist": pl.String(),
    "artists": pl.List(pl.String()),
    "featured": pl.String(),
    "title": pl.String(),
    "version": pl.String(),
    "version_kind": pl.String(),
    "remixer": pl.String(),
    "isrc": pl.String(),
    "bpm": pl.Float64(),
    "key_camelot": pl.String(),
    "genre": pl.String(),
    "subgenre": pl.String(),
    "label": pl.String(),
    "catalog_number": pl.String(),
    "album": pl.String(),
    "release_date": pl.Date(),
    "duration_ms": pl.Int64(),
    "popularity": pl.Int64(),
    **{name: pl.Float64() for name in (*FEATURES, "loudness")},
}
"""Columns of ``truth/tracks.parquet``. ``kind`` is track or mashup; of mashups only names are given."""
RECORDS: Final[dict[str, pl.DataType]] = {
    "provider": pl.String(),
    "stream": pl.String(),
    "source_entity_id": pl.String(),
    "playlist_key": pl.String(),
    "position": pl.Int64(),
    "kind": pl.String(),
    "true_track_id": pl.Int64(),
}
"""Columns of ``truth/records.parquet``. ``kind`` is that of a tracklist row, or track for an API answer."""


def _fitted(frame: pl.DataFrame, columns: dict[str, pl.DataType]) -> pl.DataFrame:
    """`frame` with exactly these columns; missing ones are null."""
    present = (pl.col(name) if name in frame.columns else pl.lit(None).alias(name) for name in columns)
    return frame.select(present).cast(pl.Schema(columns))


def _tracks(views: Views, low: int, high: int) -> pl.DataFrame:
    told = views.world.told(pl.Series(range(low, high), dtype=pl.Int64))
    people = ["artist_1_name", "artist_2_name", "artist_3_name"]
    frame = told.with_columns(
        true_track_id=told["track"],
        kind=pl.lit("track"),
        artist=pl.concat_str(people, separator=" & ", ignore_nulls=True),
        artists=pl.concat_list(people).list.drop_nulls(),
        featured=told["featured_name"],
        remixer=told["remixer_name"],
        key_camelot=camelot(told["pitch_class"].to_numpy(), told["minor"].to_numpy()),
        label=told["label_name"],
        release_date=told["date"],
    )
    return _fitted(frame, TRACKS)


def _mashups(views: Views) -> pl.DataFrame:
    mashups = views.world.programme.mashups
    names = mashup_names(views, mashups).with_columns(
        dj=views.world.artists["name"].gather(mashups["dj"]),
        true_track_id=pl.int_range(pl.len()) + views.world.spec.tracks,
    )
    frame = names.with_columns(
        kind=pl.lit("mashup"),
        artists=pl.col("artist").str.split(" vs. "),
        title=pl.col("title").str.replace(r" \([^()]*\)$", ""),
        version=pl.format("{} Mashup", "dj"),
        version_kind=pl.lit("mashup"),
        remixer="dj",
    )
    return _fitted(frame, TRACKS)


def true_tracks(views: Views) -> Iterator[pl.DataFrame]:
    """What is true of every track, then of every mashup, in pieces with the columns `TRACKS`."""
    count = views.world.spec.tracks
    for low in range(0, count, _CHUNK):
        yield _tracks(views, low, min(low + _CHUNK, count))
    yield _mashups(views)


def true_records(provider: str, stream: str, records: pl.DataFrame) -> pl.DataFrame:
    """Records of one telling with the columns `RECORDS`."""
    named = records.with_columns(provider=pl.lit(provider), stream=pl.lit(stream))
    if "kind" not in named.columns:
        named = named.with_columns(kind=pl.lit("track"))
    return _fitted(named, RECORDS)
