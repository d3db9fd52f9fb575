"""Stores' keys and tempi against what people heard: accuracy and calibration of what the waterfall accepts.

    python -m benchmarks.human_truth --data ../shared/data/giantsteps_key

Reads the GiantSteps slices: the store's key beside a key that a person determined, and two human annotations
of the tempo. The tracks were collected because users had corrected the store: what is measured is a worst
case, not the store's average. The store's answers go through the real waterfall, one track each, under three
configurations: the default, the same with corroboration, and one whose default confidence was fitted on half
of the tracks; all are judged on the other half.
"""

import argparse
import dataclasses
import json
import shutil
import tempfile
from decimal import Decimal
from pathlib import Path

import duckdb
from rich.console import Console
from rich.table import Table

from enrichment import config, waterfall
from enrichment.config import WaterfallConfig
from enrichment.engine import lake_connection
from enrichment.run import Run
from lake.postgres import postgres
from lake.settings import Settings
from lake.tables import one
from orchestration.cli.console import errors

PROVIDER, FIELD = "beatport", "key"
console = Console()


def main() -> None:
    """Parse the arguments, measure, report."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True, help="folder with the GiantSteps slices")
    folder = parser.parse_args().data
    home = Path(tempfile.mkdtemp(prefix="cratelake-bench-"))
    try:
        settings = Settings(home=home)
        with errors(), postgres(settings) as server, lake_connection(settings, server) as lake:
            measured = {"key": keys(lake, folder), "tempo": tempi(lake, folder)}
            console.print(json.dumps(measured))
    finally:
        shutil.rmtree(home, ignore_errors=True)


def keys(lake: duckdb.DuckDBPyConnection, folder: Path) -> dict[str, float]:
    """The store's key against the human one: by how sure the person was, by relation, by configuration."""
    lake.execute(
        f"""
        create or replace temp table heard as
        select id::varchar as id, artist, title, beatport_key, manual_confidence as sure,
            hash(id) % 2 as half, camelot(beatport_key) as store,
            -- 'C minor / F minor': either is right
            list_filter(list_transform(string_split(manual_key, ' / '), lambda k: camelot(k)),
                lambda k: k is not null) as human
        from read_csv('{folder}/mtg_beatport_metadata_*.csv')
        """
    )
    lake.execute("delete from heard where len(human) = 0 or store is null")
    lake.execute(
        f"""
        insert into silver.track_records by name
        select id as record_id, '{PROVIDER}' as provider, 'giantsteps' as stream, id as bronze_id,
            now() as fetched_at, artist as artist_raw, title as title_raw, artist, title, true as usable,
            beatport_key as key_raw, store as key_camelot, standard_key(beatport_key) as key_standard
        from heard
        """
    )
    lake.execute(
        "insert into silver.track_members by name select id as record_id, stable_uuid(id) as track_id, "
        "1 as match_confidence, true as is_anchor from heard"
    )
    right = "list_contains(human, store)"
    rows = lake.execute(
        f"select sure, count(*), count(*) filter ({right}) from heard group by sure order by sure desc"
    ).fetchall()
    _print("The store's key against the human one", "person's confidence (0-2)", rows)
    rows = lake.execute(
        f"""
        select case when {right} then 'same'
            when camelot_hour(store) = camelot_hour(human[1]) then 'relative'
            when key_tonic('|' || standard_key(store)) = key_tonic('|' || standard_key(human[1]))
                then 'parallel (same tonic, other mode)'
            when abs(camelot_hour(store) - camelot_hour(human[1])) in (1, 11)
                and camelot_letter(store) = camelot_letter(human[1]) then 'a fifth away'
            else 'other' end as relation, count(*), null
        from heard group by relation order by 2 desc
        """
    ).fetchall()
    _print("How the store's key relates to the human one", "relation", rows)
    rows = lake.execute(
        f"""
        select if(camelot_letter(store) = 'B', 'major', 'minor') as mode, count(*), count(*) filter ({right})
        from heard group by mode order by mode
        """
    ).fetchall()
    _print("The store's key by the mode it states", "mode", rows)

    default = config.load()
    (fitted,) = one(
        lake, f"select (count(*) filter ({right}) / count(*))::decimal(5,4) from heard where half = 0"
    )
    trials = {
        "default": default,
        "with corroboration": dataclasses.replace(default, corroborate=(FIELD,)),
        f"default confidence fitted: {fitted}": _refitted(default, fitted),
    }
    found = {}
    table = Table(title="What the waterfall accepts, on the half that was not fitted", title_justify="left")
    for column in ("configuration", "tracks", "accepted", "right", "stated", "95 % interval"):
        table.add_column(column, justify="left" if column == "configuration" else "right")
    for name, trial in trials.items():
        tracks, accepted, hits, stated = _accepted(lake, trial)
        low, high = _wilson(hits, accepted)
        share = f"{hits / accepted:.1%}" if accepted else "–"
        table.add_row(
            name, str(tracks), str(accepted), share, f"{stated or 0:.2f}", f"{low:.1%} – {high:.1%}"
        )
        found[name] = round(hits / accepted, 4) if accepted else 0.0
    console.print(table)
    console.print("no second provider in this folder knows these tracks: nothing there could corroborate")
    return found


def tempi(lake: duckdb.DuckDBPyConnection, folder: Path) -> dict[str, float]:
    """The two human annotations against each other: how sure a tempo can be, how often an octave is off."""
    lake.execute(
        f"""
        create or replace temp table tapped as
        select clean_bpm(bpm_v1::varchar) as a, clean_bpm(bpm_v2::varchar) as b
        from read_csv('{folder}/tempo_*.csv', all_varchar = true)
        """
    )
    rows = lake.execute(
        """
        select case when b is null then 'no tempo in the second'
            when abs(a - b) <= 0.5 then 'same (0.5)'
            when abs(a - b) <= 0.04 * b then 'within 4 %'
            when half_or_double(a, b) then 'half or double'
            else 'different' end as relation, count(*), null
        from tapped group by relation order by 2 desc
        """
    ).fetchall()
    _print("Two human annotations of the tempo", "relation", rows)
    total = sum(count for _, count, _ in rows)
    return {str(relation): round(count / total, 4) for relation, count, _ in rows}


def _refitted(default: WaterfallConfig, confidence: Decimal) -> WaterfallConfig:
    return dataclasses.replace(
        default,
        sources=tuple(
            dataclasses.replace(source, default_confidence=confidence)
            if (source.field, source.provider) == (FIELD, PROVIDER)
            else source
            for source in default.sources
        ),
    )


def _accepted(lake: duckdb.DuckDBPyConnection, trial: WaterfallConfig) -> tuple[int, int, int, float | None]:
    """Tracks, fields accepted, right ones among them, and their mean stated confidence."""
    lake.execute(
        "create or replace temp table batch_tracks as select stable_uuid(id) as track_id, "
        "row_number() over ()::integer as track_no from heard where half = 1"
    )
    waterfall.attempt(lake, Run.start("human-truth", trial))
    tracks, accepted, right, stated = one(
        lake,
        f"""
        select count(*), count(p.value),
            count(*) filter (list_contains(h.human, split_part(p.value, '|', 1))), avg(p.confidence)
        from heard h
        left join provenance p on p.record_id = h.id and p.field = '{FIELD}'
        where h.half = 1
        """,
    )
    return int(tracks), int(accepted), int(right), stated


def _wilson(right: int, of: int) -> tuple[float, float]:
    """Wilson's 95 % interval of a share."""
    if not of:
        return 0.0, 1.0
    z, share = 1.96, right / of
    middle = share + z * z / (2 * of)
    spread = z * ((share * (1 - share) + z * z / (4 * of)) / of) ** 0.5
    return (middle - spread) / (1 + z * z / of), (middle + spread) / (1 + z * z / of)


def _print(title: str, label: str, rows: list[tuple[object, int, int | None]]) -> None:
    table = Table(title=title, title_justify="left")
    for column in (label, "tracks", "share", "right"):
        table.add_column(column, justify="left" if column == label else "right")
    total = sum(row[1] for row in rows)
    for name, count, right in rows:
        hit = "" if right is None else f"{right / count:.1%}"
        table.add_row(str(name), str(count), f"{count / total:.1%}", hit)
    console.print(table)


if __name__ == "__main__":
    main()
