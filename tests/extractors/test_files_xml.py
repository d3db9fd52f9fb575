"""One element as JSON, for SQL."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.files.xml import xml_to_json


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("<a/>", {}),
        ('<a x="1" y=""> </a>', {"@x": "1", "@y": ""}),
        ("<a>t&amp;<b/>u<b>v</b></a>", {"#text": "t&u", "b": [{}, {"#text": "v"}]}),
        ("<a><b><c>1</c></b></a>", {"b": [{"c": [{"#text": "1"}]}]}),
        ('<n:a xmlns:n="urn:x" n:y="1"><n:b/></n:a>', {"@y": "1", "b": [{}]}),
        ('<?xml version="1.0" encoding="latin-1"?><a>é<!-- no --></a>', {"#text": "é"}),
    ],
)
def test_elements_become_objects_whose_children_are_lists(text: str, found: object) -> None:
    assert json.loads(xml_to_json(text)) == found


@pytest.mark.parametrize(
    "text",
    [
        "",
        "text",
        "<a>",
        "<a/><b/>",
        "<a>\0</a>",
        '<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>',
        "<a>&x;</a>",
        "\ud800",
    ],
)
def test_anything_else_is_an_error_that_staging_sees(text: str) -> None:
    assert list(json.loads(xml_to_json(text))) == ["#error"]


def test_entities_are_never_expanded() -> None:
    bomb = '<!DOCTYPE a [<!ENTITY b "bbbbbbbb"><!ENTITY c "&b;&b;&b;&b;">]><a>&c;&c;&c;&c;</a>'
    assert "bbbb" not in xml_to_json(bomb)


@given(st.text(max_size=100))
def test_no_text_stops_it(text: str) -> None:
    json.loads(xml_to_json(text))


def test_depth_is_limited_not_fatal() -> None:
    assert "#error" in xml_to_json("<a>" * 5000 + "</a>" * 5000)
