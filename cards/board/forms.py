"""Input of the board."""

from wtforms import BooleanField, StringField
from wtforms.validators import InputRequired, Length, Optional

from app.forms import DigitsIntegerField, Form
from app.i18n import _l


class PlacementForm(Form):
    """Where a card goes: a stage and the neighbour it stands beside, never an index or a rank."""

    op_id = StringField(validators=[InputRequired(_l("The number of the operation is missing.")), Length(max=36)])
    stage_id = DigitsIntegerField(_l("Stage"), [InputRequired(_l("Please choose a stage."))])
    after_id = DigitsIntegerField(_l("Below card"), [Optional()])
    before_id = DigitsIntegerField(_l("Above card"), [Optional()])
    # Below the last card of the stage, also of those that the browser has not loaded.
    at_end = BooleanField()
    base_version = DigitsIntegerField(validators=[Optional()])
