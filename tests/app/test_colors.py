"""Colours as people choose them, and whether text can be read on them."""

import pytest

from app.colors import contrast, parse_color


@pytest.mark.parametrize(
    ("text", "color"),
    [("#1F6244", "#1f6244"), ("1f6244", "#1f6244"), (" #abc ", "#aabbcc"), ("#12345", None), ("کبود", None), ("", None),
     (None, None), ("#1f6244; color: red", None), ("#۱۲۳", None)],
)  # fmt: skip
def test_colours_are_read_in_one_form(text, color):
    assert parse_color(text) == color


def test_contrast_is_that_of_wcag():
    """Black on white is 21, a colour on itself 1, and the order does not matter."""
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#1f6244", "#1f6244") == 1
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)
    assert contrast("#ffffff", "#767676") == contrast("#767676", "#ffffff")
