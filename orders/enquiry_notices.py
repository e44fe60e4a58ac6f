"""What a person who asked is told: the answer, by SMS, since a phone is all that an enquiry leaves."""

from orders.models import Enquiry
from shop.messaging import outbox
from shop.messaging.letters import render_text
from shop.privacy.subjects import Subject


def enquiry_answered(enquiry: Enquiry, answer: str) -> None:
    """Once for each enquiry; ``answer`` is what staff wrote, in their own words."""
    text = render_text("enquiry_answered", {"answer": answer}, enquiry.language)
    outbox.write(
        [
            outbox.new_text(
                enquiry.phone,
                text,
                key=f"enquiry-answered:{enquiry.pk}",
                language=enquiry.language,
                subject_of=Subject("enquiry", enquiry.pk),
            )
        ]
    )
