"""What a dashboard is made of: rows of panels, each with the queries that Prometheus is asked."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from grafana_foundation_sdk.builders.common import VizLegendOptions
from grafana_foundation_sdk.builders.dashboard import Dashboard as DashboardBuilder
from grafana_foundation_sdk.builders.dashboard import DatasourceVariable
from grafana_foundation_sdk.builders.dashboard import Row as RowBuilder
from grafana_foundation_sdk.builders.prometheus import Dataquery
from grafana_foundation_sdk.builders.stat import Panel as StatBuilder
from grafana_foundation_sdk.builders.timeseries import Panel as TimeseriesBuilder
from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.models.common import LegendDisplayMode, LegendPlacement
from grafana_foundation_sdk.models.dashboard import DataSourceRef

SOURCE = DataSourceRef(type_val="prometheus", uid="${source}")
HEIGHT = 8
RATE = "$__rate_interval"
JOB = 'job="expense"'


@dataclass(frozen=True)
class Query:
    """PromQL, and how its series are called: `{{label}}` is a label's value."""

    expr: str
    legend: str = ""


@dataclass(frozen=True)
class Panel:
    """Queries over time, or as one number. `unit` is one of Grafana's ids; `width` is of 24 columns."""

    title: str
    queries: tuple[Query, ...]
    unit: str = "short"
    description: str = ""
    width: int = 8
    is_number: bool = False

    def build(self) -> StatBuilder | TimeseriesBuilder:
        """Return the library's panel."""
        if self.is_number:
            builder: StatBuilder | TimeseriesBuilder = StatBuilder().height(HEIGHT // 2)
        else:
            legend = VizLegendOptions().display_mode(LegendDisplayMode.LIST).placement(LegendPlacement.BOTTOM)
            builder = TimeseriesBuilder().height(HEIGHT).fill_opacity(8).legend(legend.show_legend(show_legend=True))
        builder = builder.title(self.title).unit(self.unit).span(self.width).datasource(SOURCE).min(0)
        if self.description:
            builder = builder.description(self.description)
        for number, query in enumerate(self.queries):
            target = Dataquery().expr(query.expr).legend_format(query.legend).ref_id(chr(ord("A") + number))
            builder = builder.with_target(target.instant() if self.is_number else target.range())
        return builder


@dataclass(frozen=True)
class Row:
    """Panels under one heading."""

    title: str
    panels: tuple[Panel, ...]


@dataclass(frozen=True)
class Dashboard:
    """A page. `uid` is its address in Grafana and the name of its file."""

    uid: str
    title: str
    description: str
    rows: tuple[Row, ...]

    @property
    def queries(self) -> list[tuple[str, str]]:
        """Every query with its panel's title."""
        return [(panel.title, query.expr) for row in self.rows for panel in row.panels for query in panel.queries]

    def to_json(self) -> str:
        """Return the file's text."""
        source = DatasourceVariable("source").label("Data source").type("prometheus")
        builder = (
            DashboardBuilder(self.title)
            .uid(self.uid)
            .description(self.description)
            .tags(["expense"])
            .timezone("browser")
            .time("now-3h", "now")
            .refresh("1m")
            .readonly()
            .with_variable(source)
        )
        for row in self.rows:
            builder = builder.with_row(RowBuilder(row.title))
            for panel in row.panels:
                builder = builder.with_panel(panel.build())
        content: dict[str, Any] = json.loads(JSONEncoder(sort_keys=True).encode(builder.build()))
        return json.dumps(content, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def number(title: str, expr: str, unit: str = "short", description: str = "") -> Panel:
    """Return a panel of one number, a sixth of the page wide."""
    return Panel(title, (Query(expr),), unit, description, 4, is_number=True)


def lines(title: str, *queries: Query, unit: str = "short", description: str = "") -> Panel:
    """Return a panel of lines over time, a third of the page wide."""
    return Panel(title, queries, unit, description)


def rate(metric: str, labels: str = "", by: str = "") -> str:
    """Return what a counter of the service grows by a second, summed."""
    selected = f"{metric}{{{', '.join(part for part in (JOB, labels) if part)}}}"
    return f"sum{f' by ({by})' if by else ''} (rate({selected}[{RATE}]))"


def quantile(share: str, histogram: str, labels: str = "", by: str = "") -> str:
    """Return the quantile of a histogram of the service."""
    grouped = f"le, {by}" if by else "le"
    return f"histogram_quantile({share}, {rate(f'{histogram}_bucket', labels, grouped)})"
