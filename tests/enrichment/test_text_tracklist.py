"""Tracklist lines."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enrichment.text.tracklist import cue_ms, parse_tracklist_line, split_artist_title


def brief(line: str) -> tuple[object, object, object]:
    parsed = parse_tracklist_line(line)
    return parsed["artist"], parsed["title"], parsed["kind"]


@pytest.mark.parametrize(
    ("line", "raw", "milliseconds"),
    [
        ("[00] Oat - Strobe", "00", 0),
        ("[29] Oat - Strobe", "29", 1_740_000),
        ("[070] Oat - Strobe", "070", 4_200_000),
        ("[24:12] Oat - Strobe", "24:12", 1_452_000),
        ("[102:00] Oat - Strobe", "102:00", 6_120_000),
        ("[0:37:56] Oat - Strobe", "0:37:56", 2_276_000),
        ("[75:30] Oat - Strobe", "75:30", 4_530_000),
        ("[1:15:30] Oat - Strobe", "1:15:30", 4_530_000),
        ("[0??] Oat - Strobe", "0??", None),
        ("[??] Oat - Strobe", "??", None),
        ("[???] Oat - Strobe", "???", None),
        ("[1:??] Oat - Strobe", "1:??", None),
        ("[???:??] Oat - Strobe", "???:??", None),
        ("[48:??] Oat - Strobe", "48:??", None),
        ("[10:3402] Oat - Strobe", "10:3402", None),
        ("(23:39] Oat - Strobe", "23:39", 1_419_000),
        ("1:02:33 Oat - Strobe", "1:02:33", 3_753_000),
        ("02:33 - Oat - Strobe", "02:33", 153_000),
        ("Oat - Strobe", None, None),
    ],
)
def test_cues(line: str, raw: str | None, milliseconds: int | None) -> None:
    parsed = parse_tracklist_line(line)
    assert (parsed["cue_raw"], parsed["cue_ms"]) == (raw, milliseconds)
    assert (parsed["artist"], parsed["title"]) == ("Oat", "Strobe")


def test_a_name_made_of_digits_is_not_a_cue() -> None:
    assert brief("11:11 - Tourist Trap") == ("11:11", "Tourist Trap", "track")


@pytest.mark.parametrize(
    ("bracket", "label", "catalog_number"),
    [
        ("[Lantern]", "Lantern", None),
        ("[Lantern - LAN 012]", "Lantern", "LAN 012"),
        ("[Intec Digital - ID 048]", "Intec Digital", "ID 048"),
        ("[C.I.A. / Innerground]", "C.I.A. / Innerground", None),
        ("[Lantern - Forthcoming]", "Lantern", None),
        ("[Lantern, 1994]", "Lantern", None),
        ("[Lantern - LAN 12, 1994]", "Lantern", "LAN 12"),
        ("[2013, Lantern]", "Lantern", None),
        ("[Lantern (Big Parent)]", "Lantern", None),
        ("[Lantern (LAN 043)]", "Lantern", "LAN 043"),
        ("[CLR 072]", "CLR", "CLR 072"),
        ("[Lantern Remixes]", "Lantern Remixes", None),
        ("[Wreck< - WRKLS001]", "Wreck<", "WRKLS001"),
        ("[Lantern - LAN 012", "Lantern", "LAN 012"),
        ("[Lantern}", "Lantern", None),
        ("{Lantern]", "Lantern", None),
        ("(Lantern]", "Lantern", None),
        ("[Lantern] PROMO", "Lantern", None),
        ("[Lantern] (2016)", "Lantern", None),
        ("[FFRR White Label]", "FFRR", None),
        ("[White Label / Lantern]", "Lantern", None),
        ("[Unreleased]", None, None),
        ("[CDR]", None, None),
        ("[White]", None, None),
        ("[Promo]", None, None),
        ("[Dubplate]", None, None),
        ("[Free Download]", None, None),
        ("[", None, None),
        ("", None, None),
    ],
)
def test_labels(bracket: str, label: str | None, catalog_number: str | None) -> None:
    parsed = parse_tracklist_line(f"[12] Oat - Strobe (Kestrel Remix) {bracket}")
    assert (parsed["label"], parsed["catalog_number"]) == (label, catalog_number)
    assert (parsed["artist"], parsed["title"]) == ("Oat", "Strobe (Kestrel Remix)")


def test_square_brackets_around_a_version_belong_to_the_title() -> None:
    assert brief("Oat - Strobe [Kestrel Remix]") == ("Oat", "Strobe [Kestrel Remix]", "track")
    parsed = parse_tracklist_line("Oat - Strobe [Kestrel Remix] [Lantern]")
    assert (parsed["title"], parsed["label"]) == ("Strobe [Kestrel Remix]", "Lantern")


@pytest.mark.parametrize("line", ["+ Oat - Strobe", "[12] + Oat - Strobe", "+ [12] Oat - Strobe"])
def test_an_overlay_is_played_with_the_track_before(line: str) -> None:
    assert parse_tracklist_line(line)["with_previous"] is True
    assert brief(line) == ("Oat", "Strobe", "track")


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("01. Oat - Strobe", ("Oat", "Strobe", "track")),
        ("# [15] Oat - Strobe", ("Oat", "Strobe", "track")),
        ("Cygnus X- Superstring", ("Cygnus X", "Superstring", "track")),
        ("Oat -Strobe", ("Oat", "Strobe", "track")),
        ("Oat – Strobe", ("Oat", "Strobe", "track")),
        ("Oat - Strobe - Reprise", ("Oat", "Strobe - Reprise", "track")),
        ("Ø [Phase] - Strobe", ("Ø [Phase]", "Strobe", "track")),
        ("UCast_-_Ternary_", ("UCast", "Ternary", "track")),
        ("\u00a0Oat - Strobe\ufeff", ("Oat", "Strobe", "track")),
        ("Sicko Cell", (None, "Sicko Cell", "track")),
        ("Record Of The Week: Oat - Strobe", ("Oat", "Strobe", "track")),
        ("Push The Button: Axis - Strobe", ("Axis", "Strobe", "track")),
        ("The Hot Release: Oat - Strobe", ("Oat", "Strobe", "track")),
        ("Big Bang: Oat - Strobe", ("Oat", "Strobe", "track")),
        ("Flashback: Oat - Strobe", ("Oat", "Strobe", "track")),
        ("Community Pick Of The Week: #2: Oat - Strobe", ("Oat", "Strobe", "track")),
        ("'''Opener:''' Oat - Strobe", ("Oat", "Strobe", "track")),
        ("S:VT - Strobe", ("S:VT", "Strobe", "track")),
        ("M.F.S: Observatory - C3", ("M.F.S: Observatory", "C3", "track")),
        ("Leftwing : Kody - Strobe", ("Leftwing : Kody", "Strobe", "track")),
        ("Intro", (None, "Intro", "jingle")),
        ("[000] Intro", (None, "Intro", "jingle")),
        ("The Lantern Edition Intro", (None, "The Lantern Edition Intro", "jingle")),
        ("(Interview)", (None, "Interview", "jingle")),
        ("Hosted by Joe Kay - Soulection Radio", ("Hosted by Joe Kay", "Soulection Radio", "jingle")),
        ("Oat - Intro", ("Oat", "Intro", "track")),
        ("Field Recording", (None, "Field Recording", "note")),
        (";Pete Plank", (None, "Pete Plank", "note")),
        (
            "# [15] '''Opener:''' Oat - [http://example.com/1 Strobe (Dub)] [Lantern]",
            ("Oat", "Strobe (Dub)", "track"),
        ),
        ("# [[:Category:Oat|Oat]] - ''Strobe''", ("Oat", "Strobe", "track")),
        ("...", (None, None, "unknown")),
        ('? "What You Need"', (None, None, "unknown")),
        ("Unknown Artist - Strobe", (None, "Strobe", "unknown")),
        ("?", (None, None, "unknown")),
        ("ID", (None, None, "unknown")),
        ("ID - ID", (None, None, "unknown")),
        ("Oat - ?", ("Oat", None, "unknown")),
        ("Oat - ID", ("Oat", None, "unknown")),
        ("Oat - ID (Kestrel Remix)", ("Oat", None, "unknown")),
        ("Oat - Unknown", ("Oat", None, "unknown")),
        ("Oat - [Lantern]", ("Oat", None, "unknown")),
        ("Oat - Ida", ("Oat", "Ida", "track")),
        ("Oat - $$$", ("Oat", "$$$", "track")),
        ("Night Radio, Hosted by Ada - Strobe", (None, "Strobe", "unknown")),
        ("James iD - Strobe", ("James iD", "Strobe", "track")),
        (
            "Oat vs Lumen - Strobe vs Glow (Ada Mashup)",
            ("Oat vs Lumen", "Strobe vs Glow (Ada Mashup)", "mashup"),
        ),
        ("Oat vs Lumen - Strobelight (Ada Mash-Up)", ("Oat vs Lumen", "Strobelight (Ada Mash-Up)", "mashup")),
        (
            "Oat - Strobe vs Lumen - Glow (Ada Mashup)",
            ("Oat vs Lumen", "Strobe vs Glow (Ada Mashup)", "mashup"),
        ),
        ("Oat vs. Lumen - Strobe", ("Oat vs. Lumen", "Strobe", "track")),
        ("", (None, None, "unknown")),
    ],
)
def test_lines(line: str, expected: tuple[str | None, str | None, str]) -> None:
    assert brief(line) == expected


def test_artist_title_strings_keep_their_square_brackets() -> None:
    assert split_artist_title("Oat - Strobe (feat. Ada) [Lantern Dub]") == {
        "artist": "Oat",
        "title": "Strobe (feat. Ada) [Lantern Dub]",
        "kind": "track",
    }
    assert split_artist_title(None) == {"artist": None, "title": None, "kind": "unknown"}


@given(st.integers(min_value=0, max_value=99 * 3600 + 3599))
def test_a_cue_survives_formatting(seconds: int) -> None:
    minutes, rest = divmod(seconds, 60)
    hours, minutes_of_hour = divmod(minutes, 60)
    assert cue_ms(f"{hours}:{minutes_of_hour:02}:{rest:02}") == seconds * 1000
    if minutes < 1000:
        assert cue_ms(f"{minutes:02}:{rest:02}") == seconds * 1000
        assert cue_ms(f"{minutes:03}") == minutes * 60_000


@pytest.mark.parametrize("cue", ["12:60", "1:60:00", "1234", "", "?", "１２", "1:2:3", "12:3"])
def test_an_impossible_cue_has_no_time(cue: str) -> None:
    assert cue_ms(cue) is None


KINDS = {"track", "unknown", "jingle", "mashup", "note"}
PIECES = st.sampled_from(
    [
        "Oat",
        " - ",
        "[",
        "]",
        "(",
        ")",
        "+ ",
        "12:30",
        "??",
        " vs ",
        ": ",
        "Remix",
        "Mashup",
        "ID",
        "?",
        "_",
        "#1",
        " ",
    ]
)


@given(st.one_of(st.text(), st.lists(PIECES, max_size=12).map("".join)))
def test_no_line_raises(line: str) -> None:
    parsed = parse_tracklist_line(line)
    assert parsed["kind"] in KINDS
    assert split_artist_title(line)["kind"] in KINDS
    for name in ("artist", "title", "label", "catalog_number"):
        assert parsed[name] is None or parsed[name]


def test_not_available_names_nobody_and_nothing() -> None:
    told = [parse_tracklist_line(line) for line in ("N/A - Dawn", "Ada - N/A", "N/A", "Ada - N.A.")]
    assert [(one["kind"], one["artist"], one["title"]) for one in told] == [
        ("unknown", None, "Dawn"),
        ("unknown", "Ada", None),
        ("unknown", None, None),
        ("track", "Ada", "N.A."),
    ]
