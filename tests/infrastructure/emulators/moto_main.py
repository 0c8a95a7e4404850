# mypy: ignore-errors
# Runs in the environment of requirements.lock, which the type checker does not have.
"""Runs moto's server with what it lacks: arguments as ``moto_server``."""

import moto_account  # noqa: F401
import moto_ec2  # noqa: F401
import moto_gaps  # noqa: F401
from moto.server import main

if __name__ == "__main__":
    main()
