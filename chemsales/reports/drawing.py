"""matplotlib's drawing commands carried out on a ReportLab page; text goes through the one door."""

from __future__ import annotations

from typing import Any

from matplotlib.backend_bases import GraphicsContextBase, RendererBase
from matplotlib.path import Path
from matplotlib.transforms import Transform

from chemsales.reports.style import ASCENT, Canvas, TextStyle, draw_text, para


class CanvasRenderer(RendererBase):
    """Draws paths as vectors and text with the embedded font; one unit is one point."""

    def __init__(self, canvas: Canvas, width: float, height: float) -> None:
        super().__init__()
        self._canvas = canvas
        self._size = (width, height)

    def flipy(self) -> bool:
        """The origin is below."""
        return False

    def get_canvas_width_height(self) -> tuple[float, float]:
        """The size in points."""
        return self._size

    def points_to_pixels(self, points: Any) -> Any:
        """One to one."""
        return points

    def draw_path(
        self, gc: GraphicsContextBase, path: Path, transform: Transform, rgbFace: Any = None
    ) -> None:
        """Fill with `rgbFace`, stroke by the context."""
        canvas, drawn = self._canvas, self._canvas.beginPath()
        for points, code in path.transformed(transform).cleaned(curves=False).iter_segments():
            if code == Path.MOVETO:
                drawn.moveTo(*points)
            elif code == Path.LINETO:
                drawn.lineTo(*points)
            elif code == Path.CLOSEPOLY:
                drawn.close()
        width = gc.get_linewidth()
        canvas.setLineWidth(width)
        canvas.setStrokeColorRGB(*gc.get_rgb()[:3])
        if rgbFace is not None:
            canvas.setFillColorRGB(*rgbFace[:3])
        canvas.drawPath(drawn, stroke=int(width > 0), fill=int(rgbFace is not None))

    def draw_text(
        self,
        gc: GraphicsContextBase,
        x: float,
        y: float,
        s: str,
        prop: Any,
        angle: float,
        ismath: Any = False,
        mtext: Any = None,
    ) -> None:
        """One line of text with its baseline at (x, y)."""
        canvas = self._canvas
        canvas.saveState()
        canvas.translate(x, y)
        canvas.rotate(angle)
        draw_text(canvas, s, 0, 0, TextStyle(prop.get_size_in_points()))
        canvas.restoreState()

    def get_text_width_height_descent(
        self, s: str, prop: Any, ismath: Any
    ) -> tuple[float, float, float]:
        """The box of a line of text, by the embedded font."""
        size = prop.get_size_in_points()
        return para(s, TextStyle(size)).natural_width(), size, size * (1 - ASCENT)
