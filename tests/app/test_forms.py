"""Forms: what is typed is normalised, what is wrong is a sentence beside the field, nothing raises."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict
from wtforms import (
    BooleanField,
    FieldList,
    FileField,
    FormField,
    IntegerField,
    PasswordField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from app.clock import freeze
from app.errors import DomainError
from app.forms import (
    CodeField,
    DigitsField,
    DigitsIntegerField,
    EmailField,
    Form,
    JalaliDateField,
    MoneyField,
    PhoneField,
    SelectField,
    SelectMultipleField,
    TagsField,
)
from app.i18n import as_viewer

NOW = datetime(2026, 11, 21, 13, 0, tzinfo=UTC)


class Address(Form):
    street = StringField(validators=[InputRequired()])
    number = IntegerField(validators=[Optional()])


class Everything(Form):
    title = StringField("Title", [InputRequired(), Length(max=40)])
    body = TextAreaField()
    count = IntegerField(validators=[Optional(), NumberRange(min=3, max=1000)])
    mobile = PhoneField(validators=[Optional()])
    phone = PhoneField(kind="any", validators=[Optional()])
    code = CodeField(validators=[Optional()])
    email = EmailField(validators=[Optional()])
    amount = MoneyField(validators=[Optional()])
    day = JalaliDateField(validators=[Optional()])
    pieces = DigitsIntegerField(least=1, most=5000, validators=[Optional()])
    once = DigitsField(length=6, validators=[Optional()])
    tags = TagsField()
    colour = SelectField(choices=[("red", "Red"), ("blue", "Blue")], validators=[Optional()])
    stage = SelectField(choices=[(1, "New"), (2, "Old")], coerce=int, validators=[Optional()])
    several = SelectMultipleField(choices=[("a", "A"), ("b", "B")])
    agreed = BooleanField()
    secret = PasswordField()
    file = FileField()
    names = FieldList(StringField(validators=[Length(max=5)]))
    address = FormField(Address)


GOOD = {"title": "سلام", "address-street": "ولیعصر"}
SCALARS = (
    "title", "body", "count", "mobile", "phone", "code", "email", "amount", "day", "pieces", "once", "colour", "stage",
    "secret",
)  # fmt: skip


@pytest.fixture(autouse=True)
def _reader():
    with as_viewer("en"), freeze(NOW):
        yield


def fill(**sent: str) -> Everything:
    form = Everything(MultiDict({**GOOD, **sent}))
    form.validate()
    return form


def test_what_is_typed_in_persian_is_kept_in_one_form():
    form = fill(
        title=" كيف  پول\u200f ",
        body="خط\r\nدو ",
        count="۱۲",
        mobile="۰۹۱۲ ۳۴۵ ۶۷۸۹",
        phone="۰۲۱-۸۸۷۷۶۶۵۵",
        email=" Sara@Demo.Kariz.Test\u200e",
        amount="۱۲۵٬۰۰۰",
        day="۵ فروردین ۱۴۰۵",
        pieces="۱٬۲۰۰",
        once="۱۲۳ ۴۵۶",
        stage="2",
        secret=" رمز۱۲٣ ",
    )
    assert form.errors == {}
    assert (form.title.data, form.body.data, form.count.data) == ("کیف پول", "خط\nدو", 12)
    assert (form.mobile.data, form.phone.data) == ("+989123456789", "+982188776655")
    assert form.email.data == "sara@demo.kariz.test"
    assert (form.amount.data, form.day.data, form.pieces.data) == (1_250_000, date(2026, 3, 25), 1200)
    assert (form.once.data, form.stage.data, form.secret.data) == ("123456", 2, " رمز123 ")


def test_blank_fields_are_none_and_required_ones_say_so():
    form = Everything(MultiDict({"title": " \u200c ", "mobile": "  ", "address-street": "x"}))
    assert not form.validate()
    assert form.errors == {"title": ["Please fill this in."]}
    assert form.mobile.data is form.amount.data is form.day.data is None


@pytest.mark.parametrize(
    ("name", "typed", "sentence"),
    [
        ("title", "x" * 41, "This is too long. Use at most 40 characters."),
        ("body", "x" * 20_001, "This is too long. Use at most 20000 characters."),
        ("body", "a\x00b", "This holds a character that cannot be kept. Please type it again."),
        ("count", "abc", "Write a whole number in digits."),
        ("count", "9" * 5000, "Write a whole number in digits."),
        ("count", "2", "Write a number from 3 to 1000."),
        ("mobile", "0912", "This is not a mobile number. Write it like 0912 345 6789."),
        ("mobile", "①②③", "This is not a mobile number. Write it like 0912 345 6789."),
        ("mobile", "0" * 5000, "This is not a mobile number. Write it like 0912 345 6789."),
        ("phone", "12", "This is not a telephone number. Write it with the area code, like 021 8877 6655."),
        ("code", "7KQD-3XHT-5", "This is not a tracking code. It has nine characters, for example 7KQD-3XHT-4."),
        ("email", "sara@", "This is not an e-mail address. Write it like name@example.com."),
        ("email", "a" * 5000 + "@x.ir", "This is not an e-mail address. Write it like name@example.com."),
        ("email", "a@b.ir\nBcc: c@d.ir", "This is not an e-mail address. Write it like name@example.com."),
        ("amount", "12.345", "This is not an amount of money. Write digits only, like 250000."),
        ("amount", "-5", "The amount is too small."),
        ("day", "1404/12/30", "There is no such date. Write it like 2026-11-21."),
        ("pieces", "1.5", "Write a whole number in digits."),
        ("pieces", "0", "Write a number from 1 upwards."),
        ("pieces", "5001", "Write a number up to 5,000."),
        ("pieces", "9" * 5000, "Write a whole number in digits."),
        ("once", "12345", "Write 6 digits."),
        ("once", "①②③④⑤⑥", "Write 6 digits."),
        ("tags", "x" * 41, "A tag has at most 40 characters."),
        ("tags", ",".join(map(str, range(21))), "Use at most 20 tags."),
        ("colour", "green", "Please choose one of the choices."),
        ("stage", "x", "Please choose one of the choices."),
        ("secret", "x" * 1025, "This is too long. Use at most 1024 characters."),
    ],
)
def test_what_is_wrong_is_said_in_one_sentence(name, typed, sentence):
    """A05, A07: each bad input has its sentence, and what was typed is shown again."""
    form = fill(**{name: typed})
    assert form.errors == {name: [sentence]}
    assert form.sentences == {name: sentence}


def test_integers_beyond_the_column_are_refused_where_no_range_is_set():
    form = Address(MultiDict({"street": "x", "number": "3000000000"}))
    assert not form.validate()
    assert form.errors == {"number": ["This number is too large."]}
    assert form.number.data is None


def test_sentences_are_in_the_viewers_language_and_digits():
    with as_viewer("fa"):
        errors = fill(title="x" * 41, code="x", day="x", pieces="5001").errors
        assert errors["title"] == ["بلند است؛ حداکثر ۴۰ نویسه بنویسید."]
        assert errors["code"] == ["این کد پیگیری درست نیست؛ کد پیگیری نُه نویسه دارد، مانند 7KQD-3XHT-4."]
        assert errors["day"] == ["چنین تاریخی وجود ندارد؛ آن را مانند ۱۴۰۵/۰۸/۳۰ بنویسید."]
        assert errors["pieces"] == ["عددی حداکثر تا ۵٬۰۰۰ بنویسید."]


@pytest.mark.parametrize("name", SCALARS)
def test_a_repeated_parameter_is_refused(name):
    """A07: an array parameter for a scalar."""
    form = Everything(MultiDict([*GOOD.items(), (name, "1"), (name, "2")]))
    assert not form.validate()
    assert "Send one value here, not several." in form.errors[name]


def test_fields_of_several_values_take_them():
    several = [("several", "a"), ("several", "b"), ("tags", "الف"), ("tags", "#ب، الف,\nج")]
    form = Everything(MultiDict([*GOOD.items(), *several, ("names-0", "یک"), ("agreed", "y")]))
    assert form.validate()
    assert form.several.data == ["a", "b"]
    assert form.tags.data == ["الف", "ب", "ج"]
    assert form.names.data == ["یک"]
    assert form.agreed.data is True


def test_errors_of_inner_forms_and_lists_are_found():
    form = Everything(MultiDict({"title": "x", "address-number": "x", "names-0": "too long"}))
    assert not form.validate()
    assert form.errors["address"] == {"street": ["Please fill this in."], "number": ["Write a whole number in digits."]}
    assert form.sentences["address"] == "Please fill this in."
    assert form.sentences["names"] == "This is too long. Use at most 5 characters."


def test_stored_values_are_shown_as_people_type_them():
    stored = {
        "mobile": "+989123456789", "code": "7KQD3XHT4", "amount": 1_250_005, "day": date(2026, 3, 25), "pieces": 12,
        "once": "123456", "tags": ["الف", "ب"], "email": "a@b.ir",
    }  # fmt: skip
    with as_viewer("fa"):
        form = Everything(data=stored)
        shown = {name: getattr(form, name)._value() for name in stored}
    assert shown == {
        "mobile": "۰۹۱۲ ۳۴۵ ۶۷۸۹", "code": "7KQD-3XHT-4", "amount": "۱۲۵٬۰۰۰٫۵", "day": "۱۴۰۵/۰۱/۰۵", "pieces": "۱۲",
        "once": "۱۲۳۴۵۶", "tags": "الف، ب", "email": "a@b.ir",
    }  # fmt: skip


def test_what_was_typed_wrongly_is_shown_again():
    form = fill(mobile="۰۹۱۲", day="هفتهٔ بعد", count="x")
    assert (form.mobile._value(), form.day._value(), form.count.raw_data) == ("۰۹۱۲", "هفتهٔ بعد", ["x"])


@settings(deadline=None, derandomize=True, max_examples=60)
@given(st.dictionaries(st.sampled_from([*SCALARS, "tags", "several", "agreed", "names-0", "names-x", "address-number"]),
                       st.lists(st.text(max_size=30), max_size=3)))  # fmt: skip
def test_no_input_raises(sent):
    form = Everything(MultiDict([(name, value) for name, values in sent.items() for value in values]))
    with as_viewer("fa"):
        form.validate()
        for sentence in form.sentences.values():
            assert sentence.endswith((".", "؟", "؛", "!"))


@pytest.mark.parametrize("name", ["mobile", "count", "colour", "day", "body"])
def test_a_wrong_shape_is_not_forgiven_where_a_field_is_optional(name):
    form = Everything(MultiDict([*GOOD.items(), (name, ""), (name, "")]))
    assert not form.validate()
    assert form.errors == {name: ["Send one value here, not several."]}


def test_nonsense_in_fields_nobody_asked_for_is_left_alone():
    assert Everything(MultiDict([*GOOD.items(), ("other", "a\x00"), ("other", "b")])).validate()


def test_what_a_verb_refuses_stands_beside_its_field_or_above_the_form():
    form = fill()
    form.take(DomainError("Too late.", field="day"))
    form.take(DomainError("Not today."))
    assert form.sentences == {"day": "Too late."}
    assert form.form_errors == ["Not today."]
