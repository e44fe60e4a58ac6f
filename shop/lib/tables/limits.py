"""How much of a stranger's file is looked at. docs/uploads.md explains every number."""

MIB = 1024 * 1024

# The file as it came, and what may come out of an archive (a workbook is one too).
MOST_FILE_BYTES = 300 * MIB
MOST_XLS_BYTES = 100 * MIB  # 65,536 rows at most, and all of it is in memory at once
MOST_UNPACKED_BYTES = 600 * MIB
MOST_RATIO = 200
# Below this size a high ratio is the nature of repeated text, not an attack.
RATIO_COUNTS_FROM = 10 * MIB
MOST_MEMBERS = 2_000

# One sheet. The area counts the empty cells between filled ones: memory is taken for each of them.
MOST_ROWS = 1_048_576
MOST_COLUMNS = 256
MOST_CELLS = 12_000_000
MOST_SHEETS = 100

# A text file, and one line of it.
MOST_TEXT_ROWS = 5_000_000
MOST_LINE_BYTES = 2 * MIB
