"""Django's SMTP mailer that can say whether a broken conversation may have left a letter behind."""

import smtplib
from typing import Any

from django.core.mail.backends import smtp

from shop.messaging.errors import GatewayUnavailable


class _Careful:
    """Notes when the letter itself goes out; until then the server has nothing it could deliver."""

    letter_begun = False

    def sendmail(self, *args: Any, **kwargs: Any) -> Any:
        self.letter_begun = False
        try:
            return super().sendmail(*args, **kwargs)  # type: ignore[misc]
        except (smtplib.SMTPServerDisconnected, OSError) as error:
            if self.letter_begun or isinstance(error, smtplib.SMTPResponseException | smtplib.SMTPRecipientsRefused):
                raise
            raise GatewayUnavailable(type(error).__name__) from error

    def data(self, msg: Any) -> Any:
        self.letter_begun = True
        return super().data(msg)  # type: ignore[misc]


class _CarefulSmtp(_Careful, smtplib.SMTP):
    pass


class _CarefulSmtpSsl(_Careful, smtplib.SMTP_SSL):
    pass


class EmailBackend(smtp.EmailBackend):
    """Raises GatewayUnavailable when the connection broke before the letter, the usual errors otherwise."""

    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        return _CarefulSmtpSsl if self.use_ssl else _CarefulSmtp
