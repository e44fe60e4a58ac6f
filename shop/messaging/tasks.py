"""The queues and the ladder. A task is woken after a commit and by a tick; it works until nothing is due."""

from collections.abc import Sequence
from typing import Any

from celery import Task, shared_task

from shop.lib.publishing import publish
from shop.messaging import asking, mail_news, sms_news
from shop.messaging.ladder import climb_due
from shop.messaging.models import Message
from shop.messaging.sending import send_due


@shared_task(ignore_result=True, soft_time_limit=240, time_limit=300)
def send_codes(channel: str, *others: str) -> None:
    """Hand over the codes that wait for ``channel``; a queue of its own, so that nothing delays a sign-in."""
    _pass_on(send_codes, others)
    send_due(Message.Queue.CODES, channel)


@shared_task(ignore_result=True, soft_time_limit=240, time_limit=300)
def send_order_messages(channel: str, *others: str) -> None:
    """Hand over the order messages that wait for ``channel``."""
    _pass_on(send_order_messages, others)
    send_due(Message.Queue.ORDERS, channel)


@shared_task(ignore_result=True, soft_time_limit=240, time_limit=300)
def send_bulk_messages(channel: str, *others: str) -> None:
    """Hand over the letters to many that wait for ``channel``: by a worker of their own, whenever it gets to it."""
    _pass_on(send_bulk_messages, others)
    send_due(Message.Queue.BULK, channel)


@shared_task(ignore_result=True, soft_time_limit=60, time_limit=90)
def climb_ladder() -> None:
    """Try the next way of telling what did not arrive by the first one."""
    climb_due()


@shared_task(ignore_result=True, soft_time_limit=60, time_limit=90)
def handle_mail_news() -> None:
    """Apply what mail providers told before we had written down that they took the letter."""
    mail_news.handle_waiting()


@shared_task(ignore_result=True, soft_time_limit=120, time_limit=150)
def handle_sms_news() -> None:
    """Apply what SMS gateways told: their callbacks are only kept when they come."""
    sms_news.handle_waiting()


@shared_task(ignore_result=True, soft_time_limit=240, time_limit=300)
def ask_fates() -> None:
    """Ask SMS gateways about messages that no news has come of."""
    asking.ask_fates()


@shared_task(ignore_result=True, soft_time_limit=60, time_limit=90)
def ask_balances() -> None:
    """Each hour: is there money left for SMS."""
    asking.ask_balances()


def _pass_on(task: Task[Any, None], channels: Sequence[str]) -> None:
    """Another worker takes the other channels, so that a slow gateway holds up its own messages only.

    The page that wrote the messages would have to wait for each call to a worker; this task need not.
    """
    for channel in channels:
        publish(task, channel)


TASKS: dict[str, Task[Any, None]] = {
    Message.Queue.CODES: send_codes,
    Message.Queue.ORDERS: send_order_messages,
    Message.Queue.BULK: send_bulk_messages,
}
