"""Rows in PostgreSQL's COPY text format."""

# Stands for the part's id in a text that is the same for several parts; it cannot occur in any name.
PART = "\x00"
NULL = "\\N"


def line(*fields: object) -> str:
    """One row; None is NULL."""
    return "\t".join(NULL if field is None else str(field) for field in fields) + "\n"


def for_part(template: str, part_id: int) -> str:
    """The rows of ``template`` with this part's id in the place of PART."""
    return template.replace(PART, str(part_id))
