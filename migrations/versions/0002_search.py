"""Search over everything that is written; what is there already is found after the upgrade."""

import re
import unicodedata
from datetime import UTC, datetime, time
from itertools import pairwise

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

SQLITE = (
    """CREATE VIRTUAL TABLE search_fts USING fts5(words, content='search_docs', content_rowid='id', detail=none,
       columnsize=0, prefix='2 3 4 5 6 7 8', tokenize="ascii tokenchars '=#<>~^'")""",
    "INSERT INTO search_fts(search_fts) VALUES ('rebuild')",
    """CREATE TRIGGER search_docs_added AFTER INSERT ON search_docs BEGIN
       INSERT INTO search_fts(rowid, words) VALUES (new.id, new.words); END""",
    """CREATE TRIGGER search_docs_removed AFTER DELETE ON search_docs BEGIN
       INSERT INTO search_fts(search_fts, rowid, words) VALUES ('delete', old.id, old.words); END""",
    """CREATE TRIGGER search_docs_changed AFTER UPDATE OF words ON search_docs BEGIN
       INSERT INTO search_fts(search_fts, rowid, words) VALUES ('delete', old.id, old.words);
       INSERT INTO search_fts(rowid, words) VALUES (new.id, new.words); END""",
)
LEXEMES = """CREATE OR REPLACE FUNCTION search_lexemes(words text, id integer) RETURNS tsvector
    LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT array_to_tsvector(array(
      SELECT word FROM unnest(string_to_array(words, ' ')) word WHERE word <> ''
      UNION ALL SELECT '^' || left(word, size) FROM unnest(string_to_array(words, ' ')) word,
        generate_series(2, least(8, length(word))) size WHERE strpos('=#<>~^', left(word, 1)) = 0
      UNION ALL SELECT '=e' || (id >> 13)
      UNION ALL SELECT '=f' || (id >> 16))) $$"""
GIN = "CREATE INDEX ix_search_docs_words ON search_docs USING gin (search_lexemes(words, id)) WITH (fastupdate = off)"


def upgrade() -> None:
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    op.create_table(
        "search_docs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("ref_id", sa.Integer(), nullable=False),
        sa.Column("audience", sa.String(10), nullable=False),
        sa.Column("target_id", sa.Integer(), nullable=False),
        sa.Column("pipeline_id", sa.Integer(), nullable=True),
        sa.Column("contact_id", sa.Integer(), nullable=True),
        sa.Column("company_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("head", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.CheckConstraint("audience IN ('internal', 'portal')", name=op.f("ck_search_docs_audience")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_docs")),
        sa.UniqueConstraint("kind", "ref_id", name=op.f("uq_search_docs_kind_ref_id")),
    )
    fill()
    # Made at the end: an index over many rows is built at once, not word by word.
    for statement in SQLITE if is_sqlite else (LEXEMES, GIN):
        op.execute(statement)


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TABLE search_fts")
        op.drop_table("search_docs")
        return
    op.drop_table("search_docs")
    op.execute("DROP FUNCTION search_lexemes(text, integer)")


# How texts became words when this migration was written.

ZWNJ = "\u200c"
BIDI = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
FOLD = str.maketrans({
    **dict.fromkeys("يىئ", "ی"), "ك": "ک", **dict.fromkeys("أإٱآ", "ا"), "ؤ": "و",
    **dict.fromkeys("\u0629\u06c0\u06c1\u06c2\u06be\u06d5", "ه"), **dict.fromkeys("ءـ" + BIDI + "\u00ad\ufeff\u200b\u2060\x00"),
    "\u200d": ZWNJ, "_": " ", **{chr(base + i): str(i) for base in (0x06F0, 0x0660) for i in range(10)},
})  # fmt: skip
WORD = re.compile(rf"[\w{ZWNJ}]+")
THOUSANDS = re.compile(r"(?<![\w.])\d{1,3}(?:[,٬']\d{3})+(?!\w)")
ENDINGS = frozenset(
    "ها های هایی هایم هایت هایش هایمان هایتان هایشان ام ات اش ای ایم اید اند تر ترین تری".split()  # noqa: SIM905
)
BEGINNINGS = frozenset(("می", "نمی"))
SOUNDS = (
    ("kh", "خ"), ("gh", "ق"), ("sh", "ش"), ("ch", "چ"), ("zh", "ژ"), ("oo", "و"), ("ou", "و"), ("ee", "ی"), ("aa", "ا"),
    ("b", "ب"), ("p", "پ"), ("t", "ت"), ("s", "س"), ("j", "ج"), ("h", "ه"), ("d", "د"), ("r", "ر"), ("z", "ز"),
    ("f", "ف"), ("q", "ق"), ("k", "ک"), ("g", "گ"), ("l", "ل"), ("m", "م"), ("n", "ن"), ("v", "و"), ("w", "و"),
    ("y", "ی"), ("x", "کس"), ("c", "ک"),
)  # fmt: skip
ALIKE = str.maketrans(
    {**dict.fromkeys("صث", "س"), **dict.fromkeys("ضظذ", "ز"), "ط": "ت", "ح": "ه", "غ": "ق", "ع": "", "ا": ""}
)


def fold(text):
    text = unicodedata.normalize("NFKC", text or "").translate(FOLD).lower()
    text = "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
    return unicodedata.normalize("NFKC", text)


def key(text):
    return " ".join(" ".join(WORD.findall(fold(text))).replace(ZWNJ, " ").split())


def kept(*texts, pairs=False):
    found = {}
    for text in texts:
        before = ""
        for word in WORD.findall(fold(text)):
            parts = [part for part in word.split(ZWNJ) if part]
            if not parts:
                continue
            whole = "".join(parts)
            found.update(dict.fromkeys([whole, *(parts if len(parts) > 1 else [])]))
            if before and (pairs or before in BEGINNINGS or parts[0] in ENDINGS):
                found.update(dict.fromkeys([before + whole, before + parts[0]]))
            before = parts[-1]
        found.update(dict.fromkeys(re.sub(r"\D", "", number) for number in THOUSANDS.findall(fold(text))))
    return [word[:40] for word in found][:1500]


def exact(text):
    return "#" + re.sub(r"[\W_]", "", fold(text))


def numbers(number):
    digits = re.sub(r"\D", "", fold(number))
    for prefix in ("0098", "98" if (number or "").startswith("+") else "0098", "0"):
        if digits.startswith(prefix) and len(digits) > len(prefix):
            digits = digits[len(prefix) :]
            break
    return [f"<{digits[::-1]}", f">{digits}"] if len(digits) >= 4 else []


def sounds(*names):
    return [mark for name in names for word in key(name).split() if (mark := sound(word))]


def sound(text):
    if any("a" <= letter <= "z" for letter in text):
        for latin, persian in SOUNDS:
            text = text.replace(latin, persian)
        text = re.sub("[aeiou]$", lambda end: "ی" if end[0] in "ie" else "", text)
        text = re.sub("[aeiou]", "", text)
    bones = text.translate(ALIKE)
    bones = bones[:1] + re.sub("[وی]", "", bones[1:-1]) + bones[-1:] if len(bones) > 2 else bones
    bones = bones[:1] + "".join(after for before, after in pairwise(bones) if before != after)
    return f"~{bones}" if len(bones) > 1 else ""


def sums(rials):
    return [str(rials), str(rials // 10)] if rials else []


# The rows that are there.

META = sa.MetaData()


def table(name, *columns, instants=(), days=()):
    return sa.Table(name, META, *(sa.Column(column) for column in columns),
                    *(sa.Column(column, sa.DateTime(timezone=True)) for column in instants),
                    *(sa.Column(column, sa.Date) for column in days))  # fmt: skip


CONTACTS = table("contacts", "id", "code", "name", "name_en", "external_id", "archived_at", instants=("created_at",))
POINTS = table("contact_points", "id", "contact_id", "kind", "normalised")
COMPANIES = table("companies", "id", "code", "name", "name_en", "legal_id", "economic_code", "phone", "city",
                  "external_id", "archived_at", instants=("created_at",))  # fmt: skip
CARDS = table("cards", "id", "code", "title", "pipeline_id", "contact_id", "company_id", "is_internal", "amount_rials",
              instants=("opened_at",))  # fmt: skip
TAGS, CARD_TAGS = table("tags", "id", "name"), table("card_tags", "card_id", "tag_id")
ENTRIES = table("entries", "id", "card_id", "body", "visibility", "withdrawn_at", instants=("created_at",))
FILES = table("attachments", "id", "entry_id", "name")
ORDERS = table("orders", "id", "number", "contact_id", "company_id", "recipient", "recipient_phone", "address",
               "total_rials", "external_id", instants=("ordered_at",))  # fmt: skip
LINES, PARCELS = table("order_lines", "id", "order_id", "name"), table("shipments", "id", "order_id", "tracking_code")
INVOICES = table("invoices", "id", "number", "order_id", "contact_id", days=("issued_on",))
PRODUCTS = table("products", "id", "sku", "name", "name_en", "archived_at", instants=("created_at",))
ARTICLES = table("faq_entries", "id", "question_fa", "question_en", "answer_fa", "answer_en", "is_active")
DOCS = table("search_docs", "kind", "ref_id", "audience", "target_id", "pipeline_id", "contact_id", "company_id",
             "head", "words", instants=("at",))  # fmt: skip
START = datetime(1970, 1, 1, tzinfo=UTC)
STEP = 2000


def fill():
    """The docs of all rows, kind by kind in the order of their ids, `STEP` rows at a time."""
    for source, make in (
        (ARTICLES, articles), (CONTACTS, contacts), (COMPANIES, companies), (PRODUCTS, products), (ORDERS, orders),
        (INVOICES, invoices), (CARDS, cards), (ENTRIES, entries),
    ):  # fmt: skip
        last = -1
        while True:
            query = sa.select(source).where(source.c.id > last).order_by(source.c.id).limit(STEP)
            rows = op.get_bind().execute(query).all()
            if not rows:
                break
            last = rows[-1].id
            write(list(make(rows)))


def write(docs):
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    for row in docs if is_sqlite else ():
        row["at"] = row["at"].replace(tzinfo=None)
    if docs:
        op.get_bind().execute(sa.insert(DOCS), docs)


def aware(moment):
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def doc(kind, ref_id, at, words, *, head="", is_shown=False, target_id=None, pipeline_id=None, contact_id=None,
        company_id=None):  # fmt: skip
    marks = [f"={kind}", *([f"=p{pipeline_id}"] if pipeline_id is not None else [])]
    if is_shown:
        owners = (("=o", contact_id), ("=y", company_id))
        marks += ["=portal", *(f"{mark}{owner}" for mark, owner in owners if owner is not None)]
    return {"kind": kind, "ref_id": ref_id, "audience": "portal" if is_shown else "internal", "head": head[:200],
            "target_id": ref_id if target_id is None else target_id, "pipeline_id": pipeline_id, "at": aware(at),
            "contact_id": contact_id, "company_id": company_id, "words": " ".join((*words, *marks))}  # fmt: skip


def beside(child, column, rows, name):
    """{id of the row: values of `name` of its children}."""
    found = {}
    query = sa.select(child.c[column], child.c[name]).where(child.c[column].in_([row.id for row in rows]))
    for owner, value in op.get_bind().execute(query):
        found.setdefault(owner, []).append(value)
    return found


def known_as(*values):
    return [mark for value in values if value for mark in (exact(value), *kept(value))]


def contacts(rows):
    points = {}
    query = sa.select(POINTS).where(POINTS.c.contact_id.in_([row.id for row in rows]))
    for point in op.get_bind().execute(query):
        points.setdefault(point.contact_id, []).append(point)
    for row in rows:
        if row.archived_at is not None:
            continue
        own = points.get(row.id, [])
        emails = [point.normalised for point in own if point.kind == "email"]
        phones = [point.normalised for point in own if point.kind in {"mobile", "phone"}]
        places = [point.normalised for point in own if point.kind == "address"]
        words = [*kept(row.name, row.name_en, pairs=True), *kept(*emails, *places), *sounds(row.name, row.name_en),
                 *(mark for phone in phones for mark in numbers(phone)), *map(exact, emails),
                 *known_as(row.code, row.external_id)]  # fmt: skip
        yield doc("contact", row.id, row.created_at, words, head=key(f"{row.name} {row.name_en}"))


def companies(rows):
    for row in rows:
        if row.archived_at is None:
            words = [*kept(row.name, row.name_en, pairs=True), *kept(row.city), *sounds(row.name, row.name_en),
                     *numbers(row.phone), *known_as(row.code, row.external_id, row.legal_id, row.economic_code)]  # fmt: skip
            yield doc("company", row.id, row.created_at, words, head=key(f"{row.name} {row.name_en}"))


def products(rows):
    for row in rows:
        if row.archived_at is None:
            words = [*kept(row.name, row.name_en, pairs=True), *kept(row.sku), exact(row.sku)]
            yield doc("product", row.id, row.created_at, words, head=key(f"{row.name} {row.name_en}"))


def articles(rows):
    for row in rows:
        words = [*kept(row.question_fa, row.question_en, pairs=True), *kept(row.answer_fa, row.answer_en)]
        head = key(f"{row.question_fa} {row.question_en}")
        yield doc("article", row.id, START, words, head=head, is_shown=bool(row.is_active))


def orders(rows):
    goods, codes = beside(LINES, "order_id", rows, "name"), beside(PARCELS, "order_id", rows, "tracking_code")
    for row in rows:
        own = [code for code in codes.get(row.id, []) if code]
        words = [*kept(row.number, *own), *map(exact, (row.number, *own)), *kept(*goods.get(row.id, []))]
        owners = {"contact_id": row.contact_id, "company_id": row.company_id}
        yield doc("order", row.id, row.ordered_at, words, head=key(row.number), is_shown=True, **owners)
        words = [*kept(row.recipient, pairs=True), *kept(row.address), *numbers(row.recipient_phone),
                 *sums(row.total_rials), *known_as(row.external_id)]  # fmt: skip
        yield doc("terms", row.id, row.ordered_at, words, contact_id=row.contact_id)


def invoices(rows):
    for row in rows:
        at = datetime.combine(row.issued_on, time(), UTC)
        yield doc("invoice", row.id, at, known_as(row.number), is_shown=True, target_id=row.order_id,
                  contact_id=row.contact_id)  # fmt: skip


def owners_of(card):
    return {"pipeline_id": card.pipeline_id, "contact_id": card.contact_id, "company_id": card.company_id}


def cards(rows):
    named = sa.select(CARD_TAGS.c.card_id, TAGS.c.name).join(TAGS, TAGS.c.id == CARD_TAGS.c.tag_id)
    tags = {}
    for card_id, name in op.get_bind().execute(named.where(CARD_TAGS.c.card_id.in_([row.id for row in rows]))):
        tags.setdefault(card_id, []).append(name)
    for row in rows:
        spoken = "-".join((row.code[:4], row.code[4:8], row.code[8:]))
        words = [*kept(row.title, pairs=True), exact(row.code), *kept(spoken)]
        yield doc("card", row.id, row.opened_at, words, head=key(row.title), is_shown=not row.is_internal,
                  **owners_of(row))  # fmt: skip
        words = [*kept(*tags.get(row.id, []), pairs=True), *sums(row.amount_rials)]
        if words:
            yield doc("inside", row.id, row.opened_at, words, **owners_of(row))


def entries(rows):
    files = beside(FILES, "entry_id", rows, "name")
    query = sa.select(CARDS).where(CARDS.c.id.in_({row.card_id for row in rows}))
    boards = {card.id: card for card in op.get_bind().execute(query)}
    for row in rows:
        card = boards[row.card_id]
        is_shown = row.visibility == "portal" and row.withdrawn_at is None and not card.is_internal
        yield doc("entry", row.id, row.created_at, kept(row.body, *files.get(row.id, [])), is_shown=is_shown,
                  target_id=card.id, **owners_of(card))  # fmt: skip
