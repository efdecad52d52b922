"""The command line: read arguments, call, show.

Each command is a file here, named as the command, with a click command called ``command``. What
takes long to import is imported when a command runs, so that help is there at once.
"""

from glassnet.cli.app import main

__all__ = ["main"]
