"""What a person reads."""

from rich.console import Console, RenderableType


def as_text(renderable: RenderableType) -> str:
    """The renderable at 80 columns, without colours."""
    console = Console(width=80, no_color=True)
    with console.capture() as capture:
        console.print(renderable)
    return capture.get()
