"""Companies for programs."""

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from app.api.access import me
from app.api.lists import rows_of
from app.api.resource import Answer, Resource
from app.errors import NotFound
from app.links import external
from app.policies import require
from app.text import clean_line
from contacts.api.archive import moved
from contacts.api.shapes import CompanyAnswer, CompanyChanges, CompanyFilters, CompanyList, NewCompany
from contacts.models import Company, Membership
from contacts.policies import can_edit
from contacts.queries import company_with_people, matches_company
from contacts.services import archive_company, create_company, restore_company, update_company

bp = Resource("companies", __name__, tag="Companies")
OR_NOTHING = ("legal_id", "economic_code", "external_id")


def get_company(code: str) -> Company:
    """The company with this code, archived or not; `NotFound` when there is none."""
    company = company_with_people(me(), code)
    if company is None:
        raise NotFound
    return company


def shown(company: Company) -> Answer:
    return Answer(CompanyAnswer.of(company), location=external(f"/api/v1/companies/{company.code}"))


@bp.operation("GET", "/companies", scope="contacts:read", summary="List companies", query=CompanyFilters,
              answer=CompanyList)  # fmt: skip
def list_companies(query: CompanyFilters) -> CompanyList:
    """Companies that fit every filter."""
    is_archived = Company.archived_at.is_not(None)
    found = sa.select(Company).where(is_archived if query.archived else ~is_archived)
    if query.q:
        found = found.where(matches_company(query.q))
    if query.external_id is not None:
        found = found.where(Company.external_id == clean_line(query.external_id))
    people = selectinload(Company.memberships).joinedload(Membership.contact)
    rows, following = rows_of(found.options(people), Company.id, query)
    return CompanyList(items=[CompanyAnswer.of(row) for row in rows], next=following)


@bp.operation("POST", "/companies", scope="contacts:write", summary="Add a company", body=NewCompany, status=201,
              answer=CompanyAnswer)  # fmt: skip
def create_company_(body: NewCompany) -> Answer:
    """A new company; its people are contacts with a membership."""
    return shown(create_company(by=me(), **body.model_dump()))


@bp.operation("GET", "/companies/<code>", scope="contacts:read", summary="Read a company", answer=CompanyAnswer)
def show_company(code: str) -> Answer:
    """A company with its people, archived or not."""
    return shown(get_company(code))


@bp.operation("PATCH", "/companies/<code>", scope="contacts:write", summary="Change a company", body=CompanyChanges,
              answer=CompanyAnswer)  # fmt: skip
def change_company(code: str, body: CompanyChanges) -> Answer:
    """Change what is sent and nothing else."""
    company = get_company(code)
    require(can_edit(me(), company))
    given = {name: "" if value is None and name in OR_NOTHING else value for name, value in body.given().items()}
    update_company(company, by=me(), **given)
    return shown(company)


@bp.operation("POST", "/companies/<code>/archival", scope="contacts:write", summary="Archive a company",
              answer=CompanyAnswer)  # fmt: skip
def create_company_archival(code: str) -> Answer:
    """Take a company off the lists; its people, cards and orders stay. The token's user is a manager."""
    return shown(moved(get_company(code), archive_company))


@bp.operation("POST", "/companies/<code>/restoration", scope="contacts:write", summary="Bring a company back",
              answer=CompanyAnswer)  # fmt: skip
def create_company_restoration(code: str) -> Answer:
    """Out of the archive. The token's user is a manager."""
    return shown(moved(get_company(code), restore_company))
