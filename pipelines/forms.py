"""Input of the pages of boards, stages, steps, members and departments."""

import re
from typing import Any

from wtforms import BooleanField, HiddenField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, ValidationError

from app.forms import DigitsIntegerField, Form, RadioField, SelectField
from app.i18n import _, _l
from pipelines.models import COLORS, LEVELS, STAGE_KINDS, Pipeline
from pipelines.models.stage import KINDS_BY_PIPELINE
from pipelines.patterns import PATTERNS
from pipelines.services import steps

BOARD_ICONS = ("board", "lifebuoy", "coins", "box", "bag", "truck", "wrench", "return", "shield", "people", "phone",
               "building", "globe", "star")  # fmt: skip
DEPARTMENT_ICONS = ("chat", *BOARD_ICONS[1:])
STEP_ICONS = (
    "",
    "search",
    "chat",
    "wrench",
    "box",
    "truck",
    "home",
    "receipt",
    "file",
    "clock",
    "tick",
    "return",
    "close",
)


ICONS = {
    "": _l("No icon"), "board": _l("Board"), "lifebuoy": _l("Lifebuoy"), "coins": _l("Coins"), "box": _l("Box"),
    "bag": _l("Shopping bag"), "truck": _l("Lorry"), "wrench": _l("Wrench"), "return": _l("Arrow back"),
    "shield": _l("Shield"), "people": _l("People"), "phone": _l("Telephone"), "building": _l("Building"),
    "globe": _l("Globe"), "star": _l("Star"), "chat": _l("Speech bubble"), "search": _l("Magnifying glass"),
    "home": _l("House"), "receipt": _l("Receipt"), "file": _l("Sheet"), "clock": _l("Clock"), "tick": _l("Tick"),
    "close": _l("Cross"),
}  # fmt: skip


def _icons(names: tuple[str, ...]) -> list[tuple[str, str]]:
    return [(name, ICONS[name]) for name in names]


class SlugField(StringField):
    """A word of an address: lower-case ASCII letters, digits and hyphens."""

    def pre_validate(self, form: Any) -> None:
        if self.data and not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", self.data):
            raise ValidationError(_("Use small Latin letters, digits and hyphens, like after-sales."))
        if self.data == "new":
            raise ValidationError(_("Kariz needs this word itself. Choose another."))


SLUG = [InputRequired(_l("Please choose a word for the address.")), Length(max=40)]
NAME = [InputRequired(_l("Please enter a name.")), Length(max=60)]


class PipelineForm(Form):
    pattern = RadioField(_l("Begin with"), choices=[(key, pattern.label) for key, pattern in PATTERNS.items()],
                         default="support")  # fmt: skip
    name_fa = StringField(_l("Name"), NAME)
    name_en = StringField(_l("Name in English"), [Length(max=60)])
    slug = SlugField(_l("Word in the address"), SLUG)


class DetailsForm(Form):
    name_fa = StringField(_l("Name"), NAME)
    name_en = StringField(_l("Name in English"), [Length(max=60)])
    icon = RadioField(_l("Icon"), choices=_icons(BOARD_ICONS), default="board")
    is_in_portal = BooleanField(_l("Customers see their cards of this board in the portal"))


class WordsForm(Form):
    """The words of a portal step."""

    label_fa = StringField(_l("Name in the portal"), [Length(max=60)])
    label_en = StringField(_l("Name in the portal, in English"), [Length(max=60)])
    explanation_fa = TextAreaField(_l("Explanation for customers"), [Length(max=400)])
    explanation_en = TextAreaField(_l("Explanation in English"), [Length(max=400)])
    icon = RadioField(_l("Icon"), choices=_icons(STEP_ICONS), default="")
    usual_hours = DigitsIntegerField(_l("Usual time in hours"), least=1, most=2000)
    is_aside = BooleanField(_l("A side track: only those who are on it see it"))

    @property
    def words(self) -> dict[str, Any]:
        """The step's columns."""
        return {name: self[name].data for name in steps.FIELDS}

    def validate_label_fa(self, field: StringField) -> None:
        if not field.data:
            raise ValidationError(_("Please write what customers read here."))


class StepForm(WordsForm):
    base_epoch = HiddenField()


class StageForm(WordsForm):
    """A stage and what customers see of it; the words of a step count only where a new one is chosen."""

    base_epoch = HiddenField()
    name_fa = StringField(_l("Name for colleagues"), NAME)
    name_en = StringField(_l("Name in English"), [Length(max=60)])
    kind = SelectField(_l("Meaning"))
    card_limit = DigitsIntegerField(_l("Limit of cards"), least=1, most=999)
    color = RadioField(_l("Colour"), choices=list(COLORS.items()), default="stone")
    portal = SelectField(_l("Customers see"))
    shows_return = BooleanField(_l("Customers see a card come back here from a later step"))

    def offer(self, pipeline: Pipeline) -> "StageForm":
        """Fill the choices that depend on the board."""
        self.kind.choices = [(kind, STAGE_KINDS[kind]) for kind in KINDS_BY_PIPELINE[pipeline.kind]]
        known = [(str(step.id), step.label) for step in pipeline.portal_steps]
        self.portal.choices = [
            (steps.HIDDEN, _("Nothing new: the step before stays")),
            *known,
            (steps.NEW, _("A new step…")),
        ]
        return self

    def validate_label_fa(self, field: StringField) -> None:
        if self.portal.data == steps.NEW:
            super().validate_label_fa(field)

    @property
    def values(self) -> dict[str, Any]:
        """What the verbs of stages take."""
        names = ("name_fa", "name_en", "kind", "color", "card_limit", "portal", "shows_return")
        return {**{name: self[name].data for name in names}, "words": self.words}


class DirectionForm(Form):
    direction = RadioField(choices=[("up", _l("Earlier")), ("down", _l("Later"))])


class ArchivalForm(Form):
    base_epoch = HiddenField()
    target_id = SelectField(_l("Its cards go to"), coerce=str)


class MemberForm(Form):
    """`holder`: "user:3" or "team:2"."""

    holder = SelectField(_l("Colleague or team"))
    level = SelectField(_l("Level"), choices=list(LEVELS.items()), default="member")


class LevelForm(Form):
    level = SelectField(_l("Level"), choices=list(LEVELS.items()))


class DepartmentForm(Form):
    name_fa = StringField(_l("Name"), NAME)
    name_en = StringField(_l("Name in English"), [Length(max=60)])
    icon = RadioField(_l("Icon"), choices=_icons(DEPARTMENT_ICONS), default="chat")
    pipeline_id = SelectField(_l("Board that takes its requests"), coerce=int)
    default_assignee_id = SelectField(_l("Who gets new requests first"), coerce=int)
    is_public = BooleanField(_l("Customers may choose it"), default=True)
    is_active = BooleanField(_l("In use"), default=True)


class NewDepartmentForm(DepartmentForm):
    slug = SlugField(_l("Word in the address"), SLUG)


def epoch_of(field: HiddenField) -> int | None:
    """The epoch of the page a form was on: None when it does not say, -1 (never the present one) for nonsense."""
    text = field.data or ""
    if not text:
        return None
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else -1
