"""A list of tracks through Splink 5, as a careful user of Splink would do it; run by `against_splink`.

Runs in an environment of its own that has Splink and nothing of this project. Belongs here: cleaning in SQL
by someone who has looked at the list and knows how each of its five sources writes, blocking, comparisons,
training, clustering; all that helps Splink, nothing that looks at the truth. Writes what it found as Parquet
and what it took as JSON. Clusters are connected components: Splink's other way, one row a source
(`cluster_using_single_best_links`), took 17 GB and had not ended after five minutes on this list.
"""

import json
import resource
import sys
import time

import duckdb
import splink.comparison_level_library as cll
import splink.comparison_library as cl
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

CLEAN = r"""
    create temp table raw as
    select row_number() over () as unique_id, SourceID as source_dataset, * replace (
        nullif(nullif(nullif(nullif(title, 'null'), 'unk.'), '[unknown]'), '') as title,
        nullif(nullif(nullif(nullif(artist, 'null'), 'unk.'), '[unknown]'), '') as artist,
        nullif(nullif(nullif(nullif(album, 'null'), 'unk.'), '[unknown]'), '') as album
    ) from read_csv('{path}', all_varchar = true, header = true);
    create temp table columns as
    select unique_id, source_dataset,
        case source_dataset
            when '1' then coalesce(
                case when ends_with(title, ' (' || album || ')')
                    then left(title, -length(album) - 3) end,
                nullif(regexp_replace(title, ' \([^()]*\)$', ''), ''))
            when '2' then case when contains(title, ' - ')
                then title[strpos(title, ' - ') + 3:] else title end
            when '3' then regexp_extract(title, '^(.*?)(?: - .*)?$', 1)
            when '4' then regexp_replace(title, '^\d{{1,3}}-', '')
            else title end as title,
        case when source_dataset = '2' and artist is null and contains(title, ' - ')
            then title[:strpos(title, ' - ') - 1] else artist end as artist,
        case source_dataset
            when '1' then coalesce(album, nullif(regexp_extract(title, ' \(([^()]*)\)$', 1), ''))
            when '3' then coalesce(album, nullif(regexp_extract(title, '^.*? - (.*)$', 1), ''))
            when '4' then regexp_replace(album, ' ?\((\d{{4}}|unknown)\)$', '')
            else album end as album,
        case source_dataset
            when '1' then try_cast(split_part(length, ':', 1) as double) * 60
                + try_cast(split_part(length, ':', 2) as double)
            when '2' then try_cast(length as double)
            when '3' then try_cast(length as double) * 60
            when '4' then try_cast(regexp_extract(length, '(\d+)m', 1) as double) * 60
                + try_cast(regexp_extract(length, '(\d+)sec', 1) as double)
            else try_cast(length as double) / 1000 end as length,
        case source_dataset
            when '1' then try_cast(year as integer)
            when '4' then try_cast(regexp_extract(album, '\((\d{{4}})\)$', 1) as integer)
            when '5' then try_cast(year as integer)
            else try_cast(nullif(regexp_extract(year, '(\d\d)$', 1), '') as integer)
                + case when regexp_extract(year, '(\d\d)$', 1) < '40' then 2000 else 1900 end end as year,
        try_cast(nullif(regexp_extract(number, '(\d{{1,4}})$', 1), '') as integer) as number
    from raw;
"""
"""From the file as it is to columns that mean the same in each source."""

DERIVE = r"""
    create or replace macro plain(text) as nullif(trim(regexp_replace(regexp_replace(
        strip_accents(lower(text)), '[''’`]', '', 'g'), '[^\p{L}\p{N}]+', ' ', 'g')), '');
    create or replace macro words(text) as
        list_filter(string_split(coalesce(text, ''), ' '), lambda word: word <> '');
    create temp table folded as
    select unique_id, source_dataset, title, artist, album, nullif(length, 0) as length, year, number,
        array_to_string(list_sort(words(title)), ' ') as sorted_title,
        nullif(list_distinct(words(concat_ws(' ', title, artist, album))), []) as words
    from (select * replace (plain(title) as title, plain(artist) as artist, plain(album) as album)
          from columns);
    create temp table frequency as
    select word, count(*) as rows from (select unnest(words) as word from folded) group by word;
    create temp table rare as
    select unique_id, list(word) as rare_words
    from (select unique_id, unnest(words) as word from folded) join frequency using (word)
    where rows between 2 and 60 group by unique_id;
    create temp table listed as
    select f.*, rare_words, left(replace(title, ' ', ''), 7) as start_of_title,
        right(replace(title, ' ', ''), 8) as end_of_title
    from folded f left join rare using (unique_id);
"""
"""Folded text, and the columns rows meet by: rare words, beginning and end of the title."""


def text(column, ordered=None):
    """Levels of a text: equal (rare values count more), misspelt, alike, somewhat alike, other."""
    apart = f"levenshtein({column}_l, {column}_r) / greatest(length({column}_l), length({column}_r))"
    by_words = f"jaro_winkler_similarity({ordered or column}_l, {ordered or column}_r)"
    return cl.CustomComparison(
        [
            cll.NullLevel(column),
            cll.ExactMatchLevel(column).configure(tf_adjustment_column=column),
            cll.CustomLevel(f"{apart} <= 0.1"),
            cll.CustomLevel(f"{apart} <= 0.25 or {by_words} >= 0.94"),
            cll.CustomLevel(f"{apart} <= 0.45 or {by_words} >= 0.85"),
            cll.ElseLevel(),
        ],
        output_column_name=column,
    )


def difference(column, *limits):
    """Levels of a number: within each of the limits, beyond them."""
    within = [cll.CustomLevel(f"abs({column}_l - {column}_r) <= {limit}") for limit in limits]
    return cl.CustomComparison([cll.NullLevel(column), *within, cll.ElseLevel()], output_column_name=column)


def settings():
    """Comparisons and blocking; across sources only, as no source repeats itself."""
    return SettingsCreator(
        link_type="link_only",
        comparisons=[
            text("title", "sorted_title"),
            text("artist"),
            text("album"),
            difference("length", 1, 3, 10),
            difference("year", 0, 1),
            difference("number", 0),
        ],
        blocking_rules_to_generate_predictions=[
            block_on("rare_words", arrays_to_explode=["rare_words"]),
            block_on("start_of_title"),
            block_on("end_of_title"),
            block_on("number", "round(length / 2)", "year"),
            block_on("artist", "album"),
        ],
        retain_matching_columns=False,
    )


def train(linker):
    """The share of matches by sure rules, u by sampling, m by two rounds of expectation maximisation."""
    sure = [block_on("title", "artist"), block_on("title", "album"), block_on("artist", "length")]
    linker.training.estimate_probability_two_random_records_match(sure, recall=0.7)
    linker.training.estimate_u_using_random_sampling(max_pairs=1e6, seed=1)
    linker.training.estimate_parameters_using_expectation_maximisation(block_on("start_of_title"))
    linker.training.estimate_parameters_using_expectation_maximisation(block_on("artist", "album"))


def main(given):
    """File to clusters; then, no longer timed, clusters at other thresholds.

    Args:
        given: ``source`` (``.csv.gz`` as delivered, or Parquet of cleaned columns), ``out`` (a folder),
            ``started`` (time of the start), ``weights`` (first the one that is timed).
    """
    connection = duckdb.connect()
    if given["source"].endswith(".parquet"):
        connection.execute(f"create temp table columns as from '{given['source']}'")
    else:
        connection.execute(CLEAN.format(path=given["source"]))
    connection.execute(DERIVE)
    api = DuckDBAPI(connection)
    found = connection.execute("select distinct source_dataset from columns order by 1").fetchall()
    frames = []
    for (name,) in found:
        connection.execute(
            f"create temp table listed_{name} as select * replace ('s{name}' as source_dataset) from listed "
            f"where source_dataset = '{name}'"
        )
        frames.append(api.register(connection.table(f"listed_{name}"), dataset_display_name=f"s{name}"))
    linker = Linker(frames, settings(), log_level=None)
    cleaned = time.time()
    train(linker)
    trained = time.time()
    predictions = linker.inference.predict(threshold_match_weight=min(given["weights"]))
    predicted = time.time()
    for place, weight in enumerate(given["weights"]):
        made = linker.clustering.cluster_pairwise_predictions_at_threshold(
            predictions, threshold_match_weight=weight
        )
        connection.execute(
            f"copy (select unique_id, cluster_id from {made.physical_name}) "
            f"to '{given['out']}/{weight}.parquet'"
        )
        if not place:
            ended = time.time()
            used = resource.getrusage(resource.RUSAGE_SELF)
    blocked = linker.inference.compute_blocked_pairs_for_predict()
    pairs = connection.execute(f"select count(*) from {blocked.physical_name}").fetchall()[0][0]
    took = {
        "start and clean": cleaned - given["started"],
        "train": trained - cleaned,
        "predict": predicted - trained,
        "cluster": ended - predicted,
    }
    cpu = used.ru_utime + used.ru_stime
    print(json.dumps({"took": took, "cpu": cpu, "peak_mb": used.ru_maxrss / 1024, "pairs": pairs}))


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
