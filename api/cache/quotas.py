"""Quotas in Valkey, shared by all processes: the buckets of `token_buckets.py`, in an atomic script.

The server's clock applies, so differing clocks do not matter. Full buckets expire.
"""

from collections.abc import Sequence
from functools import cache as remember
from typing import Any, Final

from api.cache.connection import Cache, Script
from api.cache.token_buckets import STEPS, Taken
from api.settings.quotas import QuotaPolicy

# KEYS[1]: the buckets of a name. ARGV: cost, then name, quota and step in milliseconds of each policy. Returns
# whether it was allowed, then for each policy the remaining units, and the milliseconds until the next step and
# until there are enough.
_TAKE: Final = Script("""
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local cost, allowed, longest, buckets = tonumber(ARGV[1]), 1, 0, {}
for i = 2, #ARGV, 3 do
  local name, quota, step = ARGV[i], tonumber(ARGV[i + 1]), tonumber(ARGV[i + 2])
  local full, price = quota * 10, math.min(cost, quota) * 10
  local stored = redis.call('HMGET', KEYS[1], name, name .. '@')
  local units, since = tonumber(stored[1] or full), tonumber(stored[2] or now)
  local steps = math.floor((now - since) / step)
  if steps > 0 then units, since = units + steps * quota, since + steps * step end
  if units >= full then units = full end
  if units >= full or since > now then since = now end
  if units < price then allowed = 0 end
  longest = math.max(longest, step * 10)
  buckets[#buckets + 1] = {name, quota, step, price, units, since}
end
local answer = {allowed}
for _, b in ipairs(buckets) do
  local name, quota, step, price, units, since = unpack(b)
  local wait = 0
  if units < price then wait = since + math.ceil((price - units) / quota) * step - now end
  if allowed == 1 and cost > 0 then
    units = units - price
    redis.call('HSET', KEYS[1], name, units, name .. '@', since)
  end
  answer[#answer + 1] = math.floor(units / 10)
  answer[#answer + 1] = since + step - now
  answer[#answer + 1] = wait
end
if allowed == 1 and cost > 0 then redis.call('PEXPIRE', KEYS[1], longest + 1000) end
return answer
""")

# Same arguments. Returns the cost to existing buckets, up to full.
_GIVE_BACK: Final = Script("""
local cost = tonumber(ARGV[1])
for i = 2, #ARGV, 3 do
  local name, quota = ARGV[i], tonumber(ARGV[i + 1])
  local units = redis.call('HGET', KEYS[1], name)
  if units then
    redis.call('HSET', KEYS[1], name, math.min(quota * 10, units + math.min(cost, quota) * 10))
  end
end
return 1
""")


async def take_quota(cache: Cache, name: str, policies: Sequence[QuotaPolicy], cost: int) -> Taken | None:
    """Take `cost` from all of the name's buckets, or from none if one has too little; None if Valkey is
    unavailable.
    """
    answer = await _run(cache, _TAKE, name, policies, cost)
    if answer is None:
        return None
    state: list[int] = []
    for number in range(1, len(answer), 3):
        state += (answer[number], -(-answer[number + 1] // 1000))
    return Taken(bool(answer[0]), tuple(state), tuple([-(-wait // 1000) for wait in answer[3::3]]))


async def give_back_quota(cache: Cache, name: str, policies: Sequence[QuotaPolicy], cost: int) -> None:
    """Return `cost` to the name's buckets; has no effect if Valkey is unavailable."""
    await _run(cache, _GIVE_BACK, name, policies, cost)


async def _run(cache: Cache, script: Script, name: str, policies: Sequence[QuotaPolicy], cost: int) -> Any:
    return await cache.run(script, [f"quota:{name}"], [cost, *_arguments(tuple(policies))])


@remember
def _arguments(policies: tuple[QuotaPolicy, ...]) -> tuple[str | int, ...]:
    return tuple(
        part for policy in policies for part in (policy.name, policy.quota, policy.window_s * 1000 // STEPS)
    )
