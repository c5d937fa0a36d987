"""The responses of an operation of the contract, with references resolved."""

from collections.abc import Mapping
from typing import Any


def responses_of(document: Mapping[str, Any], operation: Mapping[str, Any]) -> dict[str, Any]:
    shared = document["components"]["responses"]
    return {
        status: shared[response["$ref"].rpartition("/")[2]] if "$ref" in response else response
        for status, response in operation["responses"].items()
    }
