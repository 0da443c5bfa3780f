"""Ways into the live news: whose page opens a socket (S01), and what is caught up with afterwards (S07)."""

import threading
from contextlib import contextmanager

import pytest
import websocket
from flask import Flask
from werkzeug.serving import make_server

from app.extensions import db
from pipelines.models import Pipeline

CURSORS = ["0", "-1", "99999999999999999999", "x", "", "۱", "1;2", "null"]


@pytest.mark.parametrize("since", CURSORS)
def test_a_resync_from_anywhere_stays_in_ones_own_board(world, as_user, since):
    """S07: another board's order is not read, whatever number is sent."""
    world.card()
    sales = world.card("قناری", stage=world.stage("Lead", world.sales), by=world.omid)
    epoch = db.session.get_one(Pipeline, world.support.id).access_epoch
    answer = as_user(world.sara).get(
        f"/boards/support/sync?epoch={epoch}&seq={since}&stages={sales.stage_id}:30",
        headers={"Accept": "application/json"},
    )
    assert answer.status_code in {200, 422}
    assert "قناری" not in answer.text
    assert str(sales.stage_id) not in (answer.json.get("stages") or {})
    assert as_user(world.sara).get(f"/boards/sales/sync?epoch={epoch}&seq={since}").status_code == 404


@contextmanager
def served(app: Flask):
    """The application on a port of its own."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize(
    "origin",
    ["http://evil.example", "null", "https://127.0.0.1:{port}", "http://127.0.0.1:1", "http://a.127.0.0.1:{port}"],
)
def test_a_page_of_another_site_opens_no_socket(app, world, origin):
    """S01: over a real connection; our own page gets in, whatever a header of proxies claims."""
    with served(app) as address:
        url = f"ws://{address}/socket.io/?EIO=4&transport=websocket"
        forged = ["X-Forwarded-Host: evil.example", "X-Forwarded-Proto: http"]
        ours = websocket.create_connection(url, origin=f"http://{address}", header=forged)
        assert str(ours.recv()).startswith("0{")
        ours.close()
        with pytest.raises(websocket.WebSocketBadStatusException) as refusal:
            websocket.create_connection(url, origin=origin.format(port=address.rsplit(":", 1)[1]), header=forged)
    assert refusal.value.status_code == 400
