"""`slapg doctor`: what is wrong, and the command that mends it."""

from dataclasses import asdict

import typer
from rich.text import Text

from slapg.cli.options import Dsn, Json, console, print_json
from slapg.doctor import Finding, Level, examine

app = typer.Typer()

_STYLES = {Level.OK: "green", Level.WARN: "yellow", Level.FAIL: "bold red"}


@app.command()
def doctor(dsn: Dsn = None, as_json: Json = False) -> None:
    """Examine a database and its server; exit code 1 when something fails. Changes nothing."""
    findings: list[Finding] = []
    for finding in examine(dsn):
        findings.append(finding)
        if not as_json:
            _print(finding)
    if as_json:
        print_json([asdict(finding) for finding in findings])
    if any(finding.level is Level.FAIL for finding in findings):
        raise typer.Exit(1)


def _print(finding: Finding) -> None:
    level = (f"{finding.level:<4}", _STYLES[finding.level])
    console.print(Text.assemble(level, f"  {finding.subject}: {finding.message}"), soft_wrap=True)
    if finding.mend and finding.level is not Level.OK:
        console.print(Text.assemble("      ", ("→ ", "bold"), finding.mend), soft_wrap=True)
