"""The figures as a table of the budgets: what was asked for, what came, the floor and the last release beside it."""

from dataclasses import dataclass
from typing import Any

Figures = dict[str, Any]
LABELS = {
    "board": "open board, 5 x 30 cards",
    "card": "open card with customer, thread and history",
    "create": "create a card",
    "move": "move a card",
    "search": "search over all entries",
    "portal": "portal page",
}


INTRODUCTION = """\
Written by `make bench` from the running application. "Floor" is a bare Flask app on the same database, server and
machine: what no application can beat. Rates and times are the middle of the rounds, with [least, most] beside them."""
MEASURED = """\
Measured {at} on {cores} cores ({cpu}), {system}, Python {python}; load client, database and web processes share them.
{cards:,} cards, {open:,} of them open on the measured board, {entries:,} entries; {rounds} rounds of {seconds:g} s."""


@dataclass(frozen=True)
class Budget:
    """At 8 connections: requests a second, 95th percentile, share of the floor; for one person: the median."""

    rate: int
    p95: int | None
    p50: int
    floor: str = ""
    share: int | None = None


BUDGETS = {
    "board": Budget(80, 200, 25, "board", 40),
    "card": Budget(100, 120, 14),
    "create": Budget(100, 150, 12, "move", 10),
    "move": Budget(120, 150, 10, "move", 12),
    "search": Budget(120, 60, 12),
    "portal": Budget(150, None, 10),
}
GROWTH = dict.fromkeys(BUDGETS, 1.2) | {"search": 1.5}


def page(results: Figures, release: str, last: tuple[str, Figures] | None) -> str:
    """The whole of docs/bench.md."""
    machine, size = results["machine"], results["size"]
    parts = ["# Benchmark", "", INTRODUCTION, "", MEASURED.format(**machine, **size), ""]
    for name, figures in results["modes"].items():
        earlier = last[1]["modes"].get(name) if last else None
        parts += [f"## {figures['label']}", "", table(figures, release, last[0] if last else "", earlier), ""]
    return "\n".join(parts)


def table(figures: Figures, release: str = "now", last: str = "", earlier: Figures | None = None) -> str:
    """The tables of one mode in Markdown."""
    return "\n\n".join([_acts(figures, last, earlier), _growth(figures), _rest(figures, last, earlier)])


def _acts(figures: Figures, last: str, earlier: Figures | None) -> str:
    head = ["act", "8 connections, a second", "p95, ms", "of the floor", "one person p50, ms", "failures"]
    rows = [head + ([f"{last}: a second, p50"] if earlier else [])]
    for act, budget in BUDGETS.items():
        run, one = figures["eight"][act], figures["one"][act]
        row = [
            LABELS[act],
            _mark(f"{_three(run['rate'])}", run["rate"][1] >= budget.rate, f">= {budget.rate}"),
            _mark(
                _three(run["p95"]),
                budget.p95 is None or run["p95"][1] <= budget.p95,
                f"<= {budget.p95}" if budget.p95 else "",
            ),
            _floor(figures, run, budget),
            _mark(f"{one:g}", one <= budget.p50, f"<= {budget.p50}"),
            str(run["failures"]),
        ]
        if earlier:
            row.append(f"{earlier['eight'][act]['rate'][1]:g}, {earlier['one'][act]:g}")
        rows.append(row)
    run = figures["move_32"]
    rows.append(
        [
            "move a card, 32 connections",
            _three(run["rate"]),
            _three(run["p95"]),
            "",
            "",
            _mark(str(run["failures"]), run["failures"] == 0, "0"),
        ]
        + ([f"{earlier['move_32']['rate'][1]:g}"] if earlier else [])
    )
    floors = figures["floor"]
    rows += [
        [f"floor: {name}", _three(run["rate"]), _three(run["p95"]), "", "", str(run["failures"])]
        + ([""] if earlier else [])
        for name, run in floors.items()
    ]
    return _draw(rows)


def _floor(figures: Figures, run: Figures, budget: Budget) -> str:
    if not budget.share:
        return ""
    share = 100 * run["rate"][1] / max(figures["floor"][budget.floor]["rate"][1], 1)
    return _mark(f"{share:.0f} %", share >= budget.share, f">= {budget.share} %")


def _growth(figures: Figures) -> str:
    sizes = sorted(figures["growth"], key=int)
    rows = [["one person p50, ms", *(f"{int(size):,} cards" for size in sizes), "growth"]]
    for act, most in GROWTH.items():
        values = [figures["growth"][size][act] for size in sizes]
        grown = values[-1] / max(values[0], 0.01)
        rows.append([act, *(f"{value:g}" for value in values), _mark(f"{grown:.2f} x", grown <= most, f"<= {most} x")])
    return _draw(rows)


def _rest(figures: Figures, last: str, earlier: Figures | None) -> str:
    rows = [["open boards and start", "measured", "budget"] + ([last] if earlier else [])]
    before = dict(_live(earlier)) if earlier else {}
    budgets = {
        "a move seen by 200 others, p50 / p95 ms": "20 / 35",
        "the same by 1,000, p95 ms": "120, none lost",
        "events heard by 200": ">= 100 a second, none lost",
        "200 browsers open the board and join": "3 s",
        "web memory idle": "170 MiB",
        "web memory with all sockets": "260 MiB",
        "start to first page": "1.5 s",
    }
    for label, value in _live(figures):
        rows.append([label, value, budgets.get(label, "")] + ([before.get(label, "")] if earlier else []))
    return _draw(rows)


def _live(figures: Figures) -> list[tuple[str, str]]:
    live = figures["live"]
    seen, events = live["seen_200"], live["events_200"]
    rows = [
        ("a move seen by 200 others, p50 / p95 ms", f"{seen['p50']:g} / {seen['p95']:g}, {seen['lost']} lost"),
        ("events heard by 200", f"{events['per_second']:g} a second, {events['sent'] * 200 - events['heard']} lost"),
        (
            "200 browsers open the board and join",
            f"{live['join_200']['seconds']:g} s, {live['join_200']['joined']} joined",
        ),
    ]
    if many := live.get("seen_many"):
        rows += [
            (
                "the same by 1,000, p95 ms",
                f"{many['p95']:g}, {many['lost']} lost of {live['join_many']['joined']} browsers",
            ),
            ("web memory with all sockets", f"{live['many_mib']:g} MiB"),
        ]
    return [
        *rows,
        ("web memory idle", f"{figures['idle_mib']:g} MiB"),
        ("start to first page", f"{figures['cold_start_s']:g} s"),
    ]


def _three(values: list[float]) -> str:
    least, middle, most = values
    return f"{middle:g} [{least:g}, {most:g}]"


def _mark(text: str, is_kept: bool, budget: str) -> str:
    """The figure, its budget, and whether it holds."""
    if not budget:
        return text
    return f"{text} ({budget})" if is_kept else f"**{text}** ({budget}, missed)"


def _draw(rows: list[list[str]]) -> str:
    lines = ["| " + " | ".join(row) + " |" for row in rows]
    lines.insert(1, "|" + " --- |" * len(rows[0]))
    return "\n".join(lines)
