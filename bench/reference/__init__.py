"""What the shop is measured against: Django with nothing of ours in it, on the same database and gunicorn."""
