"""What a phrase in brackets or after a dash means: a version, a featured artist, a tag, or part of the title.

Belongs here: telling these apart for one phrase. How a version phrase is read: `heads`; how phrases are found
in a
title: `versions`.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from enrichment.text.fold import fold
from enrichment.text.heads import Version, read_version
from enrichment.text.vocabulary import STYLES, TAG_TRIGGERS, TAG_WORDS


@dataclass(frozen=True, slots=True)
class Phrase:
    """Meaning of one phrase: `versions`, `featured` (a credit) or `tags`; all empty: part of the title."""

    versions: tuple[Version, ...] = ()
    featured: str = ""
    tags: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.versions or self.featured or self.tags)


FEATURED_MARK = r"(?:feat(?:uring)?\b\.?|ft\b\.?|f/|w/|w_)"
"""Regular expression of what announces a featured artist outside brackets."""

_NOTHING = Phrase()
_MAX_WORDS = 14
_FEATURED = re.compile(rf"^(?:{FEATURED_MARK}|with\s|w\.\s|/?w\s)\s*(?=\S)", re.IGNORECASE)
_GUEST = re.compile(
    r"^(\S.*?\s(?:remix|rmx|mix|edit|dub|version))\s+(?:feat|ft|featuring)\b\.?\s*(\S.*)$", re.IGNORECASE
)
_WITH_NOBODY = re.compile(
    r"^with\s+(?:you|me|u|us|him|her|it|them|a|an|my|your|our|or|no|out|this|that|love|every\w*|all|each|rap)\b",
    re.IGNORECASE,
)
_PRODUCED = re.compile(r"^(?:(?:co-?)?prod(?:uced)?\b\.?(?:\s*by\b)?|written by|caller:)\s*\S", re.IGNORECASE)
_SOUNDTRACK = re.compile(
    r"^(?:(?:theme|music|song|love theme|main theme|theme song|original song|titelsong)\s+)?(?:from|aus|de)"
    r"\s+(?:.*[\"“”«»„]|.*\b(?:film|movie|series|soundtrack|motion picture|game|netflix|musical|disney|tv"
    r"|saga|trailer)\b)|^(?:original )?(?:motion picture )?(?:soundtrack|score)\b|\bost$|^theme from\b"
    r"|^(?:main )?title theme$|^taken from\b|^from (?:the )?(?:forthcoming )?(?:album|ep|lp|single)\b",
    re.IGNORECASE,
)
_ANTHEM = re.compile(r"\S.*\banthem(?:\s+\d{4})?$", re.IGNORECASE)
_RELEASE = re.compile(r"\S.*\b(?:edition|remixes|mixes|versions|bonus tracks?|ep)$|^remixes$", re.IGNORECASE)
_DATED = re.compile(
    r"^(?:\d{1,2}\.? )?(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\w* (?:\d{1,2},? )?(?:19|20)\d\d$",
    re.IGNORECASE,
)
_LIVE = re.compile(
    r"^(?:recorded\s+)?live(?:\s+(?:at|from|in|on|à|au|aux|im|em|en|@|version|mix|set|pa|session|sessions|performance|edit|recording|take"
    r"|acoustic|lounge|@?\w+\s+session)\b.*|\s.*\b(?:sessions?|concert|tour|show)|\s*@.*|\s+(?:19|20)\d\d|\W*)$"
    r"|^(?:recorded (?:live|at|in)\b|ao vivo|en vivo|en directo|dal vivo|in concert|mtv unplugged|unplugged"
    r"|spotify (?:singles?|sessions?)\b)"
    r"|\b(?:live lounge|in concert|live sessions?|live version|recorded live|live)$",
    re.IGNORECASE,
)
_NOT_LIVE = re.compile(
    r"^(?:.*\b(?:we|you|i|to|they|long|must|let|and)\s+live|live in (?:sin|hope|love|peace))$", re.IGNORECASE
)
_PLACE = re.compile(
    r"\b(?:live|recorded|ao vivo|en vivo|dal vivo|en directo|en concert)"
    r"\s+(?:at|from|in|on|@|em|en|a|à|al|au|aux|im|aus)\s+(?:the\s+)?([^,;/|\-–—@]*[^\W\d][^,;/|\-–—@]*?)(?=\s+(?:19|20)\d\d|\s*[,;/|\-–—@]|$)",
    re.IGNORECASE,
)
"""Where a recording was played live, up to a comma or a year."""
_CONTINUOUS = re.compile(
    r"\b(?:continuous|unbroken|full (?:continuous|dj))\s+(?:dj\s+)?mix\b|^(?:dj|mini|year) ?mix$|\bdj set$",
    re.IGNORECASE,
)
_MIXED_BY = re.compile(
    r"^(?:continuous )?mixed(?: by .+)?$|^mix cut$|^cut$|^(?:out|coming) (?:soon|now)$"
    r"|^mixed (?:&|and) mastered$",
    re.IGNORECASE,
)
_SHOW = re.compile(r"^(?:abgt|asot|tatw|gdjb|fsoe|wao138|ukf)[ #]*\d{1,4}$", re.IGNORECASE)
"""A radio show whose mix the track was taken from."""
_SLASH = re.compile(r"\s*[/;]\s*")
_DASH = re.compile(r"\s+[-–—]\s+")
_YEAR = re.compile(r"^(?:19[5-9]\d|20[0-4]\d)$")
_KEY = re.compile(r"^(?:1[0-2]|0?[1-9])[AB]$")
_PERSONAL = re.compile(r"^\d$|^[A-Z]{2}$")


@lru_cache(maxsize=65_536)
def read_phrase(text: str, *, square: bool = False) -> Phrase:
    """Meaning of one phrase, without its brackets. Nested phrases must have been taken out before.

    Args:
        text: the phrase.
        square: it stood in square brackets, where people keep their own marks ("[TH]", "[MINIMAL]", "[1]").
    """
    phrase = text.strip(" ,;:*-–—~")
    if not phrase or phrase.count(" ") >= _MAX_WORDS:
        return _NOTHING
    if square and (_PERSONAL.match(phrase) or (phrase.isupper() and STYLES.issuperset(fold(phrase).split()))):
        return Phrase(tags=(phrase.lower(),))
    match = _FEATURED.match(phrase)
    if match:
        return _NOTHING if _WITH_NOBODY.match(phrase) else _read_featured(phrase[match.end() :])
    guest = _GUEST.match(phrase)
    if guest:  # "Somebody Remix feat. Somebody Else"
        version = read_phrase(guest[1])
        if version.versions:
            return _join([version, Phrase(featured=guest[2])])
    for separator in (_DASH, _SLASH):
        if separator.search(phrase):
            parts = [_read_part(part) for part in separator.split(phrase)]
            if all(parts):
                return _join(parts)
    return _read_part(phrase)


def _join(parts: list[Phrase]) -> Phrase:
    return Phrase(
        tuple(v for p in parts for v in p.versions),
        ", ".join(p.featured for p in parts if p.featured),
        tuple(t for p in parts for t in p.tags),
    )


def _read_featured(names: str) -> Phrase:
    parts = _DASH.split(names, maxsplit=1)
    if len(parts) == 2:
        rest = read_phrase(parts[1])
        if rest:
            return _join([Phrase(featured=parts[0]), rest])
    return Phrase(featured=names)


def _read_part(phrase: str) -> Phrase:
    """Meaning of a phrase that is one statement."""
    tokens = fold(phrase).split()
    if not tokens:
        return _NOTHING
    if _is_tag(phrase, tokens):
        return Phrase(tags=(" ".join(tokens),))
    if _CONTINUOUS.search(phrase):
        part = _CONTINUOUS.split(phrase, maxsplit=1)[-1].strip()  # "Continuous Mix CD2"
        return Phrase((Version("continuous", raw=phrase, name=part),))
    if _LIVE.search(phrase) and not _NOT_LIVE.match(phrase):
        year = next((int(t) for t in tokens if _YEAR.match(t)), None)
        place = _PLACE.search(phrase)
        return Phrase((Version("live", year=year, raw=phrase, name=place[1] if place else ""),))
    return Phrase(read_version(phrase))


def _is_tag(phrase: str, tokens: list[str]) -> bool:
    """Whether a phrase says something about the file or the release only."""
    if len(tokens) == 1 and (_YEAR.match(tokens[0]) or _KEY.match(phrase)):
        return True
    if TAG_WORDS.issuperset(tokens) and not TAG_TRIGGERS.isdisjoint(tokens):
        return True
    return bool(
        _MIXED_BY.match(phrase)
        or _PRODUCED.match(phrase)
        or _SOUNDTRACK.search(phrase)
        or _ANTHEM.match(phrase)
        or _RELEASE.match(phrase)
        or _DATED.match(phrase)
        or _SHOW.match(phrase)
    )
