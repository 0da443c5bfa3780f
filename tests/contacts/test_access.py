"""What is reached through its owner, and what is not there; tests/app/test_route_matrix.py asks every address."""

import pytest


@pytest.mark.parametrize(
    "path", ["/contacts/7KQD3XHT4", "/contacts/nobody", "/companies/7KQD3XHT4", "/contacts/" + "9" * 300]
)
def test_nobody_of_this_code(sara, as_user, path):
    assert as_user(sara).get(path).status_code == 404


def test_a_code_is_read_in_any_spelling(world, sara, as_user):
    code = world.nika.code
    spelled = f"{code[:4]}-{code[4:8]}-{code[8:]}".lower()
    assert as_user(sara).get(f"/contacts/{spelled}").status_code == 200


def test_parts_of_somebody_else_are_not_there(world, sara, as_user):
    """A point and a membership are reached through their own contact only."""
    point, membership = world.nika.points[0], world.nika.memberships[0]
    browser = as_user(sara)
    for path in (f"points/{point.id}/removal", f"points/{point.id}/primacy", f"memberships/{membership.id}/ending"):
        assert browser.post(f"/contacts/{world.babak.code}/{path}").status_code == 404
    assert len(world.nika.points) == 2
    assert membership.is_active
