"""Codes and the few letters about signing in. All go to the queue of codes; rows never show a code."""

import uuid
from collections.abc import Mapping

from shop.messaging import outbox
from shop.messaging.letters import render_letter, render_text
from shop.messaging.models import Message
from shop.privacy.subjects import Subject

_CODE = "[[code]]"
# Which letter of ours takes the place of which template of allauth's.
LETTERS: Mapping[str, str] = {
    "login_code": "code_sign_in",
    "email_confirmation_signup": "code_mailbox",
    "email_confirmation": "code_mailbox",
    "password_reset_code": "code_password",
    "unknown_account": "no_account",
    "account_already_exists": "account_exists",
}


def code_by_sms(phone: str, code: str, *, language: str, subject_of: Subject) -> None:
    """A code to a phone (E.164)."""
    text = render_text("code", {"code": _CODE}, language)
    outbox.write(
        [
            outbox.new_text(
                phone,
                text,
                key=_key(),
                language=language,
                subject_of=subject_of,
                sealed={"code": code},
                queue=Message.Queue.CODES,
            )
        ]
    )


def letter(template: str, email: str, *, code: str = "", language: str) -> None:
    """One of the letters about signing in; ``code`` where it carries one."""
    rendered = render_letter(template, {"code": _CODE, "email": email}, language)
    outbox.write(
        [
            outbox.new_mail(
                email,
                key=_key(),
                subject=rendered.subject,
                text=rendered.text,
                html=rendered.html,
                language=language,
                subject_of=Subject.of_contact(email),
                sealed={"code": code} if code else None,
                queue=Message.Queue.CODES,
            )
        ]
    )


def _key() -> str:
    """Each asking is an event of its own; the limits are counted elsewhere."""
    return f"code:{uuid.uuid4().hex}"
