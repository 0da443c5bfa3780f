"""A shop to try Kariz with: its customers, orders and requests."""


def load() -> str:
    """Fill an empty database with the shop, once; answers the sign-ins to print. The caller commits.

    Where somebody has an account already nothing is changed, and the answer says so.
    """
    from demo.filling import fill

    return fill()
