"""A title taken apart: the base title, the featured artists, and which version of the work it names.

The version is identity evidence of its own: ordinary string similarity gives "Strobe" against "Strobe
(Dimension Remix)" full marks. `version_key` makes the statements of different providers comparable. Belongs
here: joining a title with the provider's own version fields, and comparing versions. How a title is cut:
`titles`; what one phrase means: `phrases`.
"""

import re
from functools import lru_cache

from enrichment.text.credits import split_names
from enrichment.text.fold import fold, fold_key, tidy
from enrichment.text.heads import PLAIN_KINDS, Version
from enrichment.text.phrases import FEATURED_MARK, Phrase, read_phrase
from enrichment.text.titles import Collector, TitleParts, take_apart, take_groups
from enrichment.text.vocabulary import STYLES

__all__ = ["TitleParts", "Version", "parse_title", "version_key", "version_kind"]

# Kinds that name a version only where nothing else does.
_WEAK = frozenset({"original", "remaster"})
# A remix, a named mix, a rework and a bootleg by one person are called by any of these words in different
# places.
_FAMILY = {"mix": "remix", "rework": "remix", "bootleg": "remix"}
_MADE = frozenset({"dub", "vip"})  # beside a remix of a name they are what that name made
_QUALIFIERS = PLAIN_KINDS - {"live"}
_POSSESSIVE = re.compile(r"(?<=\w)['’]s\b|(?<=s)['’](?=\s|$)", re.IGNORECASE)
_FEATURED_NAME = re.compile(rf"\s{FEATURED_MARK}\s*", re.IGNORECASE)

_SPACES = re.compile(r"\s+")
_BARE = re.compile(r"\s*\(([^()]+)\)$")


@lru_cache(maxsize=32_768)
def parse_title(title: str, mix_name: str | None = None, remixer: str | None = None) -> TitleParts:
    """Take a title apart; `mix_name` and `remixer` are the separate fields some providers have.

    Never raises. A title that would be left empty keeps its text: "(Somebody Remix)" alone is a title.
    """
    parts = take_apart(tidy(title))
    if not mix_name and not remixer:
        return parts
    return _with_fields(parts, tidy(mix_name), tidy(remixer))


def _with_fields(parts: TitleParts, mix: str, remixer: str) -> TitleParts:
    """Join a title's parts with the provider's own mix name and remixer."""
    versions = list(parts.versions)
    featured = list(parts.featured)
    tags = list(parts.tags)
    if mix:
        phrase = _read_mix_name(mix)
        known = {(v.kind, fold_key(v.name)) for v in versions}
        versions += [v for v in phrase.versions if (v.kind, fold_key(v.name)) not in known]
        featured += [phrase.featured] if phrase.featured else []
        tags += phrase.tags
    title = parts.title
    if remixer:
        bare = next((m for m in _BARE.finditer(title) if fold_key(m[1]) == fold_key(remixer)), None)
        if bare and not versions:  # "Title (Somebody)" with the remixer Somebody
            title = f"{title[: bare.start()]}{title[bare.end() :]}".strip() or title
            versions = [Version("remix", remixer, raw=bare[1], name=bare[1])]
        versions = _attribute(versions, remixer)
    return TitleParts(title, tuple(featured), tuple(versions), tuple(tags))


def _read_mix_name(mix: str) -> Phrase:
    """A mix name is a version by definition, also where no word of it is known ("Rotterdam")."""
    found = Collector()
    rest = _SPACES.sub(" ", take_groups(mix, found)).strip()
    phrase = read_phrase(rest) if rest else Phrase()
    if rest and not phrase:
        phrase = Phrase((Version("mix", raw=mix, name=rest),))
    return Phrase(
        (*phrase.versions, *found.versions),
        ", ".join(found.featured) or phrase.featured,
        (*phrase.tags, *found.tags),
    )


def _attribute(versions: list[Version], remixer: str) -> list[Version]:
    """Name the maker on the main statement; a remixer field is better than a guess from the phrase."""
    target = next(
        (i for i, v in enumerate(versions) if v.kind not in _WEAK and v.kind not in _QUALIFIERS),
        None,
    )
    qualifiers = [v for v in versions if v.kind in _QUALIFIERS]
    if target is None:
        if versions and not qualifiers:  # "Original Mix" with a remixer: the field does not describe this one
            return versions
        if not versions:
            return [Version("remix", remixer, raw=f"{remixer} Remix", name=remixer)]
        raw = qualifiers[0].raw
        return [Version("remix", remixer, raw=raw, name=remixer), *versions]
    v = versions[target]
    if v.kind in ("live", "continuous"):
        return versions
    versions[target] = Version(v.kind, remixer, v.year, v.raw, _made_name(v, remixer))
    return versions


def _made_name(version: Version, remixer: str) -> str:
    """Name of a version whose maker is given apart: with the maker, unless the phrase already names them.

    "Somebody Remix" names its maker even where the field has another spelling; "Garden State Mix" may not.
    """
    words = fold(version.name).split()
    if not words:
        return remixer
    makers = [fold_key(n) for n in split_names(remixer)]
    named = fold_key(version.name)
    if any(m and m in named for m in makers):
        return version.name
    if len(words[-1]) > 3 and any(m.endswith(words[-1]) for m in makers):
        return remixer  # "M. Mayer Mix" by Michael Mayer
    if version.kind in ("remix", "rework", "edit", "dub", "bootleg") and not STYLES.issuperset(words):
        return version.name
    return f"{remixer} {version.name}"


def version_kind(versions: tuple[Version, ...]) -> str:
    """Kind of the main statement ("remix"); "remaster" if that is all there is; "original" for none."""
    separating = [v.kind for v in versions if v.kind not in _WEAK]
    if separating:
        return next((k for k in separating if k not in _QUALIFIERS), separating[0])
    return "remaster" if any(v.kind == "remaster" for v in versions) else "original"


def version_key(versions: tuple[Version, ...]) -> str:
    """Comparable key of a version; '' for the original. Parts joined by ``|``, the main one first.

    A part is ``kind`` or ``kind:name`` (names folded, several sorted and joined by ``+``); a year that
    belongs to the version is a part. Equal for "Dimension Remix", "Dimension's Remix", "Remix by Dimension"
    and the mix name "Remix" with the remixer "Dimension". A remaster is a version of its own (it has its own
    ISRC, length and release); its year stands where a name does, since providers give it or leave it out.
    """
    main: dict[str, None] = {}
    rest: set[str] = set()
    bare = {v.kind for v in versions if not v.name}
    for v in versions:
        if v.kind == "original":
            continue
        plain = v.kind == "remaster" or (v.kind in _QUALIFIERS and not v.name)
        if plain:
            rest.add(f"remaster:{v.year}" if v.kind == "remaster" and v.year else v.kind)
        else:
            main[_main_part(v, bare)] = None
        if v.year and v.kind not in ("live", "remaster"):
            rest.add(str(v.year))
    for kind in _MADE & bare:
        if any(part.startswith(f"{kind}:") for part in main):
            main.pop(kind, None)
    if not rest.isdisjoint(_QUALIFIERS) and all(
        v.kind == "mix" and not v.name for v in versions if _FAMILY.get(v.kind, v.kind) == "remix"
    ):
        main.pop("remix", None)  # the artist's own "Club Mix": the qualifier says it all
    return "|".join([*main, *sorted(rest)])


def _main_part(version: Version, bare: set[str]) -> str:
    """Part of the key of a main statement, beside statements without a name of the kinds `bare`."""
    kind = _FAMILY.get(version.kind, version.kind)
    name = _name_key(version.name)
    if kind == "remix" and name:  # "Somebody Dub Remix", "Somebody Remix (Dub)", "Somebody VIP Remix"
        kind = next((made for made in ("dub", "vip") if made in bare), kind)
    return f"{kind}:{name}" if name else kind


@lru_cache(maxsize=65_536)
def _name_key(name: str) -> str:
    plain = _FEATURED_NAME.sub(", ", _POSSESSIVE.sub("", name))
    return "+".join(sorted({k for n in split_names(plain) if (k := fold_key(n))})) if plain else ""
