"""What a person does with a message that the shop could not settle: send it again, or close it."""

from django.utils import timezone

from shop.messaging import outbox
from shop.messaging.models import Message


def send_again(message: Message) -> bool:
    """One more try, after a person made sure that the first one did not arrive. False: it does not wait for anybody.

    ``attempts`` goes on growing, so a worker that once held the message stays fenced off.
    """
    waiting_for_person = Message.objects.filter(pk=message.pk, status=Message.Status.NEEDS_PERSON)
    if not waiting_for_person.update(
        status=Message.Status.WAITING,
        available_at=timezone.now(),
        handing_over_since=None,
        may_exceed_limits=True,
        needs_person_since=None,
        needs_person_reason="",
    ):
        return False
    outbox.wake(message.queue, message.channel)
    return True


def close(message: Message) -> bool:
    """The customer was told in another way, or need not be: nothing is sent, the secrets go. False: already closed."""
    if head := message.takes_place_of_id:
        Message.objects.filter(pk=head).update(next_rung_at=None)  # and nobody is asked once more
    asking = Message.objects.filter(pk=message.pk, needs_person_since__isnull=False)
    return bool(
        asking.update(
            status=Message.Status.REJECTED,
            sealed="",
            leased_until=None,
            next_rung_at=None,
            needs_person_since=None,
            needs_person_reason="",
        )
    )
