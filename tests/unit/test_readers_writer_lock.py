"""A writer runs alone."""

import asyncio

from api.jobs.readers_writer_lock import ReadersWriterLock


class TestReadersWriterLock:
    async def test_keeps_others_out_while_one_is_alone(self) -> None:
        lane, order = ReadersWriterLock(), []
        entered, leave = asyncio.Event(), asyncio.Event()

        async def suspect() -> None:
            async with lane.alone():
                entered.set()
                order.append("alone in")
                await leave.wait()
                order.append("alone out")

        async def other() -> None:
            async with lane.shared():
                order.append("shared")

        tasks = [asyncio.create_task(suspect())]
        await entered.wait()
        tasks.append(asyncio.create_task(other()))
        for _ in range(5):
            await asyncio.sleep(0)
        leave.set()
        await asyncio.gather(*tasks)
        assert order == ["alone in", "alone out", "shared"]

    async def test_lets_one_that_waits_to_be_alone_go_before_newcomers(self) -> None:
        lane, order = ReadersWriterLock(), []
        started, release = asyncio.Event(), asyncio.Event()

        async def first() -> None:
            async with lane.shared():
                started.set()
                await release.wait()
                order.append("first")

        async def suspect() -> None:
            async with lane.alone():
                order.append("alone")

        async def newcomer() -> None:
            async with lane.shared():
                order.append("newcomer")

        tasks = [asyncio.create_task(first())]
        await started.wait()
        tasks.append(asyncio.create_task(suspect()))
        await asyncio.sleep(0)
        tasks.append(asyncio.create_task(newcomer()))
        for _ in range(5):
            await asyncio.sleep(0)
        release.set()
        await asyncio.gather(*tasks)
        assert order == ["first", "alone", "newcomer"]

    async def test_runs_others_beside_each_other(self) -> None:
        lane, inside = ReadersWriterLock(), asyncio.Barrier(2)

        async def meet() -> int:
            async with lane.shared():
                return await inside.wait()  # passes only when both are inside

        assert sorted(await asyncio.wait_for(asyncio.gather(meet(), meet()), 5)) == [0, 1]

    async def test_is_free_again_after_a_waiter_is_cancelled(self) -> None:
        lane = ReadersWriterLock()
        async with lane.shared():
            waiter = asyncio.create_task(self._alone(lane))
            await asyncio.sleep(0)
            waiter.cancel()
            await asyncio.gather(waiter, return_exceptions=True)
            async with asyncio.timeout(5), lane.shared():
                assert waiter.cancelled()

    async def _alone(self, lane: ReadersWriterLock) -> None:
        async with lane.alone():
            raise AssertionError("never reached while another runs")
