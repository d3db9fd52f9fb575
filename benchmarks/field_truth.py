"""Accepted values against the sandbox's truth, where a right answer was to be had, and why the rest is wrong.

    python -m benchmarks.field_truth --tracks 50000

A sandbox lake is made (or given: --home) and decided again by the present configuration. Per field: how many
accepted values are right; the same for the tracks where some provider offered a right answer that reached its
threshold; and what the wrong values among those are:

- other track: the accepted answer is of a record that is truly of another track (matching put it here);
- spelling: the same words, nearly (Jaro-Winkler similarity from 0.9);
- half_or_double, close, relative, same_year, ...: how the field's own rules relate it to the truth;
- provider: the provider, sure enough by its threshold, says something else.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import duckdb
from rich.console import Console
from rich.table import Table

console = Console(width=None if sys.stdout.isatty() else 150)
BAR = 0.995


def main() -> None:
    """Parse the arguments, run, report."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--tracks", type=int, default=50_000, help="sandbox tracks (default 50000)")
    parser.add_argument(
        "--home", type=Path, help="a sandbox lake that was run already, instead of making one"
    )
    arguments = parser.parse_args()
    home = arguments.home or Path(tempfile.mkdtemp(prefix="cratelake-truth-"))
    try:
        if not arguments.home:
            environment = {"CRATELAKE_HOME": str(home), "CRATELAKE_SANDBOX_TRACKS": str(arguments.tracks)}
            command = [str(Path(sys.executable).with_name("cratelake")), "run"]
            subprocess.run(command, env=os.environ | environment, check=True, stdout=subprocess.DEVNULL)
        _report(home)
    finally:
        if not arguments.home:
            shutil.rmtree(home, ignore_errors=True)


def _report(home: Path) -> None:
    from enrichment import config
    from enrichment.engine import lake_connection
    from enrichment.run import Run
    from enrichment.waterfall import attempt
    from lake.postgres import postgres
    from lake.settings import Settings
    from quality.truth import AGREES, evaluate

    settings = Settings(home=home)
    truth = settings.sandbox / "truth"
    with postgres(settings) as server, lake_connection(settings, server) as lake:
        evaluate(lake, truth)
        lake.execute(
            "create or replace temp table batch_tracks as select track_id, "
            "row_number() over (order by track_id)::integer as track_no from silver.enriched_tracks"
        )
        attempt(lake, Run.start("truth", config.load()))
        lake.execute(
            f"""
            create or replace temp table true_values as
            with told as (
                select track_id, mode(true_track_id order by true_track_id) as true_track_id
                from judged_records group by track_id
            )
            select b.track_no, r.* from told join batch_tracks b using (track_id)
            join read_parquet('{truth}/tracks.parquet') r using (true_track_id) where r.kind = 'track'
            """
        )
        rows = [row for column in AGREES if (row := _field(lake, column))]
    table = Table(title="Accepted values against the truth", title_justify="left")
    for name in (
        "field",
        "accepted",
        "right",
        "%",
        "right offered",
        "right",
        "%",
        "wrong though offered: why",
    ):
        table.add_column(name, justify="left" if name.startswith(("field", "wrong")) else "right")
    for field, accepted, right, offered, taken, why in rows:
        share = taken / offered if offered else 1.0
        colour = "green" if share >= BAR else "red"
        table.add_row(
            field, f"{accepted:,}", f"{right:,}", f"{right / accepted:.2%}", f"{offered:,}", f"{taken:,}",
            f"[{colour}]{share:.2%}[/{colour}]", ", ".join(f"{kind} {n:,}" for kind, n in why.items()),
        )  # fmt: skip
    console.print(table)
    names = ("field", "accepted", "right", "offered", "taken", "wrong")
    console.print_json(json.dumps([dict(zip(names, row, strict=True)) for row in rows]))


def _field(
    lake: duckdb.DuckDBPyConnection, column: str
) -> tuple[str, int, int, int, int, dict[str, int]] | None:
    """One field: accepted, right, tracks with a right answer to be had, right ones of these; and the rest."""
    from enrichment.fields import COLUMNS, FIELDS
    from lake.tables import one
    from quality.truth import AGREES

    field = FIELDS[COLUMNS[column]]
    stored = {name: text.format(v="value") for name, text in field.stored.items()}
    if column == "artist":  # compared act by act, too
        stored["artists"] = "artists"
    listed = ", ".join(f"{text} as {name}" for name, text in stored.items())
    lake.execute(
        f"""
        create or replace temp table offered as
        with answered as (
            select a.track_no, a.step, a.value, a.record_no, artists,
                a.sure // 10000 >= ten_thousandths(s.min_confidence) as enough
            from answers a join steps s using (step)
            join (select rowid as record_no, acts_without(artists, remixers) as artists from spoken)
                using (record_no)
            anti join ineligible i on i.track_no = a.track_no and i.step = a.step
            where s.field = '{field.name}' and a.value is not null
        ),
        t as (select *, {listed} from answered)
        select t.track_no, t.step, t.value, t.record_no, t.enough, r.true_track_id,
            r.{column}::varchar as truth, coalesce({AGREES[column]}, false) as agrees
        from t join true_values r using (track_no) where r.{column} is not null
        """
    )
    related = " ".join(
        f"when ({holds}) then '{kind}'" for kind, holds in field.related.items() if column != "key_camelot"
    )
    lake.execute(
        """
        create or replace temp table judged_values as
        with taken as (
            select o.*, coalesce(j.true_track_id <> o.true_track_id, false) as stray
            from offered o
            join tried t on t.track_no = o.track_no and t.step = o.step and t.outcome = 'accepted'
            left join spoken s on s.rowid = o.record_no
            left join judged_records j on j.record_id = s.record_id
        ),
        had as (select track_no, bool_or(agrees and enough) as offered from offered group by track_no)
        select taken.*, had.offered, split_part(value, '|', 1) as a, truth as b
        from taken join had using (track_no)
        """
    )
    accepted, right, had, taken = one(
        lake,
        "select count(*), count(*) filter (agrees), count(*) filter (offered), "
        "count(*) filter (offered and agrees) from judged_values",
    )
    why = lake.execute(
        f"""
        select case when stray then 'other track'
            when try_cast(a as double) is null and jaro_winkler_similarity(lower(a), lower(b)) >= 0.9
                and '{column}' <> 'key_camelot' and try_cast(a as date) is null then 'spelling'
            {related} else 'provider' end as kind, count(*)
        from judged_values where offered and not agrees group by 1 order by 2 desc, 1
        """
    ).fetchall()
    return (column, accepted, right, had, taken, dict(why)) if accepted else None


if __name__ == "__main__":
    main()
