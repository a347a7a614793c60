"""The JSON Schemas of the catalog's own formats."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema_rs

_PACKAGE = Path(__file__).parent.parent
# In a checkout the schemas lie where editors are pointed to, beside the package; a wheel carries them inside.
_FOLDERS = (_PACKAGE / "schemas", _PACKAGE.parent / "schemas")


@cache
def schema(name: str) -> Any:
    """A schema by its file name without .schema.json, as plain JSON data."""
    folder = next(folder for folder in _FOLDERS if (folder / f"{name}.schema.json").is_file())
    return json.loads((folder / f"{name}.schema.json").read_text(encoding="utf-8"))


@cache
def validator(name: str) -> jsonschema_rs.Draft202012Validator:
    """The validator of a schema."""
    return jsonschema_rs.Draft202012Validator(schema(name))
