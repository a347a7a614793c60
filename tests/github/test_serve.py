"""The double in a process of its own."""

import json
import pickle
import subprocess
import sys
from pathlib import Path

import requests

from tests.github import Release, Upstream


def test_it_serves_until_its_input_ends(tmp_path: Path, http: requests.Session) -> None:
    world = tmp_path / "world"
    world.write_bytes(pickle.dumps([Upstream("a/b", 11, releases=[Release("v1")])]))
    folder = tmp_path / "catalog"
    folder.mkdir()
    (folder / "README.md").write_text("Hello\n")
    command = [sys.executable, "-m", "tests.github.serve", "--world", str(world), "--folder", str(folder)]
    root = Path(__file__).parents[2]
    with subprocess.Popen(command, cwd=root, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        url = process.stdout.readline().strip()
        query = (
            '{ repository(owner: "exporterhub", name: "exporterhub") { object(expression: "main:README.md") { id } } }'
        )
        for _ in range(2):
            http.get(f"{url}/repos/a/b/releases/latest", timeout=10)
            http.post(f"{url}/graphql", json={"query": query}, timeout=10)
            process.stdin.write("report\n")
            process.stdin.flush()
            assert json.loads(process.stdout.readline()) == {
                "requests": 2,
                "writes": 0,
                "points": 1,
                "operations": {"repos/get-latest-release": 1, "repository": 1},
                "violations": [],
            }
        process.stdin.close()
        assert process.wait(10) == 0
