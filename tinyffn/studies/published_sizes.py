"""The published sizes of a family of 1-bit models, derived again to the byte.

    counted(QWEN3_8B)                    parameters, as the white paper counts them
    formula_bytes(n_parameters, 1.125)   the sizes that it prints
    gguf_bytes(gguf_shapes(QWEN3_8B))    what a file of such a model takes
    vocabulary_from_lengths(big, small)  what the lengths of the real files give away

Bonsai 8B (PrismML 2026) has the sizes of Qwen3-8B. Its white paper prints three "exact bytes":

- 16,381,452,288 in 16 bits and 1,151,820,864 in GGUF. Both are a formula, not the length of a file:
  8,190,726,144 parameters times 16 or 1.125 bits. That count takes the norms for 1-bit numbers too,
  which they are not, and leaves out 9,216 gains with which queries and keys are normalised.
- 1,280,131,424 in MLX, Apple's library. The same formula with its 1.25 bits gives 330,464 bytes
  less. This one is the length of a file.

The GGUF file itself has 1,158,654,496 bytes. It is what the matrices take in Q1_0 and the norms in
float32, if the two tables have a row for each of the tokenizer's 151,669 words only, where Qwen3-8B
has 151,936, and 5,926,816 bytes for the rest: the words themselves, mostly. No file is opened here.
It is inferred from the lengths of three files of different models, which leave the same rest to the
byte; and programs that load the file report the same types and rows. Norms in 16 bits would not
fit, whatever the number of rows. With the same tables and 16-bit norms the MLX file has 113 bytes
left for each of its 907 arrays: about what their names and places take.

Source     PrismML, 1-bit Bonsai 8B (white paper, 31 March 2026); lengths of files as
           huggingface.co/prism-ml lists them in 2026; sizes of the models: Yang et al. 2025
           (arXiv:2505.09388), and config.json
"""

from typing import NamedTuple

from tinyffn.bits.formats import Q1_0
from tinyffn.bits.gguf import gguf_bytes
from tinyffn.studies.flops import Sizes
from tinyffn.studies.ledger import MODELS, Model

QWEN3_8B = next(model for model in MODELS if model.name == "Qwen3-8B")


def _smaller(name, d_model, n_heads, d_ff, n_layers):
    return Model(
        name,
        Sizes(d_model, n_heads, d_ff, n_kv_heads=8, d_head=128, gated=True),
        n_layers=n_layers,
        vocab_size=151_936,
        context=40_960,
        source="Yang et al. 2025 (arXiv:2505.09388) and config.json",
        tied=True,
        query_key_norm=True,
    )


class Files(NamedTuple):
    """A 1-bit model and the lengths of its two published files, in bytes."""

    name: str
    model: Model
    gguf: int
    mlx: int


FILES = (
    Files("Bonsai 8B", QWEN3_8B, 1_158_654_496, 1_280_131_424),
    Files("Bonsai 4B", _smaller("Qwen3-4B", 2560, 32, 9728, 36), 572_270_624, 628_865_840),
    Files("Bonsai 1.7B", _smaller("Qwen3-1.7B", 2048, 16, 6144, 28), 248_302_272, 269_060_904),
)
PRINTED = {"16 bits": 16_381_452_288, "GGUF": 1_151_820_864, "MLX": 1_280_131_424}
MLX_BITS = 1 + 2 * 16 / 128  # a scale and an offset for 128 weights


def counted(model):
    """All parameters but the gains with which queries and keys are normalised."""
    return model.n_parameters - model.n_layers * 2 * model.sizes.d_head


def formula_bytes(n_parameters, bits_per_weight):
    """Parameters times bits, in bytes."""
    return n_parameters * bits_per_weight / 8


def gguf_shapes(model, vocab_size=None, *, matrix="Q1_0", gain="F32"):
    """The tensors of a model's file, name -> type and shape, named as llama.cpp names them.

    Arguments  vocab_size: rows of its tables, the model's own if None; matrix, gain: the types of
               the matrices and of the norms
    Errors     ValueError if the model is not built as Qwen3 is
    """
    s = model.sizes
    if not (s.gated and model.query_key_norm) or model.attention_bias or model.norm != 1:
        raise ValueError(
            f"gguf_shapes: {model.name} must be gated, normalise queries and keys, and have no "
            "biases, as Qwen3 has"
        )
    rows = model.vocab_size if vocab_size is None else vocab_size
    queries, keys = s.n_heads * s.d_head, s.n_kv_heads * s.d_head
    tables = ["token_embd"] if model.tied else ["token_embd", "output"]
    shapes = {name: (rows, s.d_model) for name in tables} | {"output_norm": (s.d_model,)}
    for i in range(model.n_layers):
        block = {
            "attn_norm": (s.d_model,),
            "attn_q": (queries, s.d_model),
            "attn_q_norm": (s.d_head,),
            "attn_k": (keys, s.d_model),
            "attn_k_norm": (s.d_head,),
            "attn_v": (keys, s.d_model),
            "attn_output": (s.d_model, queries),
            "ffn_norm": (s.d_model,),
            "ffn_gate": (s.d_ff, s.d_model),
            "ffn_up": (s.d_ff, s.d_model),
            "ffn_down": (s.d_model, s.d_ff),
        }
        shapes |= {f"blk.{i}.{name}": shape for name, shape in block.items()}
    return {
        f"{name}.weight": (matrix if len(shape) == 2 else gain, shape)
        for name, shape in shapes.items()
    }


def data_bytes(shapes, bits):
    """The bytes of all numbers, with so many bits for each by its type."""
    total = 0
    for kind, (first, *rest) in shapes.values():
        total += bits[kind] * first * (rest[0] if rest else 1)
    return total / 8


def gguf_rest(files, vocab_size=None, *, gain="F32"):
    """What the GGUF file has beyond tensors and their descriptions: its metadata, within 31 bytes.

    Arguments  files: one of FILES; vocab_size, gain: as for gguf_shapes
    """
    return files.gguf - gguf_bytes(gguf_shapes(files.model, vocab_size, gain=gain))


def mlx_rest(files, vocab_size=None):
    """What the MLX file has beyond its numbers, and for how many arrays.

    A matrix is three arrays there: signs, scales and offsets.
    """
    shapes = gguf_shapes(files.model, vocab_size, gain="F16")
    rest = files.mlx - data_bytes(shapes, {"Q1_0": MLX_BITS, "F16": 16})
    return int(rest), sum(3 if kind == "Q1_0" else 1 for kind, _ in shapes.values())


def vocabulary_from_lengths(large, small, *, gain="F32"):
    """The number of rows for which the GGUF files of two models leave the same rest.

    Each row fewer leaves more: 18 bytes for each 128 numbers of each table. The models have
    different numbers in a row, so that there is one answer.
    """
    missing = gguf_rest(small, gain=gain) - gguf_rest(large, gain=gain)
    per_row = [
        Q1_0.row_bytes(files.model.sizes.d_model) * (1 if files.model.tied else 2)
        for files in (large, small)
    ]
    return large.model.vocab_size - round(missing / (per_row[0] - per_row[1]))
