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
)
