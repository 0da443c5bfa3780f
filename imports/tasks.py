"""The passes of imports as jobs."""

from app.jobs import Job, work


@work("import.check")
def check(job: Job) -> None:
    """Read everything, change nothing."""
    from imports.services.passes import carry_out

    carry_out(job, is_dry=True)


@work("import.run")
def run(job: Job) -> None:
    """Import; goes on where an attempt that died had come to."""
    from imports.services.passes import carry_out

    carry_out(job, is_dry=False)


@work("import.undo")
def undo(job: Job) -> None:
    """Take an import back; goes on where an attempt that died had come to."""
    from imports.services.undoing import carry_out

    carry_out(job)
