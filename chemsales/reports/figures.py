"""Charts: matplotlib Figures, imported at the first one, drawn on paper as lines and text."""

from __future__ import annotations

from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING

from chemsales.config import resource
from chemsales.reports import values
from chemsales.reports.style import ELLIPSIS, Canvas
from chemsales.words import _

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.font_manager import FontProperties

FILLS = ("#44678d", "#9db7d1", "#d3dce6", "#6d6d6d", "#b5b5b5", "#e2e2e2")
PLAN = "#b3261e"
SIZE = 7.0  # points of a chart's text
NAME = 18  # characters of a name in the legend
EXACT_MONTHS = 6  # more bars leave no room for three decimals above each
_drawing = Lock()  # matplotlib's caches are shared by all threads


@dataclass(frozen=True, slots=True)
class Series:
    """One product group's take by month in kilograms, None where the month is not closed."""

    name: str
    kg: tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class MonthsChart:
    """A customer's months: bars of take, a colour per group, against markers of the whole plan."""

    months: tuple[str, ...]
    takes: tuple[Series, ...]
    plans_kg: tuple[int | None, ...]


def months_figure(chart: MonthsChart, width: float, height: float) -> Figure:
    """The chart as a figure of this size in points, in the current language."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width / 72, height / 72), dpi=72)
    box = (46 / width, 18 / height, 1 - 54 / width, 1 - 40 / height)
    axes = figure.add_axes(box)
    top = _bars(axes, chart)
    _plans(axes, chart)
    top = max([top, *(kg / 1000 for kg in chart.plans_kg if kg)])
    axes.set_ylim(0, top * 1.18 or 1)
    axes.locator_params(axis="y", nbins=5 if top else 1)
    axes.set_xlim(-0.6, len(chart.months) - 0.4)
    _dress(axes, chart)
    return figure


def _bars(axes: Axes, chart: MonthsChart) -> float:
    """The stacked bars with the month's whole take above each; returns the highest, in tonnes."""
    places = range(len(chart.months))
    floor = [0.0] * len(chart.months)
    for series, fill in zip(chart.takes, FILLS * len(chart.takes), strict=False):
        tall = [max(0, kg or 0) / 1000 for kg in series.kg]
        axes.bar(places, tall, 0.5, floor, color=fill, label=_short(series.name), linewidth=0)
        floor = [low + more for low, more in zip(floor, tall, strict=True)]
    exact = len(chart.months) <= EXACT_MONTHS
    for place in places:
        known = [series.kg[place] for series in chart.takes if series.kg[place] is not None]
        text = _tonnes(sum(kg or 0 for kg in known), exact) if known else _("not closed")
        axes.annotate(
            text,
            (place, floor[place]),
            (0, 2),
            textcoords="offset points",
            ha="center",
            va="bottom",
            fontproperties=_font(),
            zorder=5,
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.6},
        )
    return max(floor, default=0)


def _tonnes(kg: int, exact: bool) -> str:
    """Tonnes above a bar; whole ones are cut, not rounded: 999.999 must not read 1,000."""
    return values.tonnes(kg) if exact else f"{int(kg / 1000):,}"


def _short(name: str) -> str:
    return name if len(name) <= NAME else name[: NAME - 1] + ELLIPSIS


def _plans(axes: Axes, chart: MonthsChart) -> None:
    name = _("Plan")
    for place, kg in enumerate(chart.plans_kg):
        if kg is not None:
            reach = (place - 0.36, place + 0.36)
            axes.plot(reach, (kg / 1000,) * 2, color=PLAN, linewidth=1.6, label=name)
            name = "_"


def _dress(axes: Axes, chart: MonthsChart) -> None:
    """Ticks, grid, unit and legend."""
    axes.set_xticks(range(len(chart.months)), [values.month(one) for one in chart.months])
    axes.yaxis.set_major_formatter(lambda value, _position: f"{value:,.6g}")
    axes.tick_params(length=2, width=0.5, pad=2)
    for text in (*axes.get_xticklabels(), *axes.get_yticklabels()):
        text.set_fontproperties(_font())
    axes.set_axisbelow(True)
    axes.grid(axis="y", color="#dddddd", linewidth=0.4)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    for side in ("left", "bottom"):
        axes.spines[side].set_linewidth(0.5)
    axes.text(0, 1.04, _("tonnes"), transform=axes.transAxes, ha="right", fontproperties=_font())
    if not chart.takes:
        return
    axes.legend(
        loc="lower right",
        bbox_to_anchor=(1, 1.0),
        ncols=len(chart.takes) + 1,
        frameon=False,
        prop=_font(),
        handlelength=1.4,
        handleheight=0.7,
        borderpad=0.2,
    )


def _font() -> FontProperties:
    from matplotlib.font_manager import FontProperties

    path = str(resource("fonts", "NotoSansSC_400Regular.ttf"))
    return FontProperties(fname=path, size=SIZE)


@dataclass(frozen=True, slots=True)
class ChartBlock:
    """The chart of a customer's months as a block of a page."""

    chart: MonthsChart
    size: float

    def height(self, width: float) -> float:
        """Its height, whatever the width."""
        return self.size

    def split(self, width: float, room: float) -> None:
        """Never."""

    def draw(self, canvas: Canvas, x: float, top: float, width: float) -> None:
        """As lines and text: the same chart gives the same bytes."""
        from chemsales.reports.drawing import CanvasRenderer

        with _drawing:
            figure = months_figure(self.chart, width, self.size)
            canvas.saveState()
            canvas.translate(x, top - self.size)
            figure.draw(CanvasRenderer(canvas, width, self.size))
            canvas.restoreState()
