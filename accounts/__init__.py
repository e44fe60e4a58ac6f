"""People with an account, staff included: Customer and what belongs to one person."""
