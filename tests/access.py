"""The words of the matrices tests/<package>/matrix.py; tests/app/test_route_matrix.py says what the roles are."""

GUARDED = dict.fromkeys(("anon", "contact"), 401)


def staff(stranger: int, agent: int, manager: int, admin: int) -> dict[str, int]:
    """Behind the guard of staff: nobody and customers are sent to sign in."""
    return {**GUARDED, "stranger": stranger, "agent": agent, "manager": manager, "admin": admin}


def all_staff(status: int) -> dict[str, int]:
    """Behind the guard of staff, and the same for every colleague."""
    return staff(status, status, status, status)


def admins(status: int) -> dict[str, int]:
    """For admins; other colleagues are denied."""
    return staff(403, 403, 403, status)


def customer(contact: int, other: int) -> dict[str, int]:
    """Behind the guard of the portal: `contact` owns what is asked for, `other` is another customer."""
    return {**dict.fromkeys(("anon", "stranger", "agent", "manager", "admin"), 401), "contact": contact, "other": other}


def everybody(status: int) -> dict[str, int]:
    """Open: the same for all."""
    return dict.fromkeys(("anon", "contact", "stranger", "agent", "manager", "admin"), status)
