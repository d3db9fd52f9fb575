"""Shapes of Discogs' answers."""

from collections.abc import Sequence
from typing import Any

from pydantic import Field, RootModel, model_validator

from extractors.sources.payload import Payload


class Person(Payload):
    """An artist's credit: `anv` is the name as printed, `join` what follows it."""

    name: str
    id: str | None = None
    anv: str | None = None
    join: str | None = None
    role: str | None = None


class Line(Payload):
    """A line of a track list; `type_` tells headings and index tracks."""

    title: str
    position: str | None = None
    duration: str | None = None
    type_: str | None = None
    artists: list[Person] | None = None
    extraartists: list[Person] | None = None


class LabelNode(Payload):
    """A label inside a release."""

    name: str
    catno: str | None = None


class Release(Payload):
    """A release with its track list."""

    id: int
    title: str
    tracklist: list[Line]
    artists: list[Person] | None = None
    labels: list[LabelNode] | None = None
    formats: list[dict[str, Any]] | None = None
    released: str | None = None
    year: int | None = None
    country: str | None = None
    genres: list[str] | None = None
    styles: list[str] | None = None
    master_id: int | None = None
    data_quality: str | None = None
    num_for_sale: int | None = None
    lowest_price: Any = None

    @model_validator(mode="after")
    def _is_no_master(self) -> "Release":
        if "main_release" in (self.model_extra or ()):
            raise ValueError("it has a main_release: this is a master")
        return self


class Master(Payload):
    """What the editions of one release have in common."""

    id: int
    title: str
    main_release: int
    versions_url: str
    year: int | None = None
    genres: list[str] | None = None
    styles: list[str] | None = None


class Label(Payload):
    """A label."""

    id: int
    name: str
    releases_url: str
    sublabels: list[dict[str, Any]]
    profile: str | None = None
    contact_info: str | None = None
    parent_label: dict[str, Any] | None = None


class Artist(Payload):
    """An artist."""

    id: int
    name: str
    releases_url: str
    realname: str | None = None
    profile: str | None = None
    aliases: list[dict[str, Any]] | None = None
    members: list[dict[str, Any]] | None = None


class Pagination(Payload):
    """Where in a list this page stands."""

    page: int
    pages: int
    items: int
    per_page: int
    urls: dict[str, str] | None = None


class Hit(Payload):
    """A hit of a search: `title` is "Artist - Title"."""

    id: int
    type: str | None = None
    title: str | None = None
    catno: str | None = None


class Search(Payload):
    """A page of hits."""

    pagination: Pagination
    results: list[Hit]

    def rows(self) -> Sequence[Payload]:
        """The hits."""
        return self.results


class ReleaseList(Payload):
    """A page of an artist's or label's releases."""

    pagination: Pagination
    releases: list[Hit]

    def rows(self) -> Sequence[Payload]:
        """The releases."""
        return self.releases


class VersionList(Payload):
    """A page of a master's versions."""

    pagination: Pagination
    versions: list[Hit]

    def rows(self) -> Sequence[Payload]:
        """The versions."""
        return self.versions


class Price(Payload):
    """An amount of money."""

    value: float
    currency: str


class MarketplaceStats(Payload):
    """How many are for sale, and from what price; null if none is."""

    num_for_sale: int | None
    lowest_price: Price | None = Field(default=None)
    blocked_from_sale: bool | None = None

    @model_validator(mode="after")
    def _is_no_release(self) -> "MarketplaceStats":
        if "tracklist" in (self.model_extra or ()):
            raise ValueError("it has a tracklist: this is a release")
        return self


class Condition(Price):
    """What a copy in one condition should cost."""

    condition: str


class PriceSuggestions(Payload):
    """What a copy should cost, by condition (``Mint (M)``)."""

    @model_validator(mode="after")
    def _is_prices(self) -> "PriceSuggestions":
        prices = RootModel[dict[str, Price]].model_validate(self.model_extra or {})
        if not prices.root:
            raise ValueError("no price")
        return self

    def rows(self) -> Sequence[Payload]:
        """The prices, by condition."""
        named = (self.model_extra or {}).items()
        return [Condition.model_validate({**price, "condition": name}) for name, price in named]
