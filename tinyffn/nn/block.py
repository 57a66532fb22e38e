"""The transformer block: attention moves information between positions, the FFN works on each."""

from tinyffn.arguments import must_be_callable
from tinyffn.nn.dropout import Dropout
from tinyffn.nn.module import Module
from tinyffn.nn.norm import LayerNorm


class TransformerBlock(Module):
    """Two sublayers, each added to the residual stream x: attention, then feed-forward.

    x (B, T, d_model) -> y (B, T, d_model). For each sublayer in turn,

        pre-norm    x + dropout(sublayer(norm(x)))    the stream is a sum, nothing rescales it
        post-norm   norm(x + dropout(sublayer(x)))    the sum is normalised again each time

    Arguments  attention, feed_forward: the sublayers. Either may be None: then it is left out, and
               its norm too. norm: a class of normalisation layers; norm_first: False for post-norm
    Errors     ValueError if both sublayers are None; TypeError if one cannot be called
    Source     Vaswani et al. 2017 (arXiv:1706.03762), section 3.1, is post-norm; Baevski and Auli
               2018 (arXiv:1809.10853) and GPT-2 (Radford et al. 2019) are among the first that are
               pre-norm, and Xiong et al. 2020 (arXiv:2002.04745) say why it trains more easily
    """

    takes_mask = True  # beside x and a cache

    def __init__(
        self,
        d_model,
        attention,
        feed_forward,
        *,
        rng,
        norm=LayerNorm,
        dropout=0.0,
        norm_first=True,
    ):
        sublayers = {"attention": attention, "feed_forward": feed_forward}
        given = {name: sublayer for name, sublayer in sublayers.items() if sublayer is not None}
        if not given:
            raise ValueError("TransformerBlock: attention and feed_forward are None: pass one")
        must_be_callable("TransformerBlock", **given, norm=norm)
        self.norm_attention = None if attention is None else norm(d_model)
        self.attention = attention
        self.norm_feed_forward = None if feed_forward is None else norm(d_model)
        self.feed_forward = feed_forward
        self.dropout = Dropout(dropout, rng=rng)
        self.norm_first = norm_first

    def __call__(self, x, cache=None, mask=None):
        return self.stream(x, cache, mask)[-1]

    def stream(self, x, cache=None, mask=None):
        """The residual stream after each sublayer: a list of one or two, each like x.

        Arguments  mask: for the attention, see MultiHeadAttention
        """
        looking = (cache,) if mask is None else (cache, mask)
        after = []
        if self.attention is not None:
            x = self._add(x, self.norm_attention, self.attention, *looking)
            after.append(x)
        if self.feed_forward is not None:
            x = self._add(x, self.norm_feed_forward, self.feed_forward)
            after.append(x)
        return after

    def new_cache(self, batch_size, length):
        """An empty cache with room for `length` positions; None if nothing here looks back."""
        return None if self.attention is None else self.attention.new_cache(batch_size, length)

    def _add(self, x, norm, sublayer, *looking):
        if self.norm_first:
            return x + self.dropout(sublayer(norm(x), *looking))
        return norm(x + self.dropout(sublayer(x, *looking)))
