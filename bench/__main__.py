"""make bench: fill, serve, ask, print the table and keep it in docs/bench.md.

python -m bench [--cards 200000] [--open 10000] [--entries 1000000] [--seconds 6] [--rounds 3] [--sockets 1000]
                [--mode production|embedded] [--growth 1000,10000] [--release NAME] [--no-write]
Fills databases of its own, sends load to the loopback address only, and ends by itself.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

from bench import modes
from bench.acts import ACTS, Doors, Figures, Listening, floor_requests, load, moves, requests_of
from bench.modes import ROOT, Mode
from bench.report import page, table

FIGURES = ROOT / "docs" / "bench"
GROWTH_ENTRIES = 5
# Browsers that watch the board while cards move.
WATCHED = 200
# Sent faster than this, 200 browsers must still hear every event.
FAST_MOVES = 100


def main() -> None:
    chosen = arguments()
    results: dict[str, Any] = {
        "machine": machine(),
        "size": {name: getattr(chosen, name) for name in ("cards", "open", "entries", "sockets", "seconds", "rounds")},
        "modes": {},
    }
    for name in chosen.mode.split(","):
        with getattr(modes, name)() as mode:
            say(f"{mode.label}")
            results["modes"][name] = measure(mode, chosen) | {"label": mode.label}
            print(table(results["modes"][name]), flush=True)
        # What was measured stays measured when a later mode breaks off.
        if chosen.write:
            write(results, chosen.release)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description="How fast Kariz is on this machine.")
    for name, default in (
        ("cards", 200_000),
        ("open", 10_000),
        ("entries", 1_000_000),
        ("sockets", 1_000),
        ("rounds", 3),
    ):
        parser.add_argument(f"--{name}", type=int, default=default)
    parser.add_argument("--seconds", type=float, default=6)
    parser.add_argument("--mode", default="production,embedded")
    parser.add_argument("--growth", default="1000,10000", help="sizes measured on the way to --cards")
    parser.add_argument("--release", default="unreleased")
    parser.add_argument("--no-write", dest="write", action="store_false")
    return parser.parse_args()


def measure(mode: Mode, chosen: argparse.Namespace) -> Figures:
    """Everything of one mode, from the smallest size to the full one."""
    growth: dict[str, dict[str, float]] = {}
    sizes = [int(size) for size in chosen.growth.split(",") if size and int(size) < chosen.cards]
    for size in sizes:
        doors = filled(mode, size, min(size, chosen.open), size * GROWTH_ENTRIES, WATCHED)
        with mode.serving():
            doors.sign(mode)
            growth[str(size)] = alone(mode, doors, chosen)
    doors = filled(mode, chosen.cards, chosen.open, chosen.entries, max(chosen.sockets, WATCHED))
    floor = measured_floor(mode, doors, chosen)
    with mode.serving() as start_seconds:
        doors.sign(mode)
        warm(mode, doors)
        answer = {"floor": floor, "cold_start_s": round(start_seconds, 2), "idle_mib": mode.memory_mib()}
        answer["one"] = growth[str(chosen.cards)] = alone(mode, doors, chosen)
        answer["eight"] = {act: rounds(mode, act, doors, chosen, connections=8) for act in ACTS}
        answer["move_32"] = rounds(mode, "move", doors, chosen, connections=32)
        answer["live"] = live(mode, doors, chosen)
    return {**answer, "growth": growth}


def filled(mode: Mode, cards: int, still_open: int, entries: int, sessions: int) -> Doors:
    """A database of this size, in a process of its own."""
    say(f"  filling up to {cards:,} cards, {entries:,} entries")
    sizes = {"cards": cards, "open": still_open, "entries": entries, "sessions": sessions}
    words = [word for name, value in sizes.items() for word in (f"--{name}", str(value))]
    done = subprocess.run(
        [sys.executable, "-m", "bench.fill", *words],
        cwd=ROOT,
        env=mode.env,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        sys.exit(done.stderr[-3000:])
    return Doors(json.loads(done.stdout))


def warm(mode: Mode, doors: Doors) -> None:
    """Let every process meet every page once before anything counts."""
    for act in ACTS:
        load(mode.address, requests_of(act, doors, mode, 64), 8, 60, once=True)


def alone(mode: Mode, doors: Doors, chosen: argparse.Namespace) -> dict[str, float]:
    """The median of one person, by act, in milliseconds: the best of the rounds."""
    warm(mode, doors)
    asked = {act: requests_of(act, doors, mode) for act in ACTS}
    return {
        act: min(load(mode.address, requests, 1, chosen.seconds / 2)["p50"] for _round in range(chosen.rounds))
        if act not in {"create", "move"}
        else load(mode.address, requests_of(act, doors, mode, 150), 1, 120, once=True)["p50"]
        for act, requests in asked.items()
    }


def rounds(mode: Mode, act: str, doors: Doors, chosen: argparse.Namespace, *, connections: int) -> Figures:
    """Several runs of one act; rates and 95th percentiles as [least, middle, most]."""
    runs = []
    for number in range(chosen.rounds):
        is_write = act in {"create", "move"}
        asked = requests_of(act, doors, mode, 1200 + number if is_write else 400)
        runs.append(load(mode.address, asked, connections, 120 if is_write else chosen.seconds, once=is_write))
    say(f"  {act} x {connections}: {[run['rate'] for run in runs]}/s")
    return spread(runs)


def spread(runs: list[Figures]) -> Figures:
    """Of several runs: least, middle, most."""

    def three(name: str) -> list[float]:
        values = sorted(run[name] for run in runs)
        return [values[0], median(values), values[-1]]

    statuses = {status for run in runs for status in run["statuses"]}
    return {
        "rate": three("rate"),
        "p50": three("p50"),
        "p95": three("p95"),
        "bytes": runs[0]["bytes"],
        "failures": sum(run["failures"] for run in runs),
        "statuses": sorted(statuses),
    }


def measured_floor(mode: Mode, doors: Doors, chosen: argparse.Namespace) -> Figures:
    """The floor app under the same load."""
    with mode.serving_floor() as address:
        asked = floor_requests(doors, address[1])
        return {
            name: spread([load(address, requests, 8, chosen.seconds / 2) for _round in range(chosen.rounds)])
            for name, requests in asked.items()
        }


def live(mode: Mode, doors: Doors, chosen: argparse.Namespace) -> Figures:
    """How fast others see a move, and what open boards cost."""
    answer: Figures = {}
    with Listening(mode, doors, WATCHED, opens_page=True) as crowd:
        answer["join_200"] = crowd.joined
        sent = dict(moves(mode, doors, 100, 5))
        answer["seen_200"] = seen(sent, crowd, WATCHED)
    with Listening(mode, doors, WATCHED) as crowd:
        run = load(mode.address, requests_of("move", doors, mode, FAST_MOVES * 6), 8, 60, once=True)
        heard = sum(len(times) for times in settled(crowd).values())
        answer["events_200"] = {"per_second": run["rate"], "sent": run["count"], "heard": heard}
    if chosen.sockets > WATCHED:
        with Listening(mode, doors, chosen.sockets) as crowd:
            answer["join_many"] = crowd.joined
            sent = dict(moves(mode, doors, 50, 5))
            answer["many_mib"] = mode.memory_mib()
            answer["seen_many"] = seen(sent, crowd, chosen.sockets)
    return answer


def settled(crowd: Listening) -> dict[int, list[float]]:
    """The frames, after what is on the way has arrived."""
    time.sleep(3)
    return crowd.frames()


def seen(sent: dict[int, float], crowd: Listening, count: int) -> Figures:
    """Milliseconds from the request to each browser, and how many frames never came."""
    heard = settled(crowd)
    waits = sorted((at - left) * 1000 for seq, left in sent.items() for at in heard.get(seq, []))
    return {
        "p50": round(waits[len(waits) // 2], 1) if waits else 0,
        "p95": round(waits[int(len(waits) * 0.95)], 1) if waits else 0,
        "lost": len(sent) * count - len(waits),
    }


def machine() -> dict[str, Any]:
    """Where it was measured."""
    model = next(
        (line.split(":", 1)[1].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")), ""
    )
    return {
        "cores": os.cpu_count(),
        "cpu": model or platform.machine(),
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.release()}",
        "at": datetime.now(UTC).isoformat(timespec="minutes"),
        "load": round(os.getloadavg()[0], 2),
    }


def _lines(path: str) -> list[str]:
    return Path(path).read_text().splitlines() if Path(path).exists() else []


def write(results: dict[str, Any], release: str) -> None:
    """Keep the figures, and draw the page with those of the release before beside them."""
    FIGURES.mkdir(exist_ok=True)
    (FIGURES / f"{release}.json").write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n")
    before = sorted(path for path in FIGURES.glob("*.json") if path.stem != release)
    last = (before[-1].stem, json.loads(before[-1].read_text())) if before else None
    (ROOT / "docs" / "bench.md").write_text(page(results, release, last))


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
