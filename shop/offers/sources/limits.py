"""How much and how long the shop listens to somebody else's server."""

from shop.lib.tables.limits import MIB, MOST_FILE_BYTES

# The same as for a file that a person uploads.
MOST_BYTES = MOST_FILE_BYTES
# Mail servers refuse much smaller letters themselves; a letter is read into memory.
MOST_MAIL_BYTES = 50 * MIB
# Seconds without a byte, and for one file altogether; below the limit of a task.
SILENCE_SECONDS = 20.0
WHOLE_SECONDS = 300.0
