from django.core.checks import Tags, run_checks


def test_the_desk_is_checked_without_a_database():
    """``migrate`` runs the checks before there is a table."""
    assert run_checks(tags=[Tags.admin]) == []
