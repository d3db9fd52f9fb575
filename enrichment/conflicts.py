"""Where providers disagree about a field, and where they agree: answers compared in pairs.

Every valid answer of an eligible provider takes part, also those that the waterfall had no need of. What
agrees is the field's to say (`enrichment.fields`). Disagreement is kept in ``silver.field_conflicts`` even
where the first answer was accepted; agreement of independent providers raises the confidence in the fields
that the configuration names: ``1 - (1 - c1) (1 - c2) ...``, one answer per origin.
"""

import duckdb

from enrichment.config import WaterfallConfig
from enrichment.fields import FIELDS


def compare(
    connection: duckdb.DuckDBPyConnection, config: WaterfallConfig, *, agreeing: bool = False
) -> None:
    """Temporary table ``compared``: pairs of answers to one field of one track, the prior one as ``a``.

    On the way ``disputed`` (track_no, field_no): where not all answers are alike to the letter. Reads
    ``answers``, ``steps`` and ``ineligible``. Most answers are alike to the letter: such pairs are left out
    unless the field is corroborated, or all that agree are wanted (`agreeing`).
    """
    fields = [FIELDS[name] for name in config.fields if FIELDS[name].agrees]
    agrees = " ".join(f"when '{one.name}' then {one.agrees}" for one in fields) or "when '' then false"
    related = " ".join(
        f"when field = '{one.name}' and ({holds}) then '{kind}'"
        for one in fields
        for kind, holds in one.related.items()
    )
    connection.execute(
        """
        create or replace temp table disputed as
        select a.track_no, s.field_no from answers a join steps s using (step) where a.value is not null
        group by a.track_no, s.field_no having min(hash(a.value)) < max(hash(a.value))
        """
    )
    connection.execute(
        f"""
        create or replace temp table compared as
        with said as (
            select a.track_no, a.step, s.field, s.field_no, s.priority, a.value,
                divide_half_even(least(greatest(a.sure, 0), 100000000), 10000) as sure
            from answers a
            join steps s using (step)
            anti join ineligible i on a.track_no = i.track_no and a.step = i.step
            left join disputed d on d.track_no = a.track_no and d.field_no = s.field_no
            where a.value is not null and list_contains($fields, s.field)
                and ($agreeing or d.track_no is not null or list_contains($corroborated, s.field))
        ),
        pairs as (
            select x.track_no, x.field, x.step as step_a, y.step as step_b, x.value as a, y.value as b,
                x.sure as sure_a, y.sure as sure_b
            from said x join said y on x.track_no = y.track_no and x.field_no = y.field_no
            where x.priority < y.priority
                and ($agreeing or x.value <> y.value or list_contains($corroborated, x.field))
        ),
        judged as (select *, case field {agrees} end as agrees from pairs)
        select *, case when agrees then 'same' {related} else 'different' end as kind from judged
        """,
        {
            "fields": [one.name for one in fields],
            "corroborated": list(config.corroborate),
            "agreeing": agreeing,
        },
    )


def corroborate(connection: duckdb.DuckDBPyConnection, config: WaterfallConfig) -> None:
    """Temporary table ``corroborated`` (track_no, step, sure, terms): answers that others confirm.

    ``sure`` is the combined confidence in ten-thousandths; ``terms`` names who confirms, and how surely. Of
    several answers of one origin the surest counts.
    """
    connection.execute(
        """
        create or replace temp table corroborated as
        with agreeing as (
            select track_no, step_a as step, sure_a as own, step_b as other, sure_b as sure from compared
            where agrees and list_contains($fields, field)
            union all
            select track_no, step_b, sure_b, step_a, sure_a from compared
            where agrees and list_contains($fields, field)
        ),
        by_origin as (
            select a.track_no, a.step, any_value(a.own) as own,
                max({'sure': a.sure, 'provider': o.provider}) as best
            from agreeing a
            join steps s using (step)
            join steps o on a.other = o.step
            where o.origin <> s.origin
            group by a.track_no, a.step, o.origin
        )
        select track_no, step, combined_confidence(any_value(own), list(best.sure)) as sure,
            to_json(list_reverse_sort(list(best))) as terms
        from by_origin group by track_no, step
        """,
        {"fields": list(config.corroborate)},
    )


def collect(connection: duckdb.DuckDBPyConnection) -> None:
    """Temporary table ``fresh_conflicts``: fields of the batch's tracks about which providers disagree.

    Of the disagreeing pairs the one whose less sure side is surest says the kind, and its less sure side the
    severity.
    """
    connection.execute(
        """
        create or replace temp table fresh_conflicts as
        with worst as (
            select track_no, field, max({'severity': least(sure_a, sure_b), 'kind': kind}) as pair
            from compared where not agrees group by track_no, field
        ),
        sides as (
            select track_no, field, step_a as step, a as value, sure_a as sure
            from compared semi join worst using (track_no, field)
            union
            select track_no, field, step_b, b, sure_b from compared semi join worst using (track_no, field)
        ),
        listed as (
            select d.track_no, d.field, list_sort(list({
                'priority': s.priority, 'provider': s.provider, 'value': d.value,
                'confidence': (d.sure / 10000)::decimal(5,4)
            })) as answers
            from sides d join steps s using (step) group by d.track_no, d.field
        )
        select b.track_id, w.field, w.pair.kind as kind, (w.pair.severity / 10000)::decimal(5,4) as severity,
            to_json(l.answers) as answers, p.provider as chosen_provider, p.value as chosen_value
        from worst w
        join listed l using (track_no, field)
        join batch_tracks b using (track_no)
        left join provenance p on p.track_id = b.track_id and p.field = w.field
        """
    )
