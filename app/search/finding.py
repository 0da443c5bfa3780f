"""From what was typed to what is shown: matches are ranked, gathered by what they open, and presented by owners."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from app.search import words
from app.search.asking import Scope, ask
from app.search.sources import Found, Group, Hit, groups, rule_of
from app.search.table import DOCS
from app.search.words import Asked
from app.users.models import User

EXACT, SAME, BEGINS, TOGETHER, TITLE, TEXT, OWNED = 100, 60, 50, 40, 30, 10, 5
# How much further matches on the same thing add.
MOST_EXTRA = 5
PEOPLE, PEOPLE_FOLLOWED = "contact", 3


@dataclass
class Section:
    """A heading with its hits. `total` counts at most the newest matches that were looked at; `after` goes on."""

    group: Group
    hits: list[Hit]
    total: int
    is_capped: bool = False
    after: str | None = None


@dataclass
class Answer:
    """What a search found. `said`: the words it was understood as, when nothing was found for those typed."""

    asked: Asked
    sections: list[Section] = field(default_factory=list)
    said: str = ""
    # The one page that is meant, when what was typed is a code or number.
    exact_url: str | None = None

    @property
    def total(self) -> int:
        return sum(section.total for section in self.sections)


@dataclass(frozen=True)
class Wanted:
    """What is asked for. `size`: hits in each section; `group`: only this one; `after`: where the last page ended."""

    text: str
    size: int
    group: str = ""
    is_mine: bool = False
    after: str = ""


def find(wanted: Wanted, user: User) -> Answer:
    """What the user may see of what is meant, best first. A fixed number of statements, whatever is found."""
    chosen = [group for group in groups() if wanted.group in ("", group.key) and (group.mine or not wanted.is_mine)]
    scope = scope_of(_with_people(chosen, wanted), user, is_mine=wanted.is_mine)
    for asked, exact, said in readings(wanted.text):
        rows = ask(asked, exact, scope)
        if rows:
            return _answer(wanted, user, rows, chosen, asked=asked, said=said)
    return Answer(words.asked_words(wanted.text))


def readings(text: str) -> list[tuple[Asked, list[str], str]]:
    """What may be meant, tried in this order until something is found: (words, exact marks, how it is said).

    As typed; with the keyboard in the other language; a name by its sound.
    """
    asked = words.asked_words(text)
    tries = [(asked, words.exact_asked(text), "")]
    other = words.other_layout(text)
    if other:
        tries.append((words.asked_words(other), words.exact_asked(other), other))
    sounds = [words.sound_mark(word) for word in asked.words]
    if sounds and all(sounds):
        tries.append((Asked(tuple(sounds)), [], text))
    return [reading for reading in tries if not reading[0].is_empty or reading[1]]


def scope_of(chosen: Sequence[Group], user: User, *, is_mine: bool = False) -> Scope:
    """What the user reaches of these groups."""
    kinds: dict[str, tuple[str, ...] | None] = {}
    rules: list[sa.ColumnElement[bool]] = [DOCS.c.kind.in_([kind for group in chosen for kind in group.kinds])]
    for group in chosen:
        reach = group.reach(user)
        kinds.update(dict.fromkeys(group.kinds, reach.marks))
        if reach.where is not None:
            rules.append(rule_of(group, reach.where))
    mine = [group.mine(user) for group in chosen if group.mine] if is_mine else []
    return Scope(kinds, sa.and_(*rules), sa.or_(*mine) if mine else None)


def _with_people(chosen: list[Group], wanted: Wanted) -> list[Group]:
    """People are looked for too where their cards are wanted."""
    if wanted.is_mine or not any(group.of_contacts for group in chosen):
        return chosen
    return [*chosen, *(group for group in groups() if group.key == PEOPLE and group not in chosen)]


def _answer(
    wanted: Wanted, user: User, rows: Sequence[tuple[str, Any]], chosen: Sequence[Group], *, asked: Asked, said: str
) -> Answer:
    found = gather(rows, asked)
    if not wanted.is_mine:
        _follow_people(found, chosen, user)
    answer = Answer(asked, said=said)
    for group in chosen:
        if found[group.key]:
            answer.sections.append(_section(group, found[group.key], wanted, user))
    answer.sections = [section for section in answer.sections if section.hits]
    best = {group.key: found[group.key][0].score for group in chosen if found[group.key]}
    answer.sections.sort(key=lambda section: (best[section.group.key] < EXACT, section.group.order))
    exact = [(group, row) for group in chosen for row in found[group.key] if row.is_exact]
    if len(exact) == 1:
        section = next((s for s in answer.sections if s.group is exact[0][0]), None)
        answer.exact_url = section.hits[0].url if section else None
    return answer


def gather(rows: Sequence[tuple[str, Any]], asked: Asked) -> dict[str, list[Found]]:
    """By group the matches gathered by their target, best first; a target is as good as its best match."""
    found: dict[str, dict[int, Found]] = {group.key: {} for group in groups()}
    of_kind = {kind: found[group.key] for group in groups() for kind in group.kinds}
    seen: set[int] = set()
    query = " ".join(asked.words)
    for name, row in rows:
        _slice, doc_id, kind, ref_id, target_id, _contact_id, at, head = row
        if kind not in of_kind or doc_id in seen:
            continue
        seen.add(doc_id)
        score = EXACT if name == "exact" else _score(head, query, asked.together)
        known = of_kind[kind].get(target_id)
        if known is None:
            known = of_kind[kind][target_id] = Found(target_id, score, at, doc_id)
        elif len(known.refs) < MOST_EXTRA:
            known.score = min(max(known.score, score) + 1, EXACT)
        else:
            known.score = max(known.score, score)
        known.is_exact |= name == "exact"
        known.refs.append((kind, ref_id))
    return {key: sorted(targets.values(), key=_order) for key, targets in found.items()}


def _order(found: Found) -> tuple[Any, ...]:
    return (-found.score, -int(found.at.timestamp()), -found.target_id)


def score_of(head: str, asked: Asked) -> int:
    """What a match is worth by its folded title; "" is a text without one."""
    return _score(head, " ".join(asked.words), asked.together)


def _score(head: str, query: str, together: str) -> int:
    if not head:
        return TEXT
    if head == query:
        return SAME
    if head.startswith(query):
        return BEGINS
    if f" {query}" in head or (together and together in head.replace(" ", "")):
        return TOGETHER
    return TITLE


def _follow_people(found: dict[str, list[Found]], chosen: Sequence[Group], user: User) -> None:
    """Whoever types a name looks for that person's cards as well."""
    people = [row.target_id for row in found.get(PEOPLE, ()) if row.score >= TITLE][:PEOPLE_FOLLOWED]
    for group in chosen if people else ():
        if group.of_contacts is None:
            continue
        known = {row.target_id for row in found[group.key]}
        found[group.key] += [row for row in group.of_contacts(people, user) if row.target_id not in known]


def _section(group: Group, found: list[Found], wanted: Wanted, user: User) -> Section:
    """A page of a group. What its owner leaves out (gone meanwhile) makes the page shorter, never wrong."""
    start = _place_after(found, wanted.after)
    shown = found[start : start + wanted.size]
    hits = group.present(shown, user)
    more = len(found) > start + wanted.size
    last = shown[-1] if more else None
    mark = f"{last.score}.{int(last.at.timestamp())}.{last.target_id}" if last else None
    return Section(group, [hits[row.target_id] for row in shown if row.target_id in hits], len(found), after=mark)


def _place_after(found: Sequence[Found], after: str) -> int:
    """Where the next page begins: behind everything that ranks before or at the mark."""
    parts = after.split(".")
    if len(parts) != 3 or not all(part.isdigit() and len(part) < 18 for part in parts):
        return 0
    score, at, target_id = map(int, parts)
    mark = (-score, -at, -target_id)
    return next((place for place, row in enumerate(found)
                 if _order(row) > mark), len(found))  # fmt: skip
