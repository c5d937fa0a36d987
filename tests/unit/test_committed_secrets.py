"""No committed file contains a usable secret."""

import re
from pathlib import Path

import pytest

from api.operations.keys.key_format import is_well_formed, new_key
from schemas.keys import KEY_PATTERN
from tests.unit.test_house import ROOT, name_of, project_files

# Secrets by their form. Passwords in URLs are checked separately, since examples need some.
FORMS = {
    "a private key": re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY"),
    "a key of a cloud": re.compile(r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b|\bAIza[0-9A-Za-z_-]{35}\b"),
    "a token of a code host": re.compile(r"\bgh[pousr]_[0-9A-Za-z]{36}\b|\bglpat-[0-9A-Za-z_-]{20}\b"),
    "a token of a chat": re.compile(r"\bxox[abprs]-[0-9A-Za-z-]{10,}"),
    "a key of a payment or model service": re.compile(
        r"\b(?:sk|rk)[-_](?:live|proj|ant)[-_][0-9A-Za-z_-]{20,}"
    ),
    "a signed token": re.compile(r"\beyJ[0-9A-Za-z_-]{10,}\.eyJ[0-9A-Za-z_-]{10,}\.[0-9A-Za-z_-]{10,}"),
    "a webhook secret": re.compile(r"\bwhsec_[0-9A-Za-z+/]{32,}"),
}
OUR_KEY = re.compile(KEY_PATTERN)
IN_A_URL = re.compile(r"\b[a-z][a-z+.-]*://[^/\s\"'@:{}\[\]`]*:([^/\s\"'@{}]+)@")
# Passwords of examples and tests.
INVENTED = {
    "password",
    "PASSWORD",
    "...",
    "secret",
    "pass",
    "hunter2",
    "hun",
    "x",
    "p",
    "b",
    "redis",
    "unspun",
}
INVENTED |= {"changeme-please-1"}
# External data with long tokens; lock files contain hashes.
NOT_READ = {".lock", ".onnx", ".npz", ".gz", ".png", ".ico", ".woff2"}
LARGEST = 2_000_000


def _text(path: Path) -> str:
    if path.suffix in NOT_READ or path.stat().st_size > LARGEST:
        return ""
    return path.read_bytes().decode("utf-8", "replace")


def found_in(text: str) -> list[str]:
    found = [f"{what}: {match[0][:12]}..." for what, form in FORMS.items() if (match := form.search(text))]
    found += [
        f"a key of ours: {match[0][:20]}..." for match in OUR_KEY.finditer(text) if is_well_formed(match[0])
    ]
    found += [
        "a password in a URL"
        for match in IN_A_URL.finditer(text)
        if match[1] not in INVENTED and "$" not in match[1]
    ]
    return found


class TestTheProject:
    @pytest.mark.slow
    def test_holds_no_secret(self) -> None:
        found = {name_of(path): secrets for path in project_files() if (secrets := found_in(_text(path)))}
        assert found == {}, f"secrets in files below {ROOT.name}: revoke them, then take them out"


class TestFinding:
    @pytest.mark.parametrize(
        "text",
        [
            "-----BEGIN RSA PRIV" + "ATE KEY-----",
            "key = 'AKIA" + "ABCDEFGHIJKLMNOP'",
            "ghp_" + "a1" * 18,
            "whsec_" + "Ab3+" * 11,
            "postgresql://unspun:" + "Tr0ub4dor@db.internal/unspun",
            "eyJ" + "hbGciOiJIUzI1NiJ9.eyJ" + "zdWIiOiIxMjM0In0.c2lnbmF0dXJlMTIz",
            pytest.param("UNSPUN_BOOTSTRAP_ADMIN_KEY=" + new_key(), id="a new key of ours"),
        ],
    )
    def test_knows_a_secret_by_its_form(self, text: str) -> None:
        assert len(found_in(text)) == 1

    @pytest.mark.parametrize(
        "text",
        [
            "postgresql://unspun:password@db.internal/unspun",
            "unspun_live_testtest_" + "a" * 36,
            "whsec_...",
            "",
        ],
    )
    def test_leaves_examples_alone(self, text: str) -> None:
        assert found_in(text) == []
