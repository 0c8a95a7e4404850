"""Every dashboard."""

from tools.dashboards import business, cluster, cost, infrastructure, performance

DASHBOARDS = tuple(module.DASHBOARD for module in (performance, business, cluster, infrastructure, cost))
