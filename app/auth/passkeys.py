"""Passkeys (WebAuthn): a key pair on a person's device that proves them here and on no look-alike site.

They are bound to a host, so they work on the installation's own address only, over https or on localhost; the device
checks its owner (finger, face, PIN) each time.
"""

import base64
import hmac
import ipaddress
import json
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import sqlalchemy as sa
from flask import current_app, request

from app import events
from app.auth.models import Challenge, Passkey
from app.auth.notices import tell
from app.auth.sessions import digest
from app.business import setting
from app.clock import utcnow
from app.db import table_of
from app.errors import DomainError
from app.events import record
from app.extensions import db
from app.i18n import _
from app.users.models import User

# The library takes a third of a second to load: only who uses a passkey waits for it.
if TYPE_CHECKING:
    from webauthn.helpers.structs import PublicKeyCredentialDescriptor

events.define("user.passkey_added", "user.passkey_removed", "user.passkey_renamed")
PATIENCE = timedelta(minutes=5)
MOST_OF_A_PERSON = 20


@dataclass(frozen=True)
class Site:
    """Where passkeys are made and used: the host they are bound to and the origin their answers name."""

    host: str
    origin: str

    @property
    def works(self) -> bool:
        """Whether browsers do passkeys here, and this request came by that address."""
        return self.is_safe and urlsplit(request.host_url).netloc == urlsplit(self.origin).netloc

    @property
    def is_safe(self) -> bool:
        """Whether the address is one that browsers make passkeys for."""
        try:
            ipaddress.ip_address(self.host.strip("[]"))
        except ValueError:
            return self.origin.startswith("https://") or self.host == "localhost"
        return False


def site() -> Site:
    """The public address of the installation, else the address of this request."""
    parts = urlsplit(current_app.config["BASE_URL"] or request.host_url)
    return Site(parts.hostname or "", f"{parts.scheme}://{parts.netloc}")


def of_user(user: User) -> sa.Select[Passkey]:
    """The user's passkeys, in the order in which they were made."""
    return sa.select(Passkey).where(Passkey.user_id == user.id).order_by(Passkey.id)


def usable(user: User) -> bool:
    """Whether the user has a passkey that works at this address."""
    here = site()
    return here.works and db.session.scalar(of_user(user).where(Passkey.host == here.host).limit(1)) is not None


def ask_to_add(user: User) -> str:
    """What the browser needs to make a passkey, in JSON. Raises a `DomainError` where that cannot be."""
    import webauthn
    from webauthn.helpers import structs

    here, rows = _working_site(), list(db.session.scalars(of_user(user)))
    if len(rows) >= MOST_OF_A_PERSON:
        raise DomainError(_("You have %(num)s passkeys. Remove one that you do not use first.", num=len(rows)))
    options = webauthn.generate_registration_options(
        rp_id=here.host, rp_name=setting("business.name"), user_name=user.email, user_display_name=user.shown_name,
        user_id=_decoded(_handle(user)), challenge=_challenge("add", user),
        exclude_credentials=[_descriptor(row) for row in rows if row.host == here.host],
        authenticator_selection=structs.AuthenticatorSelectionCriteria(
            resident_key=structs.ResidentKeyRequirement.REQUIRED,
            user_verification=structs.UserVerificationRequirement.REQUIRED,
        ),
    )  # fmt: skip
    return webauthn.options_to_json(options)


def add(user: User, answer_text: str, name: str) -> Passkey:
    """Keep the passkey that the browser has made. Raises a `DomainError` when its answer is not what was asked for."""
    import webauthn

    here, (given, challenge) = _working_site(), _read(answer_text, "add", user)
    try:
        made = webauthn.verify_registration_response(
            credential=given, expected_challenge=challenge, expected_rp_id=here.host, expected_origin=here.origin,
            require_user_verification=True,
        )  # fmt: skip
    except Exception:  # noqa: BLE001  # whatever a forged answer makes the library raise is a refusal
        raise _refusal() from None
    credential_id = _encoded(made.credential_id)
    if db.session.scalar(sa.select(Passkey.id).where(Passkey.credential_id == credential_id)):
        raise DomainError(_("This passkey is known already."), code="taken")
    row = Passkey(user_id=user.id, name=name, credential_id=credential_id, host=here.host, sign_count=made.sign_count,
                  public_key=_encoded(made.credential_public_key), created_at=utcnow(),
                  user_handle=_handle(user))  # fmt: skip
    db.session.add(row)
    db.session.flush()
    tell(user, "passkey_added", record("user.passkey_added", user, by=user, data={"passkey": row.id, "name": name}))
    return row


def ask(user: User | None) -> str:
    """What the browser needs to have a passkey answer, in JSON: one of the user's, or anybody's who then signs in."""
    import webauthn
    from webauthn.helpers.structs import UserVerificationRequirement

    here = _working_site()
    rows = db.session.scalars(of_user(user).where(Passkey.host == here.host)) if user else ()
    options = webauthn.generate_authentication_options(
        rp_id=here.host, challenge=_challenge("prove" if user else "sign_in", user),
        user_verification=UserVerificationRequirement.REQUIRED,
        allow_credentials=[_descriptor(row) for row in rows],
    )  # fmt: skip
    return webauthn.options_to_json(options)


def answer(text: str, *, user: User | None = None) -> Passkey:
    """The passkey that has answered, of `user` or of anybody. Raises a `DomainError` unless all of it is right."""
    import webauthn

    here, (given, challenge) = _working_site(), _read(text, "prove" if user else "sign_in", user)
    credential_id = given.get("id")
    query = sa.select(Passkey).where(Passkey.credential_id == str(credential_id), Passkey.host == here.host)
    row = db.session.scalar(query.where(Passkey.user_id == user.id) if user else query)
    if row is None or _named_handle(given) not in {None, row.user_handle}:
        raise _refusal()
    try:
        shown = webauthn.verify_authentication_response(
            credential=given, expected_challenge=challenge, expected_rp_id=here.host, expected_origin=here.origin,
            credential_public_key=_decoded(row.public_key), credential_current_sign_count=row.sign_count,
            require_user_verification=True,
        )  # fmt: skip
    except Exception:  # noqa: BLE001  # whatever a forged answer makes the library raise is a refusal
        raise _refusal() from None
    row.sign_count, row.used_at = shown.new_sign_count, utcnow()
    return row


def rename(row: Passkey, name: str, *, by: User) -> None:
    """Call a passkey something else."""
    if name != row.name:
        record("user.passkey_renamed", by, by=by, data={"passkey": row.id, "from": row.name, "to": name})
        row.name = name


def remove(row: Passkey, *, by: User) -> None:
    """Let a passkey prove nothing any more."""
    event = record("user.passkey_removed", by, by=by, data={"passkey": row.id, "name": row.name})
    tell(by, "passkey_removed", event)
    db.session.delete(row)
    db.session.flush()


def forget_all(user: User) -> None:
    """Take all passkeys of a user away."""
    table = table_of(Passkey)
    db.session.execute(sa.delete(table).where(table.c.user_id == user.id))
    db.session.expire_all()


def _working_site() -> Site:
    here = site()
    if not here.works:
        raise DomainError(_("Passkeys do not work at this address."), code="no_passkeys")
    return here


def _encoded(data: bytes) -> str:
    """In base64url without padding, as browsers write it."""
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def _decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _handle(user: User) -> str:
    """What devices call the account by: the same in all of a person's passkeys, and nothing that names them."""
    known = db.session.scalar(of_user(user).with_only_columns(Passkey.user_handle).limit(1))
    key = str(current_app.config["SECRET_KEY"]).encode()
    return known or _encoded(hmac.digest(key, f"passkeys:{user.id}".encode(), "sha256"))


def _named_handle(given: dict[str, Any]) -> Any:
    """The account that the answer says it is of; None where it does not say."""
    response = given.get("response")
    return response.get("userHandle") if isinstance(response, dict) else ""


def _descriptor(row: Passkey) -> "PublicKeyCredentialDescriptor":
    from webauthn.helpers.structs import PublicKeyCredentialDescriptor

    return PublicKeyCredentialDescriptor(id=_decoded(row.credential_id))


def _challenge(purpose: str, user: User | None) -> bytes:
    """A fresh question, to be answered once within five minutes; old ones are swept away."""
    challenge, now, table = secrets.token_bytes(32), utcnow(), table_of(Challenge)
    db.session.execute(sa.delete(table).where(table.c.created_at < now - PATIENCE))
    db.session.add(Challenge(challenge_hash=digest(_encoded(challenge)), purpose=purpose, created_at=now,
                             user_id=user.id if user else None))  # fmt: skip
    db.session.flush()
    return challenge


def _read(text: str, purpose: str, user: User | None) -> tuple[dict[str, Any], bytes]:
    """The answer as an object, and the challenge it names, which was ours and open until now."""
    try:
        given = json.loads(text)
        client = json.loads(_decoded(given["response"]["clientDataJSON"]))
        named = str(client["challenge"])
        challenge = _decoded(named)
    except Exception:  # noqa: BLE001  # nonsense of any shape
        raise _refusal() from None
    table = table_of(Challenge)
    ours = sa.and_(table.c.challenge_hash == digest(named), table.c.purpose == purpose, table.c.used_at.is_(None),
                   table.c.user_id == user.id if user else table.c.user_id.is_(None),
                   table.c.created_at > utcnow() - PATIENCE)  # fmt: skip
    used = db.session.execute(sa.update(table).where(ours).values(used_at=utcnow()))
    # Committed before the answer is looked at: whatever it is worth, it is not looked at twice.
    db.session.commit()
    if used.rowcount != 1:  # type: ignore[attr-defined]
        raise DomainError(_("This took too long. Please try once more."), code="passkey")
    return given, challenge


def _refusal() -> DomainError:
    return DomainError(_("The passkey was not accepted. Please try once more."), code="passkey")
