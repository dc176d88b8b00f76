"""What is wrong with a slapg database and its server, and the command that mends it."""

from slapg.doctor.examine import examine
from slapg.doctor.finding import Finding, Level

__all__ = ["Finding", "Level", "examine"]
