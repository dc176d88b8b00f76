"""A policy file as text: the same configuration always gives the same bytes."""

from io import StringIO
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.scalarstring import DoubleQuotedScalarString

from slapg.policies.model import File

TABLES = {"priorities", "targets", "thresholds", "escalation_managers", "clients", "holidays"}
"""Their rows stand on one line each, like those of a table."""
LINE_BREAKS = frozenset("\x85\u2028\u2029")
"""Between single quotes these would be folded away, so they are written as escapes between double ones."""


def dump(file: File) -> str:
    """The file as YAML, sections with a blank line between them."""
    return "\n".join(_yaml({section: value}) for section, value in file.plain().items())


def _yaml(data: Any) -> str:
    yaml = YAML()
    yaml.width = 1_000_000  # a fold in a long name would be one more way to write it
    yaml.indent(mapping=2, sequence=4, offset=2)
    yaml.representer.add_representer(type(None), _null)
    text = StringIO()
    yaml.dump(_laid_out(data), text)
    return text.getvalue()


def _null(representer: Any, _: None) -> Any:
    return representer.represent_scalar("tag:yaml.org,2002:null", "null")


def _laid_out(value: Any, *, is_row: bool = False, are_rows: bool = False) -> Any:
    """Lists of plain values and rows of tables in one line, the rest in blocks."""
    if isinstance(value, dict):
        found = CommentedMap(
            (_laid_out(key), _laid_out(item, is_row=are_rows, are_rows=key in TABLES and not are_rows))
            for key, item in value.items()
        )
        if is_row or not value:
            found.fa.set_flow_style()
        return found
    if isinstance(value, list | tuple):
        items = CommentedSeq(_laid_out(item, is_row=are_rows) for item in value)
        if not any(isinstance(item, dict) for item in value):
            items.fa.set_flow_style()
        return items
    if isinstance(value, str) and not LINE_BREAKS.isdisjoint(value):
        return DoubleQuotedScalarString(value)
    return value
