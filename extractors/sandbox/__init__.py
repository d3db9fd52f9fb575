"""The sandbox: an invented world of electronic music, told by providers that each get some of it wrong.

What belongs here: making the world (`world`), each provider's imperfect view of it (`tell_*`), and writing
those views as files in the providers' own shapes together with the truth (`delivery`). Nothing in it comes
from a real source.
"""
