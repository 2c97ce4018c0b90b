"""Many texts through one reader or several processes: restartable, one bad text never stops the rest."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context, parent_process
from threading import Thread

from ..data.document import Document
from ..data.errors import BilanError
from .journal import Journal, Keys, Place
from .onnx import cores
from .reader import Reader, load

TEXTS, CHARACTERS = 16, 60_000  # of one portion of work: it ends at the first that is reached
Given = Document | BilanError
Portion = Sequence[Document | BilanError | Place]
Work = Callable[[Sequence[Document]], list[Given]]


def read_portion(reader: Reader, documents: Sequence[Document]) -> list[Given]:
    """The predicted documents of a portion; where one fails, its error stands in its place."""
    try:
        return list(reader.read_many(documents))
    except BilanError as error:
        if len(documents) == 1:
            return [error]
        return [result for document in documents for result in read_portion(reader, [document])]


_loaded: Reader | BilanError | None = None  # of a worker process: its reader, or why it has none, by `_start`


def _start(model: str | None, threads: int) -> None:
    global _loaded
    Thread(target=_end_with_parent, daemon=True).start()
    try:
        _loaded = load(model, threads=threads)
    except BilanError as error:  # raised here it would be lost: the pool only says that it is broken
        _loaded = error


def _end_with_parent() -> None:
    """A worker whose parent was killed would wait for work for ever."""
    if parent := parent_process():
        parent.join()
        os._exit(1)


def _read_in_worker(documents: Sequence[Document]) -> list[Given]:
    assert _loaded is not None
    if isinstance(_loaded, BilanError):
        raise _loaded
    return read_portion(_loaded, documents)


@contextmanager
def workers(model: str | None, *, jobs: int, reader: Reader | None = None) -> Iterator[tuple[Executor, Work]]:
    """An executor with what it is to run: `jobs` processes with a reader each, or one thread for one job.

    Processes are spawned, not forked: torch's threads do not survive a fork.
    """
    if jobs == 1:
        loaded = reader or load(model)
        executor, work = ThreadPoolExecutor(1), lambda documents: read_portion(loaded, documents)
    else:
        threads = max(1, cores(None) // jobs)
        executor = ProcessPoolExecutor(jobs, get_context("spawn"), initializer=_start, initargs=(model, threads))
        work = _read_in_worker
    try:
        yield executor, work
    finally:
        executor.shutdown(wait=True, cancel_futures=True)


def read_all(texts: Iterable[Given], journal: Journal, *, keys: Keys, executor: Executor, work: Work,
             ahead: int = 2) -> Iterator[Place | BilanError]:
    """The place of each document in order, read now or found in the journal; errors in place of what failed.

    `ahead` portions are in work at once, so that memory does not grow with the number of texts. Raises
    BilanError when a worker process dies; what the journal holds stays.
    """
    waiting: deque[tuple[Portion, Future[list[Given]]]] = deque()
    try:
        for given in portions(texts):
            portion = [_known(each, journal, keys) for each in given]
            todo = [each for each in portion if isinstance(each, Document)]
            waiting.append((portion, executor.submit(work, todo)))
            if len(waiting) > ahead:
                yield from _settled(*waiting.popleft(), journal, keys)
        while waiting:
            yield from _settled(*waiting.popleft(), journal, keys)
    except BrokenExecutor as error:
        raise BilanError("a worker process died (out of memory?)",
                         mend="start the same command again: it goes on; fewer --jobs need less memory") from error


def _known(each: Given, journal: Journal, keys: Keys) -> Given | Place:
    return journal.places.get(keys(each), each) if isinstance(each, Document) else each


def _settled(portion: Portion, future: Future[list[Given]], journal: Journal,
             keys: Keys) -> Iterator[Place | BilanError]:
    results = iter(future.result())
    for each in portion:
        result = next(results) if isinstance(each, Document) else each
        yield journal.add(result, keys(result)) if isinstance(result, Document) else result


def portions(texts: Iterable[Given]) -> Iterator[list[Given]]:
    """The texts in order, some at a time."""
    held: list[Given] = []
    size = 0
    for each in texts:
        held.append(each)
        size += len(each.text) if isinstance(each, Document) else 0
        if len(held) >= TEXTS or size >= CHARACTERS:
            yield held
            held, size = [], 0
    if held:
        yield held
