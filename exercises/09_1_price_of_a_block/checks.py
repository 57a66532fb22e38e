"""Checks of exercise 9.1. Each asks for several blocks, so that no guess can hit them all."""

from tinyffn.lab.checks import check


def some(rng, low, high):
    return int(rng.integers(low, high))


def plain(rng, **other):
    """A block of heads that fill d_model, each with its own keys, and nothing else to it."""
    n_heads, d_head = some(rng, 3, 6), some(rng, 2, 6)
    d_model = n_heads * d_head
    sizes = {
        "d_model": d_model,
        "d_ff": 3 * d_model + some(rng, 1, 9),
        "n_heads": n_heads,
        "n_kv_heads": n_heads,
        "d_head": d_head,
        "gated": False,
        "bias": False,
        "n_cached": 0,
        "n_new": 1,
    }
    return {**sizes, **other}


def grouped(rng, **other):
    """A block whose heads share keys, and do not fill d_model, or more than that."""
    n_kv_heads, d_head = some(rng, 2, 4), some(rng, 5, 9)
    n_heads = n_kv_heads * some(rng, 2, 4)
    d_model = int(rng.choice([11, 13, 17, 19]))  # a prime: no width of heads is as large
    sizes = {"d_model": d_model, "n_heads": n_heads, "n_kv_heads": n_kv_heads}
    return plain(rng, **{**sizes, "d_head": d_head, **other})


def ask(task, blocks, position):
    """Parameters (position 0) or FLOPs (1) of each block."""
    what, values = ("the parameters", "the FLOPs")[position], {}
    for sizes in blocks:
        given = ", ".join(f"{name}={size}" for name, size in sizes.items())
        values[f"{what} for {given}"] = task.block_price(**sizes)[position]
    return values


FIRST = "parameters, plain heads"


@check(FIRST, points=2)
def parameters_plain(task, rng):
    return ask(task, [plain(rng) for _ in range(3)], 0)


@check("parameters, a gated layer", points=1, after=FIRST)
def parameters_gated(task, rng):
    return ask(task, [plain(rng, gated=True) for _ in range(2)], 0)


@check("parameters, heads that share keys", points=2, after=FIRST)
def parameters_grouped(task, rng):
    return ask(task, [grouped(rng) for _ in range(3)], 0)


PARAMETERS = ("parameters, a gated layer", "parameters, heads that share keys")


@check("parameters, with biases", points=2, after=PARAMETERS)
def parameters_bias(task, rng):
    return ask(task, [grouped(rng, bias=True, gated=gated) for gated in (False, True)], 0)


@check("FLOPs of a text", points=3, after=FIRST)
def flops_of_text(task, rng):
    many = [plain(rng, n_new=some(rng, 20, 60), bias=bias) for bias in (False, True)]
    return ask(task, [*many, plain(rng)], 1)


@check("FLOPs with a cache", points=2, after="FLOPs of a text")
def flops_with_cache(task, rng):
    one = plain(rng, n_cached=some(rng, 20, 60))
    many = plain(rng, n_cached=some(rng, 20, 60), n_new=some(rng, 5, 20))
    return ask(task, [one, many], 1)


@check("FLOPs, heads that share keys", points=2, after=(*PARAMETERS, "FLOPs with a cache"))
def flops_grouped(task, rng):
    sizes = {"n_cached": some(rng, 20, 60), "n_new": some(rng, 5, 20)}
    return ask(task, [grouped(rng, **sizes, gated=gated) for gated in (False, True)], 1)


@check("a block of a real model", points=1, after=PARAMETERS, tolerance=1e-9)
def real(task, rng):
    """Qwen3-8B, which reads a prompt and then one token more."""
    n_prompt, sizes = some(rng, 500, 900), (4096, 12288, 32, 8, 128, True, False)
    values = {}
    for n_cached, n_new in ((0, n_prompt), (n_prompt, 1)):
        parameters, flops = task.block_price(*sizes, n_cached, n_new)
        values[f"millions of parameters ({n_cached} tokens in the cache)"] = parameters / 1e6
        values[f"billions of FLOPs ({n_cached} tokens in the cache, {n_new} new)"] = flops / 1e9
    return values
