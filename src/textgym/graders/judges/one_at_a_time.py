"""One question, asked once: whoever asks the same at the same time waits for the first to have the answer."""

import asyncio

from textgym.endpoints import PerLoop

_LOCKS: PerLoop[dict[str, tuple[asyncio.Lock, int]]] = PerLoop(dict)


class OneAtATime:
    """Waits until nobody else of this event loop is asking the same question."""

    def __init__(self, key: str) -> None:
        self._key = key

    async def __aenter__(self) -> None:
        locks = _LOCKS.get()
        lock, waiting = locks.get(self._key) or (asyncio.Lock(), 0)
        locks[self._key] = (lock, waiting + 1)
        try:
            await lock.acquire()
        except BaseException:
            self._leave()
            raise

    async def __aexit__(self, *_: object) -> None:
        _LOCKS.get()[self._key][0].release()
        self._leave()

    def _leave(self) -> None:
        locks = _LOCKS.get()
        lock, waiting = locks[self._key]
        if waiting == 1:
            del locks[self._key]
        else:
            locks[self._key] = (lock, waiting - 1)
