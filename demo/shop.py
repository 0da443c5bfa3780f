"""What is there already while the story is told, by the keys of the content."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from app.users.models import Team, User
from cards.models import Card
from contacts.models import Company, Contact
from demo.story import Story, Times
from orders.models import Order, Product
from pipelines.models import Department, Pipeline, Stage


@dataclass
class Shop:
    """The shop so far. Pipelines and departments are known by slug, stages by slug and key, orders by number."""

    times: Times
    story: Story
    staff: dict[str, User] = field(default_factory=dict)
    teams: dict[str, Team] = field(default_factory=dict)
    pipelines: dict[str, Pipeline] = field(default_factory=dict)
    stages: dict[tuple[str, str], Stage] = field(default_factory=dict)
    departments: dict[str, Department] = field(default_factory=dict)
    people: dict[str, Contact] = field(default_factory=dict)
    companies: dict[str, Company] = field(default_factory=dict)
    products: dict[str, Product] = field(default_factory=dict)
    orders: dict[str, Order] = field(default_factory=dict)
    # When each order is placed, known before the story begins.
    placed_at: dict[str, datetime] = field(default_factory=dict)
    cards: dict[str, Card] = field(default_factory=dict)
