"""Runs a notebook from beginning to end, in its folder.

run_notebook.py NOTEBOOK [PICTURES]: prints for each cell of code what kinds of output it has, as JSON; with a folder PICTURES, its
plots are written there as PNG.
"""

import base64
import json
import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient

path = Path(sys.argv[1])
notebook = nbformat.read(path, as_version=4)
nbformat.validate(notebook)
NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(path.parent)}}).execute()
kinds = []
for number, cell in enumerate(cell for cell in notebook.cells if cell.cell_type == "code"):
    kinds.append([])
    for output in cell.outputs:
        kinds[-1].append(output.output_type if "data" not in output else "picture" if "image/png" in output.data else "table")
        if len(sys.argv) > 2 and "image/png" in output.get("data", {}):
            Path(sys.argv[2]).mkdir(exist_ok=True)
            (Path(sys.argv[2]) / f"{number}.png").write_bytes(base64.b64decode(output.data["image/png"]))
print(json.dumps(kinds))
