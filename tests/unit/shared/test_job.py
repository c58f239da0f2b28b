"""Jobs log progress, and write tables that keep their schema."""

import logging

from shared import job


def test_progress_is_logged_ten_times_and_all_items_pass(caplog):
    with caplog.at_level(logging.INFO):
        assert list(job.counted(range(5000), 5000, "clips encoded")) == list(range(5000))
    messages = [record.message.partition(",")[0] for record in caplog.records]
    assert messages == [f"{number} of 5000 clips encoded" for number in range(500, 5001, 500)]
    assert caplog.records[-1].message.endswith(", 0 s left")


def test_progress_of_a_few_items_is_logged_once(caplog):
    with caplog.at_level(logging.INFO):
        assert list(job.counted("abc", 3, "files")) == ["a", "b", "c"]
    assert [record.message for record in caplog.records] == ["3 of 3 files, 0 s left"]
