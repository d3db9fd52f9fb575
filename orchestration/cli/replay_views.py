"""What ``cratelake replay`` prints: plans with their differences, and corrections."""

from collections.abc import Sequence

from enrichment.history import plain
from enrichment.replay import corrections
from enrichment.replay.corrections import Correction
from enrichment.replay.plans import Difference, Plan
from orchestration.cli.console import out, table


def counts(one: Plan) -> str:
    """Fields of a plan by verdict, in words."""
    return ", ".join(f"{verdict} {fields:,}" for verdict, fields in sorted(one.by_verdict.items()))


def print_plan(one: Plan, shown: Sequence[Difference]) -> None:
    """Print a plan, and of its differences those `shown`."""
    facts = {
        "of": f"{one.choice.words}; {len(one.fields)} fields",
        "configuration": f"{one.config_name} {one.config.hash}",
        "code": f"{one.code_version}{f' ({one.code_note})' if one.code_note else ''}",
        "made": f"{one.planned_at:%Y-%m-%d %H:%M:%S} UTC by {one.planned_by}: {one.reason}",
        "state": one.state,
        "came out differently": f"{one.differences:,} fields of {one.tracks:,} tracks",
    }
    out.print(table(f"Plan {one.plan_id}", ("", ""), facts.items()))
    verdicts = sorted(one.by_verdict.items(), key=lambda pair: -pair[1])
    out.print(table("Why", ("verdict", "fields"), verdicts, right=(1,)))
    rows = [
        (
            x.name,
            x.field,
            _value(x.before, x.before_provider, x.before_confidence),
            _value(x.after, x.after_provider, x.after_confidence),
            ", ".join(x.causes),
            x.finding,
        )
        for x in shown
    ]
    if rows:
        more = f" ({len(rows)} of {one.differences:,})" if len(rows) < one.differences else ""
        columns = ("track", "field", "before", "after", "why", "finding")
        out.print(table(f"Differences{more}", columns, rows))


def _value(value: str | None, provider: str | None, confidence: float | None) -> str | None:
    return None if value is None else f"{plain(value)} {provider} {confidence:.4f}"


def print_correction(done: Correction) -> None:
    """Say what was applied or taken back."""
    said = "applied" if done.action == corrections.APPLY else "taken back"
    out.print(
        f"[bold]plan {done.plan_id} is {said}[/bold]: {done.fields:,} fields of {done.tracks:,} tracks, run "
        f"{done.run_id}, snapshots {done.snapshot_before} → {done.snapshot_after}"
    )
