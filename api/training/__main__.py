"""`python -m api.training`: see `command.py`."""

from api.training.command import train

if __name__ == "__main__":
    train(prog_name="python -m api.training")
