"""Bulk dumps: records of huge files one by one, broken ones alone, and readings that were killed."""

import datetime as dt
import gzip
import io
import json
import lzma
import tarfile
from pathlib import Path

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from extractors.bookmark import Bookmark
from extractors.errors import SourceError
from extractors.files import reading, xml_records
from extractors.files.discogs_element import discogs_element
from extractors.ingest import IngestReport, Progress, ingest
from extractors.kind import Place
from extractors.registry import kind
from lake import bronze
from lake.bronze import Answer, Rejected

DAY = dt.date(2026, 1, 1)
MBID = "0dad432b-16cc-4bf0-8961-fd31d124b01b"


def release(number: int, more: str = "") -> str:
    return f'<release id="{number}" status="Accepted"><title>Ä &amp; {number}</title>{more}</release>'


def dump(path: Path, *records: str, root: str = "releases") -> Path:
    text = f"<{root}>\n" + "\n".join(records) + f"\n</{root}>\n"
    data = text.encode("utf-8", "surrogateescape")
    path.write_bytes(gzip.compress(data) if path.suffix == ".gz" else data)
    return path


def read(path: Path, name: str = "discogs_dump") -> tuple[list[Answer], list[Rejected]]:
    found = list(kind(name).read(path))
    return [x for x in found if isinstance(x, Answer)], [x for x in found if isinstance(x, Rejected)]


_BROKEN = st.sampled_from(
    [
        '<release id="9"><title>',
        "<release",
        '<release id="9"><a></b></release>',
        '<release id="9">&nbsp;</release>',
        '<release id="9">\0</release>',
        '<release id="9">\udcff</release>',
        '<release id="nine"/>',
        "<release/>",
        "garbage",
        "</release>",
        '<release id="9"><![CDATA[ <release id="8"> ]]></release>',
        "<!-- <release id='7'/> -->",
        "<artist><id>1</id></artist>",
    ]
)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    plan=st.lists(st.one_of(st.integers(100, 999).map(release), _BROKEN), max_size=12),
    piece=st.integers(1, 400),
)
def test_a_broken_record_costs_no_other_wherever_the_pieces_of_the_file_end(
    tmp_path: Path, plan: list[str], piece: int
) -> None:
    path = dump(tmp_path / "releases.xml", *plan)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(xml_records, "_PIECE", piece)
        patched.setattr(xml_records, "_PROLOG", 40)
        patched.setattr(xml_records, "_TAG", 60)
        patched.setattr(reading, "CHUNK", piece)
        answers, refused = read(path)
    good = [text for text in plan if text.startswith('<release id="') and "<title>Ä" in text]
    assert [one.payload for one in answers if one.source_entity_id not in {"8", "7"}] == good
    assert bool(refused) == any(text not in good for text in plan) or "<!--" in "".join(plan)


def test_the_four_dumps_are_told_apart_and_numbered(tmp_path: Path) -> None:
    label = (
        '<label><images/><id>3</id><name>Ä</name><sublabels><label id="4">B</label><label/></sublabels>'
        '<parentLabel id="9">Up</parentLabel></label>'
    )
    artist = '<artist><id>5</id><name>Ada</name><members><id>6</id><name id="6">Bo</name></members></artist>'
    for root, record, key in (
        ("releases", release(1), "releases/1"),
        ("masters", '<master id="2"><main_release>1</main_release></master>', "masters/2"),
        ("labels", label, "labels/3"),
        ("artists", artist, "artists/5"),
    ):
        answers, refused = read(dump(tmp_path / f"{root}.xml.gz", record, record, root=root))
        assert [(one.request_key, one.payload) for one in answers] == [(key, record)] * 2
        assert {one.stream for one in answers} == {f"{root}_xml"}
        assert refused == []


def test_elements_have_the_shape_of_the_api() -> None:
    text = (
        '<release id="1"><artists><artist><id>2</id><name>Ada (2)</name><join>&amp;</join></artist></artists>'
        '<title>T</title><labels><label name="L" catno="C1" id="5"/></labels><formats><format name="Vinyl" '
        'qty="2" text="Red"><descriptions><description>12"</description></descriptions></format></formats>'
        "<tracklist><track><position/><title>Side</title></track><track><position>A1</position></track>"
        "</tracklist></release>"
    )
    found = json.loads(discogs_element(text))
    assert (found["id"], found["title"], found["track_count"]) == (1, "T", 1)
    assert found["artists"][0]["name"] == "Ada (2)"
    assert found["labels"] == [{"id": 5, "name": "L", "catno": "C1"}]
    assert found["formats"] == [{"name": "Vinyl", "qty": "2", "text": "Red", "descriptions": ['12"']}]


@given(st.text(max_size=200))
def test_no_text_stops_the_reading_of_elements(text: str) -> None:
    json.loads(discogs_element(text))
    json.loads(discogs_element(f"<release id='1'>{text}</release>"))


def test_a_record_that_is_too_large_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xml_records, "LARGEST", 5000)
    monkeypatch.setattr(xml_records, "_PIECE", 1000)
    path = dump(
        tmp_path / "releases.xml.gz", release(1), release(2, "<x>" + "y" * 90_000 + "</x>"), release(3)
    )
    answers, refused = read(path)
    assert [one.source_entity_id for one in answers] == ["1", "3"]
    assert [(one.row, one.reason) for one in refused] == [(2, "the record has more than 5,000 bytes")]
    assert len(refused[0].raw) < 70_000


@pytest.mark.parametrize("encoding", ["utf-16", "iso-8859-1"])
def test_other_encodings_are_read_as_what_they_say_they_are(tmp_path: Path, encoding: str) -> None:
    head = f'<?xml version="1.0" encoding="{encoding}"?>'
    path = tmp_path / "releases.xml"
    path.write_bytes(f"{head}<releases>{release(1)}</releases>".encode(encoding))
    answers, refused = read(path)
    assert ([one.payload for one in answers], refused) == ([release(1)], [])


@pytest.mark.parametrize("where", ['encoding="klingon"', 'encoding="hex"'])
def test_an_encoding_that_does_not_exist_is_refused(tmp_path: Path, where: str) -> None:
    path = tmp_path / "releases.xml"
    path.write_text(f'<?xml version="1.0" {where}?><releases></releases>')
    with pytest.raises(SourceError, match="encoding"):
        read(path)


LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 30))


@pytest.mark.parametrize("name", ["discogs_dump", "dj_libraries"])
@pytest.mark.parametrize("root", ["releases", "DJ_PLAYLISTS"])
def test_a_billion_laughs_are_not_laughed(tmp_path: Path, name: str, root: str) -> None:
    path = tmp_path / "laughs.xml"
    path.write_text(
        f'<!DOCTYPE x [<!ENTITY l0 "ha">{LAUGHS}]><{root}><release id="1">&l29;</release></{root}>'
    )
    with pytest.raises(SourceError, match="Remedy"):
        read(path, name)


def test_a_zip_bomb_is_put_out_and_what_came_before_it_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "BOMB_BYTES", 1 << 22)
    path = tmp_path / "releases.xml.gz"
    with gzip.open(path, "wb") as bomb:
        bomb.write(f"<releases>{release(1)}{release(2)}".encode())
        for _ in range(64):
            bomb.write(bytes(1 << 20))
    answers, refused = read(path)
    assert [one.source_entity_id for one in answers] == ["1"]
    assert "decompression bomb" in refused[-1].reason


def test_a_dump_cut_off_in_its_middle_gives_what_it_has(tmp_path: Path) -> None:
    whole = dump(tmp_path / "releases.xml.gz", *(release(number) for number in range(2000))).read_bytes()
    half = tmp_path / "half_releases.xml.gz"
    half.write_bytes(whole[: len(whole) // 2])
    answers, refused = read(half)
    assert 500 < len(answers) < 2000
    assert [one.source_entity_id for one in answers] == [str(number) for number in range(len(answers))]
    assert "truncated" in refused[-1].reason


class _Killed(BaseException):
    """As little to be caught as kill -9."""


def killed_then_resumed(
    one: str, path: Path, root: Path, monkeypatch: pytest.MonkeyPatch, after: int
) -> IngestReport:
    monkeypatch.setattr(bronze, "BATCH_ROWS", 500)

    def kill(progress: Progress) -> None:
        if progress.rows >= after:
            raise _Killed

    with pytest.raises(_Killed):
        ingest(kind(one), [path], root, ingest_date=DAY, progress=kill)
    return ingest(kind(one), [path], root, ingest_date=DAY)


@pytest.mark.parametrize("after", [1000, 3000, 5000])
def test_a_killed_reading_goes_on_and_nothing_is_lost_or_doubled(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, after: int
) -> None:
    records = [release(number) if number % 7 else "<release id='x'/>" for number in range(1, 6001)]
    path = dump(tmp_path / "releases.xml.gz", *records)
    (file,) = killed_then_resumed("discogs_dump", path, tmp_path / "b", monkeypatch, after).files
    assert after - 1001 <= file.resumed <= after - 1
    assert file.answers + file.rejected + file.resumed == 6000
    good = [number for number in range(1, 6001) if number % 7]
    stored = duckdb.sql(
        "select source_entity_id::integer from "
        + bronze.read_sql(tmp_path / "b", "discogs", "releases_xml")
        + " order by 1"
    ).fetchall()
    assert [number for (number,) in stored] == good
    assert bronze.count(tmp_path / "b", "discogs", "rejected") == 6000 - len(good)
    assert not list((tmp_path / "b" / "discogs" / ".reading").glob("*")), (
        "read to its end: no bookmark is left"
    )


def test_a_bookmark_is_of_one_file_and_of_one_version_of_its_reader(tmp_path: Path) -> None:
    path = dump(tmp_path / "releases.xml", release(1))
    mark = Bookmark.of(tmp_path, kind("discogs_dump"), path)
    mark.put(path, 17)
    assert Bookmark.of(tmp_path, kind("discogs_dump"), path).row() == 17
    dump(path, release(2))
    assert Bookmark.of(tmp_path, kind("discogs_dump"), path).row() == 0
    mark.path.write_text('{"row": ')
    assert mark.row() == 0


def archive(path: Path, members: dict[str, bytes | tarfile.TarInfo]) -> Path:
    raw = io.BytesIO()
    with tarfile.open(fileobj=raw, mode="w") as tar:
        for name, content in members.items():
            if isinstance(content, tarfile.TarInfo):
                tar.addfile(content)
                continue
            member = tarfile.TarInfo(name)
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
    packed = raw.getvalue()
    path.write_bytes(lzma.compress(packed) if path.suffix == ".xz" else packed)
    return path


def recording(number: int) -> str:
    return json.dumps({"id": f"{number:08x}{MBID[8:]}", "title": f"Track {number}", "length": None})


def test_musicbrainz_documents_go_to_the_streams_of_the_web_service(tmp_path: Path) -> None:
    lines = [recording(1), "{", json.dumps({"id": "x"}), "\udcff", recording(2)]
    content = "\n".join(lines).encode("utf-8", "surrogateescape")
    path = archive(
        tmp_path / "recording.tar.xz",
        {"TIMESTAMP": b"2026", "mbdump/recording": content, "mbdump/artist": recording(3).encode()},
    )
    answers, refused = read(path, "musicbrainz_dump")
    assert [(one.stream, one.source_row, one.payload) for one in answers] == [
        ("recordings_api", 1, recording(1)),
        ("recordings_api", 5, recording(2)),
        ("artists_api", 6, recording(3)),
    ]
    assert answers[0].request_key == f"recording/{1:08x}{MBID[8:]}"
    assert [(one.row, one.field) for one in refused] == [(2, "(row)"), (3, "id"), (4, "(row)")]


def test_members_that_lead_out_of_the_archive_are_refused_and_nothing_is_unpacked(tmp_path: Path) -> None:
    link = tarfile.TarInfo("mbdump/release")
    link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
    path = archive(
        tmp_path / "recording.tar",
        {
            "../../mbdump/artist": recording(1).encode(),
            "/mbdump/recording": recording(2).encode(),
            "link": link,
            "mbdump/recording": recording(3).encode(),
        },
    )
    answers, refused = read(path, "musicbrainz_dump")
    assert [one.source_row for one in answers] == [4]
    assert [(one.field, one.reason) for one in refused] == [
        ("../../mbdump/artist", "the name leads out of the archive"),
        ("/mbdump/recording", "the name leads out of the archive"),
        ("mbdump/release", "this is a link or a device, no file"),
    ]
    assert sorted(one.name for one in tmp_path.iterdir()) == ["recording.tar"]


def test_a_killed_reading_of_an_archive_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    content = "\n".join(recording(number) for number in range(4000)).encode()
    path = archive(tmp_path / "recording.tar.xz", {"mbdump/recording": content})
    (file,) = killed_then_resumed("musicbrainz_dump", path, tmp_path / "b", monkeypatch, 3000).files
    assert file.resumed >= 1999
    assert bronze.count(tmp_path / "b", "musicbrainz", "recordings_api") == 4000


def test_how_far_a_reading_is_can_be_told(tmp_path: Path) -> None:
    path = dump(tmp_path / "releases.xml.gz", *(release(number) for number in range(5000)))
    told: list[Progress] = []
    ingest(kind("discogs_dump"), [path], tmp_path / "b", ingest_date=DAY, progress=told.append)
    assert [one.rows for one in told] == [1000, 2000, 3000, 4000, 5000, 5000]
    assert told[-1].bytes_read == told[-1].size == path.stat().st_size


def test_places_are_kept_up_to_date_for_whoever_reads_on(tmp_path: Path) -> None:
    path = dump(tmp_path / "releases.xml", *(release(number) for number in range(1, 11)))
    read_from = kind("discogs_dump").read_from
    assert read_from is not None
    place = Place(row=7)
    assert [one.source_row for one in read_from(path, place) if isinstance(one, Answer)] == [8, 9, 10]
    assert place.row == 10
