"""`python -m api.cli`: runs the command if the script `unspun` is not installed."""

from api.cli import main

if __name__ == "__main__":
    main(prog_name="unspun")
