"""What slapg's SQL refuses, the same whatever library carried the call."""

from slapg.errors import SlapgError

SQLSTATE_CLASS = "SL"


class SlaRefusedError(SlapgError):
    """The database refused the call (SQLSTATE class `SL`, listed in docs/errors.md).

    Like after any error of SQL, the transaction must be rolled back, or the savepoint around the call.
    """

    def __init__(self, message: str, *, hint: str | None, sqlstate: str) -> None:
        super().__init__(message, hint=hint)
        self.sqlstate = sqlstate


def refusal(error: BaseException | None) -> SlaRefusedError | None:
    """The refusal that a driver's exception stands for, None for any other error."""
    sqlstate = getattr(error, "sqlstate", None) or getattr(error, "pgcode", None)
    if not sqlstate or not sqlstate.startswith(SQLSTATE_CLASS):
        return None
    diagnosis = getattr(error, "diag", None)
    message = getattr(diagnosis, "message_primary", None) or str(error)
    return SlaRefusedError(message, hint=getattr(diagnosis, "message_hint", None), sqlstate=sqlstate)
