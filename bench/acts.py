"""The acts of people that are measured, as raw requests, and how a mode is taken through all of them."""

import itertools
import json
import random
import re
import subprocess
import sys
import time
import urllib.request
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlencode

from bench.modes import ROOT, Mode
from bench.words import COMMON, NAMES, rare

Figures = dict[str, Any]
ACTS = ("board", "card", "create", "move", "search", "portal")
PAGES = 400
# A token of forms goes with its session: so many browsers write, all others read.
WRITERS = 16


@dataclass
class Doors:
    """What `bench.fill` answered, and the form tokens of those who write."""

    facts: dict[str, Any]
    tokens: dict[str, str] = field(default_factory=dict)

    def sign(self, mode: Mode) -> None:
        """Fetch the form tokens of the writing browsers."""
        for cookie in self.facts["cookies"][:WRITERS]:
            request = urllib.request.Request(f"http://{_host(mode)}/work", headers={"Cookie": cookie})
            with urllib.request.urlopen(request, timeout=30) as answer:
                found = re.search(r'name="csrf-token" content="([^"]+)"', answer.read().decode())
                renewed = answer.headers["Set-Cookie"]
            assert found, "the page has no token for forms"
            # The token's own secret travels in the cookie.
            self.tokens[renewed.split(";")[0] if renewed else cookie] = found[1]


def requests_of(act: str, doors: Doors, mode: Mode, count: int = PAGES) -> list[str]:
    """Raw requests of an act, each of another browser and another thing."""
    dice = random.Random(act + str(count))
    makers: dict[str, Callable[[random.Random, Doors], tuple[str, str, str, str]]] = {
        "board": _board,
        "card": _card,
        "create": _create,
        "move": _move,
        "search": _search,
        "portal": _portal,
    }
    return [_raw(mode, doors, *makers[act](dice, doors)) for _number in range(count)]


def _board(dice: random.Random, doors: Doors) -> tuple[str, str, str, str]:
    return "GET", f"/boards/{doors.facts['slug']}", dice.choice(doors.facts["cookies"]), ""


def _card(dice: random.Random, doors: Doors) -> tuple[str, str, str, str]:
    return "GET", f"/cards/{dice.choice(doors.facts['codes'])}", dice.choice(doors.facts["cookies"]), ""


def _create(dice: random.Random, doors: Doors) -> tuple[str, str, str, str]:
    form = {
        "contact": doors.facts["contact"],
        "title": f"سفارش نرسیده {rare(dice)}",
        "department_id": 0,
        "assignee_id": 0,
        "priority": 2,
        "channel": "phone",
        "pipeline": doors.facts["slug"],
        "body": "",
        "kind": "note",
        "contact_code": doors.facts["contact"],
        "op_id": uuid.uuid4().hex,
    }
    return "POST", "/cards/new", dice.choice(list(doors.tokens)), urlencode(form)


def _move(dice: random.Random, doors: Doors) -> tuple[str, str, str, str]:
    form = {"op_id": uuid.uuid4().hex, "stage_id": dice.choice(doors.facts["stages"])}
    code = dice.choice(doors.facts["codes"])
    return "POST", f"/cards/{code}/placement", dice.choice(list(doors.tokens)), urlencode(form)


def _search(dice: random.Random, doors: Doors) -> tuple[str, str, str, str]:
    words = (
        rare(dice),
        dice.choice(COMMON),
        f"{dice.choice(COMMON)} {rare(dice)}",
        f"{dice.choice(COMMON)} {rare(dice)[:2]}",
        dice.choice(NAMES),
        dice.choice(doors.facts["codes"]),
        f"{dice.randrange(10_000):04d}",
    )
    return "GET", f"/search?q={quote(dice.choice(words))}", dice.choice(doors.facts["cookies"]), ""


def _portal(dice: random.Random, doors: Doors) -> tuple[str, str, str, str]:
    number = dice.randrange(len(doors.facts["portal"]["codes"]))
    portal = doors.facts["portal"]
    return "GET", f"/portal/requests/{portal['codes'][number]}", portal["cookies"][number], ""


def _raw(mode: Mode, doors: Doors, method: str, path: str, cookie: str, body: str) -> str:  # noqa: PLR0917
    head = [f"{method} {path} HTTP/1.1", f"Host: {_host(mode)}", f"Cookie: {cookie}"]
    if method == "POST":
        head += [
            "Content-Type: application/x-www-form-urlencoded",
            f"Content-Length: {len(body.encode())}",
            f"X-CSRFToken: {doors.tokens[cookie]}",
            "Accept: application/json" if "placement" in path else "Accept: */*",
            f"Origin: http://{_host(mode)}",
        ]
    return "\r\n".join([*head, "", body])


def floor_requests(doors: Doors, port: int) -> dict[str, list[str]]:
    """The requests of the floor app: hello, board, move."""
    stages = ",".join(str(stage) for stage in doors.facts["stages"][:5])
    pages = {"hello": ["/hello"], "board": [f"/board?stages={stages}"]}
    moves = [
        f"/move?code={code}&stage={stage}&pipeline={doors.facts['pipeline']}"
        for code, stage in zip(doors.facts["codes"], itertools.cycle(doors.facts["stages"]), strict=False)
    ]
    host = f"Host: 127.0.0.1:{port}"
    asked = {name: [f"GET {path} HTTP/1.1\r\n{host}\r\n\r\n" for path in paths] for name, paths in pages.items()}
    return {**asked, "move": [f"POST {path} HTTP/1.1\r\n{host}\r\nContent-Length: 0\r\n\r\n" for path in moves]}


def load(
    address: tuple[str, int], requests: list[str], connections: int, seconds: float, *, once: bool = False
) -> Figures:
    """One run of the load client, in a process of its own."""
    plan = {"address": address, "requests": requests, "connections": connections, "seconds": seconds, "once": once}
    done = subprocess.run(
        [sys.executable, "-m", "bench.load"],
        input=json.dumps(plan),
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=True,
    )
    figures: Figures = json.loads(done.stdout)
    return {**figures, "rate": round(figures["count"] / max(figures["seconds"], 0.001), 1)}


def _host(mode: Mode) -> str:
    return f"127.0.0.1:{mode.port}"


class Listening:
    """So many browsers on the board, in a process of their own, for the time of a block."""

    def __init__(self, mode: Mode, doors: Doors, count: int, *, opens_page: bool = False) -> None:
        facts = doors.facts
        self.plan = {
            "address": _host(mode),
            "cookies": facts["cookies"][:count],
            "slug": facts["slug"],
            "pipeline": facts["pipeline"],
            "opens_page": opens_page,
        }

    def __enter__(self) -> "Listening":
        self.process = subprocess.Popen(
            [sys.executable, "-m", "bench.listeners"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        )
        self.joined = self._ask(json.dumps(self.plan))
        return self

    def __exit__(self, *_error: object) -> None:
        assert self.process.stdin
        self.process.stdin.close()
        self.process.terminate()
        self.process.wait(30)

    def frames(self) -> dict[int, list[float]]:
        """When each browser heard each event, by its number; ends the listening."""
        return {int(seq): times for seq, times in self._ask("stop")["frames"].items()}

    def _ask(self, line: str) -> Figures:
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        answer: Figures = json.loads(self.process.stdout.readline())
        return answer


def moves(mode: Mode, doors: Doors, count: int, per_second: float) -> Iterator[tuple[int, float]]:
    """Move cards at a steady pace; yields each event's number and when its request left."""
    cookies = itertools.cycle(doors.tokens)
    codes, dice = itertools.cycle(doors.facts["codes"]), random.Random(count)
    due = time.monotonic()
    for _number in range(count):
        time.sleep(max(due - time.monotonic(), 0))
        due += 1 / per_second
        cookie, body = next(cookies), {"op_id": uuid.uuid4().hex, "stage_id": dice.choice(doors.facts["stages"])}
        headers = {"Cookie": cookie, "X-CSRFToken": doors.tokens[cookie], "Accept": "application/json"}
        url = f"http://{_host(mode)}/cards/{next(codes)}/placement"
        left = time.monotonic()
        request = urllib.request.Request(url, data=urlencode(body).encode(), headers=headers)
        with urllib.request.urlopen(request, timeout=30) as answer:
            yield json.load(answer)["seq"], left
