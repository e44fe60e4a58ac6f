"""Files of price lists that arrive by themselves: from a watched folder, an address, a mailbox.

``checking.check`` looks at one source. Each kind is a ``Place`` (``place.py``); what it finds goes to
``pricelists.receiving.receive`` and is settled (moved away, marked as read) only after that was committed.
"""
