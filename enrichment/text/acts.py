"""Acts whose one name contains a separator ("Above & Beyond"): a display credit keeps them whole.

Belongs here: names only; a hint for display. Matching never depends on it (it compares finely split names).
"""

from enrichment.text.fold import fold_key

_NAMES = """
Above & Beyond; Chase & Status; Simon & Garfunkel; Dimitri Vegas & Like Mike; Aly & Fila; Camo & Krooked
Ed Rush & Optical; Calyx & TeeBee; Matrix & Futurebound; Super8 & Tab; Myon & Shane 54; Blank & Jones
Gabriel & Dresden; Kruder & Dorfmeister; Lucas & Steve; Sunnery James & Ryan Marciano; Merk & Kremont
Tegan and Sara; Florence and the Machine; Earth, Wind & Fire; Earth Wind & Fire; Blood, Sweat & Tears
Emerson, Lake & Palmer; Crosby, Stills & Nash; Crosby, Stills, Nash & Young; Hall & Oates
Tyler, The Creator; Peter, Paul and Mary; Sam & Dave; Ike & Tina Turner; Sonny & Cher; Seals & Crofts
Kool & The Gang; Bob Marley & The Wailers; Mumford & Sons; Dan + Shay; Zion & Lennox; Wisin & Yandel
Macklemore & Ryan Lewis; Angus & Julia Stone; Belle and Sebastian; Iron & Wine; Nick & Jay
Rae & Christian; Rhythm & Sound; Dense & Pika; Pig & Dan; Leftwing & Kody; Dom & Roland
Kryptic Minds & Leon Switch; D'Angelo & The Vanguard; Prince & The Revolution; Sly & Robbie
Sly & The Family Stone; Huey Lewis & The News; Tom Petty & The Heartbreakers; Nick Cave & The Bad Seeds
Coheed and Cambria; Of Monsters and Men; King Gizzard & The Lizard Wizard; Echo & The Bunnymen
Siouxsie and the Banshees; Ashford & Simpson; Peaches & Herb; Eric B. & Rakim; Pete Rock & C.L. Smooth
Method Man & Redman; C+C Music Factory; C&C Music Factory; W&W; Jam & Spoon; Leama & Moor
Smith & Pledger; Filo & Peri; Layo & Bushwacka; Tiger & Woods; Lindstrom & Prins Thomas
Todd Terje & The Olsens; Frankey & Sandrino; Bart & Baker; Sultan & Shepard; Matisse & Sadko; Loco & Jam
Hackler & Kuch; Drumsound & Bassline Smith; Fred V & Grafix; Hamilton, Joe Frank & Reynolds
2000 and One; Diego & Victor Hugo; Jorge & Mateus; Henrique & Juliano
"""

ONE_ACT: frozenset[str] = frozenset(
    key for line in _NAMES.splitlines() for name in line.split(";") if (key := fold_key(name))
)
"""Folded keys of these acts."""
