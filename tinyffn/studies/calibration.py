"""What the dense layers of a model are given to read, measured on a sample of text."""

from contextlib import ExitStack
from typing import NamedTuple

import numpy as np

from tinyffn.graph import no_grad
from tinyffn.nn import FeedForward, GatedFeedForward, Linear, Module, MultiHeadAttention, evaluating
from tinyffn.studies.keyvalue.covariance import covariance
from tinyffn.studies.keyvalue.memories import replaced

PARENTS = {
    "ffn": (FeedForward, GatedFeedForward),
    "attention": (MultiHeadAttention,),
    "all": (FeedForward, GatedFeedForward, MultiHeadAttention),
}


class Place(NamedTuple):
    """Where a dense layer stands: it is getattr(owner, attribute)."""

    name: str
    owner: Module
    attribute: str

    @property
    def layer(self):
        return getattr(self.owner, self.attribute)


class Inputs(NamedTuple):
    """What one layer was given: H = E[x xᵀ] (d_in, d_in) and mean |x_i| (d_in,)."""

    second_moment: np.ndarray
    magnitude: np.ndarray


def places(model, which="all"):
    """The dense layers of a model's blocks, first to last: a list of Place.

    Arguments  which: "ffn" for those of feed-forward layers, "attention" for its projections,
               "all", or the name of one, such as "2 down"
    Errors     ValueError if there is no such layer
    """
    found = [
        Place(f"{number} {attribute}", owner, attribute)
        for number, block in enumerate(model.blocks, 1)
        for owner in block.modules()
        if isinstance(owner, PARENTS.get(which, PARENTS["all"]))
        for attribute, part in vars(owner).items()
        if isinstance(part, Linear) and which in (*PARENTS, f"{number} {attribute}")
    ]
    if not found:
        raise ValueError(
            f"places: this {type(model).__name__} has no dense layers {which!r}, but there are "
            f"{', '.join(PARENTS)}, and such names as '1 up'"
        )
    return found


def stages(model, which="all"):
    """The same places in the order in which they are reached: a list of lists of Place.

    Layers of one list are given the same inputs: query, key and value, or gate and up.
    """
    of_one = {"key": "query", "value": "query", "gate": "up"}
    found = {}
    for place in places(model, which):
        attribute = of_one.get(place.attribute, place.attribute)
        found.setdefault((id(place.owner), attribute), []).append(place)
    return list(found.values())


def layer_reads(model, ids, at):
    """All that each layer is given while a model reads ids (B, T).

    Arguments  at: a list of Place
    Returns    {name: array (B T, d_in)}, float64
    """
    seen = {}

    def noting(place):
        layer = place.layer

        def call(x):
            seen[place.name] = x.data.reshape(-1, x.shape[-1]).astype(np.float64)
            return layer(x)

        return call

    with ExitStack() as changes, evaluating(model), no_grad():
        for place in at:
            changes.enter_context(replaced(place.owner, place.attribute, noting(place)))
        model(ids)
    return seen


def in_short(x):
    """The Inputs of what a layer is given, an array (n, d_in)."""
    return Inputs(covariance(x, ridge=0), np.abs(x).mean(axis=0))


def layer_inputs(model, ids, at):
    """What each layer is given, in short: {name: Inputs}. Arguments are those of layer_reads."""
    return {name: in_short(x) for name, x in layer_reads(model, ids, at).items()}
