"""The defences that must not be lost unnoticed: where each stands, what it is without, which test should tell."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Defence:
    """`before` stands once in `file`; with `after` in its place the defence is gone, and `tests` should fail."""

    name: str
    file: str
    before: str
    after: str
    tests: tuple[str, ...]


DEFENCES: Final = (
    Defence(
        "the range of clouds' metadata addresses is denied",
        "api/fetching/addresses.py",
        '        ("169.254.0.0/16", "link-local; holds clouds\' metadata at 169.254.169.254"),\n',
        "",
        ("tests/unit/fetching/test_addresses.py",),
    ),
    Defence(
        "a redirect from https to http is refused",
        "api/fetching/redirects.py",
        'if target.scheme == "https" and following.scheme == "http":',
        "if False:",
        ("tests/unit/fetching/test_client.py::TestTls",),
    ),
    Defence(
        "a redirect is checked like a submitted URL",
        "api/fetching/redirects.py",
        "        policy.refuse(following)\n",
        "",
        ("tests/unit/fetching/test_page.py", "tests/unit/fetching/test_client.py"),
    ),
    Defence(
        "what unpacks to far more than was sent is given up",
        "api/fetching/body.py",
        "if len(body) > max(RATIO_FLOOR, received * ratio):",
        "if False:",
        ("tests/unit/fetching/test_page.py",),
    ),
    Defence(
        "robots.txt is obeyed",
        "api/fetching/robots.py",
        "if entry.rules is not None and not entry.rules.can_fetch(target.url, self._agent):",
        "if False:",
        ("tests/unit/fetching/test_robots.py",),
    ),
    Defence(
        "a late try publishes nothing: the fence",
        "api/storage/analysis_jobs.py",
        "SELECT id FROM analysis_jobs WHERE id = $1 AND tries = $2 AND status = 'running' FOR UPDATE",
        "SELECT id FROM analysis_jobs WHERE id = $1 AND tries >= LEAST($2::int, 0) FOR UPDATE",
        ("tests/storage/test_fence.py",),
    ),
    Defence(
        "the answer to a repeated request is written with its effect",
        "api/operations/perform_once.py",
        "        await insert_record(connection, request, kept(value), runtime.clock.now())\n",
        "",
        ("tests/endpoints/test_idempotency.py",),
    ),
    Defence(
        "a key without the scope is refused",
        "api/operations/authenticate.py",
        "if scope is not None and scope not in holder.scopes and not holder.is_admin:",
        "if False:",
        ("tests/endpoints/test_access.py",),
    ),
    Defence(
        "an account sees its own analyses alone",
        "api/storage/analyses.py",
        "WHERE a.id = $1 AND ($2::text IS NULL OR a.account_id = $2)",
        "WHERE a.id = $1 AND ($2::text IS NULL OR true)",
        ("tests/endpoints/test_access.py",),
    ),
    Defence(
        "a revoked key is no key",
        "api/storage/keys.py",
        "WHERE secret_sha256 = $1 AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > $2)",
        "WHERE secret_sha256 = $1 AND (expires_at IS NULL OR expires_at > $2)",
        ("tests/endpoints/test_keys.py", "tests/endpoints/test_authentication.py"),
    ),
    Defence(
        "log lines hold nothing that a terminal obeys: the escape function",
        "api/logs.py",
        "\\x00-\\x09\\x0b-\\x1f\\x7f-\\x9f",
        "\\x00",
        ("tests/unit/test_logs.py",),
    ),
    Defence(
        "a cursor of another list is refused: the check of its seal",
        "api/routes/cursors.py",
        "if not hmac.compare_digest(seal, self._seal(payload, list_name, filters)):",
        "if False:",
        ("tests/endpoints/test_lists.py",),
    ),
    Defence(
        "a body that nests too deep never reaches the decoder",
        "api/routes/bodies.py",
        "MAX_DEPTH = 32",
        "MAX_DEPTH = 500",
        ("tests/endpoints/test_bodies.py",),
    ),
    Defence(
        "X-Forwarded-For is believed of trusted proxies alone",
        "api/routes/client_addresses.py",
        "if not self._trusted or not self._is_trusted(peer):",
        "if not self._trusted:",
        ("tests/unit/test_client_addresses.py",),
    ),
    Defence(
        "a name that is local to a machine or network is refused",
        "api/analysis/hosts.py",
        'if len(labels) == 1 or any(name == local or name.endswith("." + local) for local in _LOCAL_NAMES):',
        "if False:",
        ("tests/unit/analysis/test_urls.py",),
    ),
    Defence(
        "a page process is bounded in memory",
        "api/processes.py",
        "    resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))\n",
        "",
        ("tests/unit/test_processes.py",),
    ),
    Defence(
        "a process is replaced before what its tasks leave behind fills it",
        "api/processes.py",
        "self._memory_mb - cell.memory_mb < _ROOM_KEPT * room",
        "False",
        ("tests/unit/test_processes.py",),
    ),
    Defence(
        "a key works from its networks alone",
        "api/operations/key_networks.py",
        "if holder.networks and not _is_within(address, holder.networks):",
        "if False:",
        ("tests/endpoints/test_key_networks.py",),
    ),
    Defence(
        "a request that waits ends when its key is revoked",
        "api/routes/waiting_room.py",
        "seat.taken_away or (seat.key_id in keys and seat.key_id not in live)",
        "seat.taken_away",
        ("tests/endpoints/test_waiting_room.py",),
    ),
    Defence(
        "requests that wait take no room from those at work",
        "api/routes/waiting_room.py",
        "            with self._limits.aside(caller):\n",
        "            if True:\n",
        ("tests/endpoints/test_waiting_room.py",),
    ),
    Defence(
        "a body must arrive in time",
        "api/routes/presence.py",
        "async with asyncio.timeout_at(self._deadline) as self._body:",
        "async with asyncio.timeout_at(None) as self._body:",
        ("tests/endpoints/test_waiting_room.py::TestABody",),
    ),
    Defence(
        "a key in the address is refused",
        "api/routes/door.py",
        'if scope["query_string"] and _KEY_IN_QUERY.search(scope["query_string"]):',
        "if False:",
        ("tests/endpoints/test_authentication.py",),
    ),
    Defence(
        "a quota that is used up refuses",
        "api/routes/limits.py",
        "        if not taken.allowed:\n            caller.charged = 0\n",
        "        if False:\n            caller.charged = 0\n",
        ("tests/endpoints/test_quotas.py::TestAKeysQuota",),
    ),
    Defence(
        "an address that sent many bad keys is locked out",
        "api/routes/limits.py",
        "        if customer in bad_keys:\n",
        "        if False:\n",
        ("tests/endpoints/test_quotas.py::TestKeysThatAreNotValid",),
    ),
    Defence(
        "U+0000 in a body is refused",
        "api/routes/bodies.py",
        'if b"\\\\u0000" in raw:',
        "if False:",
        ("tests/endpoints/test_bodies.py",),
    ),
    Defence(
        "an event of one account goes to no endpoint of another",
        "api/operations/fan_out.py",
        "        if event.account_id not in (None, listener.account_id):\n            continue\n",
        "",
        ("tests/journeys/test_deliveries.py::TestAnEndpoint",),
    ),
    Defence(
        "nothing but a ping goes to an address that has not answered",
        "api/operations/take_due.py",
        "[one for one in claimed if not _waits_for_ping(one)]",
        "claimed",
        ("tests/journeys/test_changed_endpoints.py::TestANewAddress",),
    ),
    Defence(
        "a secret that cannot be opened stops no other endpoint's deliveries",
        "api/operations/take_due.py",
        "    except ValueError:\n        return None\n",
        "    except KeyError:\n        return None\n",
        ("tests/journeys/test_changed_endpoints.py::TestTheKeyRing",),
    ),
    Defence(
        "a predicate that could take seconds is refused",
        "api/webhooks/predicates.py",
        "    if _most_work(predicate) > MAX_WORK:\n",
        "    if False:\n",
        ("tests/unit/webhooks/test_predicates.py",),
    ),
    Defence(
        "a delivery is signed for its own event: the signature check",
        "api/webhooks/signing.py",
        "Webhook(secret).sign(event_id, moment, text)",
        'Webhook(secret).sign("", moment, text)',
        ("tests/journeys/test_deliveries.py::TestAnEndpoint",),
    ),
    Defence(
        "words of strangers are escaped in HTML",
        "api/rendering/html/environment.py",
        "        autoescape=True,\n",
        "        autoescape=False,\n",
        ("tests/unit/rendering/test_html.py", "tests/endpoints/test_untrusted_text.py"),
    ),
    Defence(
        "words of strangers are escaped in Markdown",
        "api/rendering/markdown/escaping.py",
        r'_MEANING: Final = re.compile(r"[\\`*_\[\]<>#|~&$]")',
        r'_MEANING: Final = re.compile(r"[\\`]")',
        ("tests/unit/rendering/test_markdown.py",),
    ),
    Defence(
        "every address that a name leads to is checked, not the first alone",
        "api/fetching/connections.py",
        "        for address in addresses:\n            if (reason",
        "        for address in addresses[:1]:\n            if (reason",
        ("tests/unit/fetching/test_name_servers.py",),
    ),
    Defence(
        "bodies that never come take no more than a share of the places",
        "api/routes/presence.py",
        "if slow[presence.customer] > self._most_slow:",
        "if False:",
        ("tests/endpoints/test_waiting_room.py::TestABody",),
    ),
    Defence(
        "an account's first page stands before another's many",
        "api/queue/enqueue.py",
        "return max(-(open_analyses // _AHEAD), NOBODY_WAITS + 1)",
        "return 0",
        ("tests/endpoints/test_quotas.py::TestTheOrderOfWork",),
    ),
    Defence(
        "a long Accept is not remembered",
        "api/routes/negotiation.py",
        "read = _best_form if len(accept) <= LONGEST_KEPT else _best_form.__wrapped__",
        "read = _best_form",
        ("tests/unit/test_long_headers.py",),
    ),
    Defence(
        "a notice of a hub is received only under an address that was given out",
        "api/operations/hear_hub.py",
        '        raise Gone("Nothing is subscribed to here any more.")\n',
        '        return b""\n',
        ("tests/endpoints/test_websub.py",),
    ),
    Defence(
        "an answer that nobody reads takes no room from those at work",
        "api/routes/limits.py",
        "            with self.aside(caller):\n",
        "            if True:\n",
        ("tests/endpoints/test_long_answers.py",),
    ),
    Defence(
        "every part of a long list is paid for",
        "api/routes/list_tables.py",
        "        await limits.pay_for_more(caller_of(request.scope))  # a batch is as dear as a page\n",
        "",
        ("tests/endpoints/test_tables.py",),
    ),
    Defence(
        "large bodies of all requests together are bounded",
        "api/routes/presence.py",
        "if not self._attendance.take(size) and self._bytes > _SMALL:",
        "if False:",
        ("tests/unit/test_presence.py",),
    ),
)
