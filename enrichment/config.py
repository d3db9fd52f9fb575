"""The waterfall's configuration as data: read, validated with precise errors, identified by its content."""

import hashlib
import json
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

from lake.errors import LakeError

DEFAULT_FILE = Path(__file__).with_name("waterfall.yml")


@dataclass(frozen=True, slots=True)
class Source:
    """One provider's place in the waterfall of one field.

    Attributes:
        field: the field it may fill.
        priority: 1 is asked first.
        provider: who is asked.
        min_confidence: the gate, 0..1 in steps of 0.0001.
        default_confidence: used where the provider reports none.
    """

    field: str
    priority: int
    provider: str
    min_confidence: Decimal
    default_confidence: Decimal


@dataclass(frozen=True)
class WaterfallConfig:
    """The whole configuration.

    Attributes:
        sources: every field and provider, in order of field and priority.
        critical: fields the quality score counts.
        completeness: fields the completeness counts.
    """

    sources: tuple[Source, ...]
    critical: tuple[str, ...]
    completeness: tuple[str, ...]

    @cached_property
    def fields(self) -> tuple[str, ...]:
        """Fields in the order of the file."""
        return tuple(dict.fromkeys(source.field for source in self.sources))

    @cached_property
    def snapshot(self) -> str:
        """The configuration as canonical JSON; `parse` of it gives the same configuration back."""
        fields: dict[str, dict[str, list[str]]] = {}
        for source in self.sources:
            fields.setdefault(source.field, {})[source.provider] = [
                str(source.min_confidence),
                str(source.default_confidence),
            ]
        return json.dumps({"critical": self.critical, "completeness": self.completeness, "fields": fields})

    @cached_property
    def hash(self) -> str:
        """Content hash of the snapshot, 16 hex digits: the version of the configuration."""
        return hashlib.sha256(self.snapshot.encode()).hexdigest()[:16]


def load(file: Path = DEFAULT_FILE) -> WaterfallConfig:
    """Read a waterfall file.

    Raises:
        LakeError: the file cannot be read or breaks a rule; the message names the place and the remedy.
    """
    try:
        document = yaml.safe_load(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise LakeError(
            f"{file.name} cannot be read: {error}", "give a readable YAML file in UTF-8"
        ) from error
    return parse(document, file.name)


def parse(document: Any, name: str = "waterfall") -> WaterfallConfig:
    """Validate a configuration document (see ``waterfall.yml`` for the format).

    Raises:
        LakeError: naming field, provider and the rule broken.
    """
    if not isinstance(document, dict) or not isinstance(document.get("fields"), dict):
        raise LakeError(f"{name} has no mapping 'fields'", "start from enrichment/waterfall.yml")
    sources: list[Source] = []
    for field, providers in document["fields"].items():
        if not isinstance(providers, dict) or not providers:
            raise LakeError(
                f"{name}: fields.{field} names no provider", "write provider: [min, default] below it"
            )
        for priority, (provider, numbers) in enumerate(providers.items(), start=1):
            where = f"{name}: fields.{field}.{provider}"
            if not isinstance(numbers, list) or len(numbers) != 2:
                raise LakeError(f"{where} is {numbers!r}", "write [min_confidence, default_confidence]")
            low, usual = (_confidence(number, where) for number in numbers)
            sources.append(Source(str(field), priority, str(provider), low, usual))
    config = WaterfallConfig(
        tuple(sources), tuple(document.get("critical", ())), tuple(document.get("completeness", ()))
    )
    for group, members in (("critical", config.critical), ("completeness", config.completeness)):
        unknown = sorted(set(members) - set(config.fields))
        if unknown or not members:
            raise LakeError(
                f"{name}: {group} is empty or names fields the waterfall does not fill: "
                f"{', '.join(unknown) or '-'}",
                f"use some of: {', '.join(config.fields)}",
            )
    return config


def _confidence(number: Any, where: str) -> Decimal:
    if isinstance(number, bool) or not isinstance(number, int | float | str):
        raise LakeError(f"{where} holds {number!r}", "write a number from 0 to 1")
    try:
        value = Decimal(str(number))
    except ArithmeticError as error:
        raise LakeError(f"{where} holds {number!r}", "write a number from 0 to 1") from error
    exact = value.quantize(Decimal("0.0001"))
    if not 0 <= value <= 1 or exact != value:
        raise LakeError(f"{where} holds {number!r}", "write a number from 0 to 1 with at most four decimals")
    return exact


def code_version() -> str:
    """Content hash of the code that decides (the enrichment package and its model), 12 hex digits.

    Same version, same configuration and same bronze give the same answer; replay relies on it.
    """
    digest = hashlib.sha256()
    root = Path(__file__).parent
    for file in sorted(file for suffix in ("py", "json") for file in root.rglob(f"*.{suffix}")):
        digest.update(file.relative_to(root).as_posix().encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()[:12]
