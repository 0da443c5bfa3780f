"""A person's data: what they may have of it, and what is forgotten when they ask for that.

Each package says what it holds: `exports.add(...)` for the archive, `erasing.add(...)` for the erasure.
"""

from contacts.privacy import erasing, exports

__all__ = ["erasing", "exports"]
