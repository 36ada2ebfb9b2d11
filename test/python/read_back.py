"""Reads an answer in every format with programs that are not agenttrace, and prints what does not agree.

read_back.py FOLDER: answer.<format> and empty.<format> are the answers, truth.duckdb holds the rows as `truth`.
Each check is one line: its name, then `ok` or what differs.
"""

import csv
import datetime
import decimal
import json
import sys
from pathlib import Path

import duckdb
import pandas
import polars
import pyarrow as pa
import pyarrow.ipc
import pyarrow.parquet
from markdown_it import MarkdownIt

UTC = datetime.UTC

folder = Path(sys.argv[1])
database = duckdb.connect(str(folder / "truth.duckdb"), read_only=True)
database.execute("set TimeZone = 'UTC'")
columns = [row[0] for row in database.execute("describe truth").fetchall()]
truth = [dict(zip(columns, row)) for row in database.execute("from truth order by n").fetchall()]
# Python's floats and dates hold all of these; years up to 9999 too.
for row in truth:
    if row["at_zone"] is not None:
        row["at_zone"] = row["at_zone"].astimezone(UTC)


def check(name):
    """Runs a check and prints how it went."""

    def run(work):
        try:
            work()
            print(f"{name}: ok")
        except Exception as error:  # every failure is a line for the test to show
            print(f"{name}: {type(error).__name__}: {str(error)!r}")

    return run


def same(got, wanted):
    assert got == wanted, f"{got!r} is not {wanted!r}"


def same_rows(got, wanted=truth, skip=()):
    same(len(got), len(wanted))
    for mine, theirs in zip(got, wanted):
        for column in columns:
            if column not in skip:
                assert equal(mine[column], theirs[column]), (
                    f"row {theirs['n']}, {column}: {mine[column]!r} is not {theirs[column]!r}"
                )


def equal(mine, theirs):
    if type(mine) is not type(theirs):
        return mine is None and theirs is None or is_number(mine) and is_number(theirs) and mine == theirs
    return mine == theirs


def is_number(value):
    return isinstance(value, (int, float, decimal.Decimal)) and not isinstance(value, bool)


# Parquet and Arrow keep types.

ARROW_TYPES = {
    "n": pa.int32(),
    "big_tokens": pa.int64(),
    "huge": pa.decimal128(38, 0),
    "cost_usd": pa.decimal128(18, 9),
    "ratio": pa.float64(),
    "is_ok": pa.bool_(),
    "text": pa.string(),
    "at_zone": pa.timestamp("us", tz="UTC"),
    "at_plain": pa.timestamp("us"),
    "on_day": pa.date32(),
}


def arrow_rows(table):
    for name, kind in ARROW_TYPES.items():
        same((name, table.schema.field(name).type), (name, kind))
    assert pa.types.is_list(table.schema.field("list").type), table.schema.field("list").type
    same(table.schema.field("list").type.value_type, pa.int64())
    same([field.name for field in table.schema.field("nested").type], ["a", "b"])
    rows = table.to_pylist()
    for row in rows:
        if row["at_zone"] is not None:
            row["at_zone"] = row["at_zone"].astimezone(UTC)
    return rows


def read_arrow(name):
    with pa.ipc.open_stream(folder / f"{name}.arrow") as reader:
        table = reader.read_all()
    table.validate(full=True)
    return table


def read_parquet(name):
    return pyarrow.parquet.read_table(folder / f"{name}.parquet")


def polars_rows(frame):
    same(frame.columns, columns)
    same(frame.schema["big_tokens"], polars.Int64)
    same(frame.schema["cost_usd"], polars.Decimal(18, 9))
    same(frame.schema["on_day"], polars.Date)
    same_rows([in_utc(row) for row in frame.to_dicts()])


def polars_rows_of_none(frame):
    same((frame.columns, frame.height), (columns, 0))


def in_utc(row):
    return {**row, "at_zone": None if row["at_zone"] is None else row["at_zone"].astimezone(UTC)}


@check("parquet, pyarrow")
def _():
    same_rows(arrow_rows(read_parquet("answer")))
    metadata = pyarrow.parquet.ParquetFile(folder / "answer.parquet").metadata
    kinds = {metadata.row_group(0).column(index).compression for index in range(metadata.num_columns)}
    same(kinds, {"ZSTD"})


@check("parquet, duckdb")
def _():
    # Value by value as text, which tells 2^63-1 and the ninth place apart.
    answer = str(folder / "answer.parquet")
    query = "select n, columns(c -> c <> 'n')::varchar from {} order by n"
    same(
        database.execute(query.format(f"'{answer}'")).fetchall(),
        database.execute(query.format("truth")).fetchall(),
    )


@check("parquet, pandas")
def _():
    frame = pandas.read_parquet(folder / "answer.parquet", dtype_backend="pyarrow")
    same(list(frame.columns), columns)
    same_values = [None if value is pandas.NA else value for value in frame["big_tokens"]]
    same(same_values, [row["big_tokens"] for row in truth])
    same(
        [None if value is pandas.NA else value for value in frame["cost_usd"]],
        [row["cost_usd"] for row in truth],
    )
    same([None if value is pandas.NA else value for value in frame["text"]], [row["text"] for row in truth])


@check("parquet, polars")
def _():
    polars_rows(polars.read_parquet(folder / "answer.parquet"))


@check("arrow, pyarrow")
def _():
    same_rows(arrow_rows(read_arrow("answer")))


@check("arrow, polars")
def _():
    polars_rows(polars.read_ipc_stream(folder / "answer.arrow"))


@check("arrow, duckdb")
def _():
    answer = read_arrow("answer")
    memory = duckdb.connect()
    memory.register("answer", answer)
    memory.execute("set TimeZone = 'UTC'")
    query = "select n, columns(c -> c <> 'n')::varchar from {} order by n"
    same(
        memory.execute(query.format("answer")).fetchall(),
        database.execute(query.format("truth")).fetchall(),
    )


# Text formats keep every digit; what a column is stands in the question.


def from_text(name, text):
    """A value of a column as a text format writes it."""
    if text is None:
        return None
    if name in ("n", "big_tokens", "huge"):
        return int(text)
    if name == "cost_usd":
        return decimal.Decimal(text)
    if name == "ratio":
        return float(text)
    if name == "is_ok":
        return {"true": True, "false": False}[text]
    if name == "at_zone":
        assert text.endswith("Z"), text
        return datetime.datetime.fromisoformat(text)
    if name == "at_plain":
        return datetime.datetime.fromisoformat(text)
    return datetime.date.fromisoformat(text) if name == "on_day" else text


def from_json(row):
    same(list(row), columns)
    return {
        name: value if not isinstance(value, str) or name == "text" else from_text(name, value)
        for name, value in row.items()
    }


def decode(text):
    return json.loads(text, parse_float=decimal.Decimal)


def json_rows(rows):
    rows = [from_json(row) for row in rows]
    for row in rows:
        row["ratio"] = None if row["ratio"] is None else float(row["ratio"])
        if row["cost_usd"] is not None:
            same((row["n"], decimal.Decimal(row["cost_usd"]).as_tuple().exponent), (row["n"], -9))
    same_rows(rows)


@check("json, json")
def _():
    json_rows(decode((folder / "answer.json").read_text()))


@check("jsonl, json")
def _():
    json_rows([decode(line) for line in (folder / "answer.jsonl").read_text().splitlines()])


def kinds_of(**more):
    """The columns' types as DuckDB's readers of text want them."""
    kinds = {
        "n": "int",
        "big_tokens": "bigint",
        "huge": "hugeint",
        "cost_usd": more["cost_usd"],
        "ratio": "double",
        "is_ok": "boolean",
        "text": "varchar",
        "at_zone": "timestamptz",
        "at_plain": "timestamp",
        "on_day": "date",
        "list": more["list"],
        "nested": more["nested"],
    }
    return "{" + ", ".join(f"{name}: '{kind}'" for name, kind in kinds.items()) + "}"


@check("json, duckdb")
def _():
    # This reader takes every number with a point for a floating point one.
    kinds = kinds_of(cost_usd="double", list="bigint[]", nested="struct(a bigint, b varchar)")
    query = "select n, columns(c -> c <> 'n')::varchar from (select * replace (cost_usd::double as cost_usd) from {}) order by n"
    wanted = database.execute(query.format("truth")).fetchall()
    for name in ("answer.json", "answer.jsonl"):
        file = f"read_json('{folder / name}', columns = {kinds})"
        same(database.execute(query.format(file)).fetchall(), wanted)


@check("jsonl, polars")
def _():
    frame = polars.read_ndjson(
        folder / "answer.jsonl", schema_overrides={"big_tokens": polars.Int64, "text": polars.String}
    )
    same(frame["big_tokens"].to_list(), [row["big_tokens"] for row in truth])
    same(frame["text"].to_list(), [row["text"] for row in truth])


@check("jsonl, pandas")
def _():
    # Its own reader of JSON has no integers beyond 64 bits.
    frame = pandas.DataFrame(
        [decode(line) for line in (folder / "answer.jsonl").read_text().splitlines()], dtype=object
    )
    same(list(frame["big_tokens"]), [row["big_tokens"] for row in truth])
    same(list(frame["text"]), [row["text"] for row in truth])


NESTED = ("list", "nested")


@check("csv, csv")
def _():
    with open(folder / "answer.csv", newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    same(list(rows[0]), columns)
    parsed = [{name: from_text(name, value or None) for name, value in row.items()} for row in rows]
    # This reader does not tell an empty text from nothing.
    for row in parsed:
        if row["n"] == 5:
            row["text"] = ""
        for name in NESTED:
            row[name] = None if row[name] is None else json.loads(row[name])
    same_rows(parsed)


@check("csv, duckdb")
def _():
    kinds = kinds_of(cost_usd="decimal(18,9)", list="varchar", nested="varchar")
    file = f"read_csv('{folder / 'answer.csv'}', header = true, columns = {kinds}, allow_quoted_nulls = false, escape = '\"')"
    names = ", ".join(name for name in columns if name not in NESTED)
    query = f"select {names} from (select * replace (huge::varchar as huge, cost_usd::varchar as cost_usd) from {{}}) order by n"
    same(database.execute(query.format(file)).fetchall(), database.execute(query.format("truth")).fetchall())


@check("csv, polars")
def _():
    frame = polars.read_csv(folder / "answer.csv", schema_overrides={"huge": polars.String})
    same(frame["big_tokens"].to_list(), [row["big_tokens"] for row in truth])
    same(frame["text"].to_list(), [row["text"] for row in truth])


@check("csv, pandas")
def _():
    frame = pandas.read_csv(
        folder / "answer.csv",
        dtype={"big_tokens": "Int64", "cost_usd": str},
        keep_default_na=False,
        na_values={"big_tokens": [""]},
    )
    same(
        [None if value is pandas.NA else int(value) for value in frame["big_tokens"]],
        [row["big_tokens"] for row in truth],
    )
    same(
        [decimal.Decimal(value) if value else None for value in frame["cost_usd"]],
        [row["cost_usd"] for row in truth],
    )
    same(list(frame["text"]), [row["text"] or "" for row in truth])


# Markdown is for people: values as they are read, in a table that a parser of GitHub's dialect takes for one.


def markdown_table(name):
    tokens = MarkdownIt("commonmark").enable("table").parse((folder / f"{name}.md").read_text())
    rows, row = [], []
    for token in tokens:
        if token.type == "tr_open":
            row = []
        elif token.type == "inline":
            row.append("".join(child.content for child in token.children))
        elif token.type == "tr_close":
            rows.append(row)
    same({token.type for token in tokens if token.level == 0}, {"table_open", "table_close"})
    return rows[0], rows[1:]


@check("markdown, markdown-it")
def _():
    head, rows = markdown_table("answer")
    same(head, columns)
    same(len(rows), len(truth))
    for cells, wanted in zip(rows, truth):
        row = dict(zip(head, cells))
        plain = {name: row[name].replace(",", "") for name in ("n", "big_tokens", "huge")}
        for name, text in plain.items():
            same(None if text == "–" else int(text), wanted[name])
        text = wanted["text"]
        same(
            row["text"],
            "–" if text is None else " ".join(text.replace("\r\n", "\n").replace("\t", "\n").split("\n")),
        )
        same(row["is_ok"], {None: "–", True: "yes", False: "no"}[wanted["is_ok"]])


# No rows, with all columns.


@check("empty")
def _():
    same(arrow_rows(read_parquet("empty")), [])
    same(arrow_rows(read_arrow("empty")), [])
    polars_rows_of_none(polars.read_parquet(folder / "empty.parquet"))
    polars_rows_of_none(polars.read_ipc_stream(folder / "empty.arrow"))
    same(json.loads((folder / "empty.json").read_text()), [])
    same((folder / "empty.jsonl").read_text(), "")
    with open(folder / "empty.csv", newline="", encoding="utf-8") as file:
        same(list(csv.reader(file)), [columns])
    same(list(pandas.read_csv(folder / "empty.csv").columns), columns)
    same(markdown_table("empty"), (columns, []))
