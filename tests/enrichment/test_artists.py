"""Artists of a real lake: names that are one artist, namesakes, ids that last, increments."""

import datetime as dt
import itertools
import random
from typing import Any

import duckdb
import pytest

from enrichment import artists, config, matching, pipeline, schema
from enrichment.engine import Day
from enrichment.matching.artists import Identified
from enrichment.matching.artists.blocking import CAP
from lake.tables import fingerprint
from tests.enrichment.lake_records import DAY, put

pytestmark = pytest.mark.slow

DERIVED = (
    "silver.artist_names", "silver.artist_matches", "silver.artist_review", "silver.enriched_artists",
    "silver.track_artists",
)  # fmt: skip


def later(days: int) -> Day:
    return Day(DAY.date + dt.timedelta(days=days))


def build(lake: duckdb.DuckDBPyConnection, day: Day = DAY) -> Identified:
    loaded = config.load()
    matching.match_day(lake, day, loaded)
    pipeline.resolve(lake, day, loaded, "run")
    return artists.build(lake, day)[0]


def record(artist: str, title: str, provider: str = "mixesdb", **more: Any) -> dict[str, Any]:
    return {"provider": provider, "artist_raw": artist, "title_raw": title, **more}


def people(lake: duckdb.DuckDBPyConnection) -> set[tuple[str, str, frozenset[str]]]:
    """(name, disambiguator, spellings) of every artist."""
    rows = lake.execute(
        "select canonical_name, disambiguator, aliases from silver.enriched_artists"
    ).fetchall()
    return {(name, note, frozenset(aliases)) for name, note, aliases in rows}


def contents(lake: duckdb.DuckDBPyConnection) -> dict[str, str]:
    return {table: fingerprint(lake, table, volatile=schema.VOLATILE) for table in DERIVED}


def test_spellings_become_one_artist_with_all_tracks(lake: duckdb.DuckDBPyConnection) -> None:
    put(
        lake,
        record("Danny Tenaglia", "Elements"),
        record("Danny Tenaglia", "Bottom Heavy"),
        record("Danny Teneglia", "Music Is The Answer"),
        record("DANNY TENAGLIA", "Dibiza"),
        record("Ida Engberg", "Disco Volante"),
    )
    done = build(lake)
    assert (done.names, done.names_merged, done.names_ambiguous) == (3, 1, 0)
    assert people(lake) == {
        ("Danny Tenaglia", "", frozenset({"Danny Tenaglia", "DANNY TENAGLIA", "Danny Teneglia"})),
        ("Ida Engberg", "", frozenset({"Ida Engberg"})),
    }
    tracks = dict(lake.execute("select canonical_name, track_count from silver.enriched_artists").fetchall())
    assert tracks == {"Danny Tenaglia": 4, "Ida Engberg": 1}
    strategy = "select deduplication_strategy from silver.enriched_artists order by canonical_name"
    assert lake.execute(strategy).fetchall() == [("normalized_name+slip",), ("normalized_name",)]
    (pair,) = lake.execute(
        "select name_key_a, name_key_b, confidence, method, accepted, evidence ->> 'spelling' "
        "from silver.artist_matches"
    ).fetchall()
    assert pair[:2] == ("dannytenaglia", "dannyteneglia")
    assert (float(pair[2]), pair[3:]) == (0.93, ("slip", True, "0.93"))


def test_a_track_credited_to_both_names_joins_what_letters_leave_open(
    lake: duckdb.DuckDBPyConnection,
) -> None:
    put(
        lake,
        record("Moodyman", "Shades Of Jae"),
        record("Moodymann", "Shades of Jae", "beatport"),
        record("Zomby", "Natalia's Song"),
        record("Zomboy", "Terror Squad"),
    )
    build(lake)
    assert {tuple(sorted(spelt)) for _, _, spelt in people(lake)} == {
        ("Moodyman", "Moodymann"), ("Zomby",), ("Zomboy",),
    }  # fmt: skip


def test_who_are_credited_together_are_two_people(lake: duckdb.DuckDBPyConnection) -> None:
    put(
        lake,
        record("Markus Schultze", "Reise"),
        record("Markus Schulze", "Reise", "beatport"),
        record("Markus Schulze & Markus Schultze", "Heimkehr"),
    )
    build(lake)
    assert len(people(lake)) == 2
    (veto,) = lake.execute("select evidence ->> 'veto' from silver.artist_matches").fetchall()
    assert veto == ("credited_together",)


def test_namesakes_are_kept_apart_and_a_bare_name_follows_the_evidence(
    lake: duckdb.DuckDBPyConnection,
) -> None:
    put(
        lake,
        record("Sully (UK)", "Blue"),
        record("Sully (US)", "Red"),
        record("Sully", "Green"),
        record("Boris (2)", "Toolroom", "discogs"),
        record("Boris", "Toolroom"),
        record("Boris (7)", "Another Room", "discogs"),
        # a number and a country may mean one and the same
        record("Kano (4)", "Rain", "discogs"),
        record("Kano (UK)", "Rain", "beatport"),
    )
    build(lake)
    found = {(name, note) for name, note, _ in people(lake) if name != "Kano"}
    assert found == {("Sully", "UK"), ("Sully", "US"), ("Sully", ""), ("Boris", "2"), ("Boris", "7")}
    assert len(people(lake)) == 6


def test_odd_names_are_names(lake: duckdb.DuckDBPyConnection) -> None:
    put(
        lake,
        record('Boris (2) & "', "One"),
        record("$' \\ (UK)", "Two"),
        record("!!!", "Three"),
        record("🎧", "Four"),
    )
    assert build(lake).names == len(people(lake)) == 5


def test_a_bare_name_that_could_be_two_namesakes_stays_alone_for_review(
    lake: duckdb.DuckDBPyConnection,
) -> None:
    for note, title in (("UK", "Blue Monday Morning"), ("US", "Red Letter Days")):
        put(lake, record(f"Sully ({note})", title), record("Sully", title, "beatport"))
    done = build(lake)
    assert done.names_ambiguous == 1
    assert len(people(lake)) == 3
    assert set(lake.execute("select reason from silver.artist_review").fetchall()) == {("ambiguous",)}


def test_playlists_and_credits_point_at_the_merged_artist(lake: duckdb.DuckDBPyConnection) -> None:
    put(lake, record("Danny Tenaglia", "Elements"), record("Danny Tenaglia", "Dibiza"))
    lake.execute(
        "insert into silver.enriched_playlists by name select stable_uuid('p') as playlist_id, "
        f"['Danny Teneglia'] as dj_names, 'b' as bronze_id, {DAY.sql} as ingest_date"
    )
    build(lake)
    ids = "select artist_id from silver.enriched_playlists union select artist_id from silver.track_artists"
    (only,) = lake.execute(ids).fetchall()
    assert lake.execute("select artist_id from silver.enriched_artists").fetchall() == [only]


def test_ids_survive_growth_and_what_merges_leaves_a_redirect(lake: duckdb.DuckDBPyConnection) -> None:
    put(lake, record("Danny Teneglia", "Elements"), record("Ida Engberg", "Disco Volante"))
    build(lake)
    ids = "select name_key, artist_id from silver.artist_names"
    before = dict(lake.execute(ids).fetchall())
    put(lake, record("Danny Tenaglia", "Dibiza"), record("Danny Tenaglia", "Athens"), day=later(1))
    assert build(lake, later(1)).names_touched < 3
    after = dict(lake.execute(ids).fetchall())
    assert before.items() <= after.items()
    assert after["dannytenaglia"] == before["dannyteneglia"]
    assert lake.execute("select canonical_name from silver.enriched_artists order by 1").fetchall() == [
        ("Danny Tenaglia",), ("Ida Engberg",),
    ]  # fmt: skip
    put(
        lake,
        record("Ida Engbergh", "Paranoia"),
        record("Idda Engbergh", "Paranoia", "beatport"),
        day=later(2),
    )
    build(lake, later(2))
    assert not lake.execute("from silver.artist_redirects").fetchall()


def test_two_artists_that_turn_out_to_be_one_leave_a_redirect(lake: duckdb.DuckDBPyConnection) -> None:
    put(lake, record("Zinc", "Super Sharp Shooter"), record("DJ Zinc", "Wile Out"))
    build(lake)
    assert len(people(lake)) == 2
    put(lake, record("DJ Zinc", "Super Sharp Shooter", "beatport"), day=later(1))
    build(lake, later(1))
    ((_, _, spellings),) = people(lake)
    assert spellings == {"DJ Zinc", "Zinc"}
    (redirect,) = lake.execute(
        "select from_artist_id, to_artist_id, reason from silver.artist_redirects"
    ).fetchall()
    assert redirect[2] == "merged"
    assert lake.execute("select artist_id from silver.enriched_artists").fetchall() == [(redirect[1],)]


def test_the_same_day_again_changes_nothing(lake: duckdb.DuckDBPyConnection) -> None:
    put(lake, record("Danny Tenaglia", "Elements"), record("Danny Teneglia", "Elements", "beatport"))
    build(lake)
    before = contents(lake)
    again = build(lake)
    assert (contents(lake), again.names_moved) == (before, 0)


def test_increments_and_a_rebuild_give_the_same_artists(lake: duckdb.DuckDBPyConnection) -> None:
    dice = random.Random(1)  # noqa: S311 - invented names
    # two pairs join at first; then the block of the one passes the cap, and the other's odd word is known
    first = ["Progressionists Mandokalira", "Progressionists Nandopalira", "Danny Tenaglia", "Danny Tenagla"]
    second = [*(f"Progressionists {word}" for word in _words(dice, CAP)), "Tenagla Brothers"]
    names = [f"{one} {other}" for one in ("Danny", "Dany") for other in ("Ray", "Rey", "Tenagliano")]
    names += [
        "Tenaglia",
        "DJ Tenaglia",
        "Danny Teneglia",
        "Sully (UK)",
        "Sully (US)",
        "Sully",
        "Zomby",
        "Zombi",
    ]
    titles = [f"{word} {word[::-1]}" for word in _words(dice, 12)]
    days = [later(i) for i in range(3)]
    for day, given in zip(days, (first, second, []), strict=True):
        chosen = given + dice.sample(names, len(names) // 2)
        put(
            lake,
            *(record(name, dice.choice(titles), dice.choice(["mixesdb", "beatport"])) for name in chosen),
            *(
                record(f"{a} & {b}", dice.choice(titles))
                for a, b in itertools.pairwise(dice.sample(names, 4))
            ),
            day=day,
        )
        build(lake, day)
    increments = contents(lake)
    for table in DERIVED:
        lake.execute(f"delete from {table}")
    for day in days:
        build(lake, day)
    assert contents(lake) == increments
    assert lake.execute("select count(*) from silver.artist_matches where accepted").fetchone() > (0,)


def _words(dice: random.Random, count: int) -> list[str]:
    return ["".join(dice.choices("abdegiklmnoprstu", k=7)).title() for _ in range(count)]
