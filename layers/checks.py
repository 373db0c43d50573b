"""What an operator should know of this machine before strangers' files are read on it."""

from __future__ import annotations

from typing import Any

from django.core.checks import CheckMessage, Tags, Warning, register

from layers import sandbox


@register(Tags.security, deploy=True)
def sandbox_is_whole(**_: Any) -> list[CheckMessage]:
    """W001: what the kernel lacks, the reader of publishers' files goes without."""
    lacking = sandbox.lacking()
    if not lacking:
        return []
    return [
        Warning(
            f"Publishers' files are read without {' and '.join(lacking)} on this machine.",
            hint="Use a kernel from 5.13 on x86_64 or aarch64, in a container one whose runtime "
            "allows landlock and seccomp; otherwise limits alone hold a reader that a file has "
            "taken over.",
            id="layers.W001",
        )
    ]
