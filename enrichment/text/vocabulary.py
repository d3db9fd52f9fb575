"""The words of the trade: what names a version, what merely tags a file, who stands for nobody.

Belongs here: word tables only, all in the form `word` gives (lower-case ASCII letters and digits, no
hyphens), so that ``Re-Edit``, ``re-edit`` and ``RE EDIT`` need one entry. How they are applied: `phrases`.
"""


def _words(text: str) -> list[str]:
    return text.split()


def _names(text: str) -> list[str]:
    return [" ".join(name.split()) for name in text.split("|")]


# Head words -> kind. A head says that its phrase is a version (``Somebody Remix``).
HEADS: dict[str, str] = {
    **dict.fromkeys(("remix", "remixx", "rmx", "remixed", "remx", "rimix", "remixe"), "remix"),
    **dict.fromkeys(("mix", "mx", "mixx", "harmonimix", "version", "ver", "verison", "versao"), "mix"),
    **dict.fromkeys(("edit", "reedit", "redit", "djedit", "extendit"), "edit"),
    **dict.fromkeys(
        _words("""rework reworked rewerk reconstruction deconstruction reinterpretation interpretation remake
        refix reshape repaint retouch reboot rebuild rerub respray remode revision revisit redo retwist flip
        rebooted redux redub update rethink recut reprint regroove rebeat replant reload retool rejig rebirth
        remould remold remodel rewire rewired recast refresh revibe recreation rendition adaptation
        reimagination reimagined reanimation reconstruct restructure resample rewind relick retake rejam
        refunk reruff reebeef rebeef relift rehand rebounce rebake refill reform respin translation treatment
        fix blend remezcla remezclacion"""),
        "rework",
    ),
    **dict.fromkeys(("bootleg", "boot", "booty"), "bootleg"),
    **dict.fromkeys(("mashup", "mash", "megamix"), "mashup"),
    **dict.fromkeys(("dub", "dubs", "dubmix"), "dub"),
    **dict.fromkeys(("vip",), "vip"),
    **dict.fromkeys(("instrumental", "instrumentals", "inst", "instr", "beatless"), "instrumental"),
    **dict.fromkeys(
        ("acapella", "acappella", "accapella", "acapela", "accappella", "drumapella", "percapella"),
        "acapella",
    ),
    **dict.fromkeys(("cover",), "cover"),
    **dict.fromkeys(
        ("remaster", "remastered", "remastering", "remasterizado", "remasterise", "remasted"), "remaster"
    ),
    **dict.fromkeys(("rerecorded", "rerecording", "rerecord"), "rerecording"),
    **dict.fromkeys(("demo",), "demo"),
    **dict.fromkeys(("acoustic", "acustico", "acustica", "unplugged", "stripped"), "acoustic"),
    **dict.fromkeys(("reprise",), "reprise"),
    **dict.fromkeys(("tool", "beats"), "tool"),
    **dict.fromkeys(("cut", "variation"), "mix"),
    **dict.fromkeys(("spedup",), "spedup"),
    **dict.fromkeys(("slowed",), "slowed"),
}

# Words that qualify a head (``Extended Mix``, ``Somebody Club Remix``) -> kind they add; '' adds nothing.
QUALIFIERS: dict[str, str] = {
    **dict.fromkeys(
        ("original", "orignal", "orginal", "originial", "origional", "orig", "main", "standard"), "original"
    ),
    **dict.fromkeys(("album", "single", "lp", "ep", "regular", "uncut", "stereo", "mono"), "original"),
    **dict.fromkeys(
        ("extended", "ext", "extd", "maxi", "12", "12inch", "full", "long", "exten", "xtended"), "extended"
    ),
    **dict.fromkeys(("radio", "short", "7", "7inch", "video"), "radio"),
    **dict.fromkeys(("club",), "club"),
    **dict.fromkeys(("vocal", "vox", "vocals"), "vocal"),
    **dict.fromkeys(
        (
            "dj",
            "bonus",
            "unreleased",
            "exclusive",
            "official",
            "inch",
            "length",
            "digital",
            "unconfirmed",
            "hidden",
        ),
        "",
    ),
    **dict.fromkeys(("live",), "live"),
    **dict.fromkeys(("intro",), "intro"),
    **dict.fromkeys(("outro",), "outro"),
    **dict.fromkeys(("explicit", "clean", "dirty", "edited", "censored", "uncensored"), ""),
}

# Ordinary words that are heads after a possessive only ("Somebody's Touch").
SOFT_HEADS: frozenset[str] = frozenset(_words("touch take vision jam groove vibe style dance trip rub"))

# Words allowed before the remixer's name.
LEADING: frozenset[str] = frozenset(_words("official unreleased exclusive extended new"))

# A bracket of exactly this is a version of its own.
ALONE: dict[str, str] = {
    **dict.fromkeys(("original", "orginal", "orignal", "orig", "album", "single", "main"), "original"),
    **dict.fromkeys(("extended", "ext", "extd", "12inch"), "extended"),
    **dict.fromkeys(("radio", "7inch", "short"), "radio"),
    **dict.fromkeys(("club",), "club"),
    **dict.fromkeys(("vocal",), "vocal"),
    **dict.fromkeys(("live", "unplugged"), "live"),
    **dict.fromkeys(("intro", "introduction"), "intro"),
    **dict.fromkeys(("outro",), "outro"),
    **dict.fromkeys(("interlude", "prelude", "skit"), "interlude"),
}

# Tags: say something about the file or the release, nothing about the recording.
TAG_WORDS: frozenset[str] = frozenset(
    _words("""clean dirty explicit edited censored uncensored hd hq 320 320kbps kbps mp3 wav flac soon coming
    unreleased unfinished unmixed mixed promo free download freedownload dl exclusive forthcoming premiere
    snippet preview teaser clip bonus track cd only lyrics lyric audio video official music visualizer
    visualiser out now deluxe digital white label cdr dubplate test pressing acetate vinyl rip cut quick hit
    hitter short intro outro soundtrack ost original motion picture from the film movie game series""")
)
# At least one of these makes a phrase of TAG_WORDS a tag.
TAG_TRIGGERS: frozenset[str] = frozenset(
    _words("""clean dirty explicit edited censored uncensored hd hq 320 320kbps mp3 wav flac unreleased
    unfinished unmixed mixed promo freedownload download dl exclusive forthcoming premiere snippet preview
    teaser lyrics lyric audio video deluxe digital cdr dubplate acetate bonus soundtrack ost visualizer
    visualiser clip""")
)

# Style words that may stand between a remixer's name and the head (``Somebody Progressive Remix``).
STYLES: frozenset[str] = frozenset(
    _words("""progressive deep tech house techno trance disco garage ambient chillout chill sunset sunrise
    uplifting electro electronic dirty hard hardstyle minimal acid funky soul soulful jazz jazzy latin tribal
    peaktime festival mainroom mainstage bass dubstep trap dnb jungle breaks breakbeat rave warehouse classic
    oldschool afterhours melodic afro amapiano dancefloor underground lounge downtempo alternative alternate
    instrumental bonus nudisco tribute birthday""")
)

NOT_POSSESSIVE: frozenset[str] = frozenset(
    _words("what it that she he here there let who how where when why everybody nobody love one")
)

# What stands for an unknown title or artist, folded.
UNKNOWN_TITLES: frozenset[str] = frozenset(
    _names("""id|ids|id id|unknown|unknown id|unknown track|unknown title|unidentified|unidentified track|id
    track |track id|new id|unreleased|unreleased track|unreleased id|untitled id|tba|tbd|id remix|id edit
    |unknown remix|title unknown |track unknown|mystery track|no title|unbekannt|inconnu|desconocido
    |desconhecido""")
)
UNKNOWN_ARTISTS: frozenset[str] = frozenset(
    _names("""id|ids|id id|unknown|unknown id|unknown artist|unknown artists|unidentified|unidentified artist
    |tba|tbc|tbd|n a|null|nan|no artist|artist unknown|various|various artists|va|v a|unbekannt|inconnu
    |unbekannter interpret|artista desconocido|artista desconhecido|desconocido|desconhecido""")
)

_ROMAN = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x")
_WORDS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
NUMBERS = {word: str(i) for words in (_ROMAN, _WORDS) for i, word in enumerate(words, start=1)}
"""Roman numbers and words of what is counted: parts, volumes, mixes."""
