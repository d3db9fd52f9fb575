"""Parsers of saved web pages: HTML in, plain data out. Pure: no network, no files."""
