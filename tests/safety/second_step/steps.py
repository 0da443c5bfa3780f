"""Signing in over two steps, as the tests of attacks do it."""

from datetime import timedelta

import pyotp
import sqlalchemy as sa

from app.auth.models import Authenticator
from app.clock import utcnow
from app.extensions import db
from app.outbox import Outbox
from app.vault import unseal

PASSWORD = "a good long password"


def code_of(user, *, windows=0):
    secret = unseal(db.session.get_one(Authenticator, user.id).secret)
    return pyotp.TOTP(secret).at(utcnow() + timedelta(seconds=30 * windows))


def enter_password(browser, user, **extra):
    return browser.post("/sign-in", data={"email": user.email, "password": PASSWORD, **extra})


def step(browser, **data):
    return browser.post("/sign-in/step", data=data)


def mails(what):
    rows = db.session.scalars(sa.select(Outbox).where(Outbox.kind == "staff_mail.security"))
    return [row for row in rows if row.payload["what"] == what]
