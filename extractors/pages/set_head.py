"""The head of a 1001Tracklists page: which set it is, who played where and when, and where it can be heard.

What belongs here: everything a tracklist page says outside its rows. The markup (heading with linked DJs and
sources, schema.org ``meta`` elements, one box ``div.fTab`` per source, ``div.mediaLink`` per recording) was
read off pages of 2022 to 2026.
"""

import re
from typing import Any

from selectolax.lexbor import LexborHTMLParser, LexborNode

_SET_ADDRESS = re.compile(r"/tracklist/([0-9a-z]{4,12})(?:/|$)|//1001\.tl/([0-9a-z]{4,12})\b")
_SOURCE_ADDRESS = re.compile(r"/source/([0-9a-z]{3,12})/")
DATE_AT_END = re.compile(r"\s*(\d{4}(?:-\d{2}(?:-\d{2})?)?)\s*$")
_SET_KIND = re.compile(
    r"[Tt]racklist / playlist for ((?:[a-z]+ )?(?:set|show|podcast|stream|mix|mixtape|concert))\b"
)
_COUNT = re.compile(r"User(PageVisits|Likes):(\d{1,12})")
_MEDIA_ID = re.compile(r"(?:^| )mediaItem(\S+)")
_MEDIA = {
    "10": ("soundcloud", "https://api.soundcloud.com/tracks/{}"),
    "13": ("youtube", "https://www.youtube.com/watch?v={}"),
}
"""The site's number of a platform -> name, address of a recording there. Others have ids we cannot
resolve."""
_LONGEST_LIST = 200
"""DJs, sources, styles or recordings of one set beyond which a page is not believed."""


def clean(text: str | None) -> str:
    """Text with its white space tidied; empty for none."""
    if not text:
        return ""
    return text if text.isalnum() else " ".join(text.split())


def attribute(node: LexborNode | None, name: str) -> str:
    """An attribute of a node, tidied; empty if there is no such node or attribute."""
    return clean(node.attributes.get(name)) if node is not None else ""


def text_of(node: LexborNode | None) -> str:
    """The text in a node, tidied; empty if there is no node."""
    return clean(node.text()) if node is not None else ""


def set_id_of(address: str) -> str | None:
    """Id of the set that an address of the site (or its short form) names, else None."""
    found = _SET_ADDRESS.search(address)
    return (found.group(1) or found.group(2)) if found else None


def people(heading: LexborNode | None, title: str) -> list[str]:
    """DJs of the set: those the heading links, and names before the "@" (or dash) that it does not link."""
    nodes = heading.css("a") if heading is not None else []
    linked = [text_of(node) for node in nodes if re.match(r"/(dj|artist)/", attribute(node, "href"))]
    before = re.split(r" @ | - ", title, maxsplit=1)[0] if re.search(r" @ | - ", title) else ""
    for name in sorted(linked, key=len, reverse=True):
        before = before.replace(name, " & ", 1)
    others = re.split(r"\s(?:&|vs\.?|b2b|x|and)\s|,", f" {before} ", flags=re.IGNORECASE)
    return [name for name in (*linked, *(other.strip(" &") for other in others)) if name]


def _sources(tree: LexborHTMLParser) -> list[dict[str, str | None]]:
    """Events, venues, shows and promoters of the set: a box of its own each, with its type and country."""
    found = []
    for box in tree.css("div.fTab")[:_LONGEST_LIST]:
        link = box.css_first("div.h a")
        address = _SOURCE_ADDRESS.search(attribute(link, "href"))
        if link is None or address is None:
            continue
        flag = attribute(box.css_first("div.h img.flag"), "title")
        found.append(
            {
                "id": address.group(1),
                "name": text_of(link),
                "type": text_of(box.css_first("div.cRow div.mtb5")) or None,
                "country": flag if flag not in ("", "Worldwide") else None,
            }
        )
    return [source for source in found if source["name"]]


def _recordings(tree: LexborHTMLParser) -> list[dict[str, str | None]]:
    """Where the set can be heard: platform, its id there and the address, in the page's order."""
    found = []
    for node in tree.css("div.mediaLink[data-idsource]")[:_LONGEST_LIST]:
        number = attribute(node, "data-idsource")
        platform, address = _MEDIA.get(number, (number, None))
        media = _MEDIA_ID.search(node.attributes.get("class") or "")
        if media is None or not platform:
            continue
        url = address.format(media.group(1)) if address else None
        found.append({"platform": platform, "id": media.group(1), "url": url})
    return found


def _counts(tree: LexborHTMLParser) -> dict[str, int]:
    contents = (attribute(node, "content") for node in tree.css("meta[itemprop='interactionCount']"))
    return {found.group(1): int(found.group(2)) for found in map(_COUNT.match, contents) if found}


def parse_head(tree: LexborHTMLParser) -> dict[str, Any]:
    """What the page says of the set, rows apart.

    Returns:
        ``id``, ``url``, ``title``, ``dj_names``, ``date`` (YYYY-MM-DD or less, as written), ``event`` (all
        behind the "@" or the first dash, without the date), ``set_kind`` ("live set", "radio show", ... as
        the site says), ``sources`` (``id``, ``name``, ``type``, ``country``), ``recordings`` (``platform``,
        ``id``, ``url``), ``genres``, ``stated_tracks``, ``play_count`` (page views) and ``favorite_count``
        (likes).
    """
    address = attribute(tree.css_first("link[rel=canonical]"), "href") or attribute(
        tree.css_first("meta[property='og:url']"), "content"
    )
    heading = tree.css_first("h1")
    title = (
        attribute(tree.css_first("meta[property='og:title']"), "content")
        or text_of(tree.css_first("#pageTitle"))
        or re.sub(r"\s*\|[^|]*$", "", text_of(tree.css_first("title")))
    )
    date = DATE_AT_END.search(title)
    played = attribute(tree.css_first("#tlTab > meta[itemprop=datePublished]"), "content")
    in_address = re.search(r"-(\d{4}-\d{2}-\d{2})\.html", address)
    named = title[: date.start()] if date else title
    scene = re.split(r" @ | - ", named, maxsplit=1)
    kind = _SET_KIND.match(attribute(tree.css_first("meta[name=description]"), "content"))
    genres = [attribute(node, "content") for node in tree.css("#tlTab > meta[itemprop=genre]")]
    stated = attribute(tree.css_first("#tlTab > meta[itemprop=numTracks]"), "content")
    counts = _counts(tree)
    return {
        "id": set_id_of(address),
        "url": address or None,
        "title": title or None,
        "dj_names": people(heading if heading is not None and heading.css("a") else None, named),
        "date": date.group(1) if date else played or (in_address.group(1) if in_address else None),
        "event": clean(scene[1]) if len(scene) > 1 else None,
        "set_kind": kind.group(1) if kind else None,
        "sources": _sources(tree),
        "recordings": _recordings(tree),
        "genres": [genre for genre in dict.fromkeys(genres) if genre],
        "stated_tracks": int(stated) if re.fullmatch(r"\d{1,5}", stated) else None,
        "play_count": counts.get("PageVisits"),
        "favorite_count": counts.get("Likes"),
    }
