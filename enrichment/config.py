"""The waterfall's configuration as data: read, validated with precise errors, identified by its content."""

import difflib
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

from enrichment.eligibility import ANYTHING, Only
from enrichment.fields import FIELDS
from lake.errors import LakeError

SETTLED = ("earliest", "most")
"""How answers can be settled other than by the first that reaches its threshold."""
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
        only: for which tracks and answers.
    """

    field: str
    priority: int
    provider: str
    min_confidence: Decimal
    default_confidence: Decimal
    only: Only = ANYTHING


@dataclass(frozen=True)
class WaterfallConfig:
    """The whole configuration.

    Attributes:
        sources: every field and provider, in order of field and priority.
        critical: fields the quality score counts.
        completeness: fields the completeness counts.
        corroborate: fields in which independent providers that agree raise the confidence.
        settle: field -> rule (`enrichment.settling`), where not simply the first sure answer wins.
        origins: provider -> whose word it is; providers of one origin are not independent.
    """

    sources: tuple[Source, ...]
    critical: tuple[str, ...]
    completeness: tuple[str, ...]
    corroborate: tuple[str, ...] = ()
    settle: Mapping[str, str] = field(default_factory=dict)
    origins: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def fields(self) -> tuple[str, ...]:
        """Fields in the order of the file."""
        return tuple(dict.fromkeys(source.field for source in self.sources))

    def origin(self, provider: str) -> str:
        """Whose word a provider's is: its own, where the configuration says nothing else."""
        return self.origins.get(provider, provider)

    @cached_property
    def snapshot(self) -> str:
        """The configuration as canonical JSON; `parse` of it gives the same configuration back."""
        fields: dict[str, dict[str, Any]] = {}
        for source in self.sources:
            numbers = [str(source.min_confidence), str(source.default_confidence)]
            entry = {"confidence": numbers, "only": source.only.document} if source.only else numbers
            fields.setdefault(source.field, {})[source.provider] = entry
        options = {
            "providers": dict(self.origins),
            "corroborate": self.corroborate,
            "settle": dict(self.settle),
        }
        return json.dumps(
            {
                "critical": self.critical,
                "completeness": self.completeness,
                **{name: value for name, value in options.items() if value},
                "fields": fields,
            }
        )

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
        text = file.read_text(encoding="utf-8")
        tree = yaml.compose(text, yaml.SafeLoader)
        document = yaml.safe_load(text)
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise LakeError(
            f"{file.name} cannot be read: {error}", "give a readable YAML file in UTF-8"
        ) from error
    lines: dict[tuple[str, ...], int] = {}
    _lines(tree, (), lines, file.name)
    return parse(document, file.name, lines)


def parse(
    document: Any, name: str = "waterfall", lines: Mapping[tuple[str, ...], int] | None = None
) -> WaterfallConfig:
    """Validate a configuration document (see ``waterfall.yml`` for the format).

    Args:
        document: mappings, lists, texts and numbers.
        name: what to call it in errors.
        lines: path of keys -> line in the file, where it comes from one.

    Raises:
        LakeError: naming line, field, provider and the rule broken.
    """
    return _Parser(name, lines or {}).config(document)


def parsed(snapshot: str, name: str = "configuration on record") -> WaterfallConfig:
    """A configuration from its snapshot.

    Raises:
        LakeError: as `parse`.
    """
    return parse(json.loads(snapshot), name)


class _Parser:
    """Validates one document; knows where in its file each part stands."""

    def __init__(self, name: str, lines: Mapping[tuple[str, ...], int]) -> None:
        self.name, self.lines = name, lines

    def where(self, *path: str) -> str:
        """File, line and path of a part, as an error begins."""
        line = self.lines.get(path)
        return f"{self.name}{f' line {line}' if line else ''}: {'.'.join(path)}"

    def config(self, document: Any) -> WaterfallConfig:
        if not isinstance(document, dict) or not isinstance(document.get("fields"), dict):
            raise LakeError(f"{self.name} has no mapping 'fields'", "start from enrichment/waterfall.yml")
        known = ("critical", "completeness", "corroborate", "settle", "providers", "fields")
        for part in document:
            if part not in known:
                raise LakeError(f"{self.where(str(part))} is unknown", _instead(str(part), known))
        origins = self.origins(document.get("providers", {}))
        sources = tuple(
            source for name in document["fields"] for source in self.field(document["fields"], name, origins)
        )
        config = WaterfallConfig(
            sources,
            tuple(document.get("critical", ())),
            tuple(document.get("completeness", ())),
            tuple(document.get("corroborate", ())),
            self.settle(document.get("settle", {})),
            origins,
        )
        for group, members, may_be_empty in (
            ("critical", config.critical, False),
            ("completeness", config.completeness, False),
            ("corroborate", config.corroborate, True),
            ("settle", tuple(config.settle), True),
        ):
            unknown = sorted(set(members) - set(config.fields))
            if unknown or not (members or may_be_empty):
                raise LakeError(
                    f"{self.where(group)} is empty or names fields the waterfall does not fill: "
                    f"{', '.join(unknown) or '-'}",
                    f"use some of: {', '.join(config.fields)}",
                )
            twice = sorted({name for name in members if members.count(name) > 1})
            if twice:
                raise LakeError(f"{self.where(group)} names {', '.join(twice)} twice", "name it once")
        counted = tuple(name for name, rule in config.settle.items() if rule == "most")
        for group, members in (("corroborate", config.corroborate), ("settle", counted)):
            alike = [name for name in members if not FIELDS[name].agrees]
            if alike:
                raise LakeError(
                    f"{self.where(group)} names {', '.join(alike)}: nothing says when two values agree",
                    f"use some of: {', '.join(name for name in config.fields if FIELDS[name].agrees)}",
                )
        return config

    def settle(self, rules: Any) -> dict[str, str]:
        if not isinstance(rules, dict):
            raise LakeError(f"{self.where('settle')} is no mapping", "write field: earliest or field: most")
        for name, rule in rules.items():
            if name not in FIELDS:
                where = self.where("settle", str(name))
                raise LakeError(f"{where} is no field", _instead(str(name), tuple(FIELDS)))
            if rule not in SETTLED or (rule == "earliest" and name != "release_date"):
                raise LakeError(
                    f"{self.where('settle', str(name))} is {rule!r}",
                    "write earliest (for release_date) or most, or leave the field out: then the first wins",
                )
        return {str(name): str(rule) for name, rule in rules.items()}

    def origins(self, providers: Any) -> dict[str, str]:
        if not isinstance(providers, dict):
            raise LakeError(f"{self.where('providers')} is no mapping", "write provider: whose word it is")
        for provider, origin in providers.items():
            if origin not in providers:
                raise LakeError(
                    f"{self.where('providers', str(provider))} is {origin!r}, which is no provider",
                    f"write {provider}: {provider}, or the provider it copies",
                )
        return {str(provider): str(origin) for provider, origin in providers.items()}

    def field(self, fields: dict[Any, Any], name: Any, origins: Mapping[str, str]) -> list[Source]:
        if name not in FIELDS:
            raise LakeError(
                f"{self.where('fields', str(name))} is one of the unknown fields: {name}",
                _instead(str(name), tuple(FIELDS)),
            )
        providers = fields[name]
        if not isinstance(providers, dict) or not providers:
            raise LakeError(
                f"{self.where('fields', name)} names no provider", "write provider: [min, default] below it"
            )
        return [
            self.source(name, priority, str(provider), entry, origins)
            for priority, (provider, entry) in enumerate(providers.items(), start=1)
        ]

    def source(
        self, name: str, priority: int, provider: str, entry: Any, origins: Mapping[str, str]
    ) -> Source:
        where = self.where("fields", name, provider)
        if origins and provider not in origins:
            raise LakeError(
                f"{where} is no provider listed under 'providers'", _instead(provider, tuple(origins))
            )
        only = ANYTHING
        if isinstance(entry, dict):
            if set(entry) - {"confidence", "only"}:
                raise LakeError(f"{where} has {', '.join(map(str, entry))}", "give 'confidence' and 'only'")
            only = Only.parse(entry.get("only", {}), where)
            entry = entry.get("confidence")
        if not isinstance(entry, list) or len(entry) != 2:
            raise LakeError(f"{where} is {entry!r}", "write [min_confidence, default_confidence]")
        low, usual = (_confidence(number, where) for number in entry)
        return Source(name, priority, provider, low, usual, only)


def _lines(
    node: yaml.Node | None, path: tuple[str, ...], found: dict[tuple[str, ...], int], name: str
) -> None:
    """Collect the line of every key, by its path; a key given twice would silently hide the first."""
    if not isinstance(node, yaml.MappingNode):
        return
    seen: set[str] = set()
    for key, value in node.value:
        here = (*path, str(key.value))
        line = key.start_mark.line + 1
        if key.value in seen:
            raise LakeError(f"{name} line {line}: {'.'.join(here)} stands twice", "keep one of them")
        seen.add(key.value)
        found[here] = line
        _lines(value, here, found, name)


def _instead(text: str, known: tuple[str, ...]) -> str:
    close = difflib.get_close_matches(text, known, n=1)
    return f"did you mean {close[0]}?" if close else f"use one of {', '.join(known)}"


def _confidence(number: Any, where: str) -> Decimal:
    if isinstance(number, bool) or not isinstance(number, int | float | str):
        raise LakeError(f"{where} holds {number!r}", "write a number from 0 to 1")
    try:
        value = Decimal(str(number))
    except ArithmeticError as error:
        raise LakeError(f"{where} holds {number!r}", "write a number from 0 to 1") from error
    if not value.is_finite() or not 0 <= value <= 1 or value != value.quantize(Decimal("0.0001")):
        raise LakeError(f"{where} holds {number!r}", "write a number from 0 to 1 with at most four decimals")
    return value.quantize(Decimal("0.0001"))


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
