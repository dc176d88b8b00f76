"""A private PostgreSQL cluster for people without a server: trials, demos and tests."""

from slapg.cluster.cluster import Cluster

__all__ = ["Cluster"]
