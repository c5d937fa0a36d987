"""A public service refuses to start with settings of a demo."""

import secrets

import pytest
from click.testing import CliRunner

from api.cli import main
from api.settings import Settings, SettingsError
from api.settings.production import is_weak

PASSWORD = secrets.token_urlsafe(18)
GOOD = {
    "UNSPUN_PRODUCTION": "true",
    "UNSPUN_DATABASE_URL": f"postgresql://unspun:{PASSWORD}@db.internal/unspun",
    "UNSPUN_BASE_URL": "https://unspun.example",
    "UNSPUN_LLM_URL": "http://127.0.0.1:8080/v1",
    "UNSPUN_LLM_MODEL": "m-1",
}


class TestProduction:
    @pytest.mark.parametrize(
        ("variable", "value", "fault"),
        [
            ("DATABASE_URL", "postgresql://unspun@db.internal/unspun", "has no password"),
            ("DATABASE_URL", "postgresql://unspun:unspun@db.internal/unspun", "weak"),
            ("DATABASE_URL", f"postgresql://unspun:{'a' * 40}@db.internal/unspun", "weak"),
            (
                "OWNER_DATABASE_URL",
                "postgresql://owner:changeme-please-1@db.internal/unspun",
                "weak",
            ),
            ("DIRECT_DATABASE_URL", "postgresql://unspun@db.internal/unspun", "has no password"),
            ("REDIS_URL", "redis://:redis@cache.internal/0", "weak"),
            ("BOOTSTRAP_ADMIN_KEY", "abababababababababababababab", "weak"),
            ("BASE_URL", "http://unspun.example", "https://"),
            ("BASE_URL", "", "https://"),
            ("ALLOW_LOOPBACK_FETCH", "true", "must be false"),
            ("FETCH_HOST_MAP", "news.example=127.0.0.1:81", "must be empty"),
            ("LLM_URL", "http://llm.example/v1", "must be https:// unless the model is local"),
        ],
    )
    def test_refuses(self, variable: str, value: str, fault: str) -> None:
        name = f"UNSPUN_{variable}"
        with pytest.raises(SettingsError) as refused:
            Settings.from_environment(GOOD | {name: value})
        assert name in str(refused.value)
        assert fault in str(refused.value)
        assert "changeme" not in str(refused.value)
        Settings.from_environment(GOOD | {name: value, "UNSPUN_PRODUCTION": "false"})  # allowed elsewhere

    @pytest.mark.parametrize("command", ["api", "worker", "migrate", "serve", "seed"])
    def test_starts_nothing_with_a_weak_secret(self, command: str) -> None:
        weak = GOOD | {"UNSPUN_DATABASE_URL": "postgresql://unspun:unspun@127.0.0.1:1/unspun"}
        ended = CliRunner().invoke(main, [command], env=weak)
        assert ended.exit_code == 2
        assert "UNSPUN_DATABASE_URL has a weak password" in ended.output

    def test_takes_random_secrets(self) -> None:
        key = "unspun_live_" + secrets.token_hex(20)
        assert Settings.from_environment(GOOD | {"UNSPUN_BOOTSTRAP_ADMIN_KEY": key}).production

    def test_takes_what_random_generators_make(self) -> None:
        for make in (lambda: secrets.token_hex(24), lambda: secrets.token_urlsafe(16)):
            assert not any(is_weak(make()) for _ in range(200))
