"""What a log may say of an exception: its kind and its place, for its text could repeat what was sent."""

from pathlib import PurePath
from traceback import extract_tb
from types import TracebackType

from botocore.exceptions import ClientError


def kind_of(error: BaseException) -> str:
    """AWS's own code where it refused us, else the exception's name."""
    if isinstance(error, ClientError):
        return str(error.response["Error"]["Code"])
    return type(error).__name__


def place_of(trace: TracebackType | None) -> str | None:
    """The innermost line of our own code; a library's would be the same for every AWS error."""
    ours = [frame for frame in extract_tb(trace) if "functions" in PurePath(frame.filename).parts]
    return f"{PurePath(ours[-1].filename).name}:{ours[-1].lineno}" if ours else None
