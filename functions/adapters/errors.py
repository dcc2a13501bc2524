"""What an adapter's failure means to its caller.

MeaningError
├── RetryError          may work later; the message goes back to its queue
│   └── ContendedError  somebody else wrote first: read again, then try again
└── FinalError          never will, however often it is tried
    ├── UnreadableError      what was kept cannot be opened, or is not what it was
    └── UnusableSecretError  nothing to sign with
"""


class MeaningError(Exception):
    """Any failure that an adapter has understood; anything else is a bug and is raised as it came."""


class RetryError(MeaningError):
    """It may work later."""


class ContendedError(RetryError):
    """Another writer was first."""


class FinalError(MeaningError):
    """It never will."""


class UnreadableError(FinalError):
    """Sealed content does not open: its key is gone, or it was changed."""


class UnusableSecretError(FinalError):
    """A signing secret is missing, ended, or not 24 to 64 bytes of strict base64."""
