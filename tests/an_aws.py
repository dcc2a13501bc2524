"""An AWS of a test's own: moto, without what it makes each time and nobody here asks for."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

import pytest
from moto import mock_aws
from moto.core import models as mocking
from moto.kms import models as kms
from moto.kms.utils import generate_private_key

_private_key = cache(generate_private_key)
"""Every key of moto's KMS has an RSA key beside it, with which one that wraps data keys does nothing. Making
it takes longer than most tests do: all keys of a process share theirs."""


@contextmanager
def an_aws() -> Iterator[None]:
    """Empty at first, gone at the end; boto3's clients are answered by it, whenever they were made.

    Programs that use `requests` are not: there are none, and moto would register 1,288 answers for them.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kms, "generate_private_key", _private_key)
        patch.setattr(mocking, "RESPONSES_METHODS", [])
        with mock_aws():
            yield
