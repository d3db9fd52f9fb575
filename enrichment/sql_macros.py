"""SQL macros shared by staging models and the Python steps: one definition of each small value rule.

They are temporary macros: part of no catalogue, created on each connection (`create`). dbt gets them through
its plugin. Rules that SQL expresses badly are Python functions instead (`enrichment.functions`); no rule is
written twice but the plain clock, which both need.
"""

import duckdb

from enrichment import tempo

_FORMATS = {
    "MP3 320": r"\bmp3\b.*\b320\b|\b320\b.*\bmp3\b",
    **{name: rf"\b{name.lower()}\b" for name in ("MP3", "FLAC", "ALAC", "AAC", "OGG", "WMA")},
    "WAV": r"\bwave?\b",
    "AIFF": r"\baiff?\b",
    "M4A": r"\bm(4a|p4)\b",
    "Vinyl": r"\bvinyl\b",
    "CD": r"\b(sa)?cd(r|-r)?\b",
    **{name: rf"\b{name.lower()}\b" for name in ("DVD", "Cassette", "Minidisc", "DAT", "Acetate", "Shellac")},
    "Lathe Cut": r"\blathe cut\b",
    "Flexi-disc": r"\bflexi-?disc\b",
    "File": r"\bfile\b",
}
"""Format -> how sources write it, in lower case; of several that fit the first."""

_MACROS = (
    # 'm:ss' or 'h:mm:ss' -> milliseconds, else NULL; minutes may exceed 59 (with fractions: values.clock_ms)
    r"""
    clock_ms(txt) as case
        when regexp_full_match(trim(txt), '\d{1,4}:[0-5]\d')
            then (split_part(trim(txt), ':', 1)::bigint * 60 + split_part(trim(txt), ':', 2)::bigint) * 1000
        when regexp_full_match(trim(txt), '\d{1,3}:[0-5]?\d:[0-5]\d')
            then (split_part(trim(txt), ':', 1)::bigint * 3600 + split_part(trim(txt), ':', 2)::bigint * 60
                  + split_part(trim(txt), ':', 3)::bigint) * 1000
    end""",
    # a date with '-' between its parts and no time of day behind it
    r"""
    dashed_date(txt) as
        regexp_replace(regexp_replace(trim(txt), '[T ]\d{2}:\d{2}.*$', ''), '[/.]', '-', 'g')""",
    # its first day and its precision, else NULL; unknown parts are 00, X or ?
    r"""
    date_read(d) as case
        when regexp_full_match(d, '\d{4}-\d{1,2}-\d{1,2}') and try_cast(d as date) is not null
            then {'value': try_cast(d as date), 'precision': 'day'}
        when regexp_full_match(d, '\d{8}') and try_strptime(d, '%Y%m%d') is not null
            then {'value': try_strptime(d, '%Y%m%d')::date, 'precision': 'day'}
        when regexp_full_match(d, '\d{4}-?(0[1-9]|1[0-2])(-?(00|[0-3][xX?]|[xX?]{1,2}))?')
                or regexp_full_match(d, '\d{4}-[1-9](-0{1,2})?')
            then {'value': try_cast(concat(left(d, 4), '-', regexp_extract(d, '^\d{4}-?(\d{1,2})', 1), '-1')
                    as date), 'precision': 'month'}
        when regexp_full_match(d, '\d{4}(-?(00|0|[01][xX?]|[xX?]{1,2})(-?(00|0|[0-3]?[xX?]{1,2}))?)?')
            then {'value': try_cast(left(d, 4) || '-01-01' as date), 'precision': 'year'}
    end""",
    # provider dates of any precision -> (value, precision), else NULL: '1999', '1999-03', '199903',
    # '1999-03-00', '1999-03-07', '1999/3/7', '19990307', '1999-03-07T10:00:00Z', '2008-0X' (the year 2008)
    r"""
    partial_date(txt) as case
        when length(txt) = 10 and try_cast(txt as date) between date '1860-01-01' and date '2100-12-31'
            then {'value': try_cast(txt as date), 'precision': 'day'}
        when left(trim(txt), 4) between '1860' and '2100' then date_read(dashed_date(txt))
    end""",
    # an ISRC in its 12-character form (ISO 3901: two letters, three letters or digits, seven digits), else
    # NULL; blanks, dashes and dots between, and 'ISRC:' before it, do not count
    r"""
    clean_isrc(txt) as nullif(
        regexp_extract(upper(regexp_replace(txt, '(?i)^\s*isrc[:\s]+|[\s.–—-]+', '', 'g')),
            '^[A-Z]{2}[A-Z0-9]{3}\d{7}$'), '')""",
    # formats a track is to be had in ('MP3 320', 'Vinyl'), in order of their names, from texts between
    # semicolons or commas, each with its maker's details; NULL if none is known
    f"""
    clean_formats(txt) as nullif(list_sort(list_distinct(list_filter(list_transform(
        string_split(replace(lower(txt), ',', ';'), ';'),
        lambda one: case
            {" ".join(f"when regexp_matches(one, '{form}') then '{name}'" for name, form in _FORMATS.items())}
        end
    ), lambda one: one is not null))), [])""",
    # beats per minute of a dance record: 40..260, two decimals, else NULL; a comma is a decimal point
    """
    clean_bpm(txt) as case
        when try_cast(replace(replace(lower(txt), 'bpm', ''), ',', '.') as decimal(9, 2)) between 40 and 260
            then try_cast(replace(replace(lower(txt), 'bpm', ''), ',', '.') as decimal(6, 2))
    end""",
    # whether one tempo is half the other, to two parts in a hundred (87 and 174; not 120 and 128)
    """
    half_or_double(x, y) as abs(greatest(x, y) - 2 * least(x, y)) <= 0.02 * greatest(x, y)""",
    # the other slip of beat trackers: three beats counted for four (95 and 126)
    """
    three_quarters(x, y) as abs(3 * greatest(x, y) - 4 * least(x, y)) <= 0.02 * 4 * least(x, y)""",
    # parts of a key as it is stored ('6A|G minor|Gm'): hour and letter on the Camelot wheel, tonic
    r"""
    camelot_hour(v) as regexp_extract(v, '^\d+')::integer""",
    r"""
    camelot_letter(v) as regexp_extract(v, '^\d+([AB])', 1)""",
    """
    key_tonic(v) as split_part(split_part(v, '|', 2), ' ', 1)""",
    # how many characters of two dates with precision ('1999-03-01|month') can be compared
    """
    date_digits(a, b) as least(
        case split_part(a, '|', 2) when 'year' then 4 when 'month' then 7 else 10 end,
        case split_part(b, '|', 2) when 'year' then 4 when 'month' then 7 else 10 end)""",
    # the last day that a date with precision ('1999-03-01|month') can mean
    """
    last_day_meant(v) as case split_part(v, '|', 2)
        when 'year' then make_date(left(v, 4)::integer, 12, 31)
        when 'month' then last_day(left(v, 10)::date)
        else left(v, 10)::date
    end""",
    # letters and digits of a name, whatever stands between them
    r"""
    letters_of(v) as regexp_replace(lower(strip_accents(v)), '[^\p{L}\p{N}]+', '', 'g')""",
    # whether two names are one label's: 'Warp' and 'Warp Records' are, 'Soma Records' and 'Soma Music' not
    """
    label_name(v) as regexp_replace(letters_of(v), '(records?|recordings?|music)$', '')""",
    """
    same_label(a, b) as letters_of(a) = letters_of(b)
        or label_name(a) = letters_of(b) or label_name(b) = letters_of(a)""",
    # the words of a credit, and whether two credits name the same acts: 'A & B' and 'b, a'
    r"""
    credited_words(v) as list_sort(list_distinct(list_filter(
        regexp_split_to_array(lower(strip_accents(v)), '[^\p{L}\p{N}]+'),
        lambda w: w not in ('', 'and', 'feat', 'vs'))))""",
    """
    same_credit(a, b) as case when letters_of(a) = letters_of(b) then true
        else credited_words(a) = credited_words(b) end""",
    # a credit without those named as remixers: stores list them among the artists ('A, B', remixed by B)
    """
    credit_without(artist, artists, remixers) as case
        when contains(artist, ',') and list_has_any(artists, remixers)
            then coalesce(nullif(array_to_string(acts_without(artists, remixers), ', '), ''), artist)
        else artist
    end""",
    """
    acts_without(artists, remixers) as case
        when list_has_any(artists, remixers) and not list_has_all(remixers, artists)
            then list_filter(artists, lambda a: not list_contains(remixers, a))
        else artists
    end""",
    # a duration a track can have: over 0 and at most 12 hours (long DJ mixes are sold as tracks)
    """
    clean_duration(ms) as case when ms > 0 and ms <= 43200000 then ms end""",
    # n / d rounded half to even, in whole numbers: exact where DECIMAL division would turn to DOUBLE
    """
    divide_half_even(n, d) as (n // d) + case
        when 2 * (n % d) > d then 1
        when 2 * (n % d) = d and (n // d) % 2 = 1 then 1
        else 0
    end""",
    # 1 - (1 - own) (1 - a) (1 - b) ... in ten-thousandths, rounded half to even; up to eight others
    """
    combined_confidence(own, others) as 10000 - divide_half_even(
        list_reduce(list_transform(others, lambda c: (10000 - c)::hugeint), lambda p, q: p * q,
            (10000 - own)::hugeint),
        ('1' || repeat('0', 4 * len(others)))::hugeint)::bigint""",
    # DECIMAL(5,4) as a whole number of ten-thousandths
    """
    ten_thousandths(x) as cast(x * 10000 as bigint)""",
    # part of a whole as DECIMAL(5,4), rounded half to even; NULL without a whole
    """
    share(part, whole) as case when whole > 0 then
        (divide_half_even(10000 * part::bigint, whole::bigint) / 10000)::decimal(5,4) end""",
    # a stable UUID from a text (MD5)
    """
    stable_uuid(txt) as cast(md5(txt) as uuid)""",
    # a number that stands for a text (64 bits of its MD5)
    """
    digest_number(txt) as (md5_number(txt) >> 64)::ubigint""",
    # one number for a track of a batch and a field: joins over one column are estimated better than over two
    """
    decision_no(track_no, field_no) as track_no::bigint * 1000 + field_no""",
    # plausible, half, double or implausible for its genre; NULL where the genre says nothing
    tempo.MACRO,
)


def create(connection: duckdb.DuckDBPyConnection) -> None:
    """Create the macros on a connection."""
    for macro in _MACROS:
        connection.execute(f"create or replace temp macro {macro}")
