"""Settings: errors name the variable and the fix; the settings file is complete."""

import pickle
from dataclasses import replace
from pathlib import Path

import pytest

from api.settings import Secret, Settings, SettingsError, describe, unknown_variables
from api.settings.values import about, allowed, field_types

FILE = Path(__file__).parents[2] / "deploy" / "settings.env"


def read(**variables: str) -> Settings:
    return Settings.from_environment({f"UNSPUN_{name}": value for name, value in variables.items()})


class TestSettings:
    @pytest.mark.parametrize(
        ("name", "value", "fix"),
        [
            ("PORT", "0", "a whole number from 1 to 65535, not '0'"),
            ("PORT", "eighty", "a whole number from 1 to 65535"),
            ("PORT", "8000.5", "a whole number"),
            ("PORT", "tcp://10.0.0.1:8000", "enableServiceLinks: false"),
            ("FETCH_TIMEOUT_S", "nan", "a number from 1 to 120"),
            ("PUBLIC_READS", "maybe", "true or false"),
            ("LOG_LEVEL", "loud", "debug or info or warning or error"),
            ("BASE_URL", "unspun.example", "a URL that starts with http:// or https://"),
            ("REDIS_URL", "http://cache", "redis:// or rediss:// or unix://"),
            ("FETCH_HOST_MAP", "news.example=elsewhere", "host=address[:port]"),
            ("FETCH_HOST_MAP", "news.example=127.0.0.1:0", "host=address[:port]"),
            ("FETCH_HOST_MAP", "=127.0.0.1", "host=address[:port]"),
            ("BOOTSTRAP_ADMIN_KEY", "short", "at least 24 random letters"),
            ("KEY_QUOTAS", "60/60", "policies such as burst=60/60"),
            ("KEY_QUOTAS", "Burst=60/60", "policies such as burst=60/60"),
            ("KEY_QUOTAS", "burst=0/60", "policies such as burst=60/60"),
            ("KEY_QUOTAS", "burst=60/0", "policies such as burst=60/60"),
            ("KEY_QUOTAS", "burst=60/60,burst=9/9", "a different name"),
            ("INDEXNOW_KEY", "short", "8 to 128 letters, digits or -, not 'short'"),
            ("CRAWLERS", "GPTBot", "crawlers such as GPTBot=disallow or GPTBot=allow, comma-separated"),
            ("CRAWLERS", "Two Words=allow", "crawlers such as GPTBot=disallow"),
            ("TRUSTED_PROXIES", "10.0.0.1/8", "networks such as 192.0.2.0/24"),
        ],
    )
    def test_refuses_a_bad_value_with_its_variable_and_the_fix(self, name: str, value: str, fix: str) -> None:
        with pytest.raises(SettingsError) as refused:
            read(**{name: value})
        assert str(refused.value).startswith(f"UNSPUN_{name} ")
        assert fix in str(refused.value)

    def test_names_all_bad_values_at_once(self) -> None:
        with pytest.raises(SettingsError) as refused:
            read(PORT="0", LOG_LEVEL="loud")
        assert len(str(refused.value).splitlines()) == 2

    def test_never_repeats_a_secret_in_an_error(self) -> None:
        with pytest.raises(SettingsError) as refused:
            read(DATABASE_URL="mysql://user:hunter2@db/x", BOOTSTRAP_ADMIN_KEY="hunter2")
        assert "hunter2" not in str(refused.value)

    def test_refuses_a_secret_given_twice(self, tmp_path: Path) -> None:
        path = tmp_path / "url"
        path.write_text("redis://cache")
        with pytest.raises(SettingsError, match="UNSPUN_REDIS_URL_FILE are both set"):
            read(REDIS_URL="redis://cache", REDIS_URL_FILE=str(path))

    @pytest.mark.parametrize("content", [None, ""])
    def test_refuses_a_secrets_file_that_is_missing_or_empty(
        self, tmp_path: Path, content: str | None
    ) -> None:
        path = tmp_path / "url"
        if content is not None:
            path.write_text(content)
        with pytest.raises(SettingsError, match=r"UNSPUN_REDIS_URL .*UNSPUN_REDIS_URL_FILE"):
            read(REDIS_URL_FILE=str(path))

    def test_asks_for_a_database_only_where_one_is_needed(self) -> None:
        with pytest.raises(SettingsError, match="UNSPUN_DATABASE_URL is not set"):
            read().database()

    def test_reads_a_secret_from_a_file(self, tmp_path: Path) -> None:
        path = tmp_path / "url"
        path.write_text("redis://:pass@cache:6379/0\n")
        assert read(REDIS_URL_FILE=str(path)).redis_url == Secret("redis://:pass@cache:6379/0")

    def test_takes_an_empty_variable_for_one_that_is_not_set(self) -> None:
        assert read(PORT="", REDIS_URL=" ") == Settings()

    def test_reads_every_kind_of_value(self) -> None:
        settings = read(
            PORT="8123",
            PUBLIC_READS="No",
            LOG_FORMAT="CONSOLE",
            FETCH_TIMEOUT_S="7.5",
            DATA_DIR="data/here",
            FETCH_HOST_MAP="News.example=127.0.0.1:81, b.example=[::1]:82,c.example=::1",
            KEY_QUOTAS="burst=60/60, daily=10000/86400",
            ADDRESS_QUOTAS="None",
        )
        assert settings.key_quotas == (("burst", 60, 60), ("daily", 10_000, 86_400))
        assert settings.address_quotas == ()
        assert (settings.port, settings.public_reads, settings.log_format) == (8123, False, "console")
        assert (settings.fetch_timeout_s, settings.data_dir) == (7.5, Path("data/here"))
        assert settings.fetch_host_map == {
            "news.example": "127.0.0.1:81",
            "b.example": "[::1]:82",
            "c.example": "::1",
        }

    def test_derives_the_base_url_from_the_port(self) -> None:
        assert read(PORT="8123").base_url == "http://127.0.0.1:8123"
        assert read(BASE_URL="https://unspun.example/").base_url == "https://unspun.example"

    def test_travels_to_another_process(self) -> None:
        settings = read(REDIS_URL="redis://cache", FETCH_HOST_MAP="a.example=127.0.0.1")
        assert pickle.loads(pickle.dumps(settings)) == settings


class TestSecret:
    def test_hides_itself_in_every_text(self) -> None:
        settings = replace(Settings(), database_url=Secret("postgresql://u:hunter2@db/x"))
        for text in (repr(settings), str(settings.database_url), f"{settings.database_url}"):
            assert "hunter2" not in text

    def test_reveals_itself_when_asked(self) -> None:
        assert Secret("value").reveal() == "value"


class TestUnknownVariables:
    def test_names_the_setting_that_may_be_meant(self) -> None:
        found = unknown_variables({"UNSPUN_PRT": "1", "UNSPUN_PORT": "1", "OTHER": "1"})
        assert found == ["UNSPUN_PRT is not a setting; did you mean UNSPUN_PORT?"]

    def test_knows_the_file_variants_of_secrets_alone(self) -> None:
        found = unknown_variables({"UNSPUN_DATABASE_URL_FILE": "x", "UNSPUN_PORT_FILE": "x"})
        assert [line.split()[0] for line in found] == ["UNSPUN_PORT_FILE"]


class TestSettingsFile:
    def test_is_what_the_code_describes(self) -> None:
        assert FILE.read_text() == describe(), "run `make generate`"

    def test_gives_each_setting_a_meaning_and_bounds(self) -> None:
        for name, hint in field_types(Settings).items():
            assert about(hint).meaning.endswith("."), name
            assert allowed(hint), name

    def test_holds_only_values_that_can_be_read(self) -> None:
        lines = [line[1:] for line in describe().splitlines() if line.startswith("#UNSPUN_")]
        assert len(lines) == len(field_types(Settings))
        assert Settings.from_environment(dict(line.split("=", 1) for line in lines)) == Settings()
