"""How the answers that reach their thresholds are settled, in the fields where not simply the first one wins.

The configuration names such fields under ``settle``; a rule looks at all answers that reach their
thresholds:

- ``earliest``: the earliest date. Each provider tells when *its* product came out; the music came out with
  the first of them. A month or a year counts by its last day, so that a day within it is preferred.
- ``most``: what most independent providers say (`Field.agrees`; one voice per origin); of equals the first. A
  slip of the pen stands alone.

What loses is ``passed_over``, and on record like any attempt. In these fields a later provider can change a
value that an earlier one gave, which the plain waterfall excludes; nobody is asked for that reason alone.
"""

import duckdb

from enrichment.config import WaterfallConfig
from enrichment.fields import FIELDS


def pass_over(connection: duckdb.DuckDBPyConnection, config: WaterfallConfig) -> None:
    """Temporary table ``passed_over`` (track_no, step): answers that reach their thresholds and lose.

    Reads ``answer_outcomes`` (each answer's outcome by itself) and ``steps``.
    """
    agrees = " ".join(
        f"when '{name}' then {FIELDS[name].agrees}" for name, rule in config.settle.items() if rule == "most"
    )
    connection.execute(
        f"""
        create or replace temp table passed_over as
        with reached as (
            select j.track_no, j.field_no, j.step, j.priority, j.value, s.field, s.settle, s.origin
            from answer_outcomes j join steps s using (step)
            where s.settle is not null and j.outcome = 'accepted'
        ),
        -- where all say the same, the first one wins under any rule
        contested as (
            select track_no, field_no from reached group by all having min(value) < max(value)
        ),
        standing as (from reached semi join contested using (track_no, field_no)),
        pairs as (
            select x.track_no, x.step, y.origin, x.field, x.value as a, y.value as b
            from standing x join standing y on x.track_no = y.track_no and x.field_no = y.field_no
            where x.settle = 'most'
        ),
        votes as (
            select track_no, step, count(distinct origin) as votes from pairs
            where a = b or case field {agrees or "when '' then false"} end
            group by track_no, step
        ),
        winners as (
            select s.track_no, s.field_no, arg_min(s.step, {{
                'day': case settle when 'earliest' then last_day_meant(value) end,
                'silence': -v.votes, 'priority': s.priority
            }}) as step
            from standing s left join votes v using (track_no, step) group by s.track_no, s.field_no
        )
        select s.track_no, s.step from standing s anti join winners w using (track_no, step)
        """
    )
