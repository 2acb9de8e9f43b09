"""The hospital's line to the cloud, in user space: so many Mbit/s for all connections together, and a delay each way.

    python -m tests.benchmarks.shared_line PORT_OF_CLOUD MBIT_PER_S MS_EACH_WAY

Prints its port. TLS passes through unopened.
"""

from __future__ import annotations

import asyncio
import contextlib
import sys

PIECE = 1 << 14


class Share:
    """One direction of the line: what comes first goes first, whoever it is of."""

    def __init__(self, bytes_per_s: float, delay_s: float) -> None:
        self._rate, self._delay_s, self._free_at = bytes_per_s, delay_s, 0.0

    async def carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        clock = asyncio.get_running_loop()
        on_the_way: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()
        arriving = asyncio.create_task(self._arrive(on_the_way, writer))
        with contextlib.suppress(OSError):
            while piece := await reader.read(PIECE):
                self._free_at = max(self._free_at, clock.time()) + len(piece) / self._rate
                on_the_way.put_nowait((self._free_at + self._delay_s, piece))
                await asyncio.sleep(self._free_at - clock.time())  # a sender is held back by the line
        on_the_way.put_nowait((clock.time() + self._delay_s, b""))
        await arriving

    async def _arrive(self, on_the_way: asyncio.Queue[tuple[float, bytes]], writer: asyncio.StreamWriter) -> None:
        clock = asyncio.get_running_loop()
        with contextlib.suppress(OSError):
            while True:
                due, piece = await on_the_way.get()
                await asyncio.sleep(due - clock.time())
                if not piece:
                    break
                writer.write(piece)
                await writer.drain()
        with contextlib.suppress(OSError):
            writer.close()


async def main(cloud: int, mbit_per_s: float, delay_ms: float) -> None:
    up, down = (Share(mbit_per_s * 1e6 / 8, delay_ms / 1e3) for _ in range(2))

    async def joined(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        far_reader, far_writer = await asyncio.open_connection("127.0.0.1", cloud)
        await asyncio.gather(up.carry(reader, far_writer), down.carry(far_reader, writer))

    server = await asyncio.start_server(joined, "127.0.0.1", 0, backlog=1024)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(main(int(sys.argv[1]), float(sys.argv[2]), float(sys.argv[3])))
