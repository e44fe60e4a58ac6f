"""What went to whom and who agreed to what: hand_over(), Disclosure, Consent, LegalDocument."""
