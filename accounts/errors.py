"""What can be refused here, in words a person can read."""

from django.utils.translation import gettext as _


class AccountsError(Exception):
    """Base of this app's refusals; ``str(error)`` is a sentence in the page's language."""


class CodesTooOften(AccountsError):
    """More codes were asked for than people need; nothing was sent."""

    def __str__(self) -> str:
        return _("Коди вже надсилали кілька разів. Спробуйте за годину або зателефонуйте нам.")
