"""For which tracks and answers a provider is asked about a field.

Three kinds of conditions, all of which must hold: ``genres`` (some record of the track names one of them),
``released`` (some record of the track dates it into the span) and ``streams`` (only answers of these streams
of the provider count). What is not known does not exclude: a track of which nobody says a genre or a date is
eligible, since the provider asked may be the first to say it.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any

import duckdb

from lake.errors import LakeError

_FORM = "write only: {genres: [...], released: [from, to], streams: [...]}; dates as 2009-09-22, open as null"


@dataclass(frozen=True, slots=True)
class Only:
    """Conditions of one provider for one field; without any it is always eligible.

    Attributes:
        genres: genres or subgenres, in lower case.
        released: first and last day; None where open.
        streams: streams of the provider.
    """

    genres: tuple[str, ...] = ()
    released: tuple[dt.date | None, dt.date | None] = (None, None)
    streams: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return self != ANYTHING

    @property
    def document(self) -> dict[str, Any]:
        """As in the configuration; `parse` of it gives the same back."""
        told: dict[str, list[Any]] = {
            "genres": list(self.genres),
            "released": [day.isoformat() if day else None for day in self.released],
            "streams": list(self.streams),
        }
        return {name: value for name, value in told.items() if any(value)}

    @classmethod
    def parse(cls, document: Any, where: str) -> "Only":
        """Validate conditions.

        Args:
            document: mapping of kinds of conditions.
            where: how an error begins.

        Raises:
            LakeError: naming the condition that makes no sense.
        """
        if not isinstance(document, dict):
            raise LakeError(f"{where}.only is {document!r}", _FORM)
        unknown = set(document) - {"genres", "released", "streams"}
        if unknown:
            raise LakeError(f"{where}.only knows no {', '.join(map(str, sorted(unknown)))}", _FORM)
        for name in ("genres", "streams"):
            names = document.get(name, ["-"])
            if not isinstance(names, list) or not names or not all(isinstance(one, str) for one in names):
                raise LakeError(f"{where}.only.{name} is {names!r}", _FORM)
        return cls(
            tuple(one.lower() for one in document.get("genres", ())),
            _span(document.get("released", [None, None]), f"{where}.only.released"),
            tuple(document.get("streams", ())),
        )


ANYTHING = Only()


def _span(days: Any, where: str) -> tuple[dt.date | None, dt.date | None]:
    if not isinstance(days, list) or len(days) != 2:
        raise LakeError(f"{where} is {days!r}", _FORM)
    try:
        first, last = (
            day if day is None or isinstance(day, dt.date) else dt.date.fromisoformat(str(day))
            for day in days
        )
    except ValueError as error:
        raise LakeError(f"{where}: {error}", _FORM) from error
    if first and last and first > last:
        raise LakeError(f"{where} ends before it begins", _FORM)
    return first, last


def find_ineligible(connection: duckdb.DuckDBPyConnection) -> None:
    """Temporary table ``ineligible`` (track_no, step) from ``spoken`` and the conditions in ``steps``."""
    connection.execute(
        """
        create or replace temp table ineligible as
        with conditions as (
            select * from steps where genres is not null or streams is not null
                or released_from is not null or released_until is not null
        ),
        facts as (
            select track_no,
                list_concat(list(distinct lower(genre)) filter (genre is not null),
                    list(distinct lower(subgenre)) filter (subgenre is not null)) as genres,
                min(release_date) as earliest,
                max(case release_date_precision when 'year' then release_date + interval 1 year
                    when 'month' then release_date + interval 1 month
                    else release_date + interval 1 day end) as latest
            from spoken where exists (from conditions)
            group by track_no
        ),
        heard as (
            select track_no, provider, list(distinct stream) as streams
            from spoken where provider in (select provider from conditions where streams is not null)
            group by track_no, provider
        )
        select f.track_no, c.step
        from facts f
        cross join conditions c
        left join heard h on h.track_no = f.track_no and h.provider = c.provider
        where (len(f.genres) > 0 and not list_has_any(f.genres, c.genres))
            or f.earliest > c.released_until or f.latest <= c.released_from
            or (h.streams is not null and not list_has_any(h.streams, c.streams))
        """
    )
