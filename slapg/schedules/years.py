"""A run of years, as it is written on the command line."""

import re
from datetime import date

from slapg.errors import SlapgError

LONGEST = 50
DEFAULT_LENGTH = 3


def parse_years(text: str | None, today: date) -> range:
    """`2026` or `2026-2028`; None is this year and the next two. Raises `SlapgError` (wrong use)."""
    if text is None:
        return range(today.year, today.year + DEFAULT_LENGTH)
    match = re.fullmatch(r"\s*(\d{4})(?:\s*-\s*(\d{4}))?\s*", text)
    first, last = (int(match[1]), int(match[2] or match[1])) if match else (0, 0)
    if not 1 <= first <= last or last - first >= LONGEST:
        raise SlapgError(
            f'expected years such as 2026 or 2026-2028, at most {LONGEST}, found "{text}"', exit_code=2
        )
    return range(first, last + 1)
