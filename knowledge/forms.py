"""Input of the frequent questions."""

from wtforms import BooleanField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from app.forms import Form, RadioField
from app.i18n import _l


class FaqForm(Form):
    question_fa = StringField(_l("Question"), [InputRequired(_l("Please write the question.")), Length(max=200)])
    question_en = StringField(_l("Question in English"), [Length(max=200)])
    answer_fa = TextAreaField(_l("Answer"), [InputRequired(_l("Please write the answer.")), Length(max=4000)])
    answer_en = TextAreaField(_l("Answer in English"), [Length(max=4000)])
    is_active = BooleanField(_l("Customers see it"), default=True)


class DirectionForm(Form):
    direction = RadioField(choices=[("up", _l("Earlier")), ("down", _l("Later"))])
