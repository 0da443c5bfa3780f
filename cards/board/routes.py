"""The board's page, its pieces, and moving a card."""

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from flask import Blueprint, jsonify, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.assets import symbols
from app.auth.guards import require_staff
from app.errors import DomainError, NotFound
from app.events import Event
from app.extensions import db
from app.forms import refuse
from app.i18n import _
from app.policies import require
from cards.board import queries
from cards.board.counts import open_by_stage, pipelines_of
from cards.board.faces import Pen, members_of
from cards.board.forms import PlacementForm
from cards.board.sockets import frame_of_event
from cards.models import Card
from cards.placement import Anchor, move, open_counts
from cards.policies import can_move
from pipelines.models import Pipeline, Stage
from pipelines.policies import can_design, can_work_on

bp = Blueprint("boards", __name__, url_prefix="/boards")
bp.before_request(require_staff)
placement = Blueprint("placement", __name__, url_prefix="/cards")
placement.before_request(require_staff)

FACE_ICONS = ("star", "clock", "window", "clip", "more")
MOST_EVENTS = 500
MOST_FACES = 120
MOST_WINDOW = 300


def get_pipeline(slug: str) -> Pipeline:
    """The board at this address; 404 when the current user cannot reach it."""
    pipeline = next((board for board in pipelines_of(current_user) if board.slug == slug), None)
    if pipeline is None:
        raise NotFound
    return pipeline


@bp.get("/<slug>")
def show(slug: str) -> ResponseReturnValue:
    pipeline = get_pipeline(slug)
    columns = queries.load_columns(pipeline, current_user, open_by_stage(current_user)[pipeline.id])
    rows = [row for column in columns for row in column.rows]
    members = members_of(queries.colleagues(pipeline, rows), current_user)
    pen = Pen(members)
    for column in columns:
        column.faces = pen.draw(column.rows)
    direction = {"rtl": "rtl", "ltr": "ltr"}.get(current_user.board_direction)
    return render_template(
        "cards/board.html", pipeline=pipeline, columns=columns, symbols=symbols(*FACE_ICONS), direction=direction,
        can_work=can_work_on(current_user, pipeline.id), can_design=can_design(current_user, pipeline),
        members_json={
            str(key): {"name": m.name, "initials": m.initials, "picture": m.picture} for key, m in members.items()
        },
    )  # fmt: skip


@bp.get("/<slug>/stages/<int:stage_id>/cards")
def more(slug: str, stage_id: int) -> ResponseReturnValue:
    pipeline = get_pipeline(slug)
    stage = db.session.scalar(sa.select(Stage).where(Stage.id == stage_id, Stage.pipeline_id == pipeline.id))
    if stage is None:
        raise NotFound
    after = parse_cursor(request.args.get("after", ""))
    column = queries.load_page(stage, current_user, after=after, total=open_counts(stage.id)[stage.id]["total"])
    return {
        "html": pen_for(pipeline, column.rows).draw(column.rows),
        "next": column.next,
        "total": column.total,
        "seq": pipeline.seq,
    }


@bp.get("/<slug>/faces")
def faces(slug: str) -> ResponseReturnValue:
    pipeline = get_pipeline(slug)
    ids = parse_ids(request.args.get("ids", ""), MOST_FACES)
    rows = queries.faces(ids, pipeline.id, current_user)
    return {"faces": pen_for(pipeline, rows).draw_each(rows)}


@bp.get("/<slug>/sync")
def sync(slug: str) -> ResponseReturnValue:
    """What a browser missed since `seq`, and the stages it asks for anew; all of one instant."""
    pipeline = get_pipeline(slug)
    since = number(request.args.get("seq"))
    sizes = parse_sizes(request.args.get("stages", ""))
    if since is None or since > pipeline.seq or number(request.args.get("epoch")) is None:
        raise DomainError(_("This place in the order of events is unknown."), code="unknown_cursor", field="seq")
    answer: dict[str, Any] = {"seq": pipeline.seq, "epoch": pipeline.access_epoch}
    missed = sa.select(Event).where(Event.pipeline_id == pipeline.id, Event.seq > since).order_by(Event.seq)
    events = list(db.session.scalars(missed.limit(MOST_EVENTS + 1)))
    if len(events) > MOST_EVENTS:
        return {**answer, "reload": True}
    answer["events"] = [frame_of_event(event, pipeline.access_epoch) for event in events]
    answer["stages"] = windows(pipeline, sizes)
    return answer


def windows(pipeline: Pipeline, sizes: dict[int, int]) -> dict[str, Any]:
    """The asked windows: {stage id: {"cards": [[id, rank]], "html": {id: face}, "next", "total"}}."""
    known = {stage.id for stage in queries.stages_of(pipeline)}
    sizes = {stage_id: size for stage_id, size in sizes.items() if stage_id in known}
    found = queries.windows(sizes, current_user)
    totals = open_counts(*sizes) if sizes else {}
    rows = [row for stage_id, size in sizes.items() for row in found[stage_id][:size]]
    html = pen_for(pipeline, rows).draw_each(rows)
    answer = {}
    for stage_id, size in sizes.items():
        shown = found[stage_id][:size]
        answer[str(stage_id)] = {
            "cards": [[row.id, row.rank] for row in shown],
            "html": {str(row.id): html[str(row.id)] for row in shown},
            "next": f"{shown[-1].rank}:{shown[-1].id}" if len(found[stage_id]) > size and shown else None,
            "total": totals[stage_id]["total"],
        }
    return answer


def pen_for(pipeline: Pipeline, rows: Iterable[queries.FaceRow]) -> Pen:
    """What draws these faces of the board. One query."""
    return Pen(members_of(queries.colleagues(pipeline, rows), current_user))


@placement.post("/<code>/placement")
def create_placement(code: str) -> ResponseReturnValue:
    card = db.session.scalar(Card.visible_to(current_user).where(Card.code == code.upper()))
    if card is None:
        raise NotFound
    require(can_move(current_user, card))
    form = PlacementForm.from_request()
    if not form.validate():
        return refuse(form)
    stage_id = int(form.stage_id.data or 0)
    to = Anchor(after_id=form.after_id.data, before_id=form.before_id.data, at_end=form.at_end.data)
    try:
        answer = move(
            card, stage_id, by=current_user, to=to, op_id=form.op_id.data, base_version=form.base_version.data
        )
    except DomainError as error:
        if error.code == "closing_form":
            error.extra["form_url"] = url_for("cards.closure", code=card.code, stage=stage_id)
        raise
    db.session.commit()
    return jsonify(answer)


def number(text: str | None, most: int = 2**53) -> int | None:
    """A plain whole number of a query, None when it is none."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 17 and int(text) <= most else None


def parse_cursor(text: str) -> tuple[int, int]:
    """The key "rank:id" of a page. Raises a `DomainError` for anything else."""
    rank, _colon, card_id = text.partition(":")
    key = (number(rank), number(card_id))
    if key[0] is None or key[1] is None:
        raise DomainError(_("This page of the list is unknown."), code="unknown_cursor", field="after")
    return key[0], key[1]


def parse_ids(text: str, most: int) -> list[int]:
    """Ids separated by commas; what is no number is passed over, what is too much is cut."""
    return [value for part in text.split(",")[:most] if (value := number(part)) is not None]


def parse_sizes(text: str) -> dict[int, int]:
    """Windows "stage:count,..." as {stage id: count}, capped."""
    sizes = {}
    for part in text.split(",")[:60]:
        stage, _colon, size = part.partition(":")
        if (stage_id := number(stage)) is not None and (count := number(size)) is not None:
            sizes[stage_id] = min(max(count, queries.PAGE), MOST_WINDOW)
    return sizes
