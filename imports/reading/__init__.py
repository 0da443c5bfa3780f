"""Files as they come: found out how they are written, read row by row, nothing shifted and nothing guessed."""

from imports.reading.encodings import ENCODINGS, detect_encoding
from imports.reading.separators import SEPARATORS, detect_separator
from imports.reading.survey import Survey, survey
from imports.reading.tables import MOST_BYTES, MOST_ROWS, BadRow, Layout, Row, Table, read_layout

__all__ = ["ENCODINGS", "MOST_BYTES", "MOST_ROWS", "SEPARATORS", "BadRow", "Layout", "Row", "Survey", "Table",
           "detect_encoding", "detect_separator", "read_layout", "survey"]  # fmt: skip
