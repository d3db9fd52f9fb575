"""``cratelake tracklists``: pages of 1001Tracklists, asked for live, for who opted in."""

import datetime as dt
import uuid
from collections.abc import Sequence

from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from extractors.errors import FetchError
from extractors.http.settings import Mode
from extractors.http.sparing import Visits
from extractors.pages.set_head import set_id_of
from extractors.sources.tracklists_1001 import SOURCE, TracklistsSettings
from lake.errors import LakeError
from lake.settings import Settings
from orchestration import fetching
from orchestration.cli.console import err, out, table
from orchestration.cli.people import lake


def fetch(sets: Sequence[str], *, missing: int | None) -> None:
    """Ask for the pages of sets, one after the other; the first barrier ends it.

    Args:
        sets: ids or addresses.
        missing: so many more, of sets that the lake knows without rows, most looked at first.

    Raises:
        LakeError: nothing is asked for, nobody opted in, or the site does not answer any more.
    """
    settings = Settings()
    wanted = [_id(one) for one in sets] + (_without_rows(missing) if missing else [])
    if not wanted:
        raise LakeError("no set is named", "give ids or addresses of sets, or --missing 20")
    chosen = TracklistsSettings()
    if fetching.is_sandbox(settings) and "mode" not in chosen.model_fields_set:
        chosen = chosen.model_copy(update={"mode": Mode.SANDBOX})
    closed = SOURCE.closed(chosen)
    if closed:
        raise LakeError(
            next(iter(closed.values())),
            "set CRATELAKE_1001TRACKLISTS_LIVE=true if you may ask, or ingest saved pages",
        )
    answered: list[tuple[str, str]] = []
    trouble: FetchError | None = None
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with (
        fetching.ground(settings, str(uuid.uuid4())) as ground,
        SOURCE.open(ground, chosen) as client,
        Progress(*columns, console=err) as progress,
    ):
        task = progress.add_task("pages of 1001Tracklists", total=len(wanted))
        for set_id in wanted:
            try:
                response = client.for_one_track().page(set_id)
            except FetchError as error:
                trouble = error
                break
            where = "bronze" if response.from_bronze else "the site"
            answered.append((set_id, f"from {where}" if response.found else "no such set"))
            progress.advance(task)
    if answered:
        out.print(table("pages", ("set", "answer"), answered))
        err.print("cratelake run builds on them")
    if trouble is not None:
        left = len(wanted) - len(answered)
        raise LakeError(
            f"{left} of {len(wanted)} pages were not asked for: {escape(str(trouble))}", trouble.may_help
        )


def resume() -> None:
    """Take back the stop after a barrier, and say what it was."""
    settings = Settings()
    visits = Visits(settings.http / "services.sqlite")
    try:
        held = visits.resume()
    finally:
        visits.close()
    for stop in held:
        out.print(f"{stop.service} may be asked again; it was {escape(str(stop))}")
    if not held:
        out.print("nothing was stopped")


def status() -> None:
    """Say whether the site may be asked, and how much of today's cap is left."""
    settings, chosen = Settings(), TracklistsSettings()
    visits = Visits(settings.http / "services.sqlite")
    try:
        service = "1001tracklists@www.1001tracklists.com"
        today = visits.on(service, dt.datetime.now(dt.UTC).date().isoformat())
        stopped = visits.stopped()
    finally:
        visits.close()
    rows = [
        ("opted in", "yes" if chosen.live else "no (CRATELAKE_1001TRACKLISTS_LIVE)"),
        ("asked today", f"{today} of {chosen.daily}"),
        *((stop.service, str(stop)) for stop in stopped),
    ]
    out.print(table("1001Tracklists, live", ("", ""), rows))


def _id(text: str) -> str:
    """Id of a set that a person names by it or by an address.

    Raises:
        LakeError: it is neither.
    """
    set_id = set_id_of(text) if "/" in text else text
    if set_id is None or not set_id.isalnum() or not set_id.isascii() or not 4 <= len(set_id) <= 12:
        raise LakeError(f"{text!r} names no set", "give an id (2wrmg6f1) or the address of a tracklist page")
    return set_id


def _without_rows(count: int) -> list[str]:
    with lake() as (_, connection):
        rows = connection.execute(
            "select tracklist_1001_id from silver.dj_sets where tracklist_1001_id is not null "
            "and playlist_id is null order by play_count desc nulls last, set_id limit $count",
            {"count": count},
        ).fetchall()
    return [row[0] for row in rows]
