"""What if we had promised, opened or paused otherwise: sla.simulate, asked in names and words."""

from slapg.simulation.compliance import Change, Compliance, changes, compliance
from slapg.simulation.scenario import Scenario, opening, target

__all__ = ["Change", "Compliance", "Scenario", "changes", "compliance", "opening", "target"]
