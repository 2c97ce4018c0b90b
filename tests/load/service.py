"""A load on a running service: many connections for a time, then what was answered and how its memory grew.

    python tests/load/service.py --pid PID [--url http://127.0.0.1:8000] [--connections 32] [--seconds 60]

Not a test: run it beside `bilan serve`. Exit code 1 when an answer was none of 200, 429 and 503.
"""

from __future__ import annotations

import argparse
import asyncio
import time
from collections import Counter
from pathlib import Path

import httpx

SEED = Path(__file__).resolve().parents[2] / "seeds/koursk-2025-02-07.txt"


def memory(pid: int) -> float:
    """Resident memory of a process in MiB (Linux)."""
    line = next(line for line in Path(f"/proc/{pid}/status").read_text().splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


async def ask(client: httpx.AsyncClient, texts: list[str], until: float, seen: Counter[str], waits: list[float]) -> None:
    """Readings one after the other until the time is over; a refusal is waited out as it says."""
    number = 0
    while time.monotonic() < until:
        begun = time.monotonic()
        try:
            answer = await client.post("/read", json={"text": texts[number % len(texts)], "date": "2025-02-07"})
            seen[str(answer.status_code)] += 1
            if answer.status_code == 200:
                waits.append(time.monotonic() - begun)
            else:
                await asyncio.sleep(min(float(answer.headers.get("retry-after", 1)), 1.0))
        except httpx.HTTPError as error:
            seen[type(error).__name__] += 1
        number += 1


async def load(url: str, pid: int, connections: int, seconds: float) -> int:
    """The load, with memory every tenth of the time; the exit code."""
    article = SEED.read_text(encoding="utf-8")
    texts = [article, *(line for line in article.splitlines() if line), article[:200]]
    seen: Counter[str] = Counter()
    waits: list[float] = []
    limits = httpx.Limits(max_connections=connections)
    async with httpx.AsyncClient(base_url=url, timeout=120, limits=limits) as client:
        until = time.monotonic() + seconds
        clients = [asyncio.create_task(ask(client, texts, until, seen, waits)) for _ in range(connections)]
        rss = [memory(pid)]
        for _ in range(10):
            await asyncio.sleep(seconds / 10)
            rss.append(memory(pid))
        await asyncio.gather(*clients)
    waits.sort()
    print("answers", dict(seen))
    if waits:
        print(f"read: median {waits[len(waits) // 2]:.2f} s, p99 {waits[int(len(waits) * 0.99)]:.2f} s")
    print("memory, MiB:", " ".join(f"{value:.0f}" for value in rss))
    return int(bool(seen.keys() - {"200", "429", "503"}))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pid", type=int, required=True)
    parser.add_argument("--url", default="http://127.0.0.1:8000")
    parser.add_argument("--connections", type=int, default=32)
    parser.add_argument("--seconds", type=float, default=60)
    given = parser.parse_args()
    raise SystemExit(asyncio.run(load(given.url, given.pid, given.connections, given.seconds)))
