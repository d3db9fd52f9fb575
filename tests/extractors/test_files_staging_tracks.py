"""Staging of catalogues: label rows, Spotify playlists, releases of a dump."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from lake import bronze
from tests.extractors.file_staging import Staging, pick


@pytest.fixture
def staging(tmp_path: Path) -> Iterator[Staging]:
    made = Staging(tmp_path)
    yield made
    made.connection.close()


def test_label_rows_get_their_spaces_back_from_any_row_of_the_day(staging: Staging) -> None:
    rows = [
        "Album,Name,Artists,Remixers,Genre,Bpm,Key,Length,Catalog",
        "Ada Fox - Dawn EP,Dawn (Part (2))(Original Mix),AdaFox,,DeepHouse,122,F♯ min,6:32,C1",
        'VA - Some Hits,Dusk(Cy Remix),"AdaFox,TeeBoo",Cy,Techno,0,None,1:02:03,C2',
        "TeeBoo - Night ,Night(TeeBoo Remix [Club Edit)),TeeBoo,,Techno,130,A maj,5:00,C3",
    ]
    staging.ingest("beatport_labels", "night_owl_s.csv", "\r\r\n".join(rows))
    tracks = sorted(staging.build("stg_beatport__label_tracks"), key=lambda row: row["catalog_number"])
    assert pick(tracks, "artist_raw", "title_raw", "mix_name_raw", "remixer_raw", "album_raw") == [
        ("Ada Fox", "Dawn (Part (2))", "Original Mix", None, "Dawn EP"),
        ("Ada Fox, TeeBoo", "Dusk", "Cy Remix", "Cy", "Some Hits"),
        ("TeeBoo", "Night", "TeeBoo Remix [Club Edit", None, "Night"),
    ]
    assert pick(tracks, "label_raw", "genre_raw", "bpm_raw", "key_raw", "duration_ms")[:2] == [
        ("Night Owl's", "Deep House", "122", "F♯ min", 392_000),
        ("Night Owl's", "Techno", "0", None, 3_723_000),
    ]


def test_spotify_playlists(staging: Staging) -> None:
    names = (
        "track_id,track_name,track_artist,track_popularity,track_album_id,track_album_name,"
        "track_album_release_date,playlist_name,playlist_id,playlist_genre,playlist_subgenre,danceability,energy,"
        "key,loudness,mode,speechiness,acousticness,instrumentalness,liveness,valence,tempo,duration_ms"
    )
    sound = "0.5,0.6,6,-5.5,0,0.1,0.2,0,0.3,0.4,128.01,200000"
    rows = [
        f"t1,Dawn,Ada,50,a1,Album,2019,Mixed,p1,edm,big room,{sound}",
        f"t2,NA,NA,0,a2,NA,2012-05,Mixed,p1,edm,big room,{sound}",
        f"t1,Dawn,Ada,50,a1,Album,2019,Mixed,p1,pop,dance pop,{sound}",
    ]
    staging.ingest("spotify_playlist_tracks", "songs.csv", "\n".join([names, *rows]))
    tracks = sorted(
        staging.build("stg_spotify__csv_tracks"), key=lambda row: (row["spotify_id"], row["genre_raw"])
    )
    assert pick(
        tracks, "artist_raw", "title_raw", "bpm_raw", "key_raw", "release_date_raw", "popularity"
    ) == [
        ("Ada", "Dawn", "128.01", "pc:6:0", "2019", 50),
        ("Ada", "Dawn", "128.01", "pc:6:0", "2019", 50),
        (None, None, "128.01", "pc:6:0", "2012-05", 0),
    ]
    (playlist,) = staging.build("stg_spotify__csv_playlists")
    assert (playlist["title"], playlist["genres"]) == ("Mixed", ["big room", "dance pop"])
    plays = sorted(staging.build("stg_spotify__csv_plays"), key=lambda row: row["position"])
    assert pick(plays, "position", "kind", "spotify_id") == [(1, "track", "t1"), (2, "unknown", "t2")]


def test_year_end_charts(staging: Staging) -> None:
    names = (
        ",chart_position,title,artist,year,danceability,energy,key,loudness,mode,speechiness,acousticness,"
        "instrumentalness,liveness,valence,tempo,id,duration_ms,time_signature,explicit,popularity,top_genre"
    )
    sound = "0.5,0.6,6,-5.5,0,0.1,0.2,0,0.3,0.4,128"
    rows = [
        f"1,1,Dawn,Ada Bo  Cy,2011,{sound},t1,200000,4,TRUE,80,house",
        f"2,NA,Account,Send us a tip,2011,{sound},t2,1000,3,FALSE,48,NA",
    ]
    staging.ingest("year_end_charts_spotify", "charts.csv", "\n".join([names, *rows]))
    (entry,) = staging.build("stg_spotify__year_end_chart_entries")
    assert (entry["position"], entry["artist_raw"], str(entry["chart_date"])) == (
        1,
        "Ada Bo, Cy",
        "2011-12-31",
    )
    (track,) = staging.build("stg_spotify__year_end_tracks")
    assert (track["title_raw"], track["artist_raw"], track["key_raw"]) == ("Dawn", "Ada Bo, Cy", "pc:6:0")
    query = (
        f"select payload ->> '$.field' from {bronze.read_sql(staging.home / 'bronze', 'spotify', 'rejected')}"
    )
    assert staging.connection.execute(query).fetchall() == [("chart_position",)]


def test_releases_of_a_dump(staging: Staging) -> None:
    def artist(name: str, join: str = "", role: str = "") -> str:
        return f"<artist><name>{name}</name><anv>x</anv><join>{join}</join><role>{role}</role></artist>"

    def track(position: str, title: str, duration: str = "", more: str = "") -> str:
        heading = f"<position>{position}</position><title>{title}</title>"
        return f"<track>{heading}<duration>{duration}</duration>{more}</track>"

    text = (
        f'<releases><release id="5"><artists>{artist("Ada (2)", ",")}{artist("Bo", "feat.")}'
        f"{artist('Cy')}</artists>"
        '<title>Some EP</title><labels><label name="One (3)" catno="none"/></labels>'
        "<genres><genre>Electronic</genre></genres><styles><style>House</style><style>Acid</style></styles>"
        "<released>1999-03-00</released><tracklist>"
        + track("", "Side One")
        + track(
            "A1", "Dawn", "5:42", f"<extraartists>{artist('Di (7)', '', 'Remix, Producer')}</extraartists>"
        )
        + track(
            "A2",
            "Dusk\t",
            "",
            f"<artists>{artist('Eva')}</artists>"
            f"<extraartists>{artist('Flo (2)', '', 'Featuring')}</extraartists>",
        )
        + track(
            "", "Medley", "", "<sub_tracks>" + track("B1.a", "One") + track("B1.b", "Two") + "</sub_tracks>"
        )
        + "</tracklist></release></releases>"
    )
    staging.ingest("discogs_dump", "releases.xml", text)
    tracks = sorted(staging.build("stg_discogs__dump_tracks"), key=lambda row: row["track_position"])
    assert pick(tracks, "source_entity_id", "artist_raw", "title_raw", "remixer_raw", "duration_ms") == [
        ("5-A1", "Ada (2), Bo feat. Cy", "Dawn", "Di", 342_000),
        ("5-A2", "Eva feat. Flo (2)", "Dusk", None, None),
        ("5-B1.a", "Ada (2), Bo feat. Cy", "One", None, None),
        ("5-B1.b", "Ada (2), Bo feat. Cy", "Two", None, None),
    ]
    assert pick(
        tracks, "album_raw", "label_raw", "catalog_number", "genre_raw", "subgenre_raw", "release_date_raw"
    )[0] == ("Some EP", "One", None, "House", "Acid", "1999-03-00")
    assert tracks[0]["discogs_release_id"] == "5"
