"""The one error that slapg shows to people."""


class SlapgError(Exception):
    """Something a person can mend: shown as one line and a hint, never as a traceback.

    `message` names the thing that is wrong, `hint` says what to do about it.
    `exit_code` is that of the command line: 1 found a problem, 2 wrong use.
    """

    def __init__(self, message: str, *, hint: str | None = None, exit_code: int = 1) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.exit_code = exit_code
