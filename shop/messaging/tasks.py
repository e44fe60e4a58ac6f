"""The two queues. A task is woken after a commit and by a tick every few seconds; it works until nothing is due."""

from typing import Any

from celery import Task, shared_task

from shop.messaging.models import Message
from shop.messaging.sending import send_due


@shared_task(ignore_result=True, soft_time_limit=240, time_limit=300)
def send_codes(channel: str) -> None:
    """Hand over the codes that wait for ``channel``; a queue of its own, so that nothing delays a sign-in."""
    send_due(Message.Queue.CODES, channel)


@shared_task(ignore_result=True, soft_time_limit=240, time_limit=300)
def send_order_messages(channel: str) -> None:
    """Hand over the order messages that wait for ``channel``."""
    send_due(Message.Queue.ORDERS, channel)


TASKS: dict[str, Task[Any, None]] = {Message.Queue.CODES: send_codes, Message.Queue.ORDERS: send_order_messages}
