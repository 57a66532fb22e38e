"""A ledger of real models: where their parameters stand, and where their FLOPs go.

    for model in MODELS:
        print(model.name, model.ffn_share, model.sizes.overtakes(causal=True), model.context)

All numbers are counted from sizes that are published; no model is loaded. How FLOPs are counted is
said in flops.py. Of the first transformer only the encoder is here, and all layers of GPT-3 count
as if each position saw all those before it, though every other layer sees only some.
"""

from dataclasses import dataclass

from tinyffn.arguments import must_be_positive
from tinyffn.studies.flops import Sizes, model_flops


@dataclass(frozen=True)
class Model:
    """A transformer as published.

    Arguments  sizes: of each block; source: where all this is said; context: the longest text,
               None if no limit is set; attention_bias, ffn_bias: whether their maps have biases;
               norm: numbers that a norm learns for each channel, 2 with a bias; norms_at_end: norms
               behind the last block; positions: learned vectors for places; tied: whether one
               table serves both as embeddings and as the map to the words; query_key_norm: whether
               each head's queries and keys are normalised too, with a gain of d_head numbers each
    """

    name: str
    sizes: Sizes
    n_layers: int
    vocab_size: int
    context: int | None
    source: str
    attention_bias: bool = False
    ffn_bias: bool = False
    norm: int = 1
    norms_at_end: int = 1
    positions: int = 0
    tied: bool = False
    query_key_norm: bool = False

    @property
    def attention_parameters(self):
        """Of one block: four maps, and their biases."""
        s = self.sizes
        biases = s.d_head * (s.n_heads + 2 * s.n_kv_heads) + s.d_model
        return s.attention_weights + (biases if self.attention_bias else 0)

    @property
    def ffn_parameters(self):
        """Of one block: two maps or three, and their biases."""
        s = self.sizes
        biases = (2 if s.gated else 1) * s.d_ff + s.d_model
        return s.feed_forward_weights + (biases if self.ffn_bias else 0)

    @property
    def norm_parameters(self):
        """Of one block: two norms, and those of queries and keys."""
        per_head = 2 * self.sizes.d_head if self.query_key_norm else 0
        return 2 * self.norm * self.sizes.d_model + per_head

    @property
    def n_parameters(self):
        """Of the whole model, each number once."""
        block = self.attention_parameters + self.ffn_parameters + self.norm_parameters
        tables = (1 if self.tied else 2) * self.vocab_size + self.positions
        outside = self.sizes.d_model * (tables + self.norms_at_end * self.norm)
        return self.n_layers * block + outside

    @property
    def ffn_share(self):
        """The feed-forward layer's share of a block's parameters, norms left aside."""
        return self.ffn_parameters / (self.attention_parameters + self.ffn_parameters)

    @property
    def ffn_share_of_all(self):
        """The share of all feed-forward layers in the parameters of the whole model."""
        return self.n_layers * self.ffn_parameters / self.n_parameters

    def flops_per_token(self, n, *, causal=False):
        """FLOPs of the whole model on a text of n tokens, per token: the mean over the text.

        The map to the words is among them, also with an encoder, which alone would have none.

        Errors     ValueError if n is no whole number from 1 to the model's context
        """
        must_be_positive("flops_per_token", n=n)
        if self.context is not None and n > self.context:
            raise ValueError(
                f"flops_per_token: n is {n:,}, but {self.name} reads {self.context:,} at most"
            )
        total = model_flops(
            self.sizes, n, n_layers=self.n_layers, vocab_size=self.vocab_size, causal=causal
        )
        return total / n


GPT_2 = (
    "Radford et al. 2019 (Language models are unsupervised multitask learners), table 2; the rest "
    "from its code"
)

MODELS = (
    Model(
        "Transformer, base encoder",
        Sizes(512, 8, 2048),
        n_layers=6,
        vocab_size=37_000,  # "about 37000 tokens"
        context=None,
        source="Vaswani et al. 2017 (arXiv:1706.03762), table 3, sections 3 and 5.1",
        ffn_bias=True,
        norm=2,
        norms_at_end=0,
        tied=True,
    ),
    Model(
        "GPT-2 small",
        Sizes(768, 12, 3072),
        n_layers=12,
        vocab_size=50_257,
        context=1024,
        source=GPT_2,
        attention_bias=True,
        ffn_bias=True,
        norm=2,
        positions=1024,
        tied=True,
    ),
    Model(
        "GPT-2 XL",
        Sizes(1600, 25, 6400),
        n_layers=48,
        vocab_size=50_257,
        context=1024,
        source=GPT_2,
        attention_bias=True,
        ffn_bias=True,
        norm=2,
        positions=1024,
        tied=True,
    ),
    Model(
        "GPT-3 175B",
        Sizes(12_288, 96, 49_152),
        n_layers=96,
        vocab_size=50_257,
        context=2048,
        source="Brown et al. 2020 (arXiv:2005.14165), table 2.1",
        attention_bias=True,
        ffn_bias=True,
        norm=2,
        positions=2048,
        tied=True,
    ),
    Model(
        "LLaMA-7B",
        Sizes(4096, 32, 11_008, gated=True),
        n_layers=32,
        vocab_size=32_000,
        context=2048,
        source="Touvron et al. 2023 (arXiv:2302.13971), table 2; the rest from its code",
    ),
    Model(
        "Llama-3-8B",
        Sizes(4096, 32, 14_336, n_kv_heads=8, gated=True),
        n_layers=32,
        vocab_size=128_256,
        context=8192,
        source="Grattafiori et al. 2024 (arXiv:2407.21783), table 3; the rest from config.json",
    ),
    Model(
        "Qwen3-8B",
        Sizes(4096, 32, 12_288, n_kv_heads=8, d_head=128, gated=True),
        n_layers=36,
        vocab_size=151_936,
        context=40_960,
        source="Yang et al. 2025 (arXiv:2505.09388), table 1; the rest from config.json, also the "
        "context: the table's 128K need rotary positions that are scaled (YaRN)",
        query_key_norm=True,
    ),
)
