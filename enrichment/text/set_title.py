"""Titles of DJ sets: who played, at which stage of which event, where, or in which episode of which show.

Forms: ``DJs @ Stage, Event, Venue, Country DATE`` and ``DJs - Show 012 (Station) DATE`` (1001Tracklists),
``DATE - DJs @ Venue, City (Series, DATE)`` and ``DATE - DJs - Series 012`` (MixesDB), ``Show #012 (notes)``.
Belongs here: what one title says by itself. Whether a place is a festival is learned from all titles together
(`enrichment.sets`).
"""

import json
import re

from enrichment.text.credits import parse_credit
from enrichment.text.fold import tidy

_DATE_FIRST = re.compile(r"^([0-9X]{4}(?:-[0-9X]{2}){0,2}) - ")
_DATE_LAST = re.compile(r"\s+(\d{4}-\d{2}-\d{2})\s*$")
_NOTE = re.compile(r"\s*\(([^()]*)\)\s*$")
_DATED = re.compile(r",?\s*\b[0-9X]{4}(?:-[0-9X]{2}){1,2}\b")
_EPISODE = re.compile(r"[\s#]+(?:ep(?:isode)?\.?\s*|vol(?:ume)?\.?\s*|no\.?\s*)?#?(\d{1,4})$", re.IGNORECASE)
_PART = re.compile(r"\s*[-,]?\s*\(?\b(?:part|pt\.?|hour)\s+(?:\d{1,2}|[IVX]+)\)?\s*$", re.IGNORECASE)
_STAGE = re.compile(
    r"\bstage\b|\bmainstage\b|\bmain room\b|\broom \d\b|\btent\b|\bterrace\b|\barea \w+$", re.IGNORECASE
)
_STATION = re.compile(r"\bradio\b|\bfm\b|\bbbc\b|\bsirius\s?xm\b", re.IGNORECASE)
_DASH = re.compile(r" - (?![^()]*\))")
"""What stands between DJs and show; within brackets it divides nothing."""
_NOBODY = frozenset({"va", "various", "various artists", "unknown"})
_COUNTRIES = """
Albania; Algeria; Andorra; Angola; Argentina; Armenia; Aruba; Australia; Austria; Azerbaijan;
Bahamas; Bahrain; Bali; Bangladesh; Barbados; Belarus; Belgium; Belize; Bolivia; Bosnia and
Herzegovina; Botswana; Brazil; Bulgaria; Cambodia; Cameroon; Canada; Chile; China; Colombia; Costa
Rica; Croatia; Cuba; Curaçao; Cyprus; Czech Republic; Czechia; Denmark; Dominican Republic; Ecuador;
Egypt; El Salvador; England; Estonia; Ethiopia; Fiji; Finland; France; Georgia; Germany; Ghana;
Gibraltar; Greece; Guadeloupe; Guatemala; Honduras; Hong Kong; Hungary; Iceland; India; Indonesia;
Iran; Iraq; Ireland; Israel; Italy; Jamaica; Japan; Jordan; Kazakhstan; Kenya; Kosovo; Kuwait;
Latvia; Lebanon; Liechtenstein; Lithuania; Luxembourg; Macau; Macedonia; Madagascar; Malaysia;
Maldives; Malta; Martinique; Mauritius; Mexico; Moldova; Monaco; Mongolia; Montenegro; Morocco;
Mozambique; Myanmar; Namibia; Nepal; Netherlands; New Zealand; Nicaragua; Nigeria; North Macedonia;
Northern Ireland; Norway; Oman; Pakistan; Panama; Paraguay; Peru; Philippines; Poland; Portugal;
Puerto Rico; Qatar; Romania; Russia; Réunion; Saint Martin; Saudi Arabia; Scotland; Senegal; Serbia;
Singapore; Slovakia; Slovenia; South Africa; South Korea; Spain; Sri Lanka; Sweden; Switzerland;
Taiwan; Tanzania; Thailand; Trinidad and Tobago; Tunisia; Turkey; Turkmenistan; UAE; UK; USA;
Uganda; Ukraine; United Arab Emirates; United Kingdom; United States; Uruguay; Uzbekistan;
Venezuela; Vietnam; Wales; Zambia; Zimbabwe
"""
COUNTRIES: dict[str, str] = {name.strip().casefold(): name.strip() for name in _COUNTRIES.split(";")}
"""Names of countries as titles write them, by their folded form."""
_SAME = {
    "uk": "United Kingdom",
    "usa": "United States",
    "uae": "United Arab Emirates",
    "czechia": "Czech Republic",
}


def country_of(text: str) -> str | None:
    """The country that `text` names, in the spelling used here; None if it names none."""
    key = text.strip().casefold()
    return _SAME.get(key) or COUNTRIES.get(key)


def _djs(text: str) -> list[str]:
    """Names in the part of a title that says who plays, disambiguators kept."""
    credit = parse_credit(text)
    notes = dict(credit.disambiguators)
    names = [*credit.main, *credit.featured]
    return [
        f"{name} ({notes[name]})" if name in notes else name
        for name in names
        if name.casefold() not in _NOBODY
    ]


def _episode(name: str) -> tuple[str, int | None]:
    """(name of a show, number of the episode); a year is no episode."""
    found = _EPISODE.search(name)
    if found is None or found.start() == 0:
        return name, None
    number = int(found.group(1))
    if 1950 <= number <= 2100 and "#" not in found.group():
        return name, None
    return name[: found.start()].rstrip(" -#,:"), number


def _notes(text: str) -> tuple[str, list[str]]:
    """(text without the remarks in brackets at its end, those remarks)."""
    notes: list[str] = []
    while found := _NOTE.search(text):
        notes.insert(0, found.group(1).strip())
        text = text[: found.start()]
    return text.strip(), [note for note in notes if note]


def _split(text: str) -> list[str]:
    """Parts between commas; commas within brackets divide nothing."""
    return [part.strip() for part in re.split(r",(?![^()]*\))", text) if part.strip()]


def parse_set_title(title: str | None) -> dict[str, object]:
    """What the title of a set says. Never raises.

    Keys: ``dj_names``, ``places`` (the parts behind the "@", without country and remarks), ``stage``,
    ``country``, ``show``, ``episode``, ``station``, ``date`` (as written), ``notes`` (remarks in brackets).
    None or empty where the title does not say; a title of neither form has no DJs.
    """
    text = tidy(title or "")
    wiki = _DATE_FIRST.match(text)
    dated = wiki or _DATE_LAST.search(text)
    date = dated.group(1) if dated else None
    text = _DATE_LAST.sub("", _DATE_FIRST.sub("", text)).strip()
    who, at, scene = text.partition(" @ ")
    if not at:
        who, *rest = _DASH.split(text)
        if not rest:
            return _of_a_show("", text, date)
        return _of_a_show(who, rest[-1] if wiki else " - ".join(rest), date)
    scene, notes = _notes(scene)
    scene, dash, aired = scene.rpartition(" - ") if wiki else (scene, "", "")
    scene = scene if dash or not wiki else aired
    parts = _split(scene)
    country = country_of(parts[-1]) if len(parts) > 1 else None
    places = parts[:-1] if country else parts
    stage = next((part for part in places[:-1] if _STAGE.search(part)), None)
    series = aired if dash else _DATED.sub("", notes[-1]).strip(" ,") if wiki and notes else ""
    show, episode = _episode(series)
    return {
        "dj_names": _djs(who),
        "places": places,
        "stage": stage,
        "country": country,
        "show": show or None,
        "episode": episode,
        "station": None,
        "date": date,
        "notes": notes,
    }


def _of_a_show(who: str, scene: str, date: str | None) -> dict[str, object]:
    scene, notes = _notes(_PART.sub("", scene))
    named, comma, aired_by = scene.rpartition(", ")
    if comma and _STATION.search(aired_by):
        scene, notes = named, [*notes, aired_by]
    show, episode = _episode(scene)
    is_show = bool(who) or (episode is not None and "#" in scene)
    return {
        "dj_names": _djs(who),
        "places": [],
        "stage": None,
        "country": None,
        "show": (show or None) if is_show else None,
        "episode": episode if is_show else None,
        "station": next((note for note in notes if _STATION.search(note)), None),
        "date": date,
        "notes": notes,
    }


def parse_set_title_json(title: str) -> str:
    """`parse_set_title` as JSON text, for SQL."""
    return json.dumps(parse_set_title(title), ensure_ascii=False)
