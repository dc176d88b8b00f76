"""A YAML file as plain data that still knows where each value stands in the file."""

import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, ReusedAnchorWarning, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from slapg.policies.problems import PolicyFileError, Position, Problem, Step

MERGE = "tag:yaml.org,2002:merge"
TIMESTAMP = "tag:yaml.org,2002:timestamp"


@dataclass
class Document:
    """What a file says: `data` as dicts, lists, texts, numbers, booleans and None; dates stay texts."""

    name: str
    """How messages call the file."""
    data: Any
    root: Node | None

    def position(self, path: tuple[Step, ...], *, at_key: bool = False) -> Position:
        """Where the value of a path stands, or its key; of a path that the file lacks, what is nearest."""
        found, node = self.root, self.root
        for step in path:
            item = _child(node, step)
            if item is None:
                break
            key, node = item
            # A value that was left empty is where the next key stands: its own key is nearer.
            empty = node.start_mark.index == node.end_mark.index
            found = key if key is not None and (at_key or empty) else node
        if found is None:
            return Position(1, 1)
        return Position(found.start_mark.line + 1, found.start_mark.column + 1)


def load(path: Path) -> Document:
    """Read a file. Raises `PolicyFileError` when it is no YAML, `OSError` when it cannot be opened."""
    return parse(path.read_bytes(), path.name)


def parse(content: bytes, name: str) -> Document:
    """Read YAML 1.2 from UTF-8. Raises `PolicyFileError` that names line and column."""
    yaml = YAML(typ="safe", pure=True)
    try:
        with warnings.catch_warnings():
            # An anchor may be given again: the newest counts.
            warnings.simplefilter("ignore", ReusedAnchorWarning)
            root = yaml.compose(content.decode("utf-8-sig"))
        return Document(name, _Builder(yaml).build(root) if root is not None else None, root)
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise PolicyFileError(name, [Problem(Position(line, 1), (), "is not UTF-8 text")]) from error
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        position = Position(mark.line + 1, mark.column + 1) if mark else Position(1, 1)
        words = " ".join(filter(None, (error.context, error.problem)))
        raise PolicyFileError(name, [Problem(position, (), f"is not YAML: {words}")]) from error
    except RecursionError as error:
        raise PolicyFileError(name, [Problem(Position(1, 1), (), "is nested too deeply")]) from error
    except YAMLError as error:
        words = str(error).strip().partition("\n")[0]
        raise PolicyFileError(name, [Problem(Position(1, 1), (), f"is not YAML: {words}")]) from error


@dataclass
class _Builder:
    """Makes data of nodes, each node once: an anchor used a thousand times costs no more than one."""

    yaml: YAML
    made: dict[int, Any] = field(default_factory=dict)
    open: set[int] = field(default_factory=set)

    def build(self, node: Node) -> Any:
        if id(node) in self.open:
            raise MarkedYAMLError(problem="an anchor stands inside itself", problem_mark=node.start_mark)
        if id(node) not in self.made:
            self.open.add(id(node))
            self.made[id(node)] = self._make(node)
            self.open.discard(id(node))
        return self.made[id(node)]

    def _make(self, node: Node) -> Any:
        if isinstance(node, MappingNode):
            return self._mapping(node)
        if isinstance(node, SequenceNode):
            return [self.build(item) for item in node.value]
        if node.tag == TIMESTAMP:
            return node.value
        try:
            value = self.yaml.constructor.construct_object(node)
        except (ArithmeticError, LookupError, ValueError, TypeError, AttributeError):
            raise MarkedYAMLError(problem=f"no {node.tag}", problem_mark=node.start_mark) from None
        return _whole(value, node) if isinstance(value, str) else value

    def _mapping(self, node: MappingNode) -> dict[Any, Any]:
        merged: dict[Any, Any] = {}
        own: dict[Any, Any] = {}
        for key_node, value_node in node.value:
            if key_node.tag == MERGE:
                for source in _merged(value_node):
                    merged = self.build(source) | merged
                continue
            key = self.build(key_node) if isinstance(key_node, ScalarNode) else None
            if not isinstance(key, str | int):
                raise MarkedYAMLError(problem="a key must be a name", problem_mark=key_node.start_mark)
            if key in own:
                raise MarkedYAMLError(problem=f'"{key}" stands here twice', problem_mark=key_node.start_mark)
            own[key] = self.build(value_node)
        return merged | own


def _whole(text: str, node: Node) -> str:
    """JSON writes what lies beyond the first 65,536 characters as two halves."""
    try:
        return text.encode("utf-16", "surrogatepass").decode("utf-16")
    except UnicodeDecodeError:
        raise MarkedYAMLError(problem="half a character", problem_mark=node.start_mark) from None


def _merged(node: Node) -> Iterator[MappingNode]:
    for source in node.value if isinstance(node, SequenceNode) else [node]:
        if not isinstance(source, MappingNode):
            raise MarkedYAMLError(problem="<< needs a mapping", problem_mark=source.start_mark)
        yield source


def _child(node: Node | None, step: Step) -> tuple[Node | None, Node] | None:
    """Key and value of a step down; a merged key is found where it was written."""
    if isinstance(node, SequenceNode) and isinstance(step, int) and step < len(node.value):
        return None, node.value[step]
    if not isinstance(node, MappingNode):
        return None
    for key, value in node.value:
        if key.tag != MERGE and key.value == str(step):
            return key, value
    merges = (source for key, value in node.value if key.tag == MERGE for source in _merged(value))
    return next((found for source in merges if (found := _child(source, step))), None)
