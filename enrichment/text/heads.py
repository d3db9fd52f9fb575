"""A version phrase read from its end: ``Somebody Extended Remix`` is head, qualifier and name.

The head (``Remix``) says what it is, qualifiers (``Extended``) add kinds of their own, and what remains is
the name. Belongs here: `Version` and how one is read from words. Which phrases are versions at all:
`phrases`.
"""

import re
from dataclasses import dataclass

from enrichment.text.fold import fold
from enrichment.text.vocabulary import (
    ALONE,
    HEADS,
    LEADING,
    NOT_POSSESSIVE,
    NUMBERS,
    QUALIFIERS,
    SOFT_HEADS,
    STYLES,
)


@dataclass(frozen=True, slots=True)
class Version:
    """One statement about which version of a work a recording is.

    Attributes:
        kind: original, remix, edit, extended, radio, club, vocal, dub, vip, bootleg, mashup, live, acoustic,
            instrumental, acapella, cover, remaster, rerecording, demo, rework, mix, tool, reprise, intro,
            outro, interlude, spedup, slowed, continuous (a whole DJ mix).
        by: who made it, as written; None where the phrase names nobody (``Hands And Feet Mix``).
        year: year in the phrase (``2013 Remaster``).
        raw: the phrase as written.
        name: the phrase without head, qualifiers and year (``Somebody``, ``Hands And Feet``), for comparison.
    """

    kind: str
    by: str | None = None
    year: int | None = None
    raw: str = ""
    name: str = ""


_COMPOUND = re.compile(r"mash.up|app?el+a|\bre[ ]|12|7|up\b|nightcore|slowed|full", re.IGNORECASE)
_COMPOUNDS = (
    (re.compile(r"\bmash[ ]up\b", re.IGNORECASE), "mashup"),
    (re.compile(r"\ba[ -]?c+app?el+a\b", re.IGNORECASE), "acapella"),
    (
        re.compile(r"\bre[ ](mix|edit|master(?:ed)?|rub|fix|work|make|touch|dub|recorded)\b", re.IGNORECASE),
        r"re\1",
    ),
    (re.compile(r"\b(12|7)(?:\s*(?:''|\"|”|″|’’|inch\b)|-inch\b)", re.IGNORECASE), r"\1inch"),
    (re.compile(r"\b(?:sped|speed)[ -]up\b|\bnightcore\b", re.IGNORECASE), "spedup"),
    (re.compile(r"\bslowed(?: down)?(?:\s*(?:\+|&|and|n)\s*reverb)?(?!\w)", re.IGNORECASE), "slowed"),
    (re.compile(r"\bfull[ -]length\b", re.IGNORECASE), "extended"),
)
_BY = re.compile(r"^(.*?)\s+by\s+(\S.*)$", re.IGNORECASE)
_POSSESSIVE = re.compile(r"^(.{2,}?(?:['’]s|s['’]))\s+(\S.*)$", re.IGNORECASE)
_POSSESSIVE_END = re.compile(r"(?<=\w)(?:['’]s|(?<=s)['’])$", re.IGNORECASE)
_RE_WORD = re.compile(r"^re-[a-z]{3,}$", re.IGNORECASE)
_YEAR = re.compile(r"^(?:19[5-9]\d|20[0-4]\d)$")
_NUMBERING = re.compile(r"^(?:\d|[ivx]{1,4}|v\d{1,2}|pt\d?|part|one|two|three|a|b)$")
_NOT_ALNUM = re.compile(r"[^0-9a-z]+")
_NAMED_BEHIND = frozenset({"remix", "rmx", "bootleg", "rework"})
_NAMED_BY = frozenset({"remix", "edit", "rework", "bootleg", "mashup", "vip", "dub"})
_MAIN_KINDS = (
    "mashup", "bootleg", "remix", "rework", "dub", "vip", "edit", "cover", "rerecording", "demo", "acoustic",
    "reprise", "tool", "mix",
)  # fmt: skip
PLAIN_KINDS = frozenset(
    {
        "extended", "radio", "club", "vocal", "instrumental", "acapella", "live", "intro", "outro", "spedup",
        "slowed",
    }
)  # fmt: skip
"""Kinds that stand beside a main statement ("Somebody Extended Remix") or alone ("Extended Mix")."""


def word(text: str) -> str:
    """Form of one word in the tables of `vocabulary`: lower-case ASCII letters and digits only."""
    return _NOT_ALNUM.sub("", text.lower() if text.isascii() else fold(text))


def read_version(phrase: str) -> tuple[Version, ...]:
    """Versions of a phrase that ends in a head, or ``head by somebody``; empty if it has no head."""
    text = phrase.replace(" 's ", "'s ")
    if _COMPOUND.search(text):
        for pattern, replacement in _COMPOUNDS:
            text = pattern.sub(replacement, text)
    by = None
    match = _BY.match(text)
    if match and word(match[1].split()[-1]) in HEADS:
        text, by = match[1], match[2]
    words = _head_last(text.split())
    keys = [word(w) for w in words]
    if len(words) == 1 and keys[0] in ALONE and not by:
        return (Version(ALONE[keys[0]], raw=phrase),)
    if len(words) > 1 and keys[-1] not in HEADS and (_RE_WORD.match(words[-1]) or _is_soft(keys[-1], text)):
        return _compose(["rework"], set(), " ".join(words[:-1]), by, None, "", phrase)
    heads, qualifiers, year, numbering, end = _strip_end(keys)
    headless = keys[-1] == "extended" if end else not PLAIN_KINDS.isdisjoint(qualifiers)
    if not heads and not headless:
        return ()
    start = (
        1 if keys[0] == "original" and end > 2 else 0
    )  # "Original Somebody Else Mix"; not "Original Sin Remix"
    while start < end and (keys[start] in LEADING or _YEAR.match(keys[start])):
        if _YEAR.match(keys[start]):
            year = year or int(keys[start])
        elif keys[start] == "extended":
            qualifiers.add("extended")
        start += 1
    name = " ".join(words[start:end]).strip(' ,-"“”')
    return _compose(heads, qualifiers, name, by, year, numbering, phrase)


def _head_last(words: list[str]) -> list[str]:
    """Words with the head at their end: "Somebody Remix" for "Remix Somebody"; other words unchanged."""
    if len(words) > 1 and word(words[0]) in _NAMED_BEHIND and _is_name([word(w) for w in words[1:]]):
        return [*words[1:], words[0]]
    return words


def _is_name(keys: list[str]) -> bool:
    """Whether words behind a head can be a name: no head, qualifier, year or numbering is among them."""
    return not any(
        key in HEADS or key in QUALIFIERS or _YEAR.match(key) or _NUMBERING.match(key) or not key
        for key in keys
    )


def _is_soft(key: str, text: str) -> bool:
    """Whether an ordinary word works as a head here: only after a possessive ("Somebody's Touch")."""
    return key in SOFT_HEADS and bool(_POSSESSIVE.match(text))


def _strip_end(keys: list[str]) -> tuple[list[str], set[str], int | None, str, int]:
    """Read words from the end: (heads, kinds added by qualifiers, year, numbering, number of words left)."""
    heads: list[str] = []
    qualifiers: set[str] = set()
    year: int | None = None
    numbering = ""
    end = len(keys)
    while end:
        key = keys[end - 1]
        if key in HEADS:
            heads.append(HEADS[key])
        elif key in QUALIFIERS and len(keys) > 1:
            qualifiers.add(QUALIFIERS[key])
        elif _YEAR.match(key) and (heads or end > 1):
            year = int(key)
        elif numbering and not heads and key in ("part", "pt"):
            pass
        elif not heads and not numbering and _NUMBERING.match(key) and end > 1:
            numbering = NUMBERS.get(key, key)
        elif key:
            break
        end -= 1
    return heads, qualifiers, year, numbering, end


def _compose(  # noqa: PLR0917 - private, called twice, every argument is one part of the phrase
    heads: list[str],
    qualifiers: set[str],
    name: str,
    by: str | None,
    year: int | None,
    numbering: str,
    raw: str,
) -> tuple[Version, ...]:
    """Versions from what was read: the main statement first, then the qualifying ones."""
    kinds = set(heads) | qualifiers
    dated = None if "remaster" in kinds else year  # the year of "2007 Remaster" says when it was remastered
    by = by or _maker(name, heads)
    name = _POSSESSIVE_END.sub("", f"{by} {name}".strip() if by and fold(by) not in fold(name) else name)
    found: list[Version] = []
    main = next((k for k in _MAIN_KINDS if k in kinds), None)
    if main in ("remix", "dub") and "edit" in heads:
        kinds.add("radio")  # a "Remix Edit" is a remix cut short
    plain = sorted(kinds & PLAIN_KINDS)
    if main in ("mix", "edit") and plain and not name:
        main = None  # "Radio Edit", "Extended Mix": the qualifier says it all
    elif main in ("mix", "edit") and plain == ["radio"]:
        main = "remix"  # "Somebody Radio Edit" is the short form of Somebody's remix
    elif main in (None, "mix") and name and plain:
        main = "mix"
    if (
        main == "mix"
        and not name
        and not dated
        and not numbering
        and ("original" in kinds or "remaster" in kinds)
    ):
        main = None
    if main:
        full_name = f"{name} {numbering}".strip()
        found.append(Version(main, by, dated, raw, full_name))
    year_of_plain = None if main else dated  # "Club Mix 2009"
    found += [Version(kind, year=year_of_plain, raw=raw) for kind in plain if kind != main]
    found += [Version(kind, raw=raw) for kind in ("vip", "dub") if kind in kinds and main not in (None, kind)]
    if "remaster" in kinds:
        found.append(Version("remaster", year=year, raw=raw))
    return tuple(found) or (Version("original", raw=raw),)


def _maker(name: str, heads: list[str]) -> str | None:
    """Who made it, as far as the name of a version says so; None where it may name the mix itself."""
    if not name:
        return None
    match = _POSSESSIVE.match(name)
    if match and fold(match[1].rstrip("sS'’ ")) not in NOT_POSSESSIVE:
        return _POSSESSIVE_END.sub("", match[1])
    if _NAMED_BY.isdisjoint(heads):
        return None
    words = _POSSESSIVE_END.sub("", name).split()
    while words and word(words[-1]) in STYLES:
        words.pop()
    made_by = " ".join(words)
    return made_by if any(c.isalpha() for c in made_by) else None
