"""One element of a Discogs dump (release, master, label, artist) as the JSON that Discogs' API gives for it.

So that one reading in SQL serves dumps and answers. Only members that both have are here; a text that is not
one of these elements gives ``{"#error": "why"}``, of which staging makes no rows.
"""

import json
from collections.abc import Iterator
from typing import Any

import lxml.etree

from extractors.files.xml import SAFE


def discogs_element(text: str) -> str:
    """One element of a dump, as JSON text in the shape of the API's answers."""
    try:
        # a declared encoding would contradict the text, which is decoded already
        parser = lxml.etree.XMLParser(encoding="utf-8", **SAFE)
        root = lxml.etree.fromstring(text.encode("utf-8", "surrogatepass"), parser)
    except (lxml.etree.XMLSyntaxError, ValueError) as error:
        return json.dumps({"#error": f"not well-formed XML: {error}"})
    reader = _READERS.get(str(root.tag))
    if reader is None:
        return json.dumps({"#error": f"this is no element of a Discogs dump: {root.tag}"})
    return json.dumps(reader(root), ensure_ascii=False)


def _text(parent: lxml.etree._Element, name: str) -> str:
    return (parent.findtext(name) or "").strip()


def _texts(parent: lxml.etree._Element, path: str) -> list[str]:
    return [text for one in parent.iterfind(path) if (text := (one.text or "").strip())]


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() else None


def _artists(parent: lxml.etree._Element, path: str) -> list[dict[str, Any]]:
    return [
        {"id": _number(_text(one, "id")), "name": _text(one, "name"), "join": _text(one, "join"),
         "role": _text(one, "role")}
        for one in parent.iterfind(path)
    ]  # fmt: skip


def _named(parent: lxml.etree._Element, path: str) -> list[dict[str, Any]]:
    """Things that are named with their number: ``<name id="26">...</name>``."""
    return [
        {"id": _number(one.get("id")), "name": name}
        for one in parent.iterfind(path)
        if (name := (one.text or "").strip())
    ]


def _common(root: lxml.etree._Element) -> dict[str, Any]:
    return {
        "title": _text(root, "title"),
        "artists": _artists(root, "artists/artist"),
        "genres": _texts(root, "genres/genre"),
        "styles": _texts(root, "styles/style"),
        "notes": _text(root, "notes"),
        "data_quality": _text(root, "data_quality"),
    }


def _tracks(root: lxml.etree._Element) -> Iterator[lxml.etree._Element]:
    """Tracks of a release: those under an index line instead of it, and no headings."""
    for track in root.iterfind("tracklist/track"):
        parts = track.findall("sub_tracks/track")
        if parts:
            yield from parts
        elif _text(track, "position") or _text(track, "duration"):
            yield track


def _release(root: lxml.etree._Element) -> dict[str, Any]:
    return {
        "id": _number(root.get("id")),
        **_common(root),
        "labels": [
            {"id": _number(one.get("id")), "name": one.get("name"), "catno": one.get("catno")}
            for one in root.iterfind("labels/label")
        ],
        "formats": [
            {
                "name": one.get("name"),
                "qty": one.get("qty"),
                "text": one.get("text"),
                "descriptions": _texts(one, "descriptions/description"),
            }
            for one in root.iterfind("formats/format")
        ],
        "companies": [
            {"name": _text(one, "name"), "entity_type_name": _text(one, "entity_type_name")}
            for one in root.iterfind("companies/company")
        ],
        "identifiers": [
            {"type": one.get("type"), "value": one.get("value")}
            for one in root.iterfind("identifiers/identifier")
        ],
        "country": _text(root, "country"),
        "released": _text(root, "released"),
        "master_id": _number(_text(root, "master_id")),
        "track_count": sum(1 for _ in _tracks(root)),
    }


def _master(root: lxml.etree._Element) -> dict[str, Any]:
    return {
        "id": _number(root.get("id")),
        **_common(root),
        "year": _number(_text(root, "year")),
        "main_release": _number(_text(root, "main_release")),
    }


def _label(root: lxml.etree._Element) -> dict[str, Any]:
    parent = next(iter(_named(root, "parentLabel")), None)
    return {
        "id": _number(_text(root, "id")),
        "name": _text(root, "name"),
        "profile": _text(root, "profile"),
        "contact_info": _text(root, "contactinfo"),
        "data_quality": _text(root, "data_quality"),
        "parent_label": parent,
        "sublabels": _named(root, "sublabels/label"),
        "urls": _texts(root, "urls/url"),
    }


def _artist(root: lxml.etree._Element) -> dict[str, Any]:
    return {
        "id": _number(_text(root, "id")),
        "name": _text(root, "name"),
        "realname": _text(root, "realname"),
        "profile": _text(root, "profile"),
        "data_quality": _text(root, "data_quality"),
        "urls": _texts(root, "urls/url"),
        "namevariations": _texts(root, "namevariations/name"),
        **{kind: _named(root, f"{kind}/name") for kind in ("aliases", "members", "groups")},
    }


_READERS = {"release": _release, "master": _master, "label": _label, "artist": _artist}
