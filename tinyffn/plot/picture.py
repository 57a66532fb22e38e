"""A figure together with the words that say what is to be seen in it."""

import base64
import html
import io
import sys

from matplotlib.figure import Figure
from PIL import Image  # comes with matplotlib

from tinyffn.plot.palette import style

SHOWN_DPI = 100  # the size on the page
SAVED_DPI = 160  # finer, so that it stays sharp on a dense screen


class Picture:
    """What a notebook shows for a figure: an image with its alternative text, or that text alone.

    Matplotlib's own output loses the alternative text when a notebook becomes a web page. An
    `<img alt="...">` that carries its own bytes keeps it in the notebook, in HTML and on the web.
    """

    def __init__(self, fig: Figure, alt: str) -> None:
        if not isinstance(alt, str) or not alt.strip():
            raise ValueError(
                "show: alt is empty: say in a sentence what is to be seen in the figure, "
                "for example alt='The loss falls from 3.2 to 1.1 nats in 200 steps.'"
            )
        self.fig = fig
        self.alt = " ".join(alt.split())

    def _repr_html_(self) -> str:
        data = base64.b64encode(_png(self.fig)).decode("ascii")
        width = round(self.fig.get_figwidth() * SHOWN_DPI)
        return (
            f'<img alt="{html.escape(self.alt)}" width="{width}" style="max-width: 100%" '
            f'src="data:image/png;base64,{data}">'
        )

    def __repr__(self) -> str:
        return f"[figure] {self.alt}"


def _png(fig: Figure) -> bytes:
    """The figure as a PNG of 256 colours, a third of the size of the one matplotlib writes."""
    drawn, small = io.BytesIO(), io.BytesIO()
    with style():
        fig.savefig(drawn, format="png", dpi=SAVED_DPI)
    Image.open(drawn).convert("RGB").quantize(256).save(small, format="png", optimize=True)
    return small.getvalue()


def show(fig: Figure, *, alt: str) -> None:
    """Put a figure on the page of a notebook; in a plain script, print its alternative text.

    Raises ValueError if `alt` is empty: who cannot see the figure should miss nothing.
    """
    picture = Picture(fig, alt)
    if "IPython" in sys.modules:  # a notebook has it loaded; a plain script need not have it at all
        from IPython.display import display

        display(picture)
    else:
        print(picture)
