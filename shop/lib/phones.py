"""Phones: people type them in every way, the shop keeps E.164 (``+380671234567``)."""

import phonenumbers


def normalise_phone(text: str) -> str | None:
    """E.164 of a phone as a person in Ukraine types it, or None when it cannot be one.

    ``0671234567``, ``380 67 123-45-67`` and ``+38 (067) 1234567`` are the same number.
    """
    text = text.strip()
    digits = "".join(letter for letter in text if letter.isdigit())
    if not text.startswith("+") and len(digits) == 12 and digits.startswith("380"):
        text = f"+{digits}"
    try:
        number = phonenumbers.parse(text, "UA")
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def mask_phone(phone: str) -> str:
    """``+38067•••••67``: enough to recognise one's own, not enough to call."""
    return f"{phone[:6]}{'•' * max(len(phone) - 8, 0)}{phone[-2:]}" if len(phone) > 8 else "•••"
