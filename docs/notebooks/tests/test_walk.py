"""The two walks run against an export of the sample, agree, and show what the committed notebook shows.

ENTENTE_EXPORT and ENTENTE_EXPORT_CSV are the folders exported to. With ENTENTE_UPDATE=1 the notebook's
outputs are written again; look at its charts before you commit them.
"""

import csv
import os
import subprocess
import tempfile
import unittest
from pathlib import Path

import nbclient
import nbformat
from traitlets.config import Config

HERE = Path(__file__).resolve().parent.parent
NOTEBOOK = HERE / "walk.ipynb"
CHARTS = ("alignment", "dependence", "treaties")


def outputs(notebook):
    """What each cell says, as text; of a picture, that it is there: its bytes differ with fonts."""
    said = []
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            text = output.get("text") or data.get("text/plain", "")
            said.append((cell["id"], "picture" if "image/png" in data else text))
    return said


def rows(path):
    """A chart's numbers, to six digits, without regard to how a language writes them."""
    with path.open(newline="") as file:
        for row in csv.DictReader(file):
            yield {name: number(value) for name, value in row.items()}


def number(value):
    try:
        return float(f"{float(value):.6g}")
    except ValueError:
        return value


class Walk(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.folder.cleanup)
        folder = Path(cls.folder.name)
        cls.python, cls.r = folder / "python", folder / "r"
        os.environ["ENTENTE_CHARTS"] = str(cls.python)
        cls.notebook = nbformat.read(NOTEBOOK, as_version=4)
        cls.committed = outputs(cls.notebook)
        # sockets in the folder that goes away, rather than ports that others on the machine could reach
        local = Config(KernelManager={"transport": "ipc", "ip": str(folder / "kernel")})
        nbclient.NotebookClient(cls.notebook, config=local, timeout=300, record_timing=False).execute()
        if os.environ.get("ENTENTE_UPDATE"):
            cls.notebook.metadata["language_info"] = {"name": "python"}
            nbformat.write(cls.notebook, NOTEBOOK)
            cls.committed = outputs(cls.notebook)
        subprocess.run(
            ["Rscript", HERE / "walk.R", os.environ["ENTENTE_EXPORT_CSV"], cls.r], check=True, stdout=subprocess.DEVNULL
        )

    def test_notebook_shows_what_it_gives(self):
        self.assertEqual(
            self.committed, outputs(self.notebook),
            "walk.ipynb shows other numbers than the sample gives now; write them again with ENTENTE_UPDATE=1",
        )

    def test_charts_are_drawn(self):
        for folder in (self.python, self.r):
            for chart in CHARTS:
                picture = (folder / f"{chart}.png").read_bytes()
                self.assertEqual(b"\x89PNG", picture[:4])
                self.assertGreater(len(picture), 10_000, f"{folder.name}: {chart} is empty")

    def test_languages_agree(self):
        for chart in CHARTS:
            with self.subTest(chart):
                python, r = (list(rows(folder / f"{chart}.csv")) for folder in (self.python, self.r))
                self.assertGreater(len(python), 2)
                self.assertEqual(python, r)


if __name__ == "__main__":
    unittest.main()
