"""`kariz search ...`: what an operator does about the index."""

import click
from flask.cli import AppGroup

from app.search import rebuilding

search = AppGroup("search", help="The search index.")


@search.command("rebuild")
@click.option("--at-rest", is_flag=True, help="Faster, for a Kariz that is stopped: nobody can write meanwhile.")
def rebuild(*, at_rest: bool) -> None:
    """Make the index anew from what is stored. Kariz may keep running: the work goes in short steps."""
    kind, count = "", 0
    for step, done in rebuilding.rebuild(at_rest=at_rest):
        if step != kind and kind:
            click.echo(f"{kind}: {count}")
        kind, count = step, done
    click.echo(f"{kind}: {count}")


@search.command("state")
def state() -> None:
    """Compare the index with what is stored; exit code 1 when they differ."""
    differences = rebuilding.state()
    for difference in differences:
        click.echo("{}: {} rows, {} missing, {} extra".format(*difference))
    if any(difference.missing or difference.extra for difference in differences):
        raise click.exceptions.Exit(1)
