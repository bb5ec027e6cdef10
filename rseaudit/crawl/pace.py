"""How fast one host is asked by this process, whichever of its sources and accounts asks.

Scrapy keeps one such limit a spider: two accounts on one host would ask twice as much of it.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable, Mapping

from rseaudit.config.settings import Politeness

_LONGEST_DELAY_S = 30.0


class NotNow(Exception):
    """A leased address cannot be asked for at present; it goes back, and the attempt does not count."""

    def __init__(self, wait_s: float) -> None:
        super().__init__("the host cannot be asked now")
        self.wait_s = wait_s


def adjusted(delay_s: float, *, latency_s: float, at_once: int, least_s: float, sound: bool) -> float:
    """Return the next delay between two requests (Scrapy's AutoThrottle).

    It aims at ``at_once`` requests under way, goes up at once and down by halves, and never down on
    an answer that is not ``sound``: error pages come fast.
    """
    target = latency_s / at_once
    new = max(target, (delay_s + target) / 2)
    new = min(max(least_s, new), max(least_s, _LONGEST_DELAY_S))
    return new if sound or new > delay_s else delay_s


class Pace:
    """The door of one host: requests pass one after the other, as many at once and as often as it allows."""

    def __init__(self, limits: Iterable[Politeness]) -> None:
        known = tuple(limits)
        self.at_once = min(limit.concurrency for limit in known)
        self._least_s = max(limit.delay_s for limit in known)
        self._adjusts = any(limit.autothrottle for limit in known)
        starts = [limit.start_delay_s for limit in known if limit.autothrottle]
        self.delay_s = max((self._least_s, *starts))
        self._inside = 0
        self._opens = 0.0
        self._held_until = 0.0
        self._door = asyncio.Lock()
        self._left = asyncio.Event()

    @property
    def wait_s(self) -> float:
        """The seconds for which the host has asked to be left alone."""
        return max(0.0, self._held_until - time.monotonic())

    def hold(self, seconds: float) -> None:
        """Let nothing pass for a while."""
        self._held_until = max(self._held_until, time.monotonic() + seconds)

    def slow_to(self, delay_s: float) -> None:
        """Let at least this time pass between two requests from now on."""
        self._least_s = max(self._least_s, delay_s)
        self.delay_s = max(self.delay_s, delay_s)

    async def enter(self, *, patient: bool) -> None:
        """Wait for the turn of a request; ``leave`` must follow.

        One that is not ``patient`` is not kept waiting by a host that wants to be left alone: ``NotNow``.
        """
        if self.wait_s and not patient:
            raise NotNow(self.wait_s)
        async with self._door:
            while (wait := self._closed_for(patient=patient)) != 0:
                if wait > 0:
                    await asyncio.sleep(wait)
                else:
                    self._left.clear()
                    await self._left.wait()
            self._inside += 1
            self._opens = time.monotonic() + self.delay_s

    def _closed_for(self, *, patient: bool) -> float:
        """Return the seconds to wait, 0 for none, -1 for as long as nobody leaves."""
        held = self.wait_s
        if held and not patient:
            raise NotNow(held)
        if self._inside >= self.at_once:
            return -1
        return max(0.0, held, self._opens - time.monotonic())

    def leave(self, *, latency_s: float | None, sound: bool) -> None:
        """Make room for the next request, and learn from how long this one took."""
        self._inside -= 1
        self._left.set()
        if self._adjusts and latency_s is not None:
            self.delay_s = adjusted(
                self.delay_s, latency_s=latency_s, at_once=self.at_once, least_s=self._least_s, sound=sound
            )


class Paces:
    """The pace of every host that a process asks."""

    def __init__(self, limits: Mapping[str, Iterable[Politeness]], default: Politeness) -> None:
        self._known = {host: Pace(found) for host, found in limits.items()}
        self._default = default

    def of(self, host: str) -> Pace:
        """Return the pace of a host; where several sources share it, the gentlest limits hold."""
        if (pace := self._known.get(host)) is None:
            pace = self._known[host] = Pace((self._default,))
        return pace
