"""Money in: asking for it, the providers that take it, what their words change, and which ways a customer may choose.

``requesting`` asks, ``starting`` leads to a provider's page, ``notices_in`` and ``polling`` hear how it went, and
``receiving`` is the one door through which that becomes state. One module per provider behind ``provider``.
"""
