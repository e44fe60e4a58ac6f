"""What messaging tells the apps above it."""

from django.dispatch import Signal

# Sent with ``sender`` (Message) and ``message``: it will not arrive by its own way any more (refused, undelivered, or
# its receiver is closed: ``suppression.is_suppressed`` tells why). Sent in the transaction that writes this down, so
# what a receiver writes is true exactly when the message's state is. Whether another way is left: ``next_rung_at``.
message_failed = Signal()

# Staff sent ``message`` once more as ``again``.
message_repeated = Signal()
