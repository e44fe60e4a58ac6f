import pytest
from django.utils.translation import override

from shop.lib.tables import TableRefused, open_table


@pytest.fixture
def file(tmp_path):
    """Where the file goes; its name says nothing."""
    return tmp_path / "file"


@pytest.fixture
def refused():
    """Why a file is refused: the code. Its message is Ukrainian, whole, and free of programs' words."""

    def refusal_of(path, **told):
        with pytest.raises(TableRefused) as caught, open_table(path, **told) as table:
            for _row in table.rows():
                pass
        with override("uk"):
            message = str(caught.value)
        assert any("а" <= letter <= "я" for letter in message), message
        assert message.endswith(".")
        assert "%" not in message
        return caught.value.code

    return refusal_of
