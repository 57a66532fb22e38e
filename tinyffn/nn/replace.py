"""Replace dense layers of a finished model, in place."""

from tinyffn.arguments import must_be_callable
from tinyffn.nn.attention import MultiHeadAttention
from tinyffn.nn.feedforward import FeedForward, GatedFeedForward, MaxoutFeedForward
from tinyffn.nn.linear import Linear
from tinyffn.nn.module import Module
from tinyffn.nn.tiny_attention import TinyAttention

FFN = (FeedForward, GatedFeedForward, MaxoutFeedForward)
ATTENTION = (MultiHeadAttention, TinyAttention)
PARENTS: dict[str, tuple[type, ...]] = {
    "ffn": FFN,
    "attention": ATTENTION,
    "all": FFN + ATTENTION,
}


def replace_linears(model, make, *, which="ffn"):
    """Put what `make` makes of it in the place of each chosen Linear of a model.

        nn.replace_linears(model, nn.BinaryLinear.from_linear)
        nn.replace_linears(model, partial(nn.BitLinear.from_linear, norm=None), which="all")

    These copy w and b. Embedding, norms and the map to the vocabulary, which most papers keep in
    full precision, are in none of the groups: to take the head too, choose by name. A layer that
    stands in several places is replaced by one new layer in all of them. New layers have new
    parameters: make the optimiser afterwards.

    Arguments  make: a function Linear -> Module
               which: "ffn", the layers of feed-forward layers; "attention", its projections; "all",
               both; or a function that says of a name ("blocks.0.feed_forward.up") whether to
               replace. What was replaced is a Linear again if it is one of nn.QuantizedLinear's
               kinds, so it can be replaced once more
    Returns    the names of the layers that were replaced
    Errors     ValueError if which is none of these, or no Linear is chosen; TypeError if make is no
               function, or makes something else than a Module
    """
    must_be_callable("replace_linears", make=make)
    chosen = _chosen(model, which)
    new = {id(layer): make(layer) for layer in chosen.values()}
    for layer in new.values():
        if not isinstance(layer, Module):
            raise TypeError(
                f"replace_linears: make gave a {type(layer).__name__}, but must give a Module"
            )
    for part in model.modules():
        for attribute, value in list(vars(part).items()):
            if (replaced := _replaced(value, new)) is not value:
                setattr(part, attribute, replaced)
    return list(chosen)


def _chosen(model, which):
    """{name: Linear} of those to replace."""
    if not callable(which) and which not in list(PARENTS):
        raise ValueError(
            f'replace_linears: which is {which!r}, but must be "ffn", "attention", "all", or a '
            "function of a layer's name"
        )
    named = [(name, part) for name, part in model.named_modules() if isinstance(part, Linear)]
    if callable(which):
        chosen = {name: layer for name, layer in named if name and which(name)}
    else:
        parents = [part for part in model.modules() if isinstance(part, PARENTS[which])]
        of_parents = {id(value) for parent in parents for value in vars(parent).values()}
        chosen = {name: layer for name, layer in named if id(layer) in of_parents}
    if not chosen:
        raise ValueError(
            f"replace_linears: which = {which!r} chooses no Linear of the {type(model).__name__}; "
            f"there are {', '.join(name for name, _ in named) or 'none'}"
        )
    return chosen


def _replaced(value, new):
    """The value with new layers in it, or in the lists, tuples and dicts that it is made of."""
    if isinstance(value, list):
        value[:] = [_replaced(item, new) for item in value]
    elif isinstance(value, tuple):
        items = tuple(_replaced(item, new) for item in value)
        return items if any(a is not b for a, b in zip(items, value, strict=True)) else value
    elif isinstance(value, dict):
        for key, item in value.items():
            value[key] = _replaced(item, new)
    return new.get(id(value), value)
