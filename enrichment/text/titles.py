"""Finding the phrases of a title: bracket groups, what stands behind a dash, and unbracketed "feat. X".

Belongs here: cutting one title text into its base and its phrases, brackets balanced or not. What a phrase
means: `phrases`; providers' separate version fields and the comparison of versions: `versions`.
"""

import re
from typing import NamedTuple

from enrichment.text.heads import Version
from enrichment.text.phrases import FEATURED_MARK, Phrase, read_phrase


class TitleParts(NamedTuple):
    """A title taken apart: `title` (display), `featured` (credit texts), `versions`, `tags` (folded)."""

    title: str
    featured: tuple[str, ...] = ()
    versions: tuple[Version, ...] = ()
    tags: tuple[str, ...] = ()


_INTERESTING = re.compile(
    r"[(\[{<]|\s[-–—]\s|\b(?:feat|ft|featuring|prod|remix|rmx|vip|bootleg|refix|edit|mix|version|acapella|remaster\w*)\b"
    r"|\bw/|\bw_|\bf/|\(f\)",
    re.IGNORECASE,
)
_OPEN, _CLOSE = "([{", ")]}"
_MAX_NESTED = 8
_COUNTRY = re.compile(r"(?<=\w)\s?\((?:[A-Z]{2}|\d{1,2})\)(?=\s)")
"""What sets a name within a version apart: "Ajna (BE) Remix", "Somebody (2) Remix"."""
_INLINE_FEATURED = re.compile(
    rf"(?:(?<=\s)|(?<=[)\]])){FEATURED_MARK}\s*(?=\S)|\s\(f\)\.?\s*(?=\S)", re.IGNORECASE
)
_INLINE_PRODUCER = re.compile(r"\s+prod(?:uced)?\.?\s+by\s+\S.*$", re.IGNORECASE)
_DASH = re.compile(r"\s+[-–—]\s+")
_TAIL = re.compile(
    r"\s+((?:original|radio|extended|club|dub|instrumental|vip)\s+(?:mix|edit|version)|vip|remix|rmx|bootleg|refix|edit"
    r"|a?cap+ella|instrumental|remaster(?:ed)?(?:\s+\d{4})?|\d{4}\s+remaster(?:ed)?)$",
    re.IGNORECASE,
)
_DANGLING = re.compile(r"\s+(?:feat|featuring|ft)\.?$", re.IGNORECASE)
_CUT_OFF = ("Original Mix", "Extended Mix", "Radio Edit", "Club Mix", "Original Club Mix", "Extended Remix")
_MARK = re.compile(r"(?<=\S)\s*\[([^\[\]]+)\]$")
_CATALOGUE = re.compile(r"(?<=\S)\s*\(([A-Z]{3,8}[ -]?\d{2,4}[A-Z]?)\)$")
"""A catalogue number in round brackets."""
_CUT = re.compile(r"\s*(?:\.{3,}|…)\s*[)\]]?$")
_NUMBERING = re.compile(
    r"^(?:\S|[ivx]+|\d+)$|\b(?:part|pt|vol|volume|no|nr|chapter|act|take|side|track|disc|mix)\b",
    re.IGNORECASE,
)
_UNTITLED = re.compile(r"untitled\b", re.IGNORECASE)
_SPACES = re.compile(r"\s+")


class Collector:
    """What the phrases of one title say, in the order of the text."""

    def __init__(self) -> None:
        self.featured: list[str] = []
        self.versions: list[Version] = []
        self.tags: list[str] = []

    def take(self, phrase: Phrase, *, first: bool = False) -> bool:
        """Add what a phrase says; False if it says nothing."""
        if phrase.featured:
            self.featured.append(phrase.featured)
        self.versions[:] = [*phrase.versions, *self.versions] if first else [*self.versions, *phrase.versions]
        self.tags += phrase.tags
        return bool(phrase)


def take_apart(text: str) -> TitleParts:
    """A tidied title's parts. One that would be left empty keeps its text: "(Somebody Remix)" is a title."""
    if not _INTERESTING.search(text):
        return TitleParts(text)
    found = Collector()
    cut = _CUT.sub("", text)
    if _open_group(cut):  # "(Somebody Club M...)": cut within brackets, closed or not
        text = cut
    base, suffixes = _suffixes(take_groups(text, found))
    base = _inline(base, found)
    for phrase in suffixes:
        found.take(phrase)
    base = _DANGLING.sub("", _SPACES.sub(" ", base)).strip(" -–—,;")
    if not base:
        return TitleParts(text.strip("()[]{} ") or text)
    if base[-1] == "]" or _CATALOGUE.search(base):
        base = _inline(_without_mark(base, found), found)
    return TitleParts(base, tuple(found.featured), tuple(found.versions), tuple(found.tags))


def _open_group(text: str) -> bool:
    """Whether a bracket is open at the end of the text."""
    return text.count("(") > text.count(")") or text.count("[") > text.count("]")


def _without_mark(base: str, found: Collector) -> str:
    """Text without a closing square bracket that says nothing about the recording.

    Labels, catalogue numbers, shows and genres stand there ("[Anjunabeats]", "[DC123]"). Numbering stays
    ("[Part 2]", "[A]"), and what tells an untitled work from the next.
    """
    match = _MARK.search(base) or _CATALOGUE.search(base)
    if not match or _NUMBERING.search(match[1]) or _UNTITLED.match(base):
        return base
    found.tags.append(match[1].lower())
    return base[: match.start()]


def _suffixes(text: str) -> tuple[str, list[Phrase]]:
    """(text without the phrases behind its last dashes, those phrases in order).

    A lone number behind a dash only counts with another phrase before it ("Live - 2015"): else it is a title
    ("Blade Runner - 2049").
    """
    suffixes: list[Phrase] = []
    pending: list[Phrase] = []
    base, end = text, len(text)
    for dash in reversed(list(_DASH.finditer(text))):
        phrase = read_phrase(text[dash.end() : end])
        if not phrase or not dash.start():
            break
        pending.insert(0, phrase)
        end = dash.start()
        if suffixes or phrase.versions or phrase.featured or not text[dash.end() :].strip().isdigit():
            suffixes, pending = [*pending, *suffixes], []
            base = text[:end].rstrip(" -–—")
    return base, suffixes


def take_groups(text: str, found: Collector) -> str:
    """Text without the bracket groups that mean something; the others stay. Stray brackets are mended."""
    out: list[str] = []
    start = None
    depth = 0
    for i, char in enumerate(text):
        if char in _OPEN:
            if depth == 0:
                out.append(text[start or 0 : i])
                start = i
            depth += 1
        elif char in _CLOSE:
            if depth == 0:  # a stray closing bracket
                out.append(text[start or 0 : i])
                start = i + 1
            else:
                depth -= 1
                if depth == 0:
                    out.append(_group(text[start : i + 1], found))
                    start = i + 1
    rest = text[start or 0 :]
    out.append(_group(_complete(rest), found) if depth else rest)
    return "".join(out)


def _complete(group: str) -> str:
    """A group that was never closed, completed where its text was cut off ("(Original M", "(Somebody Re")."""
    inner = group[1:].strip().lower()
    if len(inner) > 2:
        whole = next((full for full in _CUT_OFF if full.lower().startswith(inner)), None)
        if whole:
            return f"({whole})"
    words = inner.split()
    if len(words) > 1:
        kept = group.rstrip().rsplit(" ", 1)[0]
        if words[-1] in {"r", "re", "rem", "remi"}:
            return f"{kept} Remix)"
        if words[-1] in {"m", "mi"} and words[-2] in {
            "club",
            "original",
            "extended",
            "dub",
            "radio",
            "vocal",
        }:
            return f"{kept} Mix)"
        if words[-1] in {"e", "ed", "edi"} and words[-2] in {"radio", "club", "extended"}:
            return f"{kept} Edit)"
    return group


def _group(group: str, found: Collector) -> str:
    """What stays of one top-level group, brackets included, once its meaning is taken."""
    closed = group[-1] in _CLOSE and len(group) > 1
    inner = _COUNTRY.sub("", group[1:-1] if closed else group[1:])
    if 0 < sum(inner.count(c) for c in _OPEN) <= _MAX_NESTED:
        nested = Collector()
        rest = _SPACES.sub(" ", take_groups(inner, nested)).strip()
        if nested.versions or nested.featured or nested.tags:
            said = read_phrase(rest)
            if said or not rest:
                found.take(said)
                found.take(Phrase(tuple(nested.versions), ", ".join(nested.featured), tuple(nested.tags)))
                return " "
        inner = inner.replace("(", " ").replace(")", " ").replace("[", " ").replace("]", " ")
    if found.take(read_phrase(_SPACES.sub(" ", inner), square=group[0] == "[")):
        return " "
    if not inner.strip():
        return " "
    return group if closed else group + {"(": ")", "[": "]", "{": "}"}[group[0]]


def _inline(base: str, found: Collector) -> str:
    """Text without unbracketed "feat. X", "prod. by X" and closing version words."""
    match = _INLINE_FEATURED.search(base, 1)
    if (
        match
        and base[: match.start()].strip()
        and base.count("(", 0, match.start()) == base.count(")", 0, match.start())
    ):
        names = base[match.end() :].strip()
        rest = ""
        group = re.search(r"\s+[(\[]", names)
        if group:
            names, rest = names[: group.start()], names[group.start() :]
        found.featured.insert(0, names)
        base = f"{base[: match.start()].rstrip()}{rest}"
    base = _INLINE_PRODUCER.sub("", base) or base
    match = _TAIL.search(base)
    if match and match.start() > 0 and not found.versions:
        found.take(read_phrase(match[1]), first=True)
        base = base[: match.start()]
    return base
