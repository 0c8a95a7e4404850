# mypy: ignore-errors
# Runs in the environment of requirements.lock, which the type checker does not have.
"""Runs ministack with what it lacks. Its port is ``GATEWAY_PORT``, moto's address ``MOTO_URL``."""

import ministack_account  # noqa: F401
import ministack_backup  # noqa: F401
import ministack_eks  # noqa: F401
import ministack_elasticache  # noqa: F401
import ministack_rds  # noqa: F401
import ministack_rds_events  # noqa: F401
import ministack_subnets  # noqa: F401
from ministack.app import main

if __name__ == "__main__":
    main()
