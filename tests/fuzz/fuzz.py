"""Fuzzing, guided by coverage (atheris): bytes in, and nothing but a BilanError may come out.

    python tests/fuzz/fuzz.py TARGET… [--seconds 60] [--seed 1] [--keep FOLDER]    (all: every target)
    python tests/fuzz/fuzz.py TARGET --replay FILE

Not a test: needs `pip install atheris` (and schemathesis for the target `service`). A finding is an exception
that is not ours, a broken property (`targets`), more than a second of computing and another for each 10 kB, or
more than 50 times the input, or what was written of it, in memory. Each is told once, with its input; the exit code is 1 when there are some.
"""

from __future__ import annotations

import argparse
import hashlib
import logging
import os
import resource
import shutil
import signal
import sys
import tempfile
import time
import traceback
import tracemalloc
import types
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from importlib import import_module
from pathlib import Path
from random import Random
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from bilan.data.errors import BilanError

from tests.fuzz import mutate, readers
from tests.fuzz.targets import TARGETS, Target

SECONDS, BYTES = 1.0, 10_000  # of computing for so many bytes, on top of the same again
TIMES, BASE = 50, 4_000_000  # of the input in memory, on top of a base in bytes (the targets make logits of their own)
TRACED = 40  # one run in so many has its memory traced, which makes it slow
LONGEST = 32_768  # bytes of an input
CEILING = 6 * 2**30  # bytes of memory of this process: an explosion is a MemoryError
OURS = tuple(f"/{room}/" for room in ("data", "models", "eval", "train"))


class Slow(BaseException):
    """An input took too long; no `except Exception` holds it up."""


class Findings:
    """What went wrong, once for each kind of error and place."""

    def __init__(self, name: str, keep: Path | None) -> None:
        self.name, self.keep, self.runs, self.begun = name, keep, 0, time.monotonic()
        self.seen: dict[str, int] = {}

    def add(self, error: BaseException, data: bytes) -> None:
        """Tell a finding when it is new; count it otherwise."""
        mark = _mark(error)
        self.seen[mark] = self.seen.get(mark, 0) + 1
        if self.seen[mark] > 1:
            return
        shown = repr(data) if len(data) <= 2000 else f"{data[:300]!r}… ({len(data)} bytes)"
        print(f"\nFOUND {self.name}: {mark}\n  {type(error).__name__}: {str(error)[:900]}\n  input {shown}", flush=True)
        if self.keep:
            self.keep.mkdir(parents=True, exist_ok=True)
            (self.keep / f"{self.name}-{hashlib.sha1(mark.encode()).hexdigest()[:8]}").write_bytes(data)

    def summary(self) -> str:
        """One row: target, executions, seconds, findings."""
        return f"{self.name} | {self.runs} | {time.monotonic() - self.begun:.0f} | {len(self.seen)}"


def _mark(error: BaseException) -> str:
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if any(room in frame.filename for room in OURS)]
    place = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    return str(error).partition(":")[0] if isinstance(error, AssertionError) else f"{type(error).__name__} {place}"


def guarded(target: Target, findings: Findings, data: bytes) -> None:
    """One run of a target under the limits."""
    findings.runs += 1
    traced = findings.runs % TRACED == 0
    if traced:
        tracemalloc.start()
    signal.setitimer(signal.ITIMER_PROF, (SECONDS + SECONDS * len(data) / BYTES) * (4 if traced else 1))
    try:
        target.run(data)
        peak = tracemalloc.get_traced_memory()[1] if traced else 0
        most = max(len(data), readers.written())
        readers.check(peak <= BASE + TIMES * most, "too much memory", peak, most)
    except BilanError as error:
        findings.add(AssertionError(f"a BilanError that was not expected: {error}"), data)
    except (Exception, Slow) as error:
        findings.add(error, data)
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        if traced:
            tracemalloc.stop()


def too_slow(*_: Any) -> None:
    """The clock of computing has rung."""
    raise Slow("took too long")


def instrumented(atheris: Any) -> int:
    """Watch the branches of every function of the project; how many there are."""
    count = 0
    for name, module in list(sys.modules.items()):
        if name.startswith("bilan."):
            for value in list(vars(module).values()):
                found = list(vars(value).values()) if isinstance(value, type) and value.__module__ == name else [value]
                for function in found:
                    if isinstance(function, types.FunctionType) and function.__module__ == name:
                        atheris.instrument_func(function)
                        count += 1
    return count


def needed(name: str) -> Any:
    """A library that is no dependency of ours; the process ends where it is missing, with the way to get it."""
    try:
        return import_module(name)
    except ImportError:
        sys.exit(f"error: fuzzing needs {name}; pip install {name}")


def fuzz(name: str, *, seconds: int, seed: int, keep: Path | None) -> None:
    """Fuzz a target for some seconds, tell what is found, and end the process."""
    atheris = needed("atheris")
    target, findings = TARGETS[name], Findings(name, keep)
    signal.signal(signal.SIGPROF, too_slow)
    readers.warm()
    corpus, seeds = Path(tempfile.mkdtemp(prefix="corpus-")), target.seeds()
    with suppress(Exception):
        target.run(seeds[0])  # imports what it needs, before the clock runs
    for number, content in enumerate(seeds):
        (corpus / str(number)).write_bytes(content)
    print(f"{name}: {instrumented(atheris)} functions, {len(seeds)} seeds", flush=True)

    def one(data: bytes) -> None:
        guarded(target, findings, data)
        if time.monotonic() - findings.begun > seconds:
            print(findings.summary(), flush=True)
            shutil.rmtree(corpus, ignore_errors=True)
            shutil.rmtree(readers.desk(), ignore_errors=True)
            os._exit(bool(findings.seen))

    def mutated(data: bytes, most: int, number: int) -> bytes:
        random = Random(number)
        if random.random() < 0.2:
            return atheris.Mutate(data, most)
        return mutate.KINDS[target.kind](data, random)[:most]

    for content in seeds:
        guarded(target, findings, content)
    findings.begun = time.monotonic()
    atheris.Setup([name, f"-seed={seed}", f"-max_len={LONGEST}", "-timeout=3600", "-rss_limit_mb=0", "-verbosity=0",
                   f"-artifact_prefix={corpus}/", str(corpus)],
                  one, custom_mutator=mutated)
    atheris.Fuzz()


def service(*, seconds: int, seed: int, keep: Path | None) -> None:
    """Fuzz the service, by its OpenAPI description and with torn requests."""
    from tests.fuzz.calls import ask

    needed("schemathesis")
    findings = Findings("service", keep)
    ask(findings, until=time.monotonic() + seconds, seed=seed)
    print(findings.summary(), flush=True)
    os._exit(bool(findings.seen))


def forked(work: Callable[[], object]) -> int:
    """The exit code of some work in a process of its own: atheris ends the one that it runs in."""
    child = os.fork()
    if not child:
        try:
            work()
        except SystemExit as error:
            print(error, flush=True)
        except BaseException:
            traceback.print_exc()
        os._exit(2)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("targets", nargs="+", choices=[*TARGETS, "service", "all"], metavar="TARGET",
                        help=f"all, service, {', '.join(TARGETS)}")
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, help="a folder for the inputs of the findings")
    parser.add_argument("--replay", type=Path, help="run this one input, without coverage")
    options = parser.parse_args()
    logging.disable(logging.CRITICAL)
    os.environ["TOKENIZERS_PARALLELISM"] = "false"
    resource.setrlimit(resource.RLIMIT_DATA, (CEILING, CEILING))
    if options.replay:
        signal.signal(signal.SIGPROF, too_slow)
        findings = Findings(options.targets[0], None)
        guarded(TARGETS[options.targets[0]], findings, options.replay.read_bytes())
        sys.exit(bool(findings.seen))
    names = [*TARGETS, "service"] if "all" in options.targets else options.targets
    sys.exit(max(forked(partial(service if name == "service" else partial(fuzz, name), seconds=options.seconds,
                                seed=options.seed, keep=options.keep)) for name in names))


if __name__ == "__main__":
    main()
