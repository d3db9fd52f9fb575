"""Artist identity at size: a lake of invented names, timed for a full day and for a small one after it.

`python -m benchmarks.artists --names 250000`. Names are invented words, one in ten a misspelling of another;
each is credited on a few tracks.
"""

import argparse
import datetime as dt
import random
import tempfile
import time
from pathlib import Path

import duckdb
import pyarrow as pa

DAY = dt.date(2026, 3, 1)
_SYLLABLES = [c + v for c in "bdfghjklmnprstvz" for v in "aeiou"]


def main() -> None:
    """Build the lake in a temporary home, run the step twice, print seconds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--names", type=int, default=250_000)
    arguments = parser.parse_args()
    from enrichment import artists
    from enrichment.engine import Day, lake_connection
    from enrichment.matching import state
    from lake.postgres import postgres
    from lake.settings import Settings

    with tempfile.TemporaryDirectory(prefix="cratelake-bench-") as home:
        settings = Settings(home=Path(home) / "lake")
        with postgres(settings) as server, lake_connection(settings, server) as connection:
            for names, day in ((arguments.names, DAY), (100, DAY + dt.timedelta(days=1))):
                _fill(connection, names, day)
                started = time.perf_counter()
                state.day_tracks(connection, Day(day))
                identified, _, _ = artists.build(connection, Day(day))
                print(f"{day}: {time.perf_counter() - started:.1f} s, {identified}")


def _fill(connection: duckdb.DuckDBPyConnection, names: int, day: dt.date) -> None:
    """Put records that credit `names` new names into the lake, three a name, each its own track."""
    dice = random.Random(day.toordinal())  # noqa: S311 - invented data
    made = [_name(dice) for _ in range(names)]
    for i in range(9, names, 10):
        made[i] = _misspelt(made[i - 1], dice)
    connection.register("made", pa.table({"name": pa.array(made, pa.string())}))
    connection.execute(
        f"""
        create or replace temp table invented as
        select md5(concat_ws('/', '{day}', name, rowid, part)) as record_id, name, part
        from (select name, row_number() over () as rowid from made), range(3) parts(part)
        """
    )
    connection.unregister("made")
    connection.execute(
        f"""
        insert into silver.track_records by name
        select record_id, 'mixesdb' as provider, 'pages' as stream, record_id as bronze_id,
            date '{day}' as ingest_date, date '{day}' as first_seen, now() as fetched_at,
            name as artist_raw, [name] as artists, []::varchar[] as featured, []::varchar[] as remixers,
            true as usable, 'label ' || hash(name) % 5000 as label
        from invented;
        insert into silver.record_answers select record_id, record_id, date '{day}' from invented;
        insert into silver.track_members by name
        select record_id, record_id as node_id, record_id::uuid as track_id, 1 as match_confidence,
            'exact' as match_method, true as is_anchor, date '{day}' as changed_on from invented;
        insert into silver.enriched_tracks by name select record_id::uuid as track_id from invented
        """
    )


def _name(dice: random.Random) -> str:
    words = (
        "".join(dice.choices(_SYLLABLES, k=dice.randint(3, 5))).title() for _ in range(dice.randint(1, 2))
    )
    return " ".join(words)


def _misspelt(name: str, dice: random.Random) -> str:
    at = dice.randrange(1, len(name))
    return name[:at] + name[at + 1 :]


if __name__ == "__main__":
    main()
