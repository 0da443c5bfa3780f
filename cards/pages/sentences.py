"""What happened to a card, in one sentence each, for the people who work on it."""

from collections.abc import Callable
from dataclasses import dataclass

from app.events import Event
from app.filters import toman
from app.i18n import _, viewer
from cards.models import CHANNELS, PRIORITIES
from cards.pages.people import People
from contacts.models import Contact
from pipelines.models import Stage


@dataclass(frozen=True)
class Names:
    """How the people, stages and steps of a card are called by this reader."""

    people: People
    contact: Contact
    stages: dict[int, Stage]

    def actor(self, event: Event) -> str:
        """Who did it: a colleague, the customer, or Kariz itself."""
        if event.actor_kind == "user":
            return apart(self.people.name(event.actor_id))
        if event.actor_kind == "contact":
            return self.contact.shown_name if event.actor_id == self.contact.id else _("The customer's company")
        if is_brought_over(event):
            return apart(str(event.data.get("by_name") or _("The former system")))
        return _("Kariz")

    def stage(self, stage_id: int | None) -> str:
        """The stage's name, archived ones included; those of other boards have none here."""
        stage = self.stages.get(stage_id or 0)
        return stage.name if stage else _("another board")

    def step(self, step_id: int | None) -> str | None:
        """What customers read of a step."""
        steps = (stage.portal_step for stage in self.stages.values())
        return next((step.label for step in steps if step and step.id == step_id), None)


def apart(name: str) -> str:
    """A Latin name kept together within a Persian sentence: its words would change places with their neighbours."""
    is_foreign = viewer().direction == "rtl" and name[:1].isascii() and name[:1].isalpha()
    return f"\u2068{name}\u2069" if is_foreign else name


def is_brought_over(event: Event) -> bool:
    """Whether it happened in another system, from which an import brought it."""
    return bool(event.data.get("past"))


Sentence = Callable[[Event, Names], str | None]
_sentences: dict[str, Sentence] = {}


def on(*names: str) -> Callable[[Sentence], Sentence]:
    """Say these events of a card with the function; None leaves an event out. Packages to the right add theirs."""

    def register(fn: Sentence) -> Sentence:
        for name in names:
            _sentences[name] = fn
        return fn

    return register


def told_names() -> list[str]:
    """Names of all events that have a sentence."""
    return sorted(_sentences)


def tell(event: Event, names: Names) -> str | None:
    """The sentence of an event; None when it says nothing to people."""
    sentence = _sentences.get(event.name)
    return sentence(event, names) if sentence else None


@on("card.opened")
def _opened(event: Event, names: Names) -> str:
    actor, channel = names.actor(event), event.data.get("channel")
    if is_brought_over(event):
        return _("%(actor)s opened the card; its number there was %(number)s", actor=actor,
                 number=event.data.get("number", ""))  # fmt: skip
    if event.actor_kind == "contact":
        return _("%(actor)s opened the request", actor=actor)
    if channel in {"agent", None}:
        return _("%(actor)s opened the card", actor=actor)
    return _("%(actor)s opened the card, channel: %(channel)s", actor=actor, channel=CHANNELS.get(channel, channel))


@on("card.moved")
def _moved(event: Event, names: Names) -> str | None:
    origin, target = event.data.get("from"), event.data.get("to")
    if origin == target:
        return None
    return _("%(actor)s moved the card from “%(origin)s” to “%(target)s”", actor=names.actor(event),
             origin=names.stage(origin), target=names.stage(target))  # fmt: skip


@on("card.progressed")
def _progressed(event: Event, names: Names) -> str | None:
    step = names.step(event.data.get("step"))
    return _("The customer now sees “%(step)s”", step=step) if step else None


@on("card.assigned")
def _assigned(event: Event, names: Names) -> str:
    actor, before, after = names.actor(event), event.data.get("from"), event.data.get("to")
    if after is None:
        name = names.people.name(before)
        return _("%(actor)s took the card from %(name)s; nobody has it now", actor=actor, name=name)
    if event.actor_kind == "user" and event.actor_id == after:
        return _("%(actor)s took the card", actor=actor)
    return _("%(actor)s gave the card to %(name)s", actor=actor, name=apart(names.people.name(after)))


@on("card.team_changed")
def _handed_on(event: Event, names: Names) -> str:
    actor, team = names.actor(event), apart(event.data.get("team", ""))
    if event.data.get("to") is None:
        return _("%(actor)s took the card from the team “%(team)s”", actor=actor, team=team)
    return _("%(actor)s gave the card to the team “%(team)s”", actor=actor, team=team)


@on("card.prioritised")
def _prioritised(event: Event, names: Names) -> str:
    before, after = (PRIORITIES.get(event.data.get(key, 0), "") for key in ("from", "to"))
    return _("%(actor)s changed the priority from “%(before)s” to “%(after)s”", actor=names.actor(event),
             before=before, after=after)  # fmt: skip


@on("card.renamed")
def _renamed(event: Event, names: Names) -> str:
    actor, before = names.actor(event), event.data.get("from", "")
    return _("%(actor)s changed the title; it was “%(before)s”", actor=actor, before=before)


@on("card.tagged")
def _tagged(event: Event, names: Names) -> str:
    before, after = event.data.get("from", []), event.data.get("to", [])
    added, removed = [tag for tag in after if tag not in before], [tag for tag in before if tag not in after]
    actor, between = names.actor(event), _(", ")
    if added and removed:
        return _("%(actor)s put on the tag “%(added)s” and took off “%(removed)s”", actor=actor,
                 added=between.join(added), removed=between.join(removed))  # fmt: skip
    if added:
        return _("%(actor)s put on the tag “%(added)s”", actor=actor, added=between.join(added))
    return _("%(actor)s took off the tag “%(removed)s”", actor=actor, removed=between.join(removed))


@on("card.amount_changed")
def _amount(event: Event, names: Names) -> str:
    after = event.data.get("to")
    if after is None:
        return _("%(actor)s removed the amount", actor=names.actor(event))
    return _("%(actor)s set the amount to %(amount)s", actor=names.actor(event), amount=toman(after))


@on("card.seen")
def _seen(event: Event, names: Names) -> str:
    return _("%(actor)s was the first to look at it", actor=names.actor(event))


@on("card.closed")
def _closed(event: Event, names: Names) -> str:
    if event.actor_kind is None and not is_brought_over(event):
        return _("Kariz put the card into the archive: its time for objections is over")
    return _("%(actor)s closed the card", actor=names.actor(event))


@on("card.reopened")
def _reopened(event: Event, names: Names) -> str:
    actor, agent = names.actor(event), event.data.get("agent")
    if event.data.get("agent_absent"):
        return _("%(actor)s reopened the card; who had it before is not here, so it waits for somebody", actor=actor)
    if agent is None:
        return _("%(actor)s reopened the card", actor=actor)
    return _("%(actor)s reopened the card; it went back to %(name)s", actor=actor, name=names.people.name(agent))


@on("reply.withdrawn")
def _withdrawn(event: Event, names: Names) -> str:
    return _("%(actor)s withdrew a reply; the customer reads that it was withdrawn", actor=names.actor(event))


@on("survey.answered")
def _surveyed(event: Event, names: Names) -> str:
    return _("%(actor)s gave an opinion on the work", actor=names.actor(event))
