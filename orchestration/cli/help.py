"""What the commands' help shares."""


def examples(*lines: str) -> str:
    """Examples at the foot of a command's help, one line each."""
    return "[bold]Examples[/bold]\n\n" + "\n\n".join(f"  $ {line}" for line in lines)
