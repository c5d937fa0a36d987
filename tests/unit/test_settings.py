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
            ("LLM_URL", "127.0.0.1:8080/v1", "a URL that starts with http:// or https://"),
            ("LLM_DIALECT", "json_schema", "then max_tokens or max_completion_tokens"),
            ("LLM_DIALECT", "json_schema max_tokens top_p", "then the optional fields to send"),
            ("LLM_EXTRA_BODY", "[1]", "must be a JSON object"),
            ("LLM_EXTRA_BODY", "{", "must be a JSON object"),
            ("LLM_MARK_SECRET", "short", "at least 24 random letters"),
            ("LLM_PRICE_INPUT", "-1", "a number from 0 to 10000"),
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


MODEL = {"LLM_URL": "https://llm.example/v1", "LLM_MODEL": "m-1"}


class TestLanguageModel:
    @pytest.mark.parametrize(
        ("variables", "fault"),
        [
            ({"LLM_URL": "https://llm.example/v1"}, "LLM_URL is set without UNSPUN_LLM_MODEL"),
            ({"LLM_MODEL": "m-1"}, "LLM_MODEL is set without UNSPUN_LLM_URL"),
            (MODEL | {"LLM_URL": "https://user:hunter2@llm.example/v1"}, "name it in UNSPUN_LLM_KEY_FILE"),
            (MODEL | {"LLM_URL": "https://llm.example/v1?key=hunter2"}, "name it in UNSPUN_LLM_KEY_FILE"),
            (MODEL | {"LLM_URL": "https://llm.example:hunter2/v1"}, "LLM_URL is not a URL with a host"),
            (MODEL | {"LLM_URL": "https:///v1"}, "LLM_URL is not a URL with a host"),
            ({"LLM_CONTEXT_TOKENS": "4096"}, "LLM_MAX_OUTPUT_TOKENS must be below UNSPUN_LLM_CONTEXT_TOKENS"),
            ({"LLM_WHEN": "above_score"}, "LLM_ABOVE_SCORE and UNSPUN_LLM_WHEN=above_score need each other"),
            ({"LLM_ABOVE_SCORE": "40"}, "LLM_ABOVE_SCORE and UNSPUN_LLM_WHEN=above_score need each other"),
            ({"LLM_PRICE_INPUT": "1"}, "LLM_PRICE_INPUT and UNSPUN_LLM_PRICE_OUTPUT need each other"),
            ({"LLM_DAILY_BUDGET": "5"}, "without prices use UNSPUN_LLM_DAILY_TOKENS"),
            (
                {"LLM_DAILY_BUDGET": "0.04", "LLM_PRICE_INPUT": "1", "LLM_PRICE_OUTPUT": "10"},
                "LLM_DAILY_BUDGET does not pay for one answer of 4096 tokens",
            ),
            ({"LLM_DAILY_TOKENS": "4096"}, "LLM_DAILY_TOKENS must exceed UNSPUN_LLM_MAX_OUTPUT_TOKENS"),
        ],
    )
    def test_refuses_a_contradiction(self, variables: dict[str, str], fault: str) -> None:
        with pytest.raises(SettingsError) as refused:
            read(**variables)
        assert fault in str(refused.value)
        assert len(str(refused.value).splitlines()) == 1
        assert "hunter2" not in str(refused.value)

    def test_takes_a_budget_that_pays_for_an_answer(self) -> None:
        given = {"LLM_DAILY_BUDGET": "0.041", "LLM_PRICE_INPUT": "1", "LLM_PRICE_OUTPUT": "10"}
        assert read(**MODEL, **given).llm_daily_budget == 0.041

    @pytest.mark.parametrize(
        ("host", "local"),
        [
            ("127.0.0.1:11434", True),
            ("[::1]:8080", True),
            ("10.1.2.3", True),
            ("172.16.0.9", True),
            ("192.168.1.5", True),
            ("[fd00::5]", True),
            ("localhost:1234", True),
            ("vllm:8000", True),
            ("host.docker.internal", True),
            ("Models.Local.", True),
            ("api.llm.example", False),
            ("172.32.0.9", False),
            ("8.8.8.8", False),
            ("[2001:4860::5]", False),
            ("internal.example", False),
        ],
    )
    def test_tells_a_local_model_from_its_address(self, host: str, local: bool) -> None:
        url = f"http://{host}/v1"
        assert read(LLM_URL=url, LLM_MODEL="m-1").llm_local is local
        for said in (True, False):
            assert read(LLM_URL=url, LLM_MODEL="m-1", LLM_IS_LOCAL=str(said)).llm_local is said

    def test_has_no_local_model_without_an_address(self) -> None:
        assert read().llm_local is False

    def test_reads_the_fields_of_the_body(self) -> None:
        assert read().extra_body() == {}
        assert read(LLM_EXTRA_BODY='{"options": {"num_ctx": 8192}}').extra_body() == {
            "options": {"num_ctx": 8192}
        }


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
