"""The one statement behind every search: per kind the newest matches in reach, whatever the size of the archive.

SQLite walks the doclists of its index from the newest row and stops. PostgreSQL's index has no order, so it is asked
era by era, the newest first, until enough is found: small eras first, then large ones. Who may see what stands in the
statement twice: as marks in the index, so that a small board among many is quick, and as a condition on the rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, TSQUERY

from app.extensions import db
from app.search.table import DOCS, LARGE_ERA, LONGEST, MARKS, SHORTEST, SMALL_ERA
from app.search.words import Asked, beginning, together

# Of each kind at most so many of the newest matches are looked at and ranked; together 500 of a card's own.
LIMITS = {"card": 200, "entry": 250, "inside": 50}
LIMIT = 100
EXACT_LIMIT = 30
# Kinds of which there may be a million.
MANY = frozenset(("card", "entry", "inside"))
# A filter that no index knows looks at most at so many matches.
DEEPEST = 20_000

FTS = sa.table("search_fts", sa.column("rowid"), sa.column("search_fts"))
COLUMNS = (DOCS.c.id, DOCS.c.kind, DOCS.c.ref_id, DOCS.c.target_id, DOCS.c.contact_id, DOCS.c.at, DOCS.c.head)


@dataclass(frozen=True)
class Scope:
    """Who asks. `kinds`: each kind that may be found, with the marks of which a row needs one; None: no mark needed.
    `where` is the same rule on the rows; `also` narrows further where no index helps."""

    kinds: dict[str, tuple[str, ...] | None]
    where: sa.ColumnElement[bool]
    also: sa.ColumnElement[bool] | None = None


@dataclass(frozen=True)
class Slice:
    """One walk through the index: what must match, all of it, at most how many. `name` is "exact" or a kind."""

    name: str
    parts: tuple[str, ...]
    limit: int


def ask(asked: Asked, exact: Sequence[str], scope: Scope) -> list[tuple[str, Any]]:
    """(name of the slice, row) of the newest matches: exact ones first, then kind by kind, newest first.

    Rows: id, kind, ref_id, target_id, contact_id, at, head. One statement.
    """
    grammar = Sqlite() if db.engine.dialect.name == "sqlite" else Postgresql()
    slices = _slices(asked, exact, scope, grammar)
    if not slices:
        return []
    rows = db.session.execute(*grammar.statement(slices, scope)).all()
    return [(slices[row.slice].name, row) for row in rows]


def _slices(asked: Asked, exact: Sequence[str], scope: Scope, grammar: Sqlite | Postgresql) -> list[Slice]:
    slices = []
    if exact and scope.kinds:
        kinds = grammar.any_of(f"={kind}" for kind in scope.kinds)
        meant = grammar.any_of(exact)
        slices.append(Slice("exact", (meant, kinds), EXACT_LIMIT))
    if asked.is_empty:
        return slices
    wanted = grammar.wanted(asked)
    for kind, marks in scope.kinds.items():
        if marks is not None and not marks:
            continue
        parts = (*wanted, *([grammar.any_of(marks)] if marks else []), grammar.term(f"={kind}"))
        slices.append(Slice(kind, parts, LIMITS.get(kind, LIMIT)))
    return slices


class Sqlite:
    """FTS5's language."""

    def term(self, word: str) -> str:
        """One word; with `*` at its end a beginning."""
        bare = word.removesuffix("*")
        return f'"{bare}"*' if bare != word and len(bare) >= SHORTEST else f'"{bare}"'

    def all_of(self, parts: Iterable[str]) -> str:
        return "(" + " AND ".join(parts) + ")"

    def any_of(self, words: Iterable[str]) -> str:
        return "(" + " OR ".join(map(self.term, words)) + ")"

    def wanted(self, asked: Asked) -> tuple[str, ...]:
        *whole, last = asked.words
        every = self.all_of([*map(self.term, whole), self.term(f"{beginning(last)}*")])
        return (f"({every} OR {self.term(together(asked))})" if asked.together else every,)

    def statement(self, slices: Sequence[Slice], scope: Scope) -> tuple[sa.Executable, dict[str, Any]]:
        parts = [self._part(number, part, scope) for number, part in enumerate(slices)]
        return sa.union_all(*(sa.select(part.subquery()) for part in parts)), {}

    def _part(self, number: int, part: Slice, scope: Scope) -> sa.Select[Any]:
        matches = FTS.c.search_fts.op("MATCH")(self.all_of(part.parts))
        columns = (sa.literal(number).label("slice"), *COLUMNS)
        if scope.also is None:
            query = sa.select(*columns).select_from(FTS).join(DOCS, DOCS.c.id == FTS.c.rowid)
            query = query.where(matches, scope.where).order_by(FTS.c.rowid.desc())
        else:
            newest = sa.select(FTS.c.rowid).where(matches).order_by(FTS.c.rowid.desc()).limit(DEEPEST).subquery()
            query = sa.select(*columns).select_from(newest).join(DOCS, DOCS.c.id == newest.c.rowid)
            query = query.where(scope.where, scope.also)
        return query.limit(part.limit)


class Postgresql:
    """The language of tsquery."""

    def term(self, word: str) -> str:
        if not word.endswith("*"):
            return f"'{word}'"
        bare = word[:-1]
        if SHORTEST <= len(bare) <= LONGEST and bare[0] not in MARKS:
            return f"'^{bare}'"
        return f"'{bare}':*" if len(bare) >= SHORTEST else f"'{bare}'"

    def any_of(self, words: Iterable[str]) -> str:
        return "(" + " | ".join(map(self.term, words)) + ")"

    def wanted(self, asked: Asked) -> tuple[str, ...]:
        """Each word by itself, or all of them as one."""
        *whole, last = asked.words
        joined = [together(asked)] if asked.together else []
        return tuple(self.any_of((word, *joined)) for word in (*whole, f"{beginning(last)}*"))

    def statement(self, slices: Sequence[Slice], scope: Scope) -> tuple[sa.Executable, dict[str, Any]]:
        count = max(len(part.parts) for part in slices)
        given, eras = _given(count), _eras()
        newest = _newest(count).where(scope.where, *([scope.also] if scope.also is not None else []))
        of_era = newest.correlate(given, eras).lateral("of_era")
        found = sa.select(*of_era.c).select_from(eras).join(of_era, sa.true())
        found = found.where(eras.c.is_large == given.c.is_large).limit(given.c.n)
        some = found.correlate(given).lateral("found")
        statement = sa.select((given.c.place - 1).label("slice"), *some.c).select_from(given).join(some, sa.true())
        # A slice with fewer parts than others repeats one: the index looks each up once.
        columns = zip(*([*part.parts, *[part.parts[-1]] * (count - len(part.parts))] for part in slices), strict=True)
        parts = {f"part{place}": list(column) for place, column in enumerate(columns)}
        sizes = {"n": [part.limit for part in slices], "is_large": [part.name in MANY for part in slices]}
        return statement, parts | sizes


# What every statement for PostgreSQL has in common is built once.


@cache
def _given(count: int) -> sa.TableValuedAlias:
    """The slices as rows: `part0` to the last of so many parts, `n`, `is_large`, `place`."""
    kinds: dict[str, Any] = {f"part{place}": sa.Text for place in range(count)}
    kinds |= {"n": sa.Integer, "is_large": sa.Boolean}
    arrays = sa.func.unnest(*(sa.bindparam(name, type_=ARRAY(kind)) for name, kind in kinds.items()))
    columns = [sa.column(name, kind) for name, kind in kinds.items()]
    return arrays.table_valued(*columns, with_ordinality="place", name="slices").render_derived()


@cache
def _newest(count: int) -> sa.Select[Any]:
    """The newest docs of a slice in an era."""
    given = _given(count)
    parts = [given.c[f"part{place}"] for place in range(count)]
    era = sa.func.coalesce(_eras().c.era, parts[-1])
    lexemes = sa.func.search_lexemes(DOCS.c.words, DOCS.c.id)
    # A condition for each part, not one for all: the index then leaps from what has one to what has the next.
    matches = [lexemes.op("@@")(sa.cast(part, TSQUERY)) for part in (*parts, era)]
    # The sum keeps the planner from walking all rows backwards by their key.
    return sa.select(*COLUMNS).where(*matches).order_by((DOCS.c.id + 0).desc()).limit(given.c.n)


@cache
def _eras() -> sa.CTE:
    """Columns `era` (a query that is true of the era's rows) and `is_large`, in the order in which eras are asked.

    For large kinds: the two newest small eras, the other small ones of the last two large eras, then twice as many
    large eras each time. Other kinds are asked at once.
    """
    columns = (sa.column("era", sa.Text), sa.column("is_large", sa.Boolean))
    return sa.text(ERAS).columns(*columns).cte("eras").prefix_with("MATERIALIZED")


ERAS = f"""
SELECT era, is_large FROM (
  SELECT 0 AS place, string_agg('''=e' || n || '''', '|') AS era, true AS is_large
  FROM (SELECT max(id) AS id FROM search_docs) newest,
    generate_series(newest.id >> {SMALL_ERA}, greatest((newest.id >> {SMALL_ERA}) - 1, 0), -1) n
  UNION ALL
  SELECT 1, string_agg('''=e' || n || '''', '|'), true
  FROM (SELECT max(id) AS id FROM search_docs) newest,
    generate_series((newest.id >> {SMALL_ERA}) - 2,
                    greatest(((newest.id >> {LARGE_ERA}) - 1) << {LARGE_ERA - SMALL_ERA}, 0), -1) n
  UNION ALL
  SELECT 2 + k, (
    SELECT string_agg('''=f' || n || '''', '|')
    FROM generate_series((newest.id >> {LARGE_ERA}) - 1 - (1 << k),
                         greatest((newest.id >> {LARGE_ERA}) - (2 << k), 0), -1) n), true
  FROM (SELECT max(id) AS id FROM search_docs) newest, generate_series(0, 14) k
  UNION ALL
  SELECT 99, NULL, false
) every WHERE era IS NOT NULL OR NOT is_large ORDER BY place
"""  # noqa: S608
