"""The demo: slapg on a real incident log, then live."""

from slapg.demo.demo import run

__all__ = ["run"]
