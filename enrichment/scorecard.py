"""``gold.provider_scorecard``: what each provider is worth in each field.

Measured over a sample of the tracks by deciding them once more under the given configuration, and storing
nothing of it: so the figures are of the present configuration, whatever decided the tracks. What people
pinned is counted over all pinned tracks.
"""

import duckdb

from enrichment.fields import FIELDS
from enrichment.pins import standing
from enrichment.run import Run
from enrichment.waterfall import attempt
from lake import tables

SAMPLE = 20_000
"""Tracks looked at, a fixed choice by hash; a share of them has a standard error below 0.4 %."""
SURE, COMPARISONS = 0.95, 30
"""What a suggested threshold promises: this share of agreement, over at least so many comparisons."""


def build(connection: duckdb.DuckDBPyConnection, run: Run) -> tables.Changes:
    """Bring the scorecard to what the lake says now."""
    connection.execute(
        f"""
        create or replace temp table batch_tracks as
        with sample as (
            select track_id from silver.enriched_tracks order by hash(track_id), track_id limit {SAMPLE}
        ),
        pinned as (select track_id from ({standing()}) s where s.last is not null)
        select track_id, (row_number() over (order by not sampled, track_id))::integer as track_no, sampled
        from (
            select track_id, true as sampled from sample
            union all
            select distinct track_id, false from pinned where track_id not in (from sample)
        )
        """
    )
    attempt(connection, run, agreeing=True)
    connection.execute(_scores(), {"config_hash": run.config.hash})
    return tables.transaction(
        connection,
        lambda: tables.merge_changed(
            connection,
            "gold.provider_scorecard",
            "fresh_scorecard",
            key=("field", "provider"),
            scope="true",
        ),
        message="provider scorecard",
    )


def _scores() -> str:
    """SQL of temporary table ``fresh_scorecard`` from what `attempt` leaves."""
    same = " ".join(f"when '{one.name}' then {one.agrees or 'a = b'}" for one in FIELDS.values())
    return f"""
    create or replace temp table fresh_scorecard as
    with sample as (select track_no from batch_tracks where sampled),
    asked as (
        select s.step, count(*) as asked
        from (select distinct track_no, provider from spoken semi join sample using (track_no)) p
        join steps s using (provider)
        anti join ineligible i on i.track_no = p.track_no and i.step = s.step
        group by s.step
    ),
    answered as (
        select step, count(*) as answered, count(value) as valid
        from answers semi join sample using (track_no) group by step
    ),
    accepted as (
        select field, provider, count(*) as accepted
        from tried semi join sample using (track_no) where outcome = 'accepted' group by field, provider
    ),
    pairs as (
        select step_a as step, sure_a as sure, agrees from compared semi join sample using (track_no)
        union all
        select step_b, sure_b, agrees from compared semi join sample using (track_no)
    ),
    agreement as (
        select step, count(*) as compared, count(*) filter (agrees) as agreeing from pairs group by step
    ),
    -- from the surest answers down: how many agree that are at least so sure
    so_sure as (
        select step, sure,
            sum(count(*)) over down as compared, sum(count(*) filter (agrees)) over down as agreeing
        from pairs group by step, sure
        window down as (partition by step order by sure desc)
    ),
    suggested as (
        select step, min(sure) as sure from so_sure
        where compared >= {COMPARISONS} and agreeing >= {SURE} * compared group by step
    ),
    judged as (
        select n.step, count(*) as judged, count(*) filter (not n.same) as overturned
        from (
            select step, case field {same} end as same
            from (
                select s.step, s.field, n.value as a, p.value as b
                from answers n
                join steps s using (step)
                join pinned p on p.track_no = n.track_no and p.field = s.field
                where n.value is not null and p.value is not null
            )
        ) n
        group by n.step
    )
    select s.field, s.provider, s.priority, s.min_confidence, s.default_confidence,
        a.asked, coalesce(w.answered, 0) as answered, coalesce(w.valid, 0) as valid,
        coalesce(c.accepted, 0) as accepted,
        share(coalesce(w.answered, 0), a.asked) as hit_rate,
        share(coalesce(c.accepted, 0), w.answered) as accepted_share,
        (a.asked / nullif(c.accepted, 0))::decimal(18,2) as asked_per_accepted,
        coalesce(g.compared, 0) as compared, share(g.agreeing, g.compared) as agreement,
        coalesce(j.judged, 0) as judged_by_people, share(j.overturned, j.judged) as overturned,
        (t.sure / 10000)::decimal(5,4) as suggested_threshold, $config_hash as config_hash
    from steps s
    join asked a using (step)
    left join answered w using (step)
    left join accepted c on c.field = s.field and c.provider = s.provider
    left join agreement g using (step)
    left join suggested t using (step)
    left join judged j using (step)
    """
