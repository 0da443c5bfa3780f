"""`kariz check`: all questions at once, for a person or a watching program."""

import json
import os
from collections.abc import Iterable

import click
from flask.cli import with_appcontext

from app.checks.registry import BAD, DEEP, FULL, OK, WARN, Result, all_checks, ask, here, repair_all, worst
from app.i18n import LOCALES, as_viewer

CODES = {OK: 0, WARN: 1, BAD: 2}
MARKS = {OK: ("ok", "green"), WARN: ("warn", "yellow"), BAD: ("BAD", "red")}


def own_language() -> str:
    """The language of the terminal."""
    said = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    return "fa" if said.startswith("fa") else "en"


@click.command("check")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@click.option("--online", is_flag=True, help="Ask other servers too: does the mail server take us?")
@click.option("--deep", is_flag=True, help="Read every stored file, to find those that the disk has spoilt.")
@click.option("--repair", is_flag=True, help="First mend what is surely safe to mend, and say what.")
@click.option("--language", type=click.Choice(LOCALES), default=own_language, help="Otherwise that of the terminal.")
@with_appcontext
def check(as_json: bool, online: bool, deep: bool, repair: bool, language: str) -> None:
    """Look whether all is well. Exit code 0: it is. 1: something wants attention. 2: something is wrong."""
    with as_viewer(language):
        mended = repair_all() if repair else []
        with here(is_online=online) as house:
            results = ask(house, all_checks(depth=DEEP if deep else FULL))
        if as_json:
            answer = {"state": worst(results), "repaired": mended, "checks": [result.as_json() for result in results]}
            click.echo(json.dumps(answer, ensure_ascii=False, indent=1))
        else:
            for sentence in mended:
                click.echo(sentence)
            show(results)
    raise SystemExit(CODES[worst(results)])


def show(results: Iterable[Result], *, only_trouble: bool = False) -> None:
    """Print what was found, with what is to be done beneath."""
    for result in results:
        if only_trouble and result.state == OK:
            continue
        word, color = MARKS[result.state]
        click.echo(f"{click.style(f'{word:4}', fg=color)}  {result.check.label}: {result.finding.sentence}")
        if result.finding.advice:
            click.echo(f"      {result.finding.advice}")
