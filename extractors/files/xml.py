"""XML: elements of large files one by one in constant memory, and one element as JSON.

Safe against hostile files: no network, no external entities, no entity expansion, and a file that declares
entities of its own is refused.
"""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import lxml.etree

from extractors.errors import SourceError
from extractors.files.reading import DamagedError, byte_chunks

SAFE: dict[str, Any] = {
    "resolve_entities": False,
    "no_network": True,
    "load_dtd": False,
    "huge_tree": False,
    "remove_comments": True,
    "remove_pis": True,
}
"""Options of lxml's parsers under which a hostile document can do nothing."""


def _declares_entities(root: lxml.etree._Element) -> bool:
    declared = root.getroottree().docinfo.internalDTD
    return declared is not None and next(declared.iterentities(), None) is not None


def _check_root(root: lxml.etree._Element, path: Path, root_tag: str, what: str) -> None:
    if root.tag != root_tag:
        reason = f"this is not a file of {what}: its root element is {root.tag}, not {root_tag}"
        raise SourceError(path.name, reason, f"give an XML file of {what}", row=1)
    if _declares_entities(root):
        reason = "the file declares entities of its own, which is how XML is made to attack its reader"
        raise SourceError(path.name, reason, "export the file again with the original program", row=1)


def _events(path: Path) -> Iterator[tuple[str, lxml.etree._Element]]:
    """Start and end of every element, up to any damage (then `DamagedError`)."""
    parser = lxml.etree.XMLPullParser(events=("start", "end"), **SAFE)
    chunks = byte_chunks(path)
    more = True
    while more:
        damage: DamagedError | None = None
        try:
            chunk = next(chunks, None)
            more = chunk is not None
            if chunk is None:
                parser.close()
            else:
                parser.feed(chunk)
        except DamagedError as error:
            damage = error
        except lxml.etree.XMLSyntaxError as error:
            damage = DamagedError(f"the XML is not well-formed ({error.msg})")
        yield from parser.read_events()
        if damage is not None:
            raise damage


def _forget(element: lxml.etree._Element) -> None:
    """Free an element that was handed on, and what its ancestors still hold of elements before it."""
    element.clear(keep_tail=False)
    node: lxml.etree._Element | None = element
    while node is not None:
        parent = node.getparent()
        while parent is not None and node.getprevious() is not None:
            del parent[0]
        node = parent


def elements(
    path: Path, root_tag: str, wanted: Callable[[lxml.etree._Element], bool], what: str
) -> Iterator[lxml.etree._Element]:
    """Every element that `wanted` says yes to, whole, in file order, below a root called `root_tag`.

    `wanted` sees the element's name, attributes and ancestors, not its contents; what is inside a wanted
    element is not asked about. An element (and its ancestors, which keep their attributes) lives until the
    next one is asked for.

    Raises:
        SourceError: the file is not XML with that root, declares entities, or cannot be read.
        DamagedError: after everything readable, if the file is cut off or not well-formed further on.
    """
    root: lxml.etree._Element | None = None
    current: lxml.etree._Element | None = None
    try:
        for event, element in _events(path):
            if root is None:
                root = element
                _check_root(root, path, root_tag, what)
            if event == "start":
                if current is None and wanted(element):
                    current = element
            elif element is current:
                yield element
                _forget(element)
                current = None
    except DamagedError as damage:
        if root is None:
            reason = f"this is not a file of {what}: {damage.reason}"
            raise SourceError(path.name, reason, f"give an XML file of {what}", row=1) from damage
        raise


def element_text(element: lxml.etree._Element) -> str:
    """The element as XML text, without what follows it."""
    return str(lxml.etree.tostring(element, encoding="unicode", with_tail=False))


def _as_dict(element: lxml.etree._Element) -> dict[str, Any]:
    found: dict[str, Any] = {f"@{_local(name)}": value for name, value in element.attrib.items()}
    text = "".join([element.text or "", *(child.tail or "" for child in element)])
    if text.strip():
        found["#text"] = text
    for child in element:
        if isinstance(child.tag, str):
            found.setdefault(_local(child.tag), []).append(_as_dict(child))
    return found


def _local(name: str) -> str:
    return name.rpartition("}")[2]


def xml_to_json(text: str) -> str:
    """One XML element as a JSON object: ``{"@attribute": "...", "#text": "...", "child": [{...}, ...]}``.

    Children are always lists, in order; names lose their namespace; ``#text`` is there unless it is only
    space. Text that is not one safe, well-formed element gives ``{"#error": "why"}``: one bad answer must not
    stop a build, and staging makes no rows of it.
    """
    try:
        # a declared encoding would contradict the text, which is decoded already
        parser = lxml.etree.XMLParser(encoding="utf-8", **SAFE)
        root = lxml.etree.fromstring(text.encode("utf-8", "surrogatepass"), parser)
        if _declares_entities(root):
            return json.dumps({"#error": "the XML declares entities of its own"})
        return json.dumps(_as_dict(root), ensure_ascii=False)
    except (lxml.etree.XMLSyntaxError, ValueError, RecursionError) as error:
        return json.dumps({"#error": f"not well-formed XML: {error}"})
