"""The SLA configuration of a tenant as a file: apply one, export one. Every rule stays in the database."""

from slapg.policies.applying import Outcome, apply, export
from slapg.policies.document import Document, load, parse
from slapg.policies.planning import Change
from slapg.policies.problems import PolicyFileError

__all__ = ["Change", "Document", "Outcome", "PolicyFileError", "apply", "export", "load", "parse"]
