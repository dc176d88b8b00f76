"""The JSON Schema of policy files, as it ships with the package."""

import json
from importlib.resources import files

from slapg.policies.model import File

FILE_NAME = "policy.schema.json"


def schema_text() -> str:
    """The text of the schema."""
    return files("slapg.policies").joinpath(FILE_NAME).read_text(encoding="utf-8")


def generated_schema() -> str:
    """What it has to say: made from the model that reads the files.

    Titles go, for they only repeat the keys, and so do defaults: a key left out is left alone.
    """
    found = File.model_json_schema()
    _trim(found)
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "slapg policy file"}
    return json.dumps(head | found, indent=2, ensure_ascii=False) + "\n"


def _trim(node: object) -> None:
    if isinstance(node, list):
        for item in node:
            _trim(item)
    elif isinstance(node, dict):
        node.pop("title", None)
        node.pop("default", None)
        for item in node.values():
            _trim(item)


if __name__ == "__main__":
    print(generated_schema(), end="")
