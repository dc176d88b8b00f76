"""What an application did or would do, for people and for scripts."""

from collections import Counter
from typing import Any

from rich.console import Group, RenderableType
from rich.text import Text

from slapg.policies.applying import Outcome
from slapg.policies.planning import ASSIGNED, Change, Line

WORDS = {
    "settings": "settings",
    "priorities": "priority",
    "schedules": "schedule",
    "holidays": "holidays of every schedule",
    "policies": "policy",
    "pausing_statuses": "pausing statuses of every board",
    "boards": "board",
    "clients": "client",
}
STYLES = {"created": "green", "changed": "yellow", "unchanged": "dim", "removed": "red", "left": "dim"}
TERMS = {"targets", "thresholds", "schedule"}
"""What an open clock keeps as it was when it started."""


def render(outcome: Outcome) -> RenderableType:
    """One line an object, each value that differs below it, and a line of sums."""
    parts: list[RenderableType] = []
    for change in outcome.changes:
        if change.action in ("created", "changed", "removed"):
            parts.append(_heading(change))
            parts += [_line(line) for line in change.lines] if change.action != "removed" else []
    unchanged = [_name(change) for change in outcome.changes if change.action == "unchanged"]
    if unchanged:
        parts.append(Text(f"unchanged  {', '.join(unchanged)}", style="dim"))
    left = [_name(change) for change in outcome.changes if change.action == "left"]
    if left:
        parts.append(Text(f"left       {', '.join(left)}: not in the file (--prune removes them)", "dim"))
    parts += ["", _sums(outcome)]
    if _changes_terms(outcome):
        parts.append("Open tickets keep the terms of a policy until sla.recalculate(policy_id).")
    return Group(*parts)


def for_scripts(outcome: Outcome) -> dict[str, Any]:
    """The same as plain data."""
    return {
        "dry_run": outcome.dry_run,
        "summary": _counts(outcome),
        "objects": [
            {
                "section": change.section,
                "name": change.name,
                "action": change.action,
                "changes": [
                    {"key": list(line.key), "old": line.old, "new": line.new} for line in change.lines
                ],
            }
            for change in outcome.changes
        ],
    }


def _name(change: Change) -> str:
    return f"{WORDS[change.section]} {change.name}" if change.name is not None else WORDS[change.section]


def _heading(change: Change) -> Text:
    word: str = change.action
    if change.section in ASSIGNED and change.action == "removed":
        word = "cleared"
    return Text.assemble((f"{word:<11}", STYLES[change.action]), (_name(change), "bold"))


def _line(line: Line) -> Text:
    key = " > ".join(line.key) + ": " if line.key else ""
    if line.old is None:
        return Text(f"  + {key}{_shown(line.new)}", style="green")
    if line.new is None:
        return Text(f"  - {key}{_shown(line.old)}", style="red")
    return Text(f"  ~ {key}{_shown(line.old)} -> {_shown(line.new)}", style="yellow")


def _shown(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value) or '""'


def _counts(outcome: Outcome) -> dict[str, int]:
    counts = Counter(change.action for change in outcome.changes)
    return {action: counts[action] for action in ("created", "changed", "unchanged", "removed", "left")}


def _sums(outcome: Outcome) -> str:
    counts = _counts(outcome)
    words = ", ".join(
        f"{counts[action]} {action}" for action in ("created", "changed", "unchanged", "removed")
    )
    return f"Nothing was changed; it would be: {words}." if outcome.dry_run else f"Applied: {words}."


def _changes_terms(outcome: Outcome) -> bool:
    return any(
        line.key[0] in TERMS
        for change in outcome.changes
        if change.section == "policies" and change.action == "changed"
        for line in change.lines
    )
