"""The one error type of the project: what happened, where, and how to mend it."""


class BilanError(ValueError):
    """A fault that the user can mend; commands print it as one line and exit with code 2.

    >>> str(BilanError("span ends before it starts", where="a.jsonl:3", mend="swap start and end"))
    'a.jsonl:3: span ends before it starts; swap start and end'
    """

    def __init__(self, what: str, *, where: object = "", mend: str = "") -> None:
        self.what = what
        self.where = str(where)
        self.mend = mend
        super().__init__(what)

    def __str__(self) -> str:
        """One line, `where: what; mend`, whatever the parts contain."""
        line = f"{self.where}: {self.what}" if self.where else self.what
        return " ".join(f"{line}; {self.mend}".split() if self.mend else line.split())

    def __reduce__(self) -> tuple:
        """Survive pickling, so that a worker process can report."""
        return _rebuild, (self.what, self.where, self.mend)


def _rebuild(what: str, where: str, mend: str) -> BilanError:
    return BilanError(what, where=where, mend=mend)
