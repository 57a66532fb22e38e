"""Pictures of the course: each function below returns a Figure, and `show` puts it on the page.

plot.show(plot.lines({"loss": (steps, loss)}, x="step", y="loss (nats)"), alt="Loss falls ...")
"""

from tinyffn.plot.arrangement import regions
from tinyffn.plot.before_after import before_after
from tinyffn.plot.cards import cards, cards_in_words
from tinyffn.plot.chain import LESSONS, course_map
from tinyffn.plot.curves import history, lines
from tinyffn.plot.dots import dots
from tinyffn.plot.features import features
from tinyffn.plot.flips import flips
from tinyffn.plot.heads import position_maps
from tinyffn.plot.images import images
from tinyffn.plot.latent import latent
from tinyffn.plot.letters import letters
from tinyffn.plot.levels import levels
from tinyffn.plot.moved import moved
from tinyffn.plot.multiples import multiples
from tinyffn.plot.network import graph
from tinyffn.plot.octets import octets
from tinyffn.plot.palette import COLORMAP, DASHES, PALETTE, figure, panels, style
from tinyffn.plot.picture import Picture, show
from tinyffn.plot.plane import plane_map, warped_grid
from tinyffn.plot.rates import rates
from tinyffn.plot.reading import reading
from tinyffn.plot.roof import roofline
from tinyffn.plot.rounding import rounding
from tinyffn.plot.seeds import bands, grouped_ranges, intervals, ranges
from tinyffn.plot.sizes import sizes
from tinyffn.plot.stream import stream
from tinyffn.plot.tallies import tallies
from tinyffn.plot.vectors import arrows, hull
from tinyffn.plot.verdicts import verdicts

__all__ = [
    "COLORMAP",
    "DASHES",
    "LESSONS",
    "PALETTE",
    "Picture",
    "arrows",
    "bands",
    "before_after",
    "cards",
    "cards_in_words",
    "course_map",
    "dots",
    "features",
    "figure",
    "flips",
    "graph",
    "grouped_ranges",
    "history",
    "hull",
    "images",
    "intervals",
    "latent",
    "letters",
    "levels",
    "lines",
    "moved",
    "multiples",
    "octets",
    "panels",
    "plane_map",
    "position_maps",
    "ranges",
    "rates",
    "reading",
    "regions",
    "roofline",
    "rounding",
    "show",
    "sizes",
    "stream",
    "style",
    "tallies",
    "verdicts",
    "warped_grid",
]
