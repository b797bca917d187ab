"""`python -m textgym` is the command `textgym`."""

from textgym.cli import main

if __name__ == "__main__":
    main()
