"""Every table with words in it has an answer to "what becomes of it when somebody is forgotten?"."""

import sqlalchemy as sa

from app.extensions import db

# Emptied or deleted by the part of this name; see `contacts.privacy.erasing`.
ERASED = {
    "attachments": "files", "entries": "texts", "cards": "cards", "closures": "cards", "surveys": "cards",
    "stage_transitions": "cards", "orders": "orders", "shipments": "parcels", "shipment_events": "parcels",
    "outbox": "messages", "codes": "codes", "sessions": "sessions", "data_exports": "exports", "events": "facts",
    "contacts": "record", "contact_points": "record", "memberships": "record", "search_docs": "index",
    "api_answers": "answers", "import_faults": "import_faults", "imports": "import_files",
    "import_records": "import_undo", "import_marks": "import_undo", "files": "files",
}  # fmt: skip
_OF_STAFF = "of colleagues, not of customers"
_OF_HOUSE = "of the business itself"
_CODED = "digests, ids and words of the programme"
_BY_LAW = "bills and what they list stay as they were issued"
STAYS = {
    **dict.fromkeys(("users", "teams", "address_changes", "authenticators", "challenges", "notice_choices", "passkeys",
                     "recovery_codes", "sign_in_links", "sign_in_steps", "trusted_browsers", "api_tokens"), _OF_STAFF),
    **dict.fromkeys(("calendars", "calendar_weeks", "closed_times", "holidays", "departments", "faq_entries",
                     "pipelines", "portal_steps", "stages", "products", "settings", "tags", "warehouses", "stock_moves",
                     "companies"), _OF_HOUSE),
    **dict.fromkeys(("attempts", "board_ops", "erasures", "jobs", "notifications", "number_series",
                     "pipeline_memberships", "promises", "imported_tickets"), _CODED),
    **dict.fromkeys(("invoices", "invoice_lines", "order_lines", "payments"), _BY_LAW),
}  # fmt: skip


def _tables_with_words() -> set[str]:
    wordy = (sa.String, sa.JSON)
    return {
        table.name for table in db.metadata.sorted_tables
        if any(isinstance(getattr(column.type, "impl_instance", column.type), wordy) for column in table.c)
    }  # fmt: skip


def test_every_table_with_words_is_decided_about(app) -> None:
    """A new table fails here until somebody has said whether it holds anything of a customer."""
    assert _tables_with_words() - ERASED.keys() - STAYS.keys() == set()


def test_the_parts_that_erase_exist(app) -> None:
    from contacts.privacy import erasing

    assert set(ERASED.values()) <= set(erasing.keys())
