"""E-mail addresses as they are shown where the whole address is nobody's business."""


def mask_email(email: str) -> str:
    """``o•••@example.com``: enough to recognise one's own."""
    name, _at, host = email.partition("@")
    return f"{name[:1]}•••@{host}"
