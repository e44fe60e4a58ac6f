"""Which exchange rate is in force on a day."""

# Over %(on)s. A locked rate wins from its day on, else the newest; on the same day a person's word beats the bank's.
RATES_IN_FORCE = """
SELECT DISTINCT ON (currency) id, currency, rate, valid_on, source, is_locked
FROM offers_exchangerate
WHERE valid_on <= %(on)s AND needs_person_since IS NULL
ORDER BY currency, is_locked DESC, valid_on DESC, source = 'manual' DESC
"""
