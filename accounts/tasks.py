"""What is forgotten at night."""

from celery import shared_task
from django.utils import timezone

from accounts import codes
from accounts.models import UNFINISHED_FOR, Customer


@shared_task(ignore_result=True)
def forget_old_codes() -> None:
    """Drop the counts of codes that no limit looks at, and registrations that were never finished."""
    codes.forget_old()
    Customer.objects.unfinished().filter(joined_at__lt=timezone.now() - UNFINISHED_FOR).delete()
