import threading
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from shop.backoffice.queues import waiting_for_person
from shop.offers.models import PriceListSource, TakenFile
from shop.offers.models.source import PATIENCE
from shop.offers.sources import checking
from shop.offers.sources.checking import check, due_sources
from shop.offers.sources.place import SourceProblem
from tests.factories import CustomerFactory
from tests.offers.sources.conftest import CONTENT, OTHER, Problem, contents, put

KYIV = "Europe/Kyiv"


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=timezone.get_default_timezone())


@pytest.mark.parametrize(
    ("fields", "now", "then"),
    [
        ({"every_minutes": 30}, "2026-11-23 10:00", "2026-11-23 10:30"),
        ({"every_minutes": None, "at_hour": 6}, "2026-11-23 05:00", "2026-11-23 06:00"),
        ({"every_minutes": None, "at_hour": 6}, "2026-11-23 06:00", "2026-11-24 06:00"),
        # Friday evening, and a Saturday.
        ({"every_minutes": 30, "in_working_hours": True}, "2026-11-27 18:45", "2026-11-30 08:00"),
        ({"every_minutes": None, "at_hour": 9, "in_working_hours": True}, "2026-11-27 10:00", "2026-11-30 08:00"),
        # The nights when clocks change.
        ({"every_minutes": None, "at_hour": 6}, "2027-03-27 12:00", "2027-03-28 06:00"),
        ({"every_minutes": None, "at_hour": 6}, "2026-10-24 12:00", "2026-10-25 06:00"),
    ],
)
def test_a_timetable_says_when_to_look_next(fields, now, then):
    assert PriceListSource(**fields).next_look(at(now)) == at(then)


def test_only_what_is_due_and_switched_on_is_looked_at(folder_source):
    assert due_sources() == [folder_source.pk]
    PriceListSource.objects.update(due_at=timezone.now() + timedelta(minutes=1))
    assert due_sources() == []
    PriceListSource.objects.update(due_at=timezone.now(), is_active=False)
    assert due_sources() == []


def test_a_look_sets_the_time_of_the_next(folder_source):
    with time_machine.travel(datetime(2026, 11, 23, 10, 0, tzinfo=UTC), tick=False):
        PriceListSource.objects.update(due_at=timezone.now())
        check(folder_source.pk)
        folder_source.refresh_from_db()
        assert folder_source.due_at == datetime(2026, 11, 23, 10, 30, tzinfo=UTC)
        assert folder_source.claimed_until is None


def test_a_source_that_is_not_due_is_looked_at_when_a_person_asks(folder_source, folder, price_list):
    put(folder)
    PriceListSource.objects.update(due_at=timezone.now() + timedelta(hours=1))
    check(folder_source.pk)
    assert contents(price_list) == []
    check(folder_source.pk, is_asked_for=True)
    assert contents(price_list) == [CONTENT]


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_take_a_file_once(folder_source, folder, price_list, monkeypatch):
    put(folder)
    looks = []
    real = checking._take_newest

    def noted(source, look):
        looks.append(source.pk)
        return real(source, look)

    monkeypatch.setattr(checking, "_take_newest", noted)
    start = threading.Barrier(2)

    def work():
        try:
            start.wait()
            check(folder_source.pk, is_asked_for=True)
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert contents(price_list) == [CONTENT]
    assert 1 <= len(looks) <= 2


def test_a_worker_that_died_is_succeeded_when_its_claim_ends(folder_source, folder, price_list):
    put(folder)
    PriceListSource.objects.update(claimed_until=timezone.now() + timedelta(minutes=5))
    check(folder_source.pk, is_asked_for=True)
    assert contents(price_list) == []
    PriceListSource.objects.update(claimed_until=timezone.now())
    check(folder_source.pk, is_asked_for=True)
    assert contents(price_list) == [CONTENT]


def test_a_kill_before_the_commit_leaves_the_file_to_the_next_look(folder_source, folder, price_list, monkeypatch):
    put(folder)

    def die(*_args, **_kwargs):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(checking, "receive", die)
        with pytest.raises(KeyboardInterrupt):
            check(folder_source.pk, is_asked_for=True)
    assert not TakenFile.objects.exists()
    PriceListSource.objects.update(claimed_until=None)
    check(folder_source.pk, is_asked_for=True)
    assert contents(price_list) == [CONTENT]


def test_a_kill_after_the_commit_is_healed_by_putting_away_alone(folder_source, folder, price_list, monkeypatch):
    from shop.offers.sources import folder as watched

    put(folder)

    def die(*_args):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(watched, "_put_away", die)
        with pytest.raises(KeyboardInterrupt):
            check(folder_source.pk, is_asked_for=True)
    PriceListSource.objects.update(claimed_until=None)
    check(folder_source.pk, is_asked_for=True)
    assert contents(price_list) == [CONTENT]
    assert [file.name for file in folder.iterdir()] == ["taken"]


def test_failures_are_retried_soon_and_the_third_is_put_before_a_person(folder_source, settings):
    settings.PRICE_LIST_FOLDER = None
    PriceListSource.objects.update(every_minutes=600)
    person = CustomerFactory(is_staff=True, is_superuser=True)
    for number in range(1, PATIENCE + 1):
        assert waiting_for_person(person) == []
        check(folder_source.pk, is_asked_for=True)
        folder_source.refresh_from_db()
        assert (folder_source.failures, folder_source.last_problem) == (number, Problem.NOT_CONFIGURED)
    [waiting] = waiting_for_person(person)
    assert waiting.reason == str(Problem.NOT_CONFIGURED.label)
    assert (folder_source.due_at - folder_source.last_checked_at) > timedelta(hours=9)


def test_a_first_failure_is_asked_again_within_a_quarter_of_an_hour(folder_source, settings):
    settings.PRICE_LIST_FOLDER = None
    PriceListSource.objects.update(every_minutes=600)
    check(folder_source.pk, is_asked_for=True)
    folder_source.refresh_from_db()
    assert folder_source.due_at - folder_source.last_checked_at <= timedelta(minutes=15)


def test_a_success_clears_what_failed_before(folder_source, folder):
    PriceListSource.objects.update(
        failures=5, last_problem=Problem.NO_FOLDER, needs_person_since=timezone.now(), needs_person_reason="…"
    )
    check(folder_source.pk, is_asked_for=True)
    folder_source.refresh_from_db()
    assert (folder_source.failures, folder_source.last_problem, folder_source.needs_person_since) == (0, "", None)


def test_a_file_that_is_in_force_already_makes_no_second_version(folder_source, folder, price_list):
    for content in (CONTENT, CONTENT, OTHER):
        put(folder, content=content)
        check(folder_source.pk, is_asked_for=True)
    assert contents(price_list) == [CONTENT, OTHER]


def test_a_source_without_a_timetable_or_with_two_cannot_be_saved(folder_source):
    from django.db import IntegrityError, transaction

    for fields in ({"every_minutes": None, "at_hour": None}, {"every_minutes": 5, "at_hour": 5}):
        with pytest.raises(IntegrityError, match="source_one_timetable"), transaction.atomic():
            PriceListSource.objects.update(**fields)


def test_what_a_look_found_is_not_written_over_an_edit_made_meanwhile(folder_source, monkeypatch):
    edited = timezone.now() + timedelta(seconds=1)

    def edit_meanwhile(*_args):
        PriceListSource.objects.update(due_at=edited, memory={})
        raise SourceProblem(Problem.NO_FOLDER)

    monkeypatch.setattr(checking, "_take_newest", edit_meanwhile)
    check(folder_source.pk, is_asked_for=True)
    folder_source.refresh_from_db()
    assert (folder_source.due_at, folder_source.last_problem, folder_source.failures) == (edited, "", 0)
    assert folder_source.claimed_until is None


def test_a_worker_that_outlived_its_claim_leaves_the_next_ones_alone(folder_source, monkeypatch):
    claimed = timezone.now() + timedelta(minutes=20)

    def succeeded_meanwhile(*_args):
        PriceListSource.objects.update(claimed_until=claimed)
        raise SourceProblem(Problem.NO_FOLDER)

    monkeypatch.setattr(checking, "_take_newest", succeeded_meanwhile)
    check(folder_source.pk, is_asked_for=True)
    folder_source.refresh_from_db()
    assert (folder_source.claimed_until, folder_source.last_problem) == (claimed, "")
