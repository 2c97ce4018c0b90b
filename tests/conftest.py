"""Hypothesis for machines of any speed: the same examples each time, no deadline."""

from hypothesis import HealthCheck, settings

settings.register_profile("bilan", deadline=None, derandomize=True,
                          suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
settings.load_profile("bilan")
