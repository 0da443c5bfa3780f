"""Tickets of another system: one row for each, or one row for each update, from which their history is built."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain

from app.i18n import _, _l
from imports.facts import Facts, Fault, Item, Line, Reader
from imports.fields import Field
from imports.kinds.base import Kind
from imports.kinds.ticket_words import CLOSED, PRIORITY_CHOICES, state_choices
from imports.kinds.ticket_work import TicketsWork
from imports.plans import MAIN, Plan, Problem
from imports.reading import BadRow, Row
from imports.sorting import Kept, in_order

FIELDS = (
    Field("number", _l("Ticket number"), "key", is_required=True, identifies=True, names=(
        "id", "ticket", "ticket id", "ticket no", "ticket number", "incident", "incident number", "case", "case number",
        "issue", "key", "code", "شماره", "شماره تیکت", "شناسه", "شناسه تیکت", "تیکت", "کد پیگیری", "شماره درخواست",
    )),
    Field("updated_at", _l("Updated at (one row for each update)"), "moment", names=(
        "updated", "updated on", "updated at", "sys updated at", "sys updated on", "modified", "modified at",
        "change time", "event time", "timestamp", "تاریخ تغییر", "زمان تغییر", "به‌روزرسانی", "تاریخ به‌روزرسانی",
    )),
    Field("change", _l("Number of the update"), "whole", names=(
        "mod count", "sys mod count", "update number", "revision", "version", "sequence", "شماره تغییر",
    )),
    Field("actor", _l("Updated by"), names=(
        "sys updated by", "modified by", "changed by", "actor", "تغییر به دست", "تغییردهنده", "کاربر تغییردهنده",
    )),
    Field("state", _l("State"), names=(
        "status", "incident state", "ticket state", "ticket status", "stage", "وضعیت", "مرحله", "حالت",
    )),
    Field("title", _l("Title"), joins=True, names=(
        "subject", "short description", "summary", "عنوان", "موضوع", "خلاصه",
    )),
    Field("topic", _l("Topic (the title where there is none)"), joins=True, names=(
        "category", "symptom", "u symptom", "topic", "type", "دسته", "دسته‌بندی", "نوع", "نشانه",
    )),
    Field("text", _l("First message of the customer"), names=(
        "description", "body", "message", "text", "request", "شرح", "توضیحات", "متن", "پیام",
    )),
    Field("note", _l("Comments, for colleagues only"), names=(
        "comment", "comments", "notes", "work notes", "internal note", "یادداشت", "یادداشت‌ها", "نظر", "نظرات",
    )),
    Field("reply", _l("Answers, which customers read"), names=(
        "reply", "answer", "public comment", "additional comments", "resolution notes", "پاسخ", "جواب",
    )),
    Field("customer", _l("Customer (number or name)"), names=(
        "caller", "caller id", "customer id", "customer number", "requester", "requester id", "requested by",
        "contact id", "client", "user", "مشتری", "شماره مشتری", "کد مشتری", "درخواست‌کننده",
    )),
    Field("customer_name", _l("Name of the customer"), names=(
        "customer name", "requester name", "contact name", "contact", "name", "نام", "نام مشتری", "نام درخواست‌کننده",
    )),
    Field("mobile", _l("Mobile of the customer"), names=(
        "mobile number", "phone", "customer mobile", "customer phone", "موبایل", "تلفن همراه", "همراه", "تلفن",
    )),
    Field("email", _l("E-mail of the customer"), names=(
        "e-mail", "mail", "customer email", "requester email", "ایمیل", "پست الکترونیک", "رایانامه",
    )),
    Field("agent", _l("Responsible colleague"), names=(
        "assigned to", "assignee", "owner", "agent", "responsible", "مسئول", "کارشناس", "پاسخ‌گو", "ارجاع به",
    )),
    Field("team", _l("Team"), names=(
        "assignment group", "group", "assigned group", "queue", "department", "تیم", "گروه", "واحد", "دپارتمان", "صف",
    )),
    Field("priority", _l("Priority"), names=("severity", "اولویت", "فوریت", "اهمیت")),
    Field("channel", _l("Channel"), names=("contact type", "source", "via", "کانال", "راه ارتباطی", "منبع")),
    Field("opened_at", _l("Opened at"), "moment", names=(
        "opened", "created", "created at", "created on", "reported at", "date", "تاریخ", "تاریخ ثبت", "تاریخ ایجاد",
        "زمان ثبت",
    )),
    Field("resolved_at", _l("Resolved at"), "moment", names=(
        "resolved", "solved at", "solved", "resolution time", "تاریخ حل", "زمان حل",
    )),
    Field("closed_at", _l("Closed at"), "moment", names=(
        "closed", "closed on", "تاریخ بستن", "زمان بستن", "تاریخ بسته شدن",
    )),
    Field("reopenings", _l("Reopened so many times"), "whole", names=(
        "reopen count", "reopens", "reopened", "reopen", "دفعات بازگشایی", "بازگشایی",
    )),
)  # fmt: skip


class Tickets(Kind):
    key = "tickets"
    label = _l("Tickets with history")
    hint = _l("One row a ticket, or one row for each of its updates: stages, hand-overs and returns at their times.")
    work = TicketsWork
    main_fields = FIELDS

    def required(self, role: str, *, has_lines_file: bool) -> list[tuple[str, ...]]:
        return [("number",), ("opened_at", "updated_at")]

    def guess(self, columns: Sequence[str], role: str, *, has_lines_file: bool) -> dict[str, str]:
        """As other kinds do; what happened to a ticket is its text only where nothing names it."""
        found = super().guess(columns, role, has_lines_file=has_lines_file)
        if "title" in found.values():
            found |= {column: "" for column, key in found.items() if key == "topic"}
        return found

    def problems(self, plan: Plan) -> list[Problem]:
        options, found = plan.options, []
        choices = {key for key, _label in state_choices(options.pipeline_id)}
        if not choices:
            return [Problem("pipeline_id", _("Choose the board on which the tickets stand."))]
        for place, state in enumerate(plan.main.words("state")):
            if options.states.get(state) not in choices:
                found.append(Problem(f"state-{place}", _("Say where tickets in the state “%(state)s” stand.",
                                                         state=state)))  # fmt: skip
        for place, word in enumerate(plan.main.words("priority")):
            if options.priorities.get(word) not in PRIORITY_CHOICES:
                found.append(Problem(f"priority-{place}", _("Say how urgent “%(priority)s” is.", priority=word)))
        if "state" in plan.main.places and not plan.main.words("state"):
            sentence = _("This column holds no states: there are too many different texts in it.")
            found.append(Problem((MAIN, plan.main.headers("state")), sentence))
        return found

    def items(self, plan: Plan) -> Iterator[Item]:
        """Tickets in the order in which they began, each with its updates in the order of time."""
        reader = Reader(plan, MAIN)
        bad: list[BadRow] = []
        groups = in_order(_rows(reader, bad))
        first = next(groups, None)
        # By now the whole file was read.
        for row in bad:
            yield Item(row, faults=[reader.bad(row)])
        lost = {number: row.number for row in reversed(bad) for number in reader.keys_in(row, "number")}
        for group in chain([first] if first else [], groups):
            yield from _ticket(reader, group, lost.get(group[0].key))


def _rows(reader: Reader, bad: list[BadRow]) -> Iterator[Kept]:
    """What the rows say; those that cannot be told apart into columns go to `bad`."""
    for row in reader.source.table.rows():
        if isinstance(row, BadRow):
            bad.append(row)
            continue
        facts, faults = reader.facts(row)
        said = {**facts, "faults": [[fault.column, fault.value, fault.sentence] for fault in faults]}
        yield Kept(facts.get("number", ""), facts.get("updated_at"), facts.get("change", 0), row.number, said)


def _ticket(reader: Reader, group: list[Kept], lost: int | None) -> Iterator[Item]:
    """A ticket with its updates; its faults alone where one of them cannot be read. `lost`: the first such row."""
    faults = [
        Fault(kept.row, sentence, column, value)
        for kept in group
        for column, value, sentence in kept.said.pop("faults")
    ]
    if lost is not None and group[0].key:
        sentence = _("Row %(number)s is faulty, so the ticket is left out.", number=lost)
        faults.append(reader.fault(Row(group[0].row, []), sentence, "number"))
    if not group[0].key:
        for kept in group:
            row = Row(kept.row, [])
            yield Item(row, faults=[each for each in faults if each.row == kept.row] or [
                reader.fault(row, _("The row has nothing by which it could be recognised next time."), "number")
            ])  # fmt: skip
        return
    facts: Facts = {"number": group[0].key}
    lines = [Line(Row(kept.row, []), {**kept.said, "row_at": kept.at}) for kept in group]
    yield Item(Row(group[0].row, []), facts, faults, lines, rows=len(group))


__all__ = ["CLOSED", "Tickets"]
