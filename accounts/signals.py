"""What other apps may want to hear of."""

from django.dispatch import Signal

# A customer has shown that a contact is theirs: ``customer``, and ``email`` or ``phone`` (the other is "").
contact_proved = Signal()
