"""How a handing-over may end badly. The words become the row's ``error``: no personal data in them."""


class MessagingError(Exception):
    """Anything a gateway may answer instead of "taken"."""


class MessageRejected(MessagingError):
    """No try will succeed: the number is bad, the mailbox does not exist.

    ``closes`` is a ``Suppression.Reason`` when the fault is the receiver's and the next message would meet it too.
    """

    def __init__(self, reason: object = "", *, closes: str = "") -> None:
        super().__init__(reason)
        self.closes = closes


class GatewayUnavailable(MessagingError):
    """It surely was not taken: the connection was refused, the gateway is busy or wants money."""


class NotYet(GatewayUnavailable):
    """This message was not taken now, and not because of the gateway: an equal one went to the same phone a moment ago.

    Another gateway would only repeat to the person what was just said, so none is tried.
    """


class OutcomeUnknown(MessagingError):
    """It may have been taken: the answer did not come or cannot be read."""
