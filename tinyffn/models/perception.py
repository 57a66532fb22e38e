"""A language model without attention, made of published parts."""

from functools import partial

from tinyffn import nn
from tinyffn.arguments import must_be_positive
from tinyffn.models.language import LanguageModel
from tinyffn.nn import init


def perception(vocab_size, context, d_model, d_ff, n_layers, *, rng, **parts):
    """A LanguageModel of nn.PerceptionBlock: gMLP, to which `parts` adds or from which it takes.

    The maps of the blocks know the places, so there are no vectors for positions; the context is
    what the maps were made for. The last map of each sublayer starts smaller, see
    init.scaled_residual. With n_experts, train with `nn.balance_loss` added to the loss. An
    activation that is a class, such as nn.AconC, makes one of its own for each block.

    "Adaptive scaling" by complexity may also mean to stop early: read the logits after each
    sublayer, `[model.read(x) for x in model.stream(ids)]`, and stop where one id is likely enough.
    Graves 2016 (arXiv:1603.08983) learns when to stop.

    Arguments  parts: the switches of nn.PerceptionBlock, by name; norm=None leaves the norms of the
               blocks out, and the one behind the last block stays
    Source     Liu et al. 2021 (gMLP, arXiv:2105.08050)
    """
    must_be_positive("perception", n_layers=n_layers)
    last = partial(init.scaled_residual, n_layers=n_layers, std=d_model**-0.5)
    blocks = [
        nn.PerceptionBlock(d_model, d_ff, context, rng=rng, init_down=last, **parts)
        for _ in range(n_layers)
    ]
    return LanguageModel(vocab_size, context, d_model, blocks, rng=rng, positions=False)
