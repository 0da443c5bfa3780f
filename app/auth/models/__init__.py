"""Sessions, what leads to them, and what proves a person."""

from app.auth.models.attempts import Attempt
from app.auth.models.factors import Authenticator, Challenge, Passkey, RecoveryCode
from app.auth.models.links import AddressChange, SignInLink
from app.auth.models.sessions import ABSOLUTE, IDLE, PORTAL, STAFF, Session, SignInStep, TrustedBrowser

__all__ = ["ABSOLUTE", "IDLE", "PORTAL", "STAFF", "AddressChange", "Attempt", "Authenticator", "Challenge", "Passkey",
           "RecoveryCode", "Session", "SignInLink", "SignInStep", "TrustedBrowser"]  # fmt: skip
