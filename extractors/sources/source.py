"""What a source is (every provider's package exports one as ``SOURCE``), and what clients have in common."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from math import inf
from typing import Any, Generic, Self, TypeVar
from urllib.parse import parse_qsl, urlencode, urlsplit

from pydantic import ValidationError

from extractors.errors import MalformedError, SourceError
from extractors.http.clock import Clock
from extractors.http.credentials import Credentials
from extractors.http.judge import Judge
from extractors.http.limit import RateLimit
from extractors.http.message import Pairs, Request, Response, Sender
from extractors.http.settings import Mode, ProviderSettings
from extractors.http.stack import Access, Below, Ground, address, stack
from extractors.sources import misread
from extractors.sources.asks import Asks
from extractors.sources.payload import Payload

Query = Sequence[tuple[str, str | int | None]]
METADATA_TTL = 86_400.0
SEARCH_TTL = 3_600.0
STATISTICS_TTL = 900.0
PURCHASE_TTL = 7_200.0
"""Seconds for which an answer of a sort is good enough (inventory S2-17)."""
AUTO = "auto"


@dataclass(frozen=True, slots=True)
class Closure:
    """A stream that is not open to everybody any more.

    Attributes:
        why: since when, and to whom.
        setting: of the provider; true says that this account is let in all the same. None: nobody is.
    """

    why: str
    setting: str | None = None


@dataclass(frozen=True, slots=True)
class Stream:
    """One sort of answers of a provider.

    Attributes:
        name: bronze stream.
        what: what one answer is, in words.
        shape: its payload.
        ttl: seconds for which an answer in bronze is good enough.
        closed: why it cannot be asked for any more, if so; recordings are still read.
    """

    name: str
    what: str
    shape: type[Payload]
    ttl: float = METADATA_TTL
    closed: Closure | None = None


@dataclass(frozen=True)
class Client:
    """Builds requests of one provider and sends them. Providers derive theirs from it.

    Attributes:
        send: the stack.
        base_url: address that paths are relative to.
        provider: whose client.
        streams: streams by name.
        clock: for deadlines.
        budget: seconds for all requests about one track.
        deadline: when this client gives up; None gives each request a budget of its own.
    """

    send: Sender
    base_url: str
    provider: str
    streams: dict[str, Stream]
    clock: Clock
    budget: float
    deadline: float | None = None

    def for_one_track(self) -> Self:
        """The same client, with one budget for all that it asks from now on."""
        return replace(self, deadline=self.clock.time() + self.budget)

    def request(
        self,
        stream: str,
        path: str,
        params: Query = (),
        *,
        key: str | None = None,
        entity_id: str | int | None = None,
        form: Query | None = None,
    ) -> Request:
        """A request; parameters without a value are left out.

        Args:
            stream: stream that the answer belongs to.
            path: below the base address.
            params: query.
            key: request key, if it is not simply path and query.
            entity_id: the provider's id of the thing asked for, if one thing is.
            form: body of a POST; what of it says what is asked belongs into the key as well.
        """
        query: Pairs = tuple((name, str(value)) for name, value in params if value is not None)
        return Request(
            provider=self.provider,
            stream=stream,
            key=key or _key(path, query),
            url=f"{self.base_url}/{path}",
            params=query,
            entity_id=None if entity_id is None else str(entity_id),
            form=None if form is None else tuple((name, str(value)) for name, value in form),
            ttl=self.streams[stream].ttl,
        )

    def ask(self, request: Request) -> Response:
        """The answer, from bronze or from the provider.

        Raises:
            FetchError: there is none.
        """
        deadline = self.deadline if self.deadline is not None else self.clock.time() + self.budget
        return self.send.send(replace(request, deadline=deadline))

    def pages(
        self, first: Request, following: Callable[[Request, Any], Pairs | None], most: int
    ) -> Iterator[Response]:
        """The answers page by page, as far as `following` leads and at most so many.

        Pages are asked at the first one's path: an address that an answer names may lead elsewhere, and never
        gets our credentials.

        Args:
            first: request of the first page.
            following: of a request and its answer (JSON), the parameters that the next page changes;
                None at the end.
            most: pages.

        Raises:
            MalformedError: a page leads back to one that we had.
            FetchError: a page has no answer.
        """
        request, seen = first, {first.key}
        path = first.key.partition("?")[0]
        for number in range(most):
            response = self.ask(request)
            yield response
            change = following(request, response.data) if response.found else None
            if change is None or number + 1 == most:
                return
            params = tuple({**dict(request.params), **dict(change)}.items())
            request = replace(request, params=params, key=_key(path, params))
            if request.key in seen:
                raise MalformedError(request.asked, "the pages lead in a circle")
            seen.add(request.key)


def _key(path: str, params: Pairs) -> str:
    """``search?limit=10&q=...``: what was asked, the same however its parameters were ordered."""
    return f"{path.strip('/')}?{urlencode(sorted(params))}" if params else path.strip("/")


def next_link(*where: str) -> Callable[[Request, Any], Pairs | None]:
    """Follows the link to the next page that answers carry under these keys (its query alone)."""

    def following(_request: Request, data: Any) -> Pairs | None:
        for name in where:
            data = data.get(name) if isinstance(data, dict) else None
        if not isinstance(data, str) or not data:
            return None
        return tuple(parse_qsl(urlsplit(data).query, keep_blank_values=True))

    return following


C = TypeVar("C", bound=Client)
S = TypeVar("S", bound=ProviderSettings)


@dataclass(frozen=True)
class Source(Generic[C, S]):
    """A provider that can be asked.

    Attributes:
        provider: its name.
        version: changes whenever the same question would be asked or kept differently.
        client: its client.
        settings: its settings.
        streams: what it can be asked for.
        limit: how fast.
        judge: what its answers mean.
        credentials: how we say who we are.
        url: its address.
        licence: what may be done with its data.
        asks: what it can be asked about a track, under given settings; None if it is of no use to the
            waterfall.
        chart: answers about a chart by id, its head first; None if it has no charts.
        daily: under given settings, requests a day to a site that did not invite us; None for the others.
    """

    provider: str
    version: str
    client: type[C]
    settings: type[S]
    streams: tuple[Stream, ...]
    limit: RateLimit
    judge: Judge
    credentials: Callable[[S, Below], Credentials]
    url: str
    licence: str
    asks: Callable[[S], Asks] | None = None
    chart: Callable[[C, Any], Iterable[Response]] | None = None
    daily: Callable[[S], int] | None = None

    def closed(self, settings: ProviderSettings) -> dict[str, str]:
        """Streams that live requests with these settings do not get, and why."""
        if settings.mode is not Mode.LIVE:
            return {}
        shut = {}
        for stream in self.streams:
            closure = stream.closed
            if closure is None or (closure.setting and getattr(settings, closure.setting)):
                continue
            opens = (
                f" ({settings.variable(closure.setting)}=true asks all the same)" if closure.setting else ""
            )
            shut[stream.name] = f"{closure.why}{opens}"
        return shut

    @contextmanager
    def open(self, ground: Ground, settings: S | None = None) -> Iterator[C]:
        """A client; what it was answered is in bronze when the context ends.

        Args:
            ground: where bronze and shared state are.
            settings: of the provider; from the environment unless given.

        Raises:
            LakeError: a setting is missing.
        """
        chosen = settings or self.settings()
        closed = self.closed(chosen)
        access = Access(
            provider=self.provider,
            url=self.url,
            version=f"{self.provider}_http/{self.version}",
            streams=tuple(stream.name for stream in self.streams),
            settings=chosen,
            limit=self.limit,
            judge=self.judge,
            credentials=lambda below: self.credentials(chosen, below),
            closed=closed,
            daily=self.daily(chosen) if self.daily else None,
        )
        with stack(access, ground) as (send, _):
            yield self.client(
                send=send,
                base_url=address(chosen, ground.http, self.provider, self.url, self.url).rstrip("/"),
                provider=self.provider,
                # there will be no newer answers about what is closed: those in bronze count for ever
                streams={
                    stream.name: replace(stream, ttl=inf) if stream.name in closed else stream
                    for stream in self.streams
                },
                clock=ground.clock,
                budget=ground.http.budget,
            )

    def parse(
        self, stream: str, text: str, file: str = "payload", *, status: int | None = None
    ) -> tuple[Stream, Payload]:
        """What we read from one payload.

        Args:
            stream: a stream's name, or ``auto`` for the first whose shape fits.
            text: the payload.
            file: what to call it in errors.
            status: HTTP status it came with, if that is known.

        Raises:
            FetchError: it is the provider's own error message.
            SourceError: it is no payload of the stream, or no JSON; says where and why.
        """
        wanted = [one for one in self.streams if stream in {one.name, AUTO}]
        if not wanted:
            names = ", ".join(one.name for one in self.streams)
            raise SourceError(file, f"{self.provider} has no stream {stream}", f"use auto or one of {names}")
        judged = misread.judged(self.judge, self.provider, text, file, status)
        if not judged.found:
            raise SourceError(
                file, "the provider says that there is no such thing", "nothing is to be read from it"
            )
        problems: list[tuple[Stream, ValidationError]] = []
        for one in wanted:
            try:
                return one, one.shape.model_validate(judged.data)
            except ValidationError as error:
                problems.append((one, error))
        raise misread.unlike(self.provider, judged.data, file, problems) from problems[0][1]
