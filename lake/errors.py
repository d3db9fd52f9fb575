"""Errors a user can act on: the message says what is wrong and what to do."""


class LakeError(Exception):
    """Something about the lake that its user can mend.

    Args:
        problem: what is wrong.
        remedy: what to do about it.
    """

    def __init__(self, problem: str, remedy: str) -> None:
        super().__init__(f"{problem}\n  Remedy: {remedy}")
        self.problem = problem
        self.remedy = remedy
