"""A tenant's own templates, from rows and files, in place of the shipped ones."""

import contextlib
import traceback
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from uuid import UUID

from jinja2 import Template, TemplateError

from slapg.notifier.language import Language, chain

LAYOUTS = ("layout.txt", "layout.html")
KINDS = ("warning", "breach", "escalation", "response_met", "resolution_met", "digest")

Row = tuple[str, str, str]
"""Template, locale (empty: any), body."""

_TENANTS_KEPT = 256


@dataclass(frozen=True)
class Override:
    """One template of a tenant's own."""

    template: str
    locale: str
    body: str
    source: str
    """What it is to whoever has to mend it: a row, or a file."""

    def __str__(self) -> str:
        locale = f" ({self.locale})" if self.locale else ""
        return f"template {self.template}{locale} from {self.source}"


@dataclass
class TenantTemplates:
    """The overrides of one tenant at one version of its configuration, compiled as they are used."""

    overrides: tuple[Mapping[tuple[str, str], Override], ...] = ()
    """By template and locale; the first that has one wins."""
    problem: str | None = None
    """Why the tenant's rows could not be read, if so."""
    compiled: dict[tuple[str, str, Language], Template | Exception] = field(default_factory=dict)

    @property
    def locales(self) -> frozenset[str]:
        """Languages that the tenant has words for."""
        return frozenset(locale for found in self.overrides for _, locale in found if locale)

    def find(self, template: str, locale: str) -> Override | None:
        """The tenant's own for a language; None: use the shipped one."""
        for found in self.overrides:
            for near in (*chain(locale), ""):
                if override := found.get((template, near)):
                    return override
        return None


class OverrideStore:
    """Overrides of all tenants, read when a message of a new version of their configuration comes."""

    def __init__(
        self, folder: Path | None = None, load_rows: Callable[[UUID], Iterable[Row]] | None = None
    ) -> None:
        self._folder = folder
        self._load_rows = load_rows
        self._known: OrderedDict[UUID, tuple[int, TenantTemplates]] = OrderedDict()
        self._lock = Lock()

    def of(self, tenant_id: UUID, config_version: int) -> TenantTemplates:
        """The tenant's templates. What cannot be read is told in `problem` and tried again next time."""
        if self._folder is None and self._load_rows is None:
            return _NONE
        with self._lock:
            version, known = self._known.get(tenant_id, (None, _NONE))
            if version == config_version:
                self._known.move_to_end(tenant_id)
                return known
        templates = self._read(tenant_id)
        if templates.problem is None:
            self._remember(tenant_id, config_version, templates)
        return templates

    def _remember(self, tenant_id: UUID, config_version: int, templates: TenantTemplates) -> None:
        with self._lock:
            self._known[tenant_id] = (config_version, templates)
            self._known.move_to_end(tenant_id)
            while len(self._known) > _TENANTS_KEPT:
                self._known.popitem(last=False)

    def _read(self, tenant_id: UUID) -> TenantTemplates:
        problem, rows = None, {}
        try:
            if self._load_rows is not None:
                rows = _by_name(self._load_rows(tenant_id))
        except Exception as error:  # whatever keeps the words away, the message goes out
            problem = f"the tenant's templates could not be read: {one_line(error)}"
        folders = [] if self._folder is None else [self._folder / str(tenant_id), self._folder]
        return TenantTemplates((rows, *map(_read_folder, folders)), problem)


_NONE = TenantTemplates()


def explain(override: Override, error: Exception) -> str:
    """One line: which override, what is wrong with it, and in which line of it."""
    line = error.lineno if isinstance(error, TemplateError) and hasattr(error, "lineno") else None
    for frame in traceback.extract_tb(error.__traceback__):
        if frame.filename == str(override):
            line = frame.lineno
    where = f", line {line}" if line else ""
    return f"{override}{where}: {one_line(error)}; the shipped one was used"


def one_line(error: Exception) -> str:
    """`UndefinedError: 'x' is undefined`, not too long."""
    said = " ".join(f"{type(error).__name__}: {error}".split())
    return said if len(said) <= 200 else f"{said[:199]}…"


def _by_name(rows: Iterable[Row]) -> dict[tuple[str, str], Override]:
    return {
        (template, near): Override(template, locale, body, "sla.message_templates")
        for template, locale, body in rows
        for near in (chain(locale)[:1] or (locale,))
    }


def _read_folder(folder: Path) -> dict[tuple[str, str], Override]:
    """`FOLDER/warning.txt`, `FOLDER/de/warning.txt`, and so on for each template."""
    found = {}
    locales = {"": folder}
    with contextlib.suppress(OSError):
        locales |= {place.name: place for place in folder.iterdir() if place.is_dir() and chain(place.name)}
    for locale, place in locales.items():
        for template in (*KINDS, *LAYOUTS):
            path = place / (template if template in LAYOUTS else f"{template}.txt")
            with contextlib.suppress(FileNotFoundError, NotADirectoryError):
                near = chain(locale)[0] if locale else ""
                body = path.read_text(encoding="utf-8", errors="replace")
                found[template, near] = Override(template, near, body, str(path))
    return found
