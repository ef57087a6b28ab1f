"""What was public can be proven: one chain of marks by a key outside the database.

``seal`` and ``seal_withdrawal`` are called inside the transaction that publishes or withdraws.
"""

from articles.proof.chain import seal, seal_all, seal_texts, seal_withdrawal, seal_withdrawals
from articles.proof.marks import canonical, content_hash, hash_of

__all__ = [
    "canonical",
    "content_hash",
    "hash_of",
    "seal",
    "seal_all",
    "seal_texts",
    "seal_withdrawal",
    "seal_withdrawals",
]
