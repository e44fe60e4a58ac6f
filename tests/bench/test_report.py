import json

from bench import report
from bench.load import Figures, median, percentile


def test_more_than_the_goal_share_of_the_reference_is_met():
    result = report.at_least("home", 450.0, "requests/s", 900.0, 0.5)
    assert (result.ratio, result.met, result.goal) == (0.5, True, "≥ 0.5 × reference")
    assert report.at_least("home", 449.0, "requests/s", 900.0, 0.5).met is False


def test_less_than_the_limit_is_met():
    assert report.at_most("queries", 12, "queries", 12).met is True
    assert report.at_most("queries", 13, "queries", 12).met is False
    slow = report.at_most("p95", 31.0, "ms", 1.5, reference=20.0)
    assert (slow.ratio, slow.met) == (1.55, False)


def test_file_holds_what_machines_read(tmp_path, monkeypatch):
    monkeypatch.setattr(report, "FOLDER", tmp_path)
    path = report.write("pages", [report.at_least("home", 450.0, "requests/s", 900.0, 0.5)])
    assert path == tmp_path / "pages.json"
    assert json.loads(path.read_text())["results"] == [
        {
            "name": "home",
            "value": 450.0,
            "unit": "requests/s",
            "reference": 900.0,
            "ratio": 0.5,
            "goal": "≥ 0.5 × reference",
            "met": True,
        }
    ]


def test_median_is_taken_figure_by_figure():
    turns = [Figures(1, 9, 9, 9), Figures(2, 8, 7, 6), Figures(3, 1, 1, 1)]
    assert median(turns) == Figures(2, 8, 7, 6)


def test_percentile_is_a_value_that_was_measured():
    times = list(range(1, 101))
    assert [percentile(times, share) for share in (0.5, 0.95, 0.99, 1.0)] == [50, 95, 99, 100]
    assert percentile([7.0], 0.5) == 7.0
