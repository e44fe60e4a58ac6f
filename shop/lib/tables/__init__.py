"""Any supplier's file → rows of text cells. What a file is, its content says; its name is never believed.

``open_table`` is the only door: text with any delimiter and encoding, XLSX, XLS, ODS, and a ZIP of one of these.
Files come from strangers: docs/uploads.md says what is refused and why.
"""

from shop.lib.tables.opening import open_table
from shop.lib.tables.refusal import TableRefused
from shop.lib.tables.table import Table, TableFormat

__all__ = ["Table", "TableFormat", "TableRefused", "open_table"]
