"""Which of the messages about an order its customer wants to hear."""

from collections.abc import Sequence

from accounts.channels import Subject, is_wanted
from orders.models import Order
from shop.messaging import ladder, outbox
from shop.messaging.models import Message


def tell(order: Order, messages: Sequence[Message], *, about: Subject) -> None:
    """Write the messages of one event, without the channels that the customer has switched off; a guest hears all."""
    if order.customer_id is not None and order.customer is not None:
        muted = order.customer.muted
        messages = [message for message in messages if is_wanted(muted, about, message.channel)]
    outbox.write(ladder.family(messages))
    order.link_messages(messages)
