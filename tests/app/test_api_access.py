"""Z01 for programs: every operation, asked by everybody who has no right to it, and with every wrong token."""

from datetime import timedelta

import pytest
from flask import url_for

from app.api import tokens
from app.api.models import ApiToken
from app.api.resource import OPERATIONS
from app.api.scopes import SCOPES
from app.auth import sessions
from app.clock import freeze, utcnow
from app.extensions import db
from app.links import API_PATH
from app.users import services as accounts
from pipelines.models import PipelineMembership
from tests.app.places import Copy
from tests.conftest import event_names, with_token

ARGUMENTS = {"code": "222222222", "slug": "nothing-here", "number": "XX-1", "invoice_number": "XX-2", "sku": "XX-3",
             "entry_id": 999_999, "shipment_id": 999_999, "point_id": 999_999, "membership_id": 999_999}  # fmt: skip


def rules(app):
    return [rule for rule in app.url_map.iter_rules() if rule.rule.startswith(API_PATH)]


def addresses(app):
    """(endpoint, method, path) of every operation."""
    with app.test_request_context():
        return [
            (rule.endpoint, OPERATIONS[rule.endpoint].method,
             url_for(rule.endpoint, **{name: ARGUMENTS[name] for name in rule.arguments}))
            for rule in rules(app) if rule.endpoint in OPERATIONS
        ]  # fmt: skip


def test_every_operation_is_in_the_document_and_nothing_else_is_open(app):
    assert {rule.endpoint for rule in rules(app)} == {*OPERATIONS, "api_document.show"}


def test_everybody_may_read_the_document(client):
    assert client.get("/api/v1/openapi.json").json["openapi"] == "3.1.0"


@pytest.mark.parametrize("role", ["anon", "agent", "admin", "contact"])
def test_cookies_open_nothing(app, world, as_user, as_contact, role):
    """Z01: whoever is signed in to pages is nobody here."""
    browser = {"anon": app.test_client, "agent": lambda: as_user(world.sara), "admin": lambda: as_user(world.admin),
               "contact": lambda: as_contact(world.nika)}[role]()  # fmt: skip
    copy, got = Copy(), {}
    for endpoint, method, path in addresses(app):
        answer = browser.open(path, method=method, json={} if method != "GET" else None)
        got[endpoint] = (answer.status_code, answer.json["code"], answer.headers["WWW-Authenticate"])
    assert set(got.values()) == {(401, "unauthenticated", 'Bearer realm="Kariz"')}
    assert copy.changed_tables() == []
    copy.close()


def test_a_token_counts_in_the_header_only(app, world, bearer):
    """A17: not in the query, a cookie, the body, or with another word before it."""
    _token, secret = tokens.issue(world.sara, name="x", scopes=SCOPES, days=None, by=world.sara)
    db.session.commit()
    client = app.test_client()
    client.set_cookie("Authorization", f"Bearer {secret}")
    tries = [
        client.get(f"/api/v1/cards?token={secret}"), client.get(f"/api/v1/cards?access_token={secret}"),
        client.get("/api/v1/cards", headers={"Authorization": secret}),
        client.get("/api/v1/cards", headers={"Authorization": f"Basic {secret}"}),
        client.get("/api/v1/cards", headers={"X-Api-Key": secret}),
        client.post("/api/v1/cards", json={"token": secret}),
    ]  # fmt: skip
    assert {answer.status_code for answer in tries} == {401}
    assert client.get("/api/v1/cards", headers={"Authorization": f"bearer {secret}"}).status_code == 200


@pytest.mark.parametrize("spoil", [
    lambda secret: "", lambda secret: secret[:-1], lambda secret: secret + "x", lambda secret: secret.upper(),
    lambda secret: secret.replace("kariz_pat_", "kariz_svc_"), lambda secret: secret.replace("kariz_", ""),
    lambda secret: secret[:11] + "é" + secret[12:], lambda secret: "kariz_pat_" + "x" * 43, lambda secret: "null",
])  # fmt: skip
def test_a_wrong_token_is_refused(app, world, spoil):
    """A17."""
    _token, secret = tokens.issue(world.sara, name="x", scopes=SCOPES, days=None, by=world.sara)
    db.session.commit()
    header = f"Bearer {spoil(secret)}".encode().decode("latin-1")
    assert app.test_client().get("/api/v1/token", headers={"Authorization": header}).status_code == 401


def test_a_token_is_kept_as_its_hash_and_read_by_its_prefix(world):
    """A17: shown once."""
    token, secret = tokens.issue(world.sara, name="فروشگاه", scopes=["cards:read"], days=30, by=world.sara)
    db.session.commit()
    kept = db.session.execute(db.select(ApiToken.__table__)).one()._asdict()
    assert secret not in str(kept)
    assert secret.startswith(token.prefix)
    assert len(token.prefix) < 20
    assert event_names() == ["token.created"]


@pytest.mark.parametrize("end", ["revoked", "expired", "closed", "role", "everywhere"])
def test_a_token_ends_at_once(app, world, bearer, end):
    """A11, A17, Z15: revoked, of somebody deactivated, after another role or a sign-out everywhere, or expired."""
    token, secret = tokens.issue(world.sara, name="x", scopes=SCOPES, days=1, by=world.sara)
    db.session.commit()
    client = with_token(app, secret)
    assert client.get("/api/v1/token").status_code == 200
    if end == "revoked":
        tokens.revoke(db.session.get(ApiToken, token.id), by=world.sara)
    elif end == "closed":
        accounts.deactivate(world.sara, {}, by=world.admin)
    elif end == "role":
        accounts.change_role(world.sara, "sales", by=world.admin)
    elif end == "everywhere":
        sessions.end_all_of_user(world.sara)
    db.session.commit()
    with freeze(utcnow() + timedelta(days=2 if end == "expired" else 0)):
        answers = [client.open(path, method=method, json={} if method != "GET" else None)
                   for _endpoint, method, path in addresses(app)]  # fmt: skip
    assert {answer.status_code for answer in answers} == {401}


def test_each_operation_needs_its_scope(app, world, bearer):
    """A17: a token that reads does not write, and knows of nothing else."""
    without = {scope: bearer(world.admin, *(SCOPES.keys() - {scope})) for scope in SCOPES}
    copy, got = Copy(), {}
    for endpoint, method, path in addresses(app):
        scope = OPERATIONS[endpoint].scope
        if scope is not None:
            answer = without[scope].open(path, method=method, json={} if method != "GET" else None)
            got[endpoint] = (answer.status_code, answer.json["code"], scope in answer.json["detail"])
    assert set(got.values()) == {(403, "denied", True)}
    assert copy.changed_tables() == ["api_tokens"], "only that they were used"
    copy.close()


def test_the_use_of_a_token_is_noted_now_and_then(app, world, bearer):
    """A17: last use logged, not at every request."""
    client = bearer(world.sara)
    client.get("/api/v1/token")
    first = db.session.scalars(db.select(ApiToken.last_used_at)).one()
    with freeze(first + timedelta(minutes=4)):
        client.get("/api/v1/token")
    assert db.session.scalars(db.select(ApiToken.last_used_at)).one() == first
    with freeze(first + timedelta(minutes=6)):
        client.get("/api/v1/token")
    assert db.session.scalars(db.select(ApiToken.last_used_at)).one() == first + timedelta(minutes=6)


def test_a_board_out_of_reach_is_not_there(world, bearer):
    """Z02: a stranger's card answers like a code that nobody has."""
    card = world.card("پنهان", assignee=world.sara)
    db.session.commit()
    omid = bearer(world.omid)
    for path in (f"/api/v1/cards/{card.code}", f"/api/v1/cards/{card.code}/entries", "/api/v1/pipelines/support"):
        hidden, unused = omid.get(path), omid.get(path.replace(card.code, "222222222").replace("support", "nowhere"))
        assert (hidden.status_code, hidden.get_data()) == (404, unused.get_data())
    assert omid.get("/api/v1/cards").json["items"] == []
    assert [row["slug"] for row in omid.get("/api/v1/pipelines").json["items"]] == ["sales", "orders"]


def test_losing_a_board_narrows_the_token_at_once(world, bearer):
    """Z11."""
    card = world.card("پنهان")
    db.session.commit()
    sara = bearer(world.sara)
    assert sara.get(f"/api/v1/cards/{card.code}").status_code == 200
    db.session.execute(db.delete(PipelineMembership))
    db.session.commit()
    assert sara.get(f"/api/v1/cards/{card.code}").status_code == 404


@pytest.mark.parametrize("path", ["/api/v1/cards/%00", "/api/v1/products/%00x", "/api/v1/contacts/a%00b"])
def test_odd_addresses_are_not_there(world, bearer, path):
    assert bearer(world.admin).get(path).status_code == 404
