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


def pass_over(connection: duckdb.DuckDBPyConnection, judged: str) -> None:
    """Temporary table ``passed_over`` (track_no, step): answers that reach their thresholds and lose.

    Reads ``answers``, ``disputed``, ``compared`` and ``steps``.

    Args:
        connection: connection on which the answers were compared.
        judged: SQL of what each of ``disputed_answers`` is worth by itself.
    """
    connection.execute(
        """
        create or replace temp table disputed_answers as
        select a.* from answers a join steps s using (step)
        semi join disputed d on d.track_no = a.track_no and d.field_no = s.field_no
        where s.settle is not null
        """
    )
    connection.execute(
        f"""
        create or replace temp table passed_over as
        with reached as (
            select j.track_no, j.field_no, j.step, j.priority, j.value, s.settle, s.origin
            from ({judged}) j join steps s using (step) where j.outcome = 'accepted'
        ),
        both_ways as (
            select track_no, step_a as step, step_b as other from compared where agrees
            union all
            select track_no, step_b, step_a from compared where agrees
        ),
        agreeing as (
            select x.track_no, x.step, y.origin from reached x
            join reached y on x.track_no = y.track_no and x.field_no = y.field_no and x.value = y.value
            where x.settle = 'most'
            union all
            select x.track_no, x.step, y.origin from both_ways c
            join reached x on x.track_no = c.track_no and x.step = c.step
            join reached y on y.track_no = c.track_no and y.step = c.other
            where x.settle = 'most'
        ),
        votes as (
            select track_no, step, count(distinct origin) as votes from agreeing group by track_no, step
        ),
        winners as (
            select s.track_no, s.field_no, arg_min(s.step, {{
                'day': case settle when 'earliest' then last_day_meant(value) end,
                'silence': -v.votes, 'priority': s.priority
            }}) as step
            from reached s left join votes v using (track_no, step) group by s.track_no, s.field_no
        ),
        -- where all that reach their thresholds say the same, the first one wins under any rule
        contested as (
            select track_no, field_no from reached group by all having min(value) < max(value)
        )
        select s.track_no, s.step
        from reached s semi join contested using (track_no, field_no)
        anti join winners w using (track_no, step)
        """
    )
