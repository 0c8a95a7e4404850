"""How long Hypothesis searches: little in every run, and long with HYPOTHESIS_PROFILE=thorough."""

import os

from hypothesis import HealthCheck, Phase, settings

# Fixtures are shared by a test's examples on purpose: each example makes a ledger of its own.
_common = settings(
    deadline=None,
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
        HealthCheck.large_base_example,
    ],
)
# Shrinking a failure reads the databases hundreds of times: the thorough profile does it.
_find = [Phase.explicit, Phase.reuse, Phase.generate]
settings.register_profile("quick", _common, max_examples=60, phases=_find)
settings.register_profile("thorough", _common, max_examples=1000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))


def examples(quick: int) -> int:
    """How many examples a test that reads a database takes: `quick`, or as many times more as the profile says."""
    return max(1, quick * settings().max_examples // 60)
