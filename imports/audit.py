"""Imports in the audit."""

from app.audit import values
from app.audit.acts import tell
from app.i18n import _l
from imports.reports import NOUNS

tell("import.started", "exports", _l("%(who)s started the import of the file “%(file)s”: %(kind)s"))
tell("import.finished", "exports", _l("The import number %(import)s is finished"))
tell("import.errors_fetched", "exports", _l("%(who)s downloaded the faulty rows of the file “%(file)s”"))
tell("import.undone", "exports", _l("%(who)s took back the import of the file “%(file)s”"))

values.choices("kind", NOUNS)
