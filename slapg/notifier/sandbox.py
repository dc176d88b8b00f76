"""Where templates of a tenant's own run: no way out of them, and no mistake in them eats up the listener.

Whoever may write a tenant's templates is its administrator: the bounds are against slips, not against malice.
"""

from typing import Any

from jinja2 import StrictUndefined, select_autoescape
from jinja2.exceptions import SecurityError
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment

LONGEST = 10_000
"""Items of a range, and times that something is repeated."""


class CarefulEnvironment(ImmutableSandboxedEnvironment):
    """Jinja's sandbox with bounds on what one expression can make, and nothing to include."""

    intercepted_binops = frozenset(["*", "**"])

    def __init__(self) -> None:
        super().__init__(
            autoescape=select_autoescape(["html"]),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            extensions=["jinja2.ext.i18n"],
        )
        self.globals["range"] = _range
        del self.globals["lipsum"]

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """The product or power; not of a text times a million."""
        for side, other in ((left, right), (right, left)):
            too_long = isinstance(other, int | float) and abs(other) > LONGEST
            if not isinstance(side, int | float) and too_long:
                raise SecurityError(f"nothing is repeated more than {LONGEST} times")
        if operator == "**" and (abs(left) > LONGEST or abs(right) > 100):
            raise SecurityError("too large a power")
        return super().call_binop(context, operator, left, right)


def _range(*bounds: int) -> range:
    made = range(*bounds)
    if len(made) > LONGEST:
        raise SecurityError(f"a range has no more than {LONGEST} numbers")
    return made
