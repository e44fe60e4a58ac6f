"""How a handing-over may end badly. The words become the row's ``error``: no personal data in them."""


class MessagingError(Exception):
    """Anything a gateway may answer instead of "taken"."""


class MessageRejected(MessagingError):
    """No try will succeed: the number is bad, the mailbox does not exist."""


class GatewayUnavailable(MessagingError):
    """It surely was not taken: the connection was refused, the gateway is busy or wants money."""


class OutcomeUnknown(MessagingError):
    """It may have been taken: the answer did not come or cannot be read."""
