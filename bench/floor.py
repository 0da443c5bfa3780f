"""The bare application that Kariz is measured against: hello, one move as one transaction, a 5 x 30 board.

Reads the tables of the filled database by plain SQL, knows no rights, no sessions, no templates of Kariz.
"""

import os
import random
from typing import Any

import sqlalchemy as sa
from flask import Flask, request

app = Flask(__name__)
engine = sa.create_engine(os.environ["FLOOR_DATABASE_URL"], pool_size=20, max_overflow=20)
IS_SQLITE = engine.dialect.name == "sqlite"

if IS_SQLITE:

    @sa.event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: object) -> None:
        connection.isolation_level = None
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=NORMAL")
        connection.execute("PRAGMA busy_timeout=15000")

    @sa.event.listens_for(engine, "begin")
    def _begin(connection: sa.Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if request.method == "POST" else "BEGIN")


BOARD = app.jinja_env.from_string("""<!doctype html><title>Board</title>{% for stage, cards in columns %}
<section><h2>{{ stage }}</h2><ul>
{% for card in cards %}<li id="card-{{ card.id }}"><h3>{{ card.title }}</h3><p>{{ card.name }}</p><b>{{ card.code }}</b>
<i>{{ card.priority }}</i><time>{{ card.opened_at }}</time></li>{% endfor %}</ul></section>{% endfor %}""")
CARDS = sa.text(
    "SELECT cards.id, cards.title, cards.code, cards.priority, cards.opened_at, contacts.name FROM cards "
    "JOIN contacts ON contacts.id = cards.contact_id WHERE stage_id = :stage AND closed_at IS NULL "
    "ORDER BY rank, cards.id LIMIT 30"
)


@app.get("/hello")
def hello() -> str:
    return "hello"


@app.get("/board")
def board() -> str:
    stages = [int(stage) for stage in request.args["stages"].split(",")]
    with engine.begin() as connection:
        columns = [(stage, connection.execute(CARDS, {"stage": stage}).all()) for stage in stages]
    return BOARD.render(columns=columns)


@app.post("/move")
def move() -> dict[str, int]:
    """Lock the board, move a card, write what happened."""
    code, stage = request.args["code"], int(request.args["stage"])
    with engine.begin() as connection:
        lock = "UPDATE pipelines SET seq = seq + 1 WHERE id = :id RETURNING seq"
        seq = connection.execute(sa.text(lock), {"id": int(request.args["pipeline"])}).scalar_one()
        change = (
            "UPDATE cards SET stage_id = :stage, rank = :rank, version = version + 1 WHERE code = :code RETURNING id"
        )
        place = {"stage": stage, "rank": random.randrange(2**40), "code": code}
        card = connection.execute(sa.text(change), place).scalar_one()
        fact = (
            "INSERT INTO events (name, at, visibility, card_id, data) "
            "VALUES ('floor.moved', CURRENT_TIMESTAMP, 'internal', :card, '{}')"
        )
        connection.execute(sa.text(fact), {"card": card})
    return {"seq": seq}
