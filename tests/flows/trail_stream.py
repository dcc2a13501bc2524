"""The trail's stream in memory: every row once in the order of its partition, over two shards, and delivered
as a stream delivers: again, cut anew, overlapping."""

from collections.abc import Iterator, Sequence
from random import Random
from typing import Any
from zlib import crc32

from functions.adapters.ledger.store import Part, Store
from tests.world import World

Record = dict[str, Any]
SHARDS = 2
LARGEST_BATCH = 40


class TrailStream:
    """What was added to a world's trail since it was put there."""

    def __init__(self, world: World) -> None:
        self.shards: list[list[Record]] = [[] for _ in range(SHARDS)]
        self._seen = set[tuple[str, str]]()
        stream = self

        class Streamed(Store):
            def write(self, parts: Sequence[Part]) -> None:
                super().write(parts)
                stream.take(parts)

        world.use(Streamed)

    def take(self, parts: Sequence[Part]) -> None:
        """The rows among what a transaction wrote; those that stood already were seen before."""
        for part in parts:
            put: Any = part.action.get("Put", {})
            if put.get("TableName") == "audit":
                keys = {name: put["Item"][name] for name in ("pk", "sk")}
                place = keys["pk"]["S"], keys["sk"]["S"]
                if place not in self._seen:
                    self._seen.add(place)
                    record = {"eventName": "INSERT", "dynamodb": {"Keys": keys, "NewImage": put["Item"]}}
                    self.shards[crc32(place[0].encode()) % SHARDS].append(record)


class Reader:
    """One event-source mapping: goes on behind a batch that was answered, and gives any other again."""

    def __init__(self, stream: TrailStream, random: Random) -> None:
        self._stream, self._random = stream, random
        self.position = [0] * SHARDS

    def batches(self) -> Iterator[tuple[int, list[Record]]]:
        """A batch of any shard that has one, until none has; `answered` says where the next begins."""
        while waiting := [shard for shard in range(SHARDS) if self._rest(shard)]:
            shard = self._random.choice(waiting)
            yield shard, self._rest(shard)[: self._random.randint(1, LARGEST_BATCH)]

    def overlapping(self, shard: int) -> list[Record]:
        """A batch that begins somewhere before the next one, as an earlier invocation may still have it."""
        start = max(0, self.position[shard] - self._random.randint(0, LARGEST_BATCH))
        return self._stream.shards[shard][start : start + self._random.randint(1, 2 * LARGEST_BATCH)]

    def answered(self, shard: int, batch: Sequence[Record]) -> None:
        """The batch is done; now and then its reader forgets how far it was, and gives some of it again."""
        self.position[shard] += len(batch)
        if self._random.random() < 0.2:
            self.position[shard] = max(0, self.position[shard] - self._random.randint(1, LARGEST_BATCH))

    def _rest(self, shard: int) -> list[Record]:
        return self._stream.shards[shard][self.position[shard] :]
