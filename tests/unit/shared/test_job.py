"""Jobs log progress, and write tables that keep their schema."""

import logging

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

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


def rows(**columns):
    return pd.DataFrame({"sentence": ["a", "b"], "vector": [[1.0], [2.0]]} | columns)


def test_a_table_has_the_columns_and_types_of_its_schema(tmp_path):
    path = tmp_path / "new" / "table.parquet"
    job.write_table(rows(id=["x", "y"], size=[1, 2])[["size", "id"]], "descriptors", path, SIZE)
    table = pq.read_table(path)
    assert table.schema.names == ["id", "size"]
    assert table.schema.types == [pa.string(), pa.float64()]
    assert job.read_table(path, ["size"])["size"].to_list() == [1.0, 2.0]
    assert [file.name for file in path.parent.iterdir()] == ["table.parquet"]
    assert job.arrow(rows()[:0], "embeddings").schema.names == ["sentence", "vector"]


SIZE = {"size": "number"}


@pytest.mark.parametrize(
    ("frame", "message"),
    [
        (rows(size=1), r"embeddings: unknown columns \{'size'\}, missing \{\}"),
        (rows().drop(columns="vector"), r"unknown columns \{\}, missing \{'vector'\}"),
        (
            rows(sentence=["a", None]),
            "sentence: string not null> was non-nullable but .* had 1 null",
        ),
        (rows(vector=[[1.0], None]), "was non-nullable"),
        (rows(vector=[["x"], [1.0]]), "Could not convert 'x'"),
    ],
)
def test_a_table_that_breaks_its_schema_is_not_written(tmp_path, frame, message):
    with pytest.raises((ValueError, pa.ArrowException), match=message):
        job.write_table(frame, "embeddings", tmp_path / "table.parquet")
    assert not list(tmp_path.iterdir())


def test_a_file_appears_whole_and_takes_leftovers_away(tmp_path):
    (tmp_path / ".a.123.csv").write_text("half")
    (tmp_path / ".a.b.csv").write_text("of another")

    def fail():
        with job.whole(tmp_path / "a.csv") as temporary:
            assert temporary.suffix == ".csv"
            temporary.write_text("half")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert [path.name for path in tmp_path.iterdir()] == [".a.b.csv"]
    job.write_text("all", tmp_path / "a.csv")
    assert (tmp_path / "a.csv").read_text() == "all"


def test_tables_are_read_by_name_or_joined(tmp_path):
    paths = [tmp_path / "a.parquet", tmp_path / "b.parquet"]
    job.write_rows([("x", [1.0])], "embeddings", paths[0])
    job.write_joined([rows(), rows()[:1]], "embeddings", paths[1])
    tables = job.read_tables(["first", "second"], paths)
    assert {name: list(table["sentence"]) for name, table in tables.items()} == {
        "first": ["x"],
        "second": ["a", "b", "a"],
    }
    joined = job.read_joined(paths)
    assert list(joined["sentence"]) == ["x", "a", "b", "a"]
    assert list(joined.index) == [0, 1, 2, 3]


def test_a_table_without_rows_keeps_its_schema(tmp_path):
    job.write_rows([], "embeddings", tmp_path / "rows.parquet")
    job.write_joined([], "embeddings", tmp_path / "joined.parquet")
    for name in ("rows", "joined"):
        assert pq.read_table(tmp_path / f"{name}.parquet").schema == job.arrow_schema("embeddings")
