"""The transformer block: attention moves information between positions, the FFN works on each."""

from tinyffn.arguments import must_be_callable
from tinyffn.nn.dropout import Dropout
from tinyffn.nn.module import Module
from tinyffn.nn.norm import LayerNorm


class TransformerBlock(Module):
    """A pre-norm block: x + attention(norm(x)), then x + feed_forward(norm(x)).

    x (B, T, d_model) -> y (B, T, d_model). Each sublayer reads a normalised copy of the residual
    stream and adds to it.

    Arguments  attention, feed_forward: the sublayers; norm: a class of normalisation layers
    Source     Vaswani et al. 2017 (arXiv:1706.03762), section 3.1; the norm moved to the front
               by Xiong et al. 2020 (arXiv:2002.04745)
    """

    def __init__(self, d_model, attention, feed_forward, *, rng, norm=LayerNorm, dropout=0.0):
        must_be_callable(
            "TransformerBlock", attention=attention, feed_forward=feed_forward, norm=norm
        )
        self.norm_attention = norm(d_model)
        self.attention = attention
        self.norm_feed_forward = norm(d_model)
        self.feed_forward = feed_forward
        self.dropout = Dropout(dropout, rng=rng)

    def __call__(self, x, cache=None):
        x = x + self.dropout(self.attention(self.norm_attention(x), cache))
        return x + self.dropout(self.feed_forward(self.norm_feed_forward(x)))

    def new_cache(self, batch_size, length):
        """An empty cache for this block, with room for `length` positions."""
        return self.attention.new_cache(batch_size, length)
