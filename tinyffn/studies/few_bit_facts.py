"""A model that knows its facts, with feed-forward layers in few bits.

It begins as the model in float32 that editing_bench.bench(seed) holds, and is trained on for half
as many steps. Embeddings, attention, norms and the map to the words stay in float32.
"""

import copy
import functools

import numpy as np

from tinyffn import nn
from tinyffn.bits.schemes import binary
from tinyffn.bits.ternary import ternary
from tinyffn.nn.module import Parameter
from tinyffn.studies import fact_language
from tinyffn.studies.editing_bench import bench
from tinyffn.studies.latent import rounded_after_training

STEPS = 300
RATE = 0.003  # with 0.001 and 0.01 as many facts are known at the end, within 0.2 percent
SCHEMES = {"sign": binary, "ternary": ternary}


@functools.cache
def trained_on(seed, scheme, *, steps=STEPS):
    """The model of a seed, trained on with both feed-forward layers in few bits.

    Their dense layers are nn.QuantizedLinear, with latent weights behind the rounded ones, and one
    scale for each column. Whoever changes the model must put it back.

    Errors     ValueError if there is no such scheme
    """
    if scheme not in SCHEMES:
        raise ValueError(f"few_bit_facts: there is no scheme {scheme!r}, only {', '.join(SCHEMES)}")
    of = bench(seed)
    model = rounded_after_training(of.model, SCHEMES[scheme], which="ffn")
    fact_language.learn(model, of.language, seed=seed, rate=RATE, steps=steps, progress=False)
    return model.eval()


def read_back(model):
    """A copy of such a model with the weights that its codes stand for in ordinary dense layers.

    It says the same. Nothing is left of the latent weights.
    """
    copied = copy.deepcopy(model)
    nn.replace_linears(copied, _dense)
    return copied.eval()


def known(model, language):
    """The share of all facts that a model answers right, in words that it was trained with."""
    every = np.arange(len(language.objects))
    return fact_language.share_right(model, language, every, paraphrase=0)


def _dense(layer):
    dense = nn.Linear(*layer.w.shape, rng=np.random.default_rng(0), bias=layer.b is not None)
    dense.w = Parameter(layer.quantized().values())
    dense.b = None if layer.b is None else Parameter(layer.b.data)
    return dense
