"""What was public can be proven: one chain of marks by a key outside the database.

``seal`` and ``seal_withdrawal`` are called inside the transaction that publishes or withdraws.
"""

from articles.proof.chain import seal, seal_all, seal_withdrawal, seal_withdrawals
from articles.proof.marks import content_hash

__all__ = ["content_hash", "seal", "seal_all", "seal_withdrawal", "seal_withdrawals"]
