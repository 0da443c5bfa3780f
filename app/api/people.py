"""How colleagues and services appear in answers."""

from __future__ import annotations

from app.api.shapes import Shape
from app.users.models import User


class Person(Shape):
    """A colleague, or a service."""

    id: int
    name: str

    @classmethod
    def of(cls, user: User) -> Person:
        return cls(id=user.id, name=user.shown_name)
