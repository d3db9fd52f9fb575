"""Who can be asked, how fast, how much tonight, and why somebody cannot."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from extractors.frontier.outcomes import Standing
from extractors.http.limit import RateLimit
from extractors.http.settings import HttpSettings, Mode, ProviderSettings
from extractors.sandbox.server.wires import WIRES
from extractors.sources.asks import FIND, Asks
from extractors.sources.registry import SOURCES
from extractors.sources.source import Source

_NIGHT = 3600.0
"""Seconds of asking at a provider's pace that make its nightly budget, unless a setting says otherwise."""


@dataclass(frozen=True, slots=True)
class Desk:
    """A provider that can be asked.

    Attributes:
        source: the provider's package.
        settings: its settings.
        asks: what it can be asked.
        limit: how fast.
        budget: requests it may still get tonight; None if that does not matter.
        retry_dead: whether look-ups that gave up are tried again.
    """

    source: Source[Any, Any]
    settings: ProviderSettings
    asks: Asks
    limit: RateLimit
    budget: int | None
    retry_dead: bool = False

    @property
    def provider(self) -> str:
        """Its name."""
        return self.source.provider

    @property
    def pace(self) -> float:
        """Requests per second that its limit allows in the long run."""
        return pace(self.limit)

    @property
    def streams(self) -> dict[str, tuple[str, ...]]:
        """Name of each step -> streams in which it is answered."""
        looked_up = {one.name: (one.stream,) for one in self.asks.look_ups}
        beside = {stream for streams in looked_up.values() for stream in streams}
        found = tuple(one.name for one in self.source.streams if one.name not in beside)
        return {FIND: found, **looked_up}


def pace(limit: RateLimit) -> float:
    """Requests per second that a limit allows in the long run."""
    return min(limit.requests / limit.seconds, 1 / limit.interval if limit.interval else float("inf"))


def set_up(
    http: HttpSettings, spent: Mapping[tuple[str, str], int], *, sandbox: bool, budgets: bool = True
) -> tuple[dict[str, Desk], dict[str, Standing]]:
    """Desks of those who can be asked, and the standing of all who could be of use to the waterfall.

    Args:
        http: settings of everything HTTP.
        spent: requests sent today, by provider and mode.
        sandbox: whether the sandbox answers for whoever is not set to another mode.
        budgets: whether nightly budgets hold.
    """
    desks: dict[str, Desk] = {}
    standings: dict[str, Standing] = {}
    for name, source in SOURCES.items():
        if source.asks is None:
            continue
        settings = settings_of(source, sandbox=sandbox)
        speed = http.sandbox_speed if settings.mode is Mode.SANDBOX else 1.0
        limit = source.limit.faster(speed)
        budget = settings.nightly if settings.nightly is not None else round(_NIGHT * pace(limit))
        state, reason = _hindrance(source, settings, http)
        standings[name] = Standing(budget, state, reason, settings.mode.value)
        if state is None:
            left = max(budget - spent.get((name, settings.mode.value), 0), 0) if budgets else None
            desks[name] = Desk(source, settings, source.asks(settings), limit, left)
    return desks, standings


def settings_of(source: Source[Any, Any], *, sandbox: bool) -> ProviderSettings:
    """A provider's settings; in a sandbox lake the sandbox answers for it, unless they name another mode."""
    settings: ProviderSettings = source.settings()
    if sandbox and "mode" not in settings.model_fields_set:
        return settings.model_copy(update={"mode": Mode.SANDBOX})
    return settings


def _hindrance(
    source: Source[Any, Any], settings: ProviderSettings, http: HttpSettings
) -> tuple[str | None, str]:
    """Why a provider cannot be asked: state and reason; None if it can."""
    if settings.mode is Mode.RECORDED:
        return "recorded", "its mode is recorded: only what bronze holds answers"
    if settings.mode is Mode.SANDBOX:
        spoken = source.provider in WIRES
        return (None, "") if spoken else ("not_in_sandbox", "the sandbox does not speak its format")
    closed = source.closed(settings)
    if len(closed) == len(source.streams):
        return "closed", next(iter(closed.values()))
    wanting = ([] if http.contact else ["CRATELAKE_HTTP_CONTACT"]) + settings.missing()
    return ("no_credentials", f"not set: {', '.join(wanting)}") if wanting else (None, "")
