"""Replaying a ticket event log under simulated time."""

from slapg.replay.replay import Options, Selection, Summary, replay

__all__ = ["Options", "Selection", "Summary", "replay"]
