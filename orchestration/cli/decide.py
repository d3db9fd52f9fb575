"""``cratelake match confirm|reject|merge|split|undo|review``: people decide which tracks are one."""

from collections.abc import Iterable, Sequence

import duckdb
from rich.markup import escape

from enrichment.matching import decisions
from enrichment.matching.compare import Side, compare
from enrichment.matching.decisions import Event
from enrichment.matching.scoring import lake_model
from enrichment.schema import AS_WRITTEN
from lake.errors import LakeError
from lake.settings import Settings
from orchestration.cli.console import out, table
from orchestration.cli.lakes import require_lake
from orchestration.cli.people import Subject, actor_named, events_of, lake, record, subject


def confirm(subjects: Sequence[str], reason: str, actor: str | None) -> None:
    """Record that all named tracks or records are the same track.

    Raises:
        LakeError: one of them is not known, the names fit several tracks, all are written alike, or it
            contradicts what was decided before.
    """
    with lake() as (settings, connection):
        named = [subject(connection, text) for text in subjects]
        if len(_nodes(connection, [one.record_id for one in named])) < 2:
            raise LakeError(
                f"{' and '.join(one.name for one in named[:2])} are written alike: one track as it is",
                "there is nothing to decide; name two tracks",
            )
        event = decisions.same([one.record_id for one in named], actor_named(actor), reason)
        _require_agreement(settings, connection, event)
    record(settings, event)
    _said("one track", named)


def reject(left: str, right: str, reason: str, actor: str | None) -> None:
    """Record that two named tracks or records are not the same track.

    Raises:
        LakeError: as `confirm`; two that are written alike cannot be told apart by a decision.
    """
    with lake() as (settings, connection):
        pair = subject(connection, left), subject(connection, right)
        _require_other_names(connection, pair[0], pair[1])
        event = decisions.apart([(pair[0].record_id, pair[1].record_id)], actor_named(actor), reason)
        _require_agreement(settings, connection, event)
    record(settings, event)
    _said("not the same track", pair)


def split(track: str, records: Sequence[str], reason: str, actor: str | None) -> None:
    """Record that `records` do not belong to the track they are in.

    Raises:
        LakeError: a record is not of that track, all of them are, or one is written like one that stays.
    """
    with lake() as (settings, connection):
        whole = subject(connection, track)
        leaving = [subject(connection, one) for one in records]
        for one in leaving:
            if one.track_id != whole.track_id:
                raise LakeError(
                    f"record {one.record_id} is not of the track {whole.name}",
                    f"`cratelake match records {whole.track_id}` lists its records",
                )
        going = _nodes(connection, [one.record_id for one in leaving])
        rows = connection.execute(
            "select node_id, min(record_id) from silver.track_members where track_id = $id::uuid "
            "group by node_id order by 1",
            {"id": whole.track_id},
        ).fetchall()
        staying = [record for node, record in rows if node not in going]
        if not staying:
            raise LakeError(
                "nothing would stay behind: all records written like these would go",
                "split off fewer; records written alike cannot be told apart",
            )
        alike = connection.execute(
            "select record_id from silver.track_members where track_id = $id::uuid "
            "and list_contains($nodes, node_id) and not list_contains($named, record_id) order by 1",
            {
                "id": whole.track_id,
                "nodes": sorted(going),
                "named": [one.record_id for one in leaving],
            },
        ).fetchall()
        if alike:
            raise LakeError(
                f"{len(alike)} more records of {whole.name} are written like those you named",
                f"a decision tells names apart: name them too ({', '.join(one for (one,) in alike[:5])}), or "
                "leave out what they are written like",
            )
        pairs = [(one.record_id, other) for one in leaving for other in staying]
        event = decisions.apart(pairs, actor_named(actor), reason)
        _require_agreement(settings, connection, event)
    record(settings, event)
    _said(f"split off {whole.name}", leaving)


def undo(event_id: str, reason: str, actor: str | None) -> None:
    """Take a decision (or an undo) back.

    Raises:
        LakeError: there is no such event, or it has been taken back already.
    """
    settings = Settings()
    require_lake(settings)
    fitting = [one for one in events_of(settings, Event) if one.event.event_id.startswith(event_id)]
    if len(fitting) != 1:
        raise LakeError(
            f"{'several events fit' if fitting else 'there is no event'} {event_id!r}",
            "`cratelake match decisions` lists them",
        )
    found = fitting[0].event.event_id
    if not fitting[0].active:
        raise LakeError(f"event {found} has been taken back already", "undo the undo to let it stand again")
    record(settings, Event(kind="undo", undoes=found, actor=actor_named(actor), reason=reason))
    out.print(f"taken back: {found}; the next [bold]cratelake run[/bold] obeys it")


def listed() -> None:
    """Print every decision, newest first, with what it is about."""
    with lake() as (settings, connection):
        recorded = events_of(settings, Event)
        named = _names(
            connection, {record for one in recorded for pair in one.event.pairs for record in pair}
        )
    rows = [
        (
            event.event_id,
            event.kind,
            "yes" if one.active else "taken back",
            f"undoes {event.undoes}"
            if event.undoes
            else "\n".join(" | ".join(named.get(record, record) for record in pair) for pair in event.pairs),
            event.actor,
            f"{event.occurred_at:%Y-%m-%d %H:%M}",
            event.reason,
        )
        for one in sorted(recorded, key=lambda one: one.event.occurred_at, reverse=True)
        for event in (one.event,)
    ]
    columns = ("event", "kind", "stands", "about", "by", "when (UTC)", "reason")
    out.print(table("Decisions about matches", columns, rows) if rows else "nobody has decided anything yet")


def review(limit: int) -> None:
    """Print the pairs that wait for a person, the most met first."""
    with lake() as (_, connection):
        rows = connection.execute(
            """
            select q.match_confidence::varchar, q.plays,
                concat_ws(' - ', a.artist_raw, a.title_raw) as left_name, q.record_a,
                concat_ws(' - ', b.artist_raw, b.title_raw) as right_name, q.record_b
            from silver.match_review q
            join silver.track_records a on q.record_a = a.record_id
            join silver.track_records b on q.record_b = b.record_id
            order by q.plays desc, q.match_confidence desc, q.node_a limit $limit
            """,
            {"limit": limit},
        ).fetchall()
        (waiting,) = connection.execute("select count(*) from silver.match_review").fetchone() or (0,)
    columns = ("confidence", "met", "one", "record", "other", "record")
    out.print(table(f"{waiting:,} pairs wait for a decision", columns, rows, right=(0, 1)))
    if rows:
        out.print(
            "decide with: cratelake match confirm RECORD RECORD --reason WHY, or: cratelake match reject "
            "RECORD RECORD --reason WHY"
        )


def records(track: str) -> None:
    """Print the records of a track, with how surely each belongs.

    Raises:
        LakeError: no one track is named.
    """
    with lake() as (_, connection):
        whole = subject(connection, track)
        rows = connection.execute(
            f"""
            select r.record_id, r.provider, r.stream,
                {AS_WRITTEN},
                m.match_confidence::varchar, case when m.is_anchor then 'names it' else m.match_method end
            from silver.track_members m join silver.track_records r using (record_id)
            where m.track_id = $id::uuid order by m.is_anchor desc, m.match_confidence desc, r.record_id
            """,
            {"id": whole.track_id},
        ).fetchall()
    columns = ("record", "provider", "stream", "name", "confidence", "by")
    out.print(table(f"{whole.name}  {whole.track_id}", columns, rows, right=(4,)))


def explain(left: str, right: str) -> None:
    """Print what the matcher holds of two records or tracks: evidence, vetoes, total, threshold, runners-up.

    Raises:
        LakeError: one of them is not known, or the names fit several tracks.
    """
    with lake() as (_, connection):
        a, b = subject(connection, left), subject(connection, right)
        found = compare(connection, a.record_id, b.record_id)
    columns = ("", "one", "other")
    sides = [(name, getattr(found.left, name), getattr(found.right, name)) for name in Side.__slots__]
    out.print(table("Compared", columns, sides))
    if found.alike:
        out.print("both are written alike after normalising: [bold]one track[/bold], nothing to judge")
        return
    evidence = [
        (name, f"{one['value']:g}", f"{one['weight']:+.2f}")
        if isinstance(one, dict)
        else (name, ", ".join(one) if isinstance(one, list) else str(one), "")
        for name, one in found.evidence.items()
    ]
    if any(isinstance(one, dict) for one in found.evidence.values()):
        evidence.append(("before any evidence", "", f"{lake_model().intercept:+.2f}"))
    title = "Evidence (weight: log odds it adds)"
    out.print(table(title, ("piece", "value", "weight"), evidence, right=(1, 2)))
    if found.veto:
        out.print(f"forbidden: [red]{found.veto}[/red]")
    verdict = "≥" if found.confidence >= found.threshold else "<"
    out.print(
        f"confidence {found.confidence:.4f} {verdict} threshold {found.threshold:.2f} ({found.method}); "
        f"in the lake now: [bold]{'one track' if found.one_track else 'two tracks'}[/bold]"
    )
    if found.held:
        out.print(f"not joined: [yellow]{found.held}[/yellow]; it waits in `cratelake match review`")
    if found.runners_up:
        rows = [(one.name, f"{one.confidence:.4f}", one.accepted) for one in found.runners_up]
        out.print(table("Runners-up", ("name", "confidence", "accepted"), rows, right=(1,)))


def _nodes(connection: duckdb.DuckDBPyConnection, record_ids: Sequence[str]) -> set[str]:
    rows = connection.execute(
        "select distinct node_id from silver.track_members where list_contains($ids, record_id)",
        {"ids": list(record_ids)},
    ).fetchall()
    return {node for (node,) in rows}


def _names(connection: duckdb.DuckDBPyConnection, records: Iterable[str]) -> dict[str, str]:
    """Names of records as written, by record id."""
    rows = connection.execute(
        f"select record_id, {AS_WRITTEN} from silver.track_records r where list_contains($ids, record_id)",
        {"ids": sorted(records)},
    ).fetchall()
    return dict(rows)


def _require_agreement(settings: Settings, connection: duckdb.DuckDBPyConnection, event: Event) -> None:
    standing = sorted(
        (one.event for one in events_of(settings, Event) if one.active and one.event.pairs),
        key=lambda one: (one.occurred_at, one.event_id),
    )
    records = {record for one in (*standing, event) for pair in one.pairs for record in pair}
    rows = connection.execute(
        "select record_id, node_id from silver.track_members where list_contains($ids, record_id)",
        {"ids": sorted(records)},
    ).fetchall()
    against = decisions.contradicted(standing, event, dict(rows))
    if against:
        named = _names(connection, records)
        said = "; ".join(
            f"{one.event_id} says {' | '.join(named.get(record, record) for record in one.pairs[0])} "
            f"{'are one' if one.kind == 'same' else 'are not one'}"
            for one in against
        )
        raise LakeError(
            f"this contradicts what was decided before: {said}",
            f"take one of them back first: cratelake match undo {against[0].event_id} --reason WHY",
        )


def _require_other_names(connection: duckdb.DuckDBPyConnection, left: Subject, right: Subject) -> None:
    if len(_nodes(connection, [left.record_id, right.record_id])) < 2:
        raise LakeError(
            f"{left.name} and {right.name} are written alike",
            "a decision tells names apart; correct the name at its source, or name two other records",
        )


def _said(what: str, named: Sequence[Subject]) -> None:
    out.print(f"[bold]{escape(what)}[/bold]: {escape('; '.join(one.name for one in named))}")
    out.print("the next [bold]cratelake run[/bold] obeys it; cratelake match undo EVENT takes it back")
