"""No library that we load reports on its user: what forbids it is set before any of them is loaded.

| variable | what it forbids |
|---|---|
| `ORT_DISABLE_TELEMETRY` | onnxruntime (1.32): a lasting device number in the user's cache folder, and events sent to \
its maker with system, processor and path of the interpreter (its Privacy.md) |
| `HF_HUB_DISABLE_TELEMETRY` | huggingface_hub: reports of use, and what is installed in each request |
"""

from __future__ import annotations

import os

FORBIDDING = ("ORT_DISABLE_TELEMETRY", "HF_HUB_DISABLE_TELEMETRY")


def forbid() -> None:
    """Set the variables that are not set yet; children of this process get them too.

    A value that the user gave stays. Without effect on a library that the program loaded before ours.
    """
    for name in FORBIDDING:
        os.environ.setdefault(name, "1")
