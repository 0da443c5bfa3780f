"""Imports in the audit."""

from app.audit import values
from app.audit.acts import tell
from app.i18n import _l
from imports.reports import NOUNS

tell("import.started", "exports", _l("%(who)s started the import of the file “%(file)s”: %(kind)s"))
tell("import.finished", "exports", _l("The import number %(import)s is finished"))
tell("import.undone", "exports", _l("%(who)s took back the import of the file “%(file)s”"))

values.choices("kind", NOUNS)
