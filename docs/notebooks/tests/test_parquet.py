"""Parquet files open in PyArrow, pandas, Polars and DuckDB with the right types, dates, nulls and units.

ENTENTE_RELEASE is a release's folder, ENTENTE_EXPORT one exported to: a table of the lake is copied there, a
view is written by DuckDB.
"""

import datetime
import json
import os
import unittest
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as parquet

EXPORT = Path(os.environ["ENTENTE_EXPORT"])
WAREHOUSE = Path(os.environ["ENTENTE_RELEASE"]) / "warehouse.duckdb"
STATES, DYADS, TRADE = (
    EXPORT / f"{name}.parquet" for name in ("core.states", "core.vote_dyads", "indicators.trade_dependence")
)

# What each column is in PyArrow, Polars and DuckDB.
TYPES = {
    STATES: {
        "iso3": (pa.string(), pl.String, "VARCHAR"),
        "valid_from": (pa.date32(), pl.Date, "DATE"),
        "valid_to": (pa.date32(), pl.Date, "DATE"),
        "cow": (pa.int16(), pl.Int16, "SMALLINT"),
    },
    DYADS: {
        "iso3_a": (pa.string(), pl.String, "VARCHAR"),
        "year": (pa.int16(), pl.Int16, "SMALLINT"),
        "contested": (pa.bool_(), pl.Boolean, "BOOLEAN"),
        "n11": (pa.int32(), pl.Int32, "INTEGER"),
    },
    TRADE: {
        "iso3_b": (pa.string(), pl.String, "VARCHAR"),
        "year": (pa.int16(), pl.Int16, "SMALLINT"),
        "trade_usd": (pa.float64(), pl.Float64, "DOUBLE"),
        "dependence_a_share": (pa.float64(), pl.Float64, "DOUBLE"),
        "is_default": (pa.bool_(), pl.Boolean, "BOOLEAN"),
    },
}
# East Germany, as a member of the system of states.
EAST = ("DDR", datetime.date(1954, 3, 25), datetime.date(1990, 10, 3))


class Types(unittest.TestCase):
    def each(self, position, schema_of):
        for file, columns in TYPES.items():
            found = schema_of(file)
            for column, types in columns.items():
                with self.subTest(file=file.name, column=column):
                    self.assertEqual(types[position], found[column])

    def test_pyarrow(self):
        self.each(0, lambda file: {field.name: field.type for field in parquet.read_schema(file)})

    def test_pandas_with_pyarrow_types(self):
        self.each(0, lambda file: {
            name: kind.pyarrow_dtype for name, kind in pd.read_parquet(file, dtype_backend="pyarrow").dtypes.items()
        })

    def test_polars(self):
        self.each(1, lambda file: pl.scan_parquet(file).collect_schema())

    def test_duckdb(self):
        self.each(2, lambda file: dict(duckdb.sql(f"select column_name, column_type from (describe from '{file}')").fetchall()))


class Values(unittest.TestCase):
    """One former state, with a last day; and states that have none."""

    def check(self, former, open_ended, states):
        self.assertEqual(EAST, tuple(former))
        self.assertGreater(open_ended, 150)
        self.assertLess(open_ended, states)

    def test_pyarrow(self):
        table = parquet.read_table(STATES)
        former = [row for row in table.to_pylist() if row["iso3"] == "DDR"][0]
        self.check((former[c] for c in ("iso3", "valid_from", "valid_to")), table["valid_to"].null_count, len(table))

    def test_pandas(self):
        table = pd.read_parquet(STATES)
        former = table[table["iso3"] == "DDR"].iloc[0]
        self.check(former[["iso3", "valid_from", "valid_to"]], table["valid_to"].isna().sum(), len(table))
        self.assertEqual(np.dtype("float64"), pd.read_parquet(TRADE)["trade_usd"].dtype)
        self.assertEqual(np.dtype("int16"), pd.read_parquet(TRADE)["year"].dtype)
        self.assertEqual(np.dtype("bool"), pd.read_parquet(DYADS)["contested"].dtype)

    def test_polars(self):
        table = pl.read_parquet(STATES)
        former = table.filter(pl.col("iso3") == "DDR").select("iso3", "valid_from", "valid_to").row(0)
        self.check(former, table["valid_to"].null_count(), len(table))

    def test_duckdb(self):
        former = duckdb.sql(f"select iso3, valid_from, valid_to from '{STATES}' where iso3 = 'DDR'").fetchall()[0]
        open_ended, states = duckdb.sql(f"select count(*) filter (valid_to is null), count(*) from '{STATES}'").fetchall()[0]
        self.check(former, open_ended, states)

    def test_same_numbers(self):
        """All four see the same sum of trade and as many missing values."""
        arrow, frame, polars = parquet.read_table(TRADE)["trade_usd"], pd.read_parquet(TRADE)["trade_usd"], pl.read_parquet(TRADE)["trade_usd"]
        total, missing = duckdb.sql(f"select sum(trade_usd), count(*) - count(trade_usd) from '{TRADE}'").fetchall()[0]
        self.assertGreater(total, 1e12)
        self.assertEqual([missing] * 3, [arrow.null_count, frame.isna().sum(), polars.null_count()])
        for other in (pa.compute.sum(arrow).as_py(), frame.sum(), polars.sum()):
            self.assertAlmostEqual(1, other / total, 12)


class Meaning(unittest.TestCase):
    """A file tells what its columns mean: to PyArrow by field, to DuckDB in its own metadata; the warehouse by comments."""

    def test_pyarrow_fields(self):
        for file, column, unit, words in (
            (DYADS, "n11", b"roll calls", b"both voted yes"), (TRADE, "trade_usd", b"US dollars", b"sum of both"),
        ):
            with self.subTest(file=file.name):
                metadata = parquet.read_schema(file).field(column).metadata
                self.assertEqual(unit, metadata[b"unit"])
                self.assertIn(words, metadata[b"description"])

    def test_duckdb_file_metadata(self):
        for file in (DYADS, TRADE):
            with self.subTest(file=file.name):
                said = dict(duckdb.sql(f"select decode(key), decode(value) from parquet_kv_metadata('{file}')").fetchall())
                self.assertEqual(file.stem, said["entente.table"])
                self.assertEqual(parquet.read_schema(file).names, [note["name"] for note in json.loads(said["entente.columns"])])

    def test_duckdb_comments(self):
        with duckdb.connect(str(WAREHOUSE), read_only=True) as warehouse:
            comment = warehouse.sql(
                "select comment from duckdb_columns() where table_name = 'trade_dependence' and column_name = 'trade_usd'"
            ).fetchall()[0][0]
            self.assertIn("sum of both", comment)
            self.assertIn("US dollars", comment)
            undocumented = warehouse.sql("""
                select schema_name || '.' || table_name || '.' || column_name
                from duckdb_columns() where schema_name in ('core', 'indicators') and comment is null
            """).fetchall()
            self.assertEqual([], undocumented)


if __name__ == "__main__":
    unittest.main()
