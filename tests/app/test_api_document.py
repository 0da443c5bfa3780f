"""The document holds what the API does: it is attacked by schemathesis over the WSGI app, and is valid OpenAPI 3.1."""

import hypothesis
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from openapi_spec_validator import validate
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import positive_data_acceptance

from app.api import tokens
from app.api.document import document
from app.api.resource import OPERATIONS
from app.api.scopes import SCOPES
from app.extensions import db
from app.links import API_PATH
from tests.portal.shop import fill

# What a shape allows a rule may refuse (a stage of another board, an archived contact): the verbs hold the rules.
RULES_REFUSE = [positive_data_acceptance]


def test_it_is_valid(app):
    validate(document())


def test_every_operation_says_what_it_is(app):
    described = [operation for methods in document()["paths"].values() for operation in methods.values()]
    assert len(described) == len(OPERATIONS)
    assert len({operation["operationId"] for operation in described}) == len(described)
    assert [operation["operationId"] for operation in described if len(operation["description"]) < 15] == []


def requests_for(operation):
    """What the document allows; and what it forbids, where there is anything to be wrong in."""
    right = operation.as_strategy(generation_mode=GenerationMode.POSITIVE)
    if operation.body or operation.query:
        return hypothesis.strategies.one_of(right, operation.as_strategy(generation_mode=GenerationMode.NEGATIVE))
    return right


def attacked(app, world, examples: int) -> None:
    """Send `examples` right and wrong requests to each operation as an admin, and hold every answer to the document."""
    shop = fill(world)
    _token, secret = tokens.issue(world.admin, name="attack", scopes=SCOPES, days=None, by=world.admin)
    db.session.commit()
    schema = schemathesis.openapi.from_wsgi(f"{API_PATH}openapi.json", app)
    order, product = shop.order, db.session.execute(db.text("SELECT sku FROM products")).scalar()
    real = {"code": shop.request.code, "slug": "support", "number": order.number, "sku": product}
    headers = {"Authorization": f"Bearer {secret}"}
    failed = []
    for found in schema.get_all_operations():
        operation = found.ok()

        @settings(max_examples=examples, deadline=None, database=None, phases=[Phase.generate], derandomize=True,
                  suppress_health_check=list(HealthCheck))  # fmt: skip
        @hypothesis.given(case=requests_for(operation), is_real=hypothesis.strategies.booleans())
        def attack(case, is_real):
            if is_real:
                case.path_parameters = {**case.path_parameters, **{name: value for name, value in real.items()
                                                                   if name in case.path_parameters}}  # fmt: skip
            answer = case.call(headers=headers)
            case.validate_response(answer, headers=headers, excluded_checks=RULES_REFUSE)

        try:
            attack()
        except Exception as error:  # all operations are asked before the report
            failed.append(f"{operation.label}: {str(error)[:1500]}")
    assert failed == []


def test_nothing_is_found_quickly(app, world):
    attacked(app, world, 4)


@pytest.mark.long
def test_nothing_is_found_in_a_long_attack(app, world):
    attacked(app, world, 150)


DEEP = ["[" * 20_000, '{"a":' * 20_000, "[" * 20_000 + "]" * 20_000, '{"title": ' + "[" * 5_000 + "]" * 5_000 + "}"]


@pytest.mark.parametrize("body", [*DEEP, "", "null", "[]", '"x"', "{", "1" * 5000, '{"title": 1e999}', "\ud800"])
def test_what_is_no_object_is_refused(world, bearer, body):
    answer = bearer(world.sara).post("/api/v1/cards", data=body.encode("utf-8", "surrogatepass"),
                                     content_type="application/json")  # fmt: skip
    assert answer.status_code == 422
    assert answer.mimetype == "application/problem+json"


def test_what_is_too_large_or_no_json_is_refused(world, bearer):
    program = bearer(world.sara)
    large = program.post("/api/v1/cards", data=b" " * (1024 * 1024 + 1), content_type="application/json")
    form = program.post("/api/v1/cards", data={"title": "x"})
    assert (large.status_code, form.status_code) == (413, 415)
