"""``cratelake explain``: the lineage of a track as a tree, from bronze over the attempts to gold."""

import json as jsonlib
from itertools import groupby

from rich.markup import escape
from rich.tree import Tree

from enrichment.finding import find
from enrichment.history import plain
from enrichment.provenance import Attempt, Explanation, raw_answers
from enrichment.provenance import explain as explain_track
from lake.connection import connect
from lake.errors import LakeError
from lake.postgres import postgres
from lake.settings import Settings
from orchestration.cli.console import err, out
from orchestration.cli.lakes import require_lake

_MARK = {"accepted": "[green]✓[/green]", "pinned": "[green]✓[/green]", "not_fetched": "[dim]·[/dim]"}
_WORDS = {
    "accepted": "accepted",
    "below_threshold": "refused: below its threshold",
    "field_absent": "said nothing about it",
    "invalid_value": "refused: not a valid value",
    "not_found": "does not know the track",
    "not_fetched": "not asked",
    "not_eligible": "not eligible",
    "passed_over": "passed over: the field goes by another rule than the first",
    "pinned": "pinned by a person",
    "error": "error",
}


def explain(text: str, field: str | None, *, as_json: bool, raw: bool = False) -> None:
    """Print the lineage of the best fitting track; others that fit are named on standard error.

    With `raw` the raw answers that the attempts rest on follow.

    Raises:
        LakeError: no track fits, the field is unknown, or bronze lost an answer.
    """
    settings = Settings()
    require_lake(settings)
    with postgres(settings) as server, connect(settings, server, read_only=True) as connection:
        found = find(connection, text)
        if not found:
            raise LakeError(
                f"no track fits {text[:80]!r}",
                'try fewer words, or: cratelake sql "select full_track_name from track_analytics"',
            )
        explanation = explain_track(connection, found[0].track_id, field)
        answers = raw_answers(connection, settings.bronze, explanation.attempts) if raw else []
    if as_json:
        told = explanation.as_dict() | ({"raw": answers} if raw else {})
        print(jsonlib.dumps(told, default=str, ensure_ascii=False, indent=2))  # noqa: T201
        return
    out.print(tree(found[0].name, explanation))
    for answer in answers:
        out.print(f"\n[bold]{answer['provider']}/{answer['stream']}[/bold] {answer['bronze_id']}")
        out.print(f"[dim]bronze/{answer['file']} · fetched {answer['fetched_at']}[/dim]", highlight=False)
        print(answer["payload"])  # noqa: T201 - untouched: no markup, no folding
    if len(found) > 1:
        err.print("also fitting: " + escape("; ".join(one.name for one in found[1:6])), style="dim")


def tree(name: str, explanation: Explanation) -> Tree:
    """The tree of the source document: bronze, attempts, silver, gold."""
    root = Tree(f"[bold]{escape(name)}[/bold]  [dim]{explanation.track_id}[/dim]")
    bronze = root.add("[bold]bronze[/bold] · what was said")
    for one in explanation.sources:
        sure = (
            "names the track"
            if one.is_anchor
            else f"same track {one.match_confidence:.4f} ({one.match_method})"
        )
        node = bronze.add(
            f"{one.provider}/{one.stream}  {escape(one.name) or '(answer about an id)'}  [dim]{sure}[/dim]"
        )
        if one.matched_fields:
            node.add(f"[dim]agrees in {', '.join(one.matched_fields)}[/dim]")
        where = f"{one.place} · {one.bronze_id} · {escape(one.source_url or '')}"
        node.add(f"[dim]{where} · fetched {one.fetched_at}[/dim]")
    waterfall = root.add(f"[bold]waterfall[/bold] · configuration {explanation.silver['config_hash']}")
    for field, attempts in groupby(explanation.attempts, key=lambda one: one.field):
        tried = list(attempts)
        winner = next((one for one in tried if one.outcome in {"accepted", "pinned"}), None)
        shown = (
            f"= {escape(plain(winner.value))} [dim]({winner.provider})[/dim]"
            if winner
            else "[dim]no value[/dim]"
        )
        node = waterfall.add(f"[bold]{field}[/bold] {shown}")
        for attempt in tried:
            node.add(_attempt(attempt))
    silver = explanation.silver
    score = root.add(
        f"[bold]silver[/bold] · quality {silver['quality_score']} · {silver['validation_status']}"
    )
    score.add(f"completeness {silver['completeness']} · run {silver['run_id']}")
    if explanation.gold:
        gold = root.add(f"[bold]gold[/bold] · {escape(str(explanation.gold['full_track_name']))}")
        for key in ("key", "compatible_keys", "genre_primary", "play_count", "playlist_appearances"):
            gold.add(f"{key}: {escape(str(explanation.gold[key]))}")
    return root


def _attempt(one: Attempt) -> str:
    said = f" {escape(one.said)}" if one.said else ""
    value = f" → {escape(plain(one.value))}" if one.value and one.value != one.said else ""
    sure = ""
    if one.confidence is not None:
        sign = "≥" if one.confidence >= one.threshold else "<"
        terms = f"{one.provider_confidence:.4g} × match {one.match_confidence:.4g}"
        if one.corroboration:
            confirming = jsonlib.loads(one.corroboration)
            terms += ", confirmed by " + ", ".join(
                f"{c['provider']} {c['sure'] / 10000:.4g}" for c in confirming
            )
        sure = f"  {one.confidence:.4f} {sign} {one.threshold:.4f} [dim]({terms})[/dim]"
    if one.actor:
        sure = f"  [dim]{escape(one.actor)}: {escape(one.reason or '')}[/dim]"
    mark = _MARK.get(one.outcome, "[red]✗[/red]")
    outcome = _WORDS.get(one.outcome, one.outcome)
    return f"{mark} {one.priority}. {one.provider}{said}{value}{sure}  [dim]{outcome}[/dim]"
