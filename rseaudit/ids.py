"""Short, stable names for things: hashes of what a thing *is*, never of where it stands."""

from __future__ import annotations

from hashlib import blake2b


def short_hash(*parts: str) -> str:
    """Return 16 hexadecimal digits (64 bits) for the parts, in order.

    Parts are length-prefixed, so ``("ab", "c")`` and ``("a", "bc")`` differ.
    """
    digest = blake2b(digest_size=8)
    for part in parts:
        data = part.encode("utf-8", "surrogatepass")
        digest.update(len(data).to_bytes(8, "big"))
        digest.update(data)
    return digest.hexdigest()
