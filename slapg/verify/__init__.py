"""Whether what is stored of tickets follows from their history: sla.verify_tickets, batch by batch."""

from slapg.verify.verify import Batch, Difference, count_tickets, verify_all, verify_one

__all__ = ["Batch", "Difference", "count_tickets", "verify_all", "verify_one"]
