"""Who is credited: one written credit ("A & B feat. C") as names.

Belongs here: splitting a credit into names and cleaning each. Whether "Above & Beyond" is one act or two
cannot be told from the text alone: names are compared as a *set* of finely split keys, in which both readings
agree, while `Credit.main` keeps acts known to be one in one piece for display.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from enrichment.text.acts import ONE_ACT
from enrichment.text.fold import fold_key, tidy
from enrichment.text.vocabulary import UNKNOWN_ARTISTS


@dataclass(frozen=True, slots=True)
class Credit:
    """A credit as names.

    Attributes:
        display: the whole credit, tidied, with featured artists.
        main_display: the credit without the featured artists and without disambiguators.
        main: main artists as written, in order, without disambiguators.
        featured: featured artists as written, in order.
        aliases: other names given for a main artist ("A aka B": B).
        disambiguators: (name, disambiguator) as in "Somebody (NL)" or Discogs' "Somebody (2)".
        keys: folded keys of the main artists, finely split, in order, without repeats.
        featured_keys: the same for the featured ones and the aliases.
        unknown: the credit says that the artist is not known ("ID", "Unknown Artist").
    """

    display: str = ""
    main_display: str = ""
    main: tuple[str, ...] = ()
    featured: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    disambiguators: tuple[tuple[str, str], ...] = ()
    keys: tuple[str, ...] = ()
    featured_keys: tuple[str, ...] = ()
    unknown: bool = False


_FEATURED = re.compile(
    r"\s*[(\[]\s*(?:feat\b\.?|ft\b\.?|featuring\b|with\b|w/|f/|w_)\s*([^)\]]*)[)\]]?"
    r"|(?:(?<=\s)|(?<=[)\]]))(?:feat[.:]|ft[.:]|featuring\s|feat\s|ft\s|f/|w/|w_|\(f\)\.?)\s*"
    r"|(?<=\S\s)with\s+(?=\S)",
    re.IGNORECASE,
)
_WITH = re.compile(r"^with\s+$", re.IGNORECASE)
_STRONG = re.compile(
    r"\s*[;,|]\s*|\s+(?:x|×|vs\.?|versus|b2b|/|//|/\\|pres\.?|presents|presenting|meets)\s+|\s+vs\.?$",
    re.IGNORECASE,
)
_WEAK = re.compile(r"\s+(?:&|\+|and)\s+|\s*[&+]\s+|\s+[&+]\s*|(?<=\w{3})&(?=\w{3})", re.IGNORECASE)
_FINE = re.compile(rf"{_STRONG.pattern}|{_WEAK.pattern}", re.IGNORECASE)
_MEMBERS = re.compile(r"\s*\([^()]*[,&+][^()]*\)")
_AKA = re.compile(r"\s+(?:aka|a\.k\.a\.?|a/k/a|alias)\s+", re.IGNORECASE)
_ONE_UNIT = re.compile(
    r"^(?:the|his|her|their|friends|co\.?|company|sons|los|las|les|die|la|orchestra)\b", re.IGNORECASE
)
_DISAMBIGUATOR = re.compile(r"\s+\(([^()]+)\)$|(?<=\w\w)\(([A-Z]{2,3}|[A-Z][a-z]{3,})\)$")
_INVERSION = re.compile(r"^([^,]+), (The|A|An|Les|Los|Die|Der|Das)$")
_COMPOUND = re.compile(
    r"[,;|&+()\[\]/×]|\b(?:x|vs|versus|b2b|pres|presents|presenting|meets|and|feat|ft|featuring|with|aka|a\.k\.a|alias)\b"
    r"|\bw_|^[-–—]|[-–—]$",
    re.IGNORECASE,
)
_EDGES = " ,;&+|/-–—"


def split_names(text: str) -> list[str]:
    """Every name in a credit, split at all separators, cleaned of disambiguators; order kept."""
    names = [name for part in _FINE.split(text) if (name := _strip(part)[0])]
    if len(names) == 2 and names[0] == names[1]:
        return [text.strip()]  # "W & W" is no credit of two
    return names


@lru_cache(maxsize=131_072)
def parse_credit(artist_raw: str | None) -> Credit:
    """Names of one written credit; an empty `Credit` for an empty text. Never raises."""
    display = tidy(artist_raw)
    if not display:
        return Credit()
    inverted = _INVERSION.match(display)
    if inverted:
        display = f"{inverted[2]} {inverted[1]}"
    key = fold_key(display)
    if key in _UNKNOWN_KEYS:
        return Credit(display, unknown=True)
    if not _COMPOUND.search(display):
        return Credit(display, display, (display,), keys=(key,) if key else ())
    main_text, featured_texts = _featured(display)
    main_text = _MEMBERS.sub("", main_text) or main_text  # "Somebody (A + B)" tells who is in Somebody
    main, aliases, notes = _display_names(main_text)
    featured: list[str] = []
    for text in featured_texts:
        names, more, more_notes = _display_names(text)
        featured += [n for n in names if n not in featured]
        aliases += more
        notes += more_notes
    keys = _keys([n for unit in _STRONG.split(main_text) for n in split_names(_AKA.split(unit)[0])])
    others = [n for text in (*featured_texts, *aliases) for n in split_names(_AKA.sub(", ", text))]
    featured_keys = tuple(k for k in _keys(others) if k not in keys)
    known = tuple(k for k in keys if k not in _UNKNOWN_KEYS)
    unknown, keys = not known, known or keys
    shown = main_text
    for _, note in notes:
        shown = shown.replace(f" ({note})", "").replace(f"({note})", "")
    return Credit(
        display,
        shown,
        tuple(main),
        tuple(featured),
        tuple(aliases),
        tuple(notes),
        keys,
        featured_keys,
        unknown,
    )


_UNKNOWN_KEYS = frozenset(fold_key(name) for name in UNKNOWN_ARTISTS)


def _keys(names: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(key for name in names if (key := fold_key(name))))


def _featured(display: str) -> tuple[str, list[str]]:
    """(main credit, featured credits)."""
    match = _FEATURED.search(display, 1)
    while match and _WITH.search(match[0]) and " " not in display[: match.start()].strip():
        match = _FEATURED.search(display, match.end())  # "Man With No Shadow" is a name
    if not match:
        return display, []
    main = display[: match.start()].strip(_EDGES)
    if match[1] is not None:
        rest = display[match.end() :].strip()
        featured = [match[1].strip(_EDGES)]
        if rest.strip(_EDGES):
            separator = "" if rest[0] in ",;&+" else " "
            more_main, more = _featured(f"{main}{separator}{rest}")
            return more_main, [f for f in featured if f] + more
    else:
        text, more = _featured(display[match.end() :].strip())
        featured = [text.strip(_EDGES), *more]
    return (main, [f for f in featured if f]) if main else (display, [])


def _display_names(text: str) -> tuple[list[str], list[str], list[tuple[str, str]]]:
    """(names as written, aliases, disambiguators) of a credit without featured artists."""
    names: list[str] = []
    aliases: list[str] = []
    notes: list[tuple[str, str]] = []
    seen: set[str] = set()
    for unit in [text] if fold_key(text) in ONE_ACT else _STRONG.split(text):
        whole, *others = _AKA.split(unit)
        aliases += [a for o in others if (a := _strip(o)[0])]
        for part in _split_weak(whole):
            name, note = _strip(part)
            if name and (key := fold_key(name)) not in seen:
                seen.add(key)
                names.append(name)
                if note:
                    notes.append((name, note))
    return names, aliases, notes


def _split_weak(unit: str) -> list[str]:
    """Split at "&", "+" and "and", except within acts that are known, or by their form seem, to be one."""
    parts = _WEAK.split(unit)
    if len(parts) == 1 or fold_key(unit) in ONE_ACT:
        return [unit]
    spans = [m.span() for m in _WEAK.finditer(unit)]
    starts, ends = [0, *(e for _, e in spans)], [*(s for s, _ in spans), len(unit)]
    result: list[str] = []
    i = 0
    while i < len(parts):
        j = i
        if i + 1 < len(parts):
            pair = unit[starts[i] : ends[i + 1]]
            if fold_key(pair) in ONE_ACT or _ONE_UNIT.match(parts[i + 1]):
                j = i + 1
        result.append(unit[starts[i] : ends[j]])
        i = j + 1
    return result


def _strip(name: str) -> tuple[str, str]:
    """(name, disambiguator) of one name."""
    name = name.strip(_EDGES)
    if name.endswith(")"):
        match = _DISAMBIGUATOR.search(name)
        if match and match.start() > 0:
            return name[: match.start()].strip(), (match[1] or match[2]).strip()
    return name, ""
