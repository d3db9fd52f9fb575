"""The one place where the layers are put together."""

import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

import httpx

from extractors.http.cache import Cached
from extractors.http.circuit import Circuits, Guarded, Rules
from extractors.http.clock import Clock, SystemClock
from extractors.http.closed import Closed
from extractors.http.credentials import Authorised, Credentials
from extractors.http.judge import Judge, Judged, by_status
from extractors.http.limit import Limited, Places, RateLimit
from extractors.http.message import Sender
from extractors.http.redact import Redactor, redact_named
from extractors.http.retry import Backoff, Retry
from extractors.http.settings import HttpSettings, Mode, ProviderSettings
from extractors.http.sparing import Sparing, Visits
from extractors.http.store import AnswerStore
from extractors.http.transport import HttpxTransport, NoTransport

_TALKATIVE = ("httpx", "httpcore.connection", "httpcore.http11", "httpcore.proxy", "extractors.http.circuit")
"""Loggers that name addresses and headers."""


@dataclass(frozen=True, slots=True)
class Below:
    """What credentials need to fetch a token.

    Attributes:
        send: the layers below them.
        clock: for the token's end.
        redactor: who must learn the token.
        address: of a live URL, the one to ask in the provider's mode.
    """

    send: Sender
    clock: Clock
    redactor: Redactor
    address: Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Access:
    """What one provider's package says about asking it.

    Attributes:
        provider: its name.
        url: its address.
        version: name and version of the code that asks.
        streams: its streams.
        settings: its settings.
        limit: how fast to ask.
        judge: what its answers mean.
        credentials: how to say who we are.
        closed: streams that the provider has closed to accounts like ours, and why each is.
        daily: requests a day to a site that did not invite us, which is asked no more after its first
            barrier.
    """

    provider: str
    url: str
    version: str
    streams: tuple[str, ...]
    settings: ProviderSettings
    limit: RateLimit
    judge: Judge
    credentials: Callable[[Below], Credentials]
    closed: Mapping[str, str] = field(default_factory=dict)
    daily: int | None = None


@dataclass(frozen=True, slots=True)
class Ground:
    """Where the stack stands.

    Attributes:
        bronze: bronze root.
        state: folder of what processes share (limits, circuits, outboxes).
        http: settings of everything HTTP.
        clock: the time.
        transport: httpx transport to use instead of the network (tests).
        rules: when a circuit opens.
        run_id: run that asks, where there is one.
    """

    bronze: Path
    state: Path
    http: HttpSettings
    clock: Clock = field(default_factory=SystemClock)
    transport: httpx.BaseTransport | None = None
    rules: Rules = field(default_factory=Rules)
    run_id: str | None = None

    @property
    def shared(self) -> Path:
        """File of the limits and circuits."""
        return self.state / "services.sqlite"


def address(settings: ProviderSettings, http: HttpSettings, provider: str, live: str, base: str) -> str:
    """Where a live URL of a provider is asked: there, or at the sandbox.

    What lies below the provider's own `base` (Beatport's tokens do, Spotify's do not) goes with it to the
    address that the settings name instead.
    """
    if settings.base_url is not None and live.startswith(base):
        return settings.base_url.rstrip("/") + live.removeprefix(base)
    if settings.mode is not Mode.SANDBOX:
        return live
    return f"{http.sandbox.rstrip('/')}/{provider}{urlsplit(live).path}"


@contextmanager
def stack(access: Access, ground: Ground) -> Iterator[tuple[Cached, AnswerStore]]:
    """The layers over one provider, and the store that they fill; what has arrived is in bronze at the end.

    Raises:
        LakeError: a setting is missing.
    """
    with ExitStack() as open_things:
        store = AnswerStore(
            ground.bronze,
            ground.state,
            provider=access.provider,
            streams=access.streams,
            extractor_version=access.version,
            clock=ground.clock,
            mode=access.settings.mode,
            run_id=ground.run_id,
        )
        open_things.callback(store.close)
        if access.settings.mode is Mode.RECORDED:
            yield Cached(NoTransport(), store, ground.clock, forever=True), store
            return
        redactor = Redactor([*access.settings.secrets(), ground.http.proxy])
        open_things.enter_context(_redacted_logs(redactor))
        agent = ground.http.user_agent(access.settings.mode)
        wire = open_things.enter_context(_wire(ground, access.settings.mode))
        transport = HttpxTransport(wire, agent, ground.clock, redactor, ground.http.timeout)
        speed = ground.http.sandbox_speed if access.settings.mode is Mode.SANDBOX else 1.0
        limit = access.limit.faster(speed)
        backoff = Backoff(tries=ground.http.tries).faster(speed)
        circuits = Circuits(ground.shared, ground.rules.faster(speed))
        open_things.callback(circuits.close)
        places = Places(ground.shared)
        open_things.callback(places.close)
        visits = Visits(ground.shared)
        open_things.callback(visits.close)

        def asking(judge: Judge) -> Sender:
            judged: Sender = Judged(transport, judge)
            if access.daily is not None:
                judged = Sparing(judged, visits, access.daily, ground.clock)
            guarded = Guarded(judged, circuits, ground.clock)
            limited = Limited(guarded, places, limit, ground.clock)
            return Retry(limited, ground.clock, backoff)

        here = partial(address, access.settings, ground.http, access.provider, base=access.url)
        below = Below(asking(by_status), ground.clock, redactor, here)
        authorised = Authorised(asking(access.judge), access.credentials(below))
        yield Cached(Closed(authorised, access.closed), store, ground.clock), store


def _wire(ground: Ground, mode: Mode) -> httpx.BaseTransport:
    if ground.transport is not None:
        return ground.transport
    proxy = ground.http.proxy if mode is Mode.LIVE else None
    # the proxy is a setting of ours; httpx reads none from the environment here
    return httpx.HTTPTransport(proxy=proxy.get_secret_value() if proxy else None)


class _Redacting(logging.Filter):
    def __init__(self, redactor: Redactor) -> None:
        super().__init__()
        self._redactor = redactor

    def filter(self, record: logging.LogRecord) -> bool:
        """Let every record through, without secrets."""
        record.msg, record.args = redact_named(self._redactor.redact(record.getMessage())), ()
        return True


@contextmanager
def _redacted_logs(redactor: Redactor) -> Iterator[None]:
    """While open, what httpx and we log has no secrets."""
    redacting = _Redacting(redactor)
    loggers = [logging.getLogger(name) for name in _TALKATIVE]
    for logger in loggers:
        logger.addFilter(redacting)
    try:
        yield
    finally:
        for logger in loggers:
            logger.removeFilter(redacting)
