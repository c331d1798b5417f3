"""datapackage.json and croissant.json of a release and of exports hold in the tools they are written for.

ENTENTE_RELEASE is a release's folder; ENTENTE_EXPORT and ENTENTE_EXPORT_CSV are folders exported to.
"""

import hashlib
import os
import unittest
from pathlib import Path

import mlcroissant
import pyarrow.parquet as parquet
from frictionless import Checklist, Package, Resource

ROOT = Path(__file__).resolve().parents[3]
ROWS = 300  # of each table, to be checked value by value
FOLDERS = {name: Path(os.environ[name]) for name in ("ENTENTE_RELEASE", "ENTENTE_EXPORT", "ENTENTE_EXPORT_CSV")}


def typed(resource, path):
    """A Parquet table's first rows as a resource of its own: Frictionless reads Parquet through pandas, where a
    missing integer turns into a number that is none."""
    batch = next(parquet.ParquetFile(path).iter_batches(ROWS), None)
    fields = [field.name for field in resource.schema.fields]
    rows = [list(row.values()) for row in batch.to_pylist()] if batch else []
    return Resource(name="rows", data=[fields, *rows], schema=resource.schema)


class Packages(unittest.TestCase):
    def resources(self):
        for name, folder in FOLDERS.items():
            package = Package(str(folder / "datapackage.json"))
            self.assertGreater(len(package.resources), 5, name)
            for resource in package.resources:
                yield name, folder, resource

    def test_files_are_those_described(self):
        for name, folder, resource in self.resources():
            with self.subTest(folder=name, table=resource.name):
                content = (folder / resource.path).read_bytes()
                self.assertEqual(resource.bytes, len(content))
                self.assertEqual(resource.hash, "sha256:" + hashlib.sha256(content).hexdigest())

    def test_rows_have_the_types_described(self):
        for name, folder, resource in self.resources():
            with self.subTest(folder=name, table=resource.name):
                path = folder / resource.path
                if resource.format == "parquet":
                    columns = parquet.read_schema(path).names
                    self.assertEqual([field.name for field in resource.schema.fields], columns)
                    report = typed(resource, path).validate()
                else:  # size and hash are of the whole file, which is not read here; they are checked above
                    report = resource.validate(Checklist(skip_errors=["hash-count", "byte-count"]), limit_rows=ROWS)
                self.assertTrue(report.valid, report.flatten(["rowNumber", "fieldName", "message"])[:5])

    def test_croissant_has_no_error_and_no_warning(self):
        for name, folder in FOLDERS.items():
            with self.subTest(name):
                metadata = mlcroissant.Dataset(jsonld=str(folder / "croissant.json")).metadata
                self.assertEqual((set(), set()), (metadata.ctx.issues.errors, metadata.ctx.issues.warnings))
                described = {resource.name: resource for resource in Package(str(folder / "datapackage.json")).resources}
                self.assertEqual(list(described), [record_set.id for record_set in metadata.record_sets])

    def test_croissant_of_tables_in_parts_and_of_every_type(self):
        golden = ROOT / "pipeline" / "release" / "metadata" / "testdata" / "croissant.json"
        metadata = mlcroissant.Dataset(jsonld=str(golden)).metadata
        self.assertEqual((set(), set()), (metadata.ctx.issues.errors, metadata.ctx.issues.warnings))
        self.assertEqual(["core.resolutions/files"], [files.id for files in metadata.file_sets])

    def test_croissant_reads_rows(self):
        for name in ("ENTENTE_EXPORT", "ENTENTE_EXPORT_CSV"):
            with self.subTest(name):
                dataset = mlcroissant.Dataset(jsonld=str(FOLDERS[name] / "croissant.json"))
                row = next(iter(dataset.records("core.treaties")))
                self.assertEqual(b"atop:3015", row["core.treaties/treaty_id"])
                self.assertEqual((1945, 3, 22), row["core.treaties/signed_date"].timetuple()[:3])
                self.assertEqual(1945, row["core.treaties/signed_year"])


if __name__ == "__main__":
    unittest.main()
