"""Why a ticket's deadlines are what they are."""

from slapg.status.explain import Explanation, explain
from slapg.status.render import render

__all__ = ["Explanation", "explain", "render"]
