"""Syllables and words from which all names of the world are put together.

What belongs here: word lists and nothing else. The syllables are made up; combined, they are no real artist's
name except by accident.
"""

from typing import Final

STARTS: Final = (
    "Bal", "Bre", "Cal", "Cor", "Dar", "Del", "Dra", "Dun", "El", "Fal", "Fen", "Gal", "Gor", "Hal", "Hel",
    "Hol", "Il", "Jar", "Jol", "Kal", "Kes", "Kor", "Kru", "Lan", "Lor", "Lum", "Mal", "Mer", "Mir", "Mor",
    "Nal", "Nev", "Nor", "Ol", "Or", "Pal", "Per", "Pra", "Quin", "Ral", "Ren", "Ros", "Sal", "Sel", "Sken",
    "Sol", "Stra", "Sul", "Tal", "Ten", "Tor", "Tru", "Ul", "Val", "Ven", "Vor", "Wal", "Wes", "Xan", "Yel",
    "Zal", "Zor", "Bjø", "Né", "Zü",
)  # fmt: skip
MIDDLES: Final = (
    "a", "ado", "aki", "ame", "ani", "ari", "avo", "da", "de", "di", "e", "ela", "emi", "eri", "ga", "go",
    "i", "ila", "imo", "iro", "ka", "ki", "la", "le", "li", "lo", "ma", "mi", "mo", "na", "ni", "no", "o",
    "ola", "ori", "ra", "re", "ri", "ro", "sa", "ta", "te", "ti", "u", "va", "vi", "vo", "za",
)  # fmt: skip
ENDS: Final = (
    "bek", "bor", "brin", "cott", "dane", "den", "dis", "dor", "drel", "fane", "fex", "fin", "gard", "gen",
    "gris", "holt", "kane", "ken", "kin", "kov", "lane", "ler", "lin", "lix", "lund", "mack", "mar", "men",
    "mire", "mond", "nar", "nell", "ner", "nex", "nis", "pel", "quist", "rane", "rell", "ren", "rik", "ris",
    "roth", "sand", "sell", "ser", "sten", "stra", "sund", "tane", "tek", "ten", "ter", "thane", "tor",
    "tran", "tric", "vane", "vek", "ven", "vex", "vik", "wick", "wynn", "zan", "zek", "zo", "dé", "lør",
    "ñez",
)  # fmt: skip
ADJECTIVES: Final = (
    "Absent", "Amber", "Ancient", "Baltic", "Bitter", "Blue", "Borrowed", "Brave", "Broken", "Burning",
    "Careless", "Celestial", "Cold", "Concrete", "Copper", "Crimson", "Crooked", "Crystal", "Dark",
    "Daylight", "Deep", "Digital", "Distant", "Divided", "Double", "Dusty", "Early", "Eastern", "Electric",
    "Empty", "Endless", "Eternal", "Faded", "Fallen", "False", "Final", "First", "Flooded", "Foreign",
    "Forgotten", "Fragile", "Frozen", "Gentle", "Ghostly", "Golden", "Gravel", "Green", "Grey", "Hidden",
    "Hollow", "Humid", "Hungry", "Inner", "Iron", "Ivory", "Last", "Late", "Little", "Liquid", "Lonely",
    "Lost", "Lucid", "Lunar", "Magnetic", "Marble", "Midnight", "Modern", "Molten", "Morning", "Narrow",
    "Neon", "Northern", "Open", "Orange", "Other", "Outer", "Pale", "Paper", "Parallel", "Patient", "Perfect",
    "Phantom", "Plastic", "Polar", "Private", "Purple", "Quiet", "Rapid", "Red", "Restless", "Rising",
    "Rusty", "Sacred", "Salted", "Second", "Secret", "Severed", "Silent", "Silver", "Simple", "Slow", "Solar",
    "Southern", "Spiral", "Static", "Stolen", "Strange", "Sudden", "Summer", "Sunken", "Tender", "Third",
    "Tidal", "Torn", "Twin", "Upper", "Urban", "Vacant", "Velvet", "Violet", "Warm", "Western", "White",
    "Wild", "Winter", "Wooden", "Yellow", "Young",
)  # fmt: skip
NOUNS: Final = (
    "Alarm", "Altar", "Anchor", "Angle", "Antenna", "Arcade", "Archive", "Arrow", "Atlas", "Balance",
    "Balcony", "Basement", "Beacon", "Bridge", "Cabin", "Cable", "Canal", "Canvas", "Canyon", "Carbon",
    "Cargo", "Carousel", "Cascade", "Cellar", "Chamber", "Channel", "Chapter", "Chrome", "Cinema", "Circuit",
    "City", "Cloud", "Coast", "Colour", "Comet", "Compass", "Corridor", "Courtyard", "Crater", "Current",
    "Dancer", "Dawn", "Delta", "Desert", "Device", "Diamond", "Distance", "District", "Dream", "Drift",
    "Dusk", "Echo", "Eclipse", "Ember", "Engine", "Entrance", "Escape", "Evening", "Feather", "Ferry",
    "Fever", "Field", "Fire", "Flame", "Flight", "Flood", "Floor", "Forest", "Formula", "Fountain", "Frame",
    "Frequency", "Future", "Garden", "Gate", "Glass", "Gravity", "Harbour", "Hangar", "Harvest", "Heart",
    "Heat", "Horizon", "Hotel", "Hour", "Island", "Journey", "Kingdom", "Ladder", "Lagoon", "Lantern",
    "Laser", "Letter", "Light", "Line", "Machine", "Magnet", "Map", "Market", "Mask", "Matter", "Meadow",
    "Memory", "Metal", "Meteor", "Mirror", "Moment", "Monsoon", "Moon", "Motion", "Motor", "Mountain",
    "Museum", "Night", "Number", "Ocean", "Orbit", "Palace", "Paradise", "Particle", "Passage", "Pattern",
    "Pendulum", "Phase", "Pilot", "Planet", "Platform", "Prism", "Promise", "Pulse", "Rain", "Reason",
    "Reflex", "Reservoir", "Ritual", "River", "Road", "Room", "Rooftop", "Rumour", "Sand", "Satellite",
    "Season", "Sequence", "Shadow", "Shape", "Shelter", "Shore", "Signal", "Skyline", "Smoke", "Sonar",
    "Spectrum", "Spell", "Spirit", "Stage", "Station", "Storm", "Street", "Structure", "Sun", "Surface",
    "Switch", "System", "Temple", "Theatre", "Thunder", "Tide", "Timber", "Tower", "Trace", "Traffic",
    "Train", "Tunnel", "Vapour", "Vector", "Vessel", "Village", "Vision", "Voice", "Voltage", "Voyage",
    "Wall", "Warehouse", "Water", "Wave", "Weather", "Whisper", "Window", "Wire", "Wonder", "World", "Zone",
)  # fmt: skip
VERBS: Final = (
    "Break", "Breathe", "Bring", "Call", "Carry", "Chase", "Climb", "Cross", "Dance", "Don't Touch", "Enter",
    "Escape", "Feel", "Find", "Follow", "Forget", "Free", "Give", "Hear", "Hold", "I'll Keep", "Ignite",
    "Keep", "Leave", "Lift", "Lose", "Move", "Open", "Reach", "Release", "Remember", "Ride", "Shake", "Take",
    "Trace", "Turn", "Wake", "Watch",
)  # fmt: skip
VENUES: Final = (
    "Hangar", "Warehouse", "Terrace", "Basement", "Main Stage", "Boiler House", "Rooftop", "Pier", "Depot",
    "Arena", "Garden Stage", "Silo", "Tunnel", "Gasworks", "Boathouse", "Planetarium",
)  # fmt: skip
COUNTRIES: Final = (
    "Germany", "United Kingdom", "Netherlands", "Spain", "Italy", "France", "Belgium", "Croatia",
    "United States", "Portugal", "Poland", "Sweden",
)  # fmt: skip
"""Countries of events, in the order of `ISRC_COUNTRIES` as far as that goes."""
ISRC_COUNTRIES: Final = ("DE", "GB", "NL", "ES", "IT", "FR", "BE", "HR", "US", "PT", "PL", "SE")
"""Prefix of the codes a label hands out (ISO 3166-1 alpha-2, as ISO 3901 asks for)."""
