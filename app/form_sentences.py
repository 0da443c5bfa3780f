"""The sentences of WTForms' own validators in our words, so that they stand in our catalogue with all others."""

from __future__ import annotations

from app.i18n import _, _l

_SENTENCES = {
    "This field is required.": _l("Please fill this in."),
    "Field must be equal to %(other_name)s.": _l("This must be the same as %(other_name)s."),
    "Field must be at least %(min)d character long.": _l("This is too short. Use at least %(min)d characters."),
    "Field must be at least %(min)d characters long.": _l("This is too short. Use at least %(min)d characters."),
    "Field cannot be longer than %(max)d character.": _l("This is too long. Use at most %(max)d characters."),
    "Field cannot be longer than %(max)d characters.": _l("This is too long. Use at most %(max)d characters."),
    "Field must be exactly %(max)d character long.": _l("Use exactly %(max)d characters."),
    "Field must be exactly %(max)d characters long.": _l("Use exactly %(max)d characters."),
    "Field must be between %(min)d and %(max)d characters long.": _l("Use %(min)d to %(max)d characters."),
    "Number must be at least %(min)s.": _l("Write a number from %(min)s upwards."),
    "Number must be at most %(max)s.": _l("Write a number up to %(max)s."),
    "Number must be between %(min)s and %(max)s.": _l("Write a number from %(min)s to %(max)s."),
    "Date must be at least %(min)s.": _l("Choose a date from %(min)s on."),
    "Date must be at most %(max)s.": _l("Choose a date up to %(max)s."),
    "Date must be between %(min)s and %(max)s.": _l("Choose a date from %(min)s to %(max)s."),
    "Invalid input.": _l("This does not have the expected form."),
    "Invalid email address.": _l("This is not an e-mail address. Write it like name@example.com."),
    "Invalid IP address.": _l("This is not an IP address."),
    "Invalid Mac address.": _l("This is not a network card address."),
    "Invalid URL.": _l("This is not a web address. Write it like https://example.com."),
    "Invalid UUID.": _l("This identifier is not right."),
    "Invalid value, must be one of: %(values)s.": _l("Choose one of these: %(values)s."),
    "Invalid value, can't be any of: %(values)s.": _l("This may not be any of these: %(values)s."),
    "This field cannot be edited.": _l("This cannot be changed."),
    "This field is disabled and cannot have a value.": _l("This cannot be changed."),
    "Invalid field name '%s'.": _l("The field %s is unknown."),
    "Not a valid integer value.": _l("Write a whole number in digits."),
    "Not a valid decimal value.": _l("Write a number in digits."),
    "Not a valid float value.": _l("Write a number in digits."),
    "Not a valid datetime value.": _l("There is no such date and time."),
    "Not a valid date value.": _l("There is no such date."),
    "Not a valid time value.": _l("There is no such time. Write it like 16:30."),
    "Not a valid week value.": _l("There is no such week."),
    "Not a valid choice.": _l("Please choose one of the choices."),
    "Invalid Choice: could not coerce.": _l("Please choose one of the choices."),
    "Choices cannot be None.": _l("There is nothing to choose from."),
    "Invalid choice(s): one or more data inputs could not be coerced.": _l("Please choose from the choices."),
    "'%(value)s' is not a valid choice for this field.": _l("%(value)s is not one of the choices."),
    "'%(value)s' are not valid choices for this field.": _l("%(value)s are not among the choices."),
    "CSRF token missing.": _l("The page was open for too long. Please send it again."),
    "CSRF failed.": _l("The page was open for too long. Please send it again."),
}  # fmt: skip


class WTFormsSentences:
    """What WTForms asks for its messages. A sentence it does not know here is looked up in the catalogue as it is."""

    def gettext(self, string: str) -> str:
        return str(_SENTENCES[string]) if string in _SENTENCES else _(string)

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        return self.gettext(singular if n == 1 else plural)
