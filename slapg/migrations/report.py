"""What a migration did."""

from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass
class MigrationReport:
    """The steps that one `slapg migrate` took, each list in the order in which they were taken."""

    before: str | None
    """The revision found; None in a database that slapg never touched."""
    after: str | None
    """The revision reached; None after going down to the base."""
    revisions: list[str] = field(default_factory=list)
    """Revisions run, up or down."""
    applied: list[str] = field(default_factory=list)
    """Files of sql/ whose text was not the one applied last."""
    unchanged: int = 0
    """How many files of sql/ were in force already."""
    dropped: list[str] = field(default_factory=list)
    """Objects dropped because no file of sql/ makes them any more, or because revisions went down."""
    jobs: list[str] = field(default_factory=list)
    """pg_cron jobs that had to be registered or mended."""
    warnings: list[str] = field(default_factory=list)
    """What did not stop the migration, each with the command that mends it."""

    @property
    def nothing_to_do(self) -> bool:
        """True when the database was up to date already."""
        return not (self.revisions or self.applied or self.dropped or self.jobs)

    def as_dict(self) -> dict[str, Any]:
        """The report for `--json`."""
        return asdict(self) | {"nothing_to_do": self.nothing_to_do}
