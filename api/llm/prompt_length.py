"""How many tokens a prompt may take, without the model's tokenizer."""

from typing import Final

from api.llm.completion_request import CompletionRequest, messages_in, schema_of
from api.llm.dialects import Dialect, ResponseFormat
from api.llm.model_server import ModelServer

_TEMPLATE_TOKENS: Final = 256  # of the template itself; that of gpt-oss has about 100
_BYTES_PER_TOKEN: Final = (
    3  # English text has 4 to 5, JSON and our marks of sentences 2 to 3, Cyrillic 3 to 5
)
_LONGEST: Final = Dialect(response_format=ResponseFormat.NONE)  # its prompt contains the schema


def expected_prompt_tokens(request: CompletionRequest, server: ModelServer) -> int:
    """The tokens of the prompt in the longest dialect; the true number is lower in most cases."""
    return _prompt_bytes(request, server) // _BYTES_PER_TOKEN + _TEMPLATE_TOKENS


def max_prompt_tokens(request: CompletionRequest, server: ModelServer) -> int:
    """The most tokens that any tokenizer makes of the prompt: those that split bytes make one of each byte."""
    return _prompt_bytes(request, server) + _TEMPLATE_TOKENS


def _prompt_bytes(request: CompletionRequest, server: ModelServer) -> int:
    """Bytes in UTF-8 of all messages, and of the schema, which some templates add to the prompt."""
    messages = messages_in(request, _LONGEST, schema_of(request, server))
    return sum(len(message.content.encode()) for message in messages)
