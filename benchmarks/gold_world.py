"""Gold of a sandbox world without its nights: silver from the world's truth, gold by the real models.

What providers tell and the waterfall decides is left out, for neither is measured here: the tables
of silver that gold reads are filled from what is true in the world, and dbt's own SQL, compiled once, builds
gold from them, one model after the other.
"""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

PROJECT = Path(__file__).parent.parent / "dbt_project"
_PROFILE = """\
cratelake:
  target: scratch
  outputs:
    scratch:
      {type: duckdb, path: ":memory:", database: lake, schema: main, attach: [{path: %s, alias: lake}]}
"""


def fill_silver(connection: duckdb.DuckDBPyConnection, tracks: int) -> None:
    """Make the schemas and tables of a lake in the current database, and fill what gold reads of silver."""
    from enrichment import schema
    from extractors.sandbox.world import WorldSpec, make_world

    for name in ("silver", "gold", "ops"):
        connection.execute(f"create schema {name}")
    for name, columns in schema.TABLES.items():
        if name.startswith(("silver.", "ops.")):
            connection.execute(f"create table {name} ({columns})")
    world = make_world(WorldSpec(tracks=tracks))
    frames = {
        "told": world.told(pl.Series(range(tracks))),
        "artists": world.artists.with_row_index("n"),
        "sets": world.programme.sets.with_row_index("set"),
        "plays": world.programme.plays,
    }
    for name, frame in frames.items():
        connection.register(f"world_{name}", frame.to_arrow())
    for statement in _SILVER:
        connection.execute(statement)
    for name in frames:
        connection.unregister(f"world_{name}")


_ID = "md5('{} ' || {})::uuid"
_TRACK, _ARTIST, _SET = _ID.format("track", "track"), _ID.format("artist", "{}"), _ID.format("set", '"set"')
_MANY = ("artist_1", "artist_2", "artist_3")
_NAMES = ", ".join(f"{one}_name" for one in _MANY)
_SILVER = (
    # as the wheel is computed: dbt_project/seeds/gold
    f"""
    insert into silver.enriched_tracks by name
    select
        {_TRACK} as track_id, concat_ws(' & ', {_NAMES}) as artist, title,
        nullif(version, '') as version, version_kind,
        list_filter([{_NAMES}], lambda name: name is not null) as artists,
        remixer_name as remixer,
        'sp' || left(md5('spotify ' || track), 20) as spotify_id,
        (1000000 + track)::varchar as beatport_id, isrc,
        bpm::decimal(6, 2) as bpm,
        (7 * (pitch_class + if(minor, 3, 0)) + 7) % 12 + 1 || if(minor, 'A', 'B') as key_camelot,
        energy, danceability, valence, genre, nullif(subgenre, genre) as subgenre, label_name as label,
        catalog_number, ['MP3 320', 'WAV'] as available_formats, date as release_date,
        'day' as release_date_precision,
        duration_ms, popularity, ['beatport', 'spotify'] as providers, 'b' || track as bronze_id,
        (hash(track) % 10001 / 10000)::decimal(5, 4) as quality_score, 0.8750 as completeness,
        'valid' as validation_status, timestamptz '2026-11-01 00:00:00+00' as enriched_at
    from world_told
    """,
    f"""
    insert into silver.enriched_artists by name
    select
        {_ARTIST.format("n")} as artist_id, name as canonical_name,
        if(row_number() over (partition by name order by n) > 1, 'of ' || n, '') as disambiguator,
        []::varchar[] as aliases, 0.9 as quality_score, timestamptz '2026-11-01 00:00:00+00' as enriched_at
    from world_artists
    """,
    *(
        f"""
        insert into silver.track_artists by name
        select {_TRACK} as track_id, {_ARTIST.format(one)} as artist_id, '{role}' as role,
            {place} as position,
            {place} = 1 as is_primary
        from world_told where {one} is not null
        """
        for place, (one, role) in enumerate(
            [*((one, "main") for one in _MANY), ("featured", "featured"), ("remixer", "remixer")], start=1
        )
    ),
    f"""
    insert into silver.enriched_playlists by name
    select
        {_SET} as playlist_id, 'mixesdb' as provider, title, [dj_names] as dj_names,
        {_ARTIST.format("dj_1")} as artist_id, date as event_date, 'day' as event_date_precision, set_type,
        duration_s * 1000 as duration_ms, 'valid' as validation_status,
        timestamptz '2026-11-01 00:00:00+00' as enriched_at
    from world_sets
    """,
    f"""
    insert into silver.dj_sets by name
    select
        {_SET} as set_id, "set"::varchar as set_key, 'mixesdb' as provider, title, [dj_names] as dj_names,
        date as event_date, 'day' as event_date_precision, set_type, {_SET} as playlist_id,
        [{_SET}] as playlist_ids,
        ['mixesdb'] as providers
    from world_sets
    """,
    f"""
    insert into silver.playlist_tracks by name
    select
        {_SET} as playlist_id, position, if(kind = 'mashup', 'mashup', 'track') as kind,
        cue_s * 1000 as cue_time_ms,
        if(track is null, null, {_TRACK}) as track_id, 'mixesdb' as provider, sets.date as event_date
    from world_plays as plays join world_sets as sets using ("set")
    where kind in ('track', 'mashup')
    """,
)


def models(folder: Path) -> dict[str, str]:
    """Compiled SQL of the models of gold that are tables, each after those it reads."""
    (folder / "profiles.yml").write_text(_PROFILE % (folder / "scratch.duckdb"))
    options = {
        "project-dir": PROJECT,
        "profiles-dir": folder,
        "target-path": folder / "target",
        "log-path": folder,
    }
    places = [word for name, path in options.items() for word in (f"--{name}", str(path))]
    command = [
        str(Path(sys.executable).with_name("dbt")),
        "--quiet",
        "compile",
        "--select",
        "models/gold",
        *places,
    ]
    subprocess.run(command, check=True, cwd=folder, stdout=subprocess.DEVNULL)
    document = json.loads((folder / "target" / "manifest.json").read_text())
    nodes = {
        key: node
        for key, node in document["nodes"].items()
        if node["resource_type"] == "model"
        and node["schema"] == "gold"
        and node["config"]["materialized"] != "ephemeral"
    }

    def in_order(keys: list[str], done: dict[str, None]) -> Iterator[str]:
        for key in keys:
            parents = document["nodes"].get(key, {}).get("depends_on", {}).get("nodes", [])
            yield from in_order(parents, done)
            if key in nodes and key not in done:
                done[key] = None
                yield key

    return {nodes[key]["name"]: nodes[key]["compiled_code"] for key in in_order(sorted(nodes), {})}


def build(connection: duckdb.DuckDBPyConnection, sql: dict[str, str]) -> dict[str, float]:
    """Build the models; seconds each took."""
    from enrichment import sql_macros

    sql_macros.create(connection)
    connection.execute("set variable day = current_date")
    seed = PROJECT / "seeds" / "gold" / "camelot_wheel.csv"
    connection.execute(f"create or replace table gold.camelot_wheel as from read_csv('{seed}')")
    taken = {}
    for name, query in sql.items():
        start = time.perf_counter()
        connection.execute(f"create or replace table gold.{name} as {query}")
        taken[name] = time.perf_counter() - start
    return taken


def sample(connection: duckdb.DuckDBPyConnection, query: str, size: int) -> list[tuple[Any, ...]]:
    """Rows of a query, a fixed random choice."""
    return connection.execute(f"from ({query}) using sample reservoir({size} rows) repeatable (7)").fetchall()
