"""The sandbox world: deterministic, of the size asked for, and plausible."""

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from extractors.sandbox import tell_beatport, tell_discogs, tell_spotify, tell_tracklists
from extractors.sandbox.genres import GENRES
from extractors.sandbox.views import Views
from extractors.sandbox.world import World, WorldSpec, make_world

TRACKS = 300


@pytest.fixture(scope="module")
def world() -> World:
    return make_world(WorldSpec(tracks=TRACKS))


@pytest.fixture(scope="module")
def big() -> World:
    return make_world(WorldSpec(tracks=20_000))


def test_the_same_specification_makes_the_same_world(world: World) -> None:
    again = make_world(WorldSpec(tracks=TRACKS))
    assert_frame_equal(again.catalogue.tracks, world.catalogue.tracks)
    assert_frame_equal(again.programme.plays, world.programme.plays)
    assert_frame_equal(again.artists, world.artists)


def test_another_seed_makes_another_world(world: World) -> None:
    other = make_world(WorldSpec(tracks=TRACKS, seed=2))
    assert other.artists["name"].to_list() != world.artists["name"].to_list()
    assert other.catalogue.works["title"].to_list() != world.catalogue.works["title"].to_list()


@pytest.mark.parametrize(("tracks", "sets"), [(100, 1), (101, 3), (1234, None), (5000, 7)])
def test_a_world_has_the_size_asked_for(tracks: int, sets: int | None) -> None:
    spec = WorldSpec(tracks=tracks, sets=sets, seed=9)
    made = make_world(spec)
    assert made.catalogue.tracks.height == tracks
    assert made.programme.sets.height == (sets or round(tracks * 0.08))
    assert made.programme.plays["set"].n_unique() == made.programme.sets.height


@pytest.mark.parametrize(("tracks", "sets"), [(0, None), (99, None), (500, 0), (500, -1)])
def test_a_world_too_small_to_be_one_is_refused(tracks: int, sets: int | None) -> None:
    with pytest.raises(ValueError, match="at least"):
        WorldSpec(tracks=tracks, sets=sets)


def test_versions_of_a_work_are_told_apart_by_their_names(big: World) -> None:
    versions = big.catalogue.tracks.group_by("work", "version").len()
    assert versions["len"].max() == 1
    assert big.catalogue.works["title"].null_count() == 0


def test_isrcs_are_well_formed_and_name_one_track_each(big: World) -> None:
    isrcs = big.catalogue.tracks["isrc"].drop_nulls()
    assert isrcs.str.contains(r"^[A-Z]{2}[A-Z0-9]{3}[0-9]{7}$").all()
    assert isrcs.is_unique().all()
    assert 0.02 < big.catalogue.tracks["isrc"].null_count() / big.spec.tracks < 0.06


def test_tempo_key_and_length_are_plausible(big: World) -> None:
    tracks = big.catalogue.tracks
    typical = pl.Series([genre.bpm for genre in GENRES]).gather(tracks["genre"])
    spread = pl.Series([genre.spread for genre in GENRES]).gather(tracks["genre"])
    assert ((tracks["bpm"] - typical).abs() <= spread * 3.5 + 1).all()
    assert 0.7 < tracks["minor"].mean() < 0.85
    assert tracks["duration_ms"].is_between(95_000, 900_000).all()
    assert tracks["energy"].is_between(0, 1).all()
    assert tracks["popularity"].is_between(0, 100).all()


def test_names_are_mostly_unique_and_some_are_shared(big: World) -> None:
    assert big.artists["name"].n_unique() > 0.99 * big.artists.height
    assert big.artists["namesake"].max() >= 1
    titles = big.catalogue.works.group_by("title").agg(pl.col("artist_1").n_unique())
    assert (titles["artist_1"] > 1).sum() > 20
    assert titles.height > 0.7 * big.catalogue.works.height


def test_a_few_tracks_are_played_very_often(big: World) -> None:
    plays = big.programme.plays.filter(pl.col("kind") == "track")["track"].value_counts(sort=True)["count"]
    assert plays[0] > 20 * plays.median()
    assert plays.head(len(plays) // 10).sum() > 0.35 * plays.sum()


def test_tracklists_are_numbered_through_and_their_clocks_run_forward(big: World) -> None:
    plays = big.programme.plays
    per_set = plays.group_by("set", maintain_order=True).agg(
        (pl.col("position") == pl.int_range(1, pl.len() + 1)).all().alias("numbered"),
        (pl.col("cue_s").diff().drop_nulls() >= 0).all().alias("forward"),
        (pl.col("number").diff().drop_nulls() <= 1).all().alias("steady"),
    )
    assert per_set.select(pl.all().exclude("set").all()).row(0) == (True, True, True)
    elements = plays.with_columns(before=pl.col("kind").shift(1)).filter(pl.col("kind") == "element")
    assert elements["before"].is_in(["mashup", "element"]).all()


def test_every_kind_of_row_occurs(big: World) -> None:
    kinds = {"track", "id", "artist_id", "mashup", "element", "jingle"}
    assert set(big.programme.plays["kind"]) == kinds
    assert big.programme.plays["overlay"].any()


@given(cut=st.integers(min_value=1, max_value=TRACKS - 1))
@settings(max_examples=5, deadline=None)
def test_a_world_told_in_pieces_is_told_the_same(world: World, cut: int) -> None:
    views = Views(world)
    for tell in (tell_beatport.tracks, tell_spotify.tracks, tell_spotify.audio_features):
        whole = tell(views, 0, TRACKS).payloads.to_list()
        pieces = [*tell(views, 0, cut).payloads, *tell(views, cut, TRACKS).payloads]
        assert pieces == whole


def test_releases_and_pages_told_in_pieces_are_told_the_same(world: World) -> None:
    views = Views(world)
    for tell, count in (
        (tell_discogs.releases, world.catalogue.releases.height),
        (tell_tracklists.pages, world.spec.set_count),
    ):
        whole = tell(views, 0, count)
        pieces = [tell(views, low, min(low + 7, count)) for low in range(0, count, 7)]
        assert [text for piece in pieces for text in piece.payloads] == whole.payloads.to_list()
        assert_frame_equal(pl.concat([piece.records for piece in pieces]), whole.records)
