"""What `benchmarks.gold` asks, with the bars: milliseconds of the source document, of ours, and our aim."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Line:
    """One question.

    Attributes:
        label: in the report.
        document: milliseconds the source document promises.
        bar: milliseconds to stay below.
        aim: milliseconds wished for.
        needs: table that must be published.
        keys: query for keys; ``$1``, ``$2`` stand for its columns in the questions.
        gold: the question to the published file; ``{all}`` becomes the choice of the longest period, if any.
        postgres: the question to PostgreSQL, where it is another text.
    """

    label: str
    document: float
    bar: float
    aim: float
    needs: str
    keys: str
    gold: str
    postgres: str = ""


LINES = (
    Line(
        *("track by id", 1, 1, 0.3, "track_analytics"),
        keys="select track_id::varchar from track_analytics",
        gold="""
            select full_track_name, bpm, key, genre_primary, play_count, quality_score
            from track_analytics where track_id = $1::uuid""",
    ),
    Line(
        *("track by Spotify id", 1, 1, 0.3, "track_analytics"),
        keys="select spotify_id from track_analytics where spotify_id is not null",
        gold="""
            select track_id, full_track_name, bpm, key, genre_primary
            from track_analytics where spotify_id = $1""",
    ),
    Line(
        *("full-text search, 10 best", 50, 20, 5, "track_analytics"),
        # up to four of a track's words, some of the short ones left out
        keys="""
            select array_to_string(list_filter(search_terms(full_track_name),
                lambda word, i: i % 2 = hash(track_id) % 2 or len(word) > 6)[:4], ' ')
            from track_analytics""",
        gold="from search($1, kind_of := 'track')",
        postgres="""
            select track_id, full_track_name, ts_rank(words, query) as score
            from track_analytics, websearch_to_tsquery('simple', $1) query
            where words @@ query order by score desc, popularity_score desc nulls last limit 10""",
    ),
    Line(
        *("quality score, page of 50", 10, 10, 3, "track_analytics"),
        keys="select quality_score::varchar from track_analytics",
        gold="""
            select track_id, full_track_name, quality_score from track_analytics
            where quality_score <= $1::decimal(5,4) order by quality_score desc, track_id limit 50""",
    ),
    Line(
        *("artist analytics", 5, 2, 0.5, "artist_analytics"),
        keys="select artist_id::varchar from artist_analytics",
        gold="""
            select artist_name, total_tracks, avg_bpm, avg_energy, most_common_key, popularity_score,
                trending_score
            from artist_analytics where artist_id = $1::uuid""",
    ),
    Line(
        *("genre leaderboard", 5, 2, 1, "top_tracks_by_genre"),
        keys="select distinct level, genre from top_tracks_by_genre",
        gold="""
            select rank, full_track_name, play_count from top_tracks_by_genre
            where level = $1 and genre = $2{all} order by rank""",
    ),
    Line(
        *("recommendations of a track", 10, 2, 0.5, "harmonic_mixing_recommendations"),
        keys="select track_id::varchar from harmonic_mixing_recommendations where rank = 1",
        gold="""
            select rank, recommended_full_track_name, score, reason
            from harmonic_mixing_recommendations where track_id = $1::uuid order by rank""",
    ),
    Line(
        *("collaborations of an artist", 20, 3, 1, "artist_collaboration_network"),
        keys="select artist_a_id::varchar from artist_collaboration_network",
        gold="""
            select artist_b as other, kind, weight
            from artist_collaboration_network where artist_a_id = $1::uuid
            union all
            select artist_a, kind, weight
            from artist_collaboration_network where artist_b_id = $1::uuid""",
    ),
    Line(
        *("tracks by genre x year x key", 50, 50, 15, "track_analytics"),
        keys="select distinct genre_root from track_analytics where genre_root is not null",
        gold="""
            select genre_root, extract(year from release_date) as year, key, count(*) as tracks
            from track_analytics where genre_root <> $1 group by 1, 2, 3""",
    ),
)
REBUILDS = (
    ("top tracks", "top_tracks_by_genre", 0.5),
    ("collaborations", "artist_collaboration_network", 2.0),
    ("harmonic mixing", "harmonic_mixing_recommendations", 5.0),
)
"""Models whose rebuild has a bar, in seconds at 100,000 tracks; a third of it is the aim."""
ALL_SECONDS = 10.0
