"""Checks of exercise 9.2. Each asks for several blocks, so that no guess can hit them all."""

from tinyffn.lab.checks import check


def some(rng, low, high):
    return int(rng.integers(low, high))


def block(rng, *, group=1, gated=False, times=1):
    """A block of heads that do not fill d_model, or more than that; `group` heads share a key.

    d_model is a prime above each width of heads. The hidden layer is wide, so that no text is
    short. Its width is such that the way in which one rounds shows, each way by itself, and that
    `times` as long a text is another length than one rounded at the end.
    """
    n_kv_heads, d_head = some(rng, 2, 4), some(rng, 5, 8)
    sizes = {
        "d_model": int(rng.choice([67, 71, 73, 79])),
        "d_ff": some(rng, 330, 400),
        "n_heads": n_kv_heads * group,
        "n_kv_heads": n_kv_heads,
        "d_head": d_head,
        "gated": gated,
        "times": times,
    }
    while not shows_rounding(**sizes):
        sizes["d_ff"] += 1
    return sizes


def shows_rounding(d_model, d_ff, n_heads, n_kv_heads, d_head, gated, times):
    maps = d_model * (times * (3 if gated else 2) * d_ff - 2 * d_head * (n_heads + n_kv_heads))
    length, rest = divmod(maps, n_heads * d_head)
    once = d_model * ((3 if gated else 2) * d_ff - 2 * d_head * (n_heads + n_kv_heads))
    over = times * (once % (2 * n_heads * d_head)) // (2 * n_heads * d_head)
    return rest > 0 and length % 2 == 0 and (times == 1 or over != times - 1)


def ask(task, blocks, positions=(0, 1)):
    """The length of a text whose tokens see all (position 0), or the past (1), for each block."""
    values = {}
    for sizes in blocks:
        given = ", ".join(f"{name}={size}" for name, size in sizes.items())
        answers = task.overtakes(**sizes)
        for position in positions:
            what = ("all is seen", "the past is seen")[position]
            values[f"n if {what}, for {given}"] = answers[position]
    return values


FIRST = "all seen, each head its own keys"


@check(FIRST, points=2)
def all_plain(task, rng):
    return ask(task, [block(rng) for _ in range(3)], (0,))


@check("all seen, a gated layer", points=1, after=FIRST)
def all_gated(task, rng):
    return ask(task, [block(rng, gated=True) for _ in range(2)], (0,))


@check("all seen, heads that share keys", points=2, after=FIRST)
def all_grouped(task, rng):
    return ask(
        task, [block(rng, group=some(rng, 2, 4), gated=gated) for gated in (False, True)], (0,)
    )


ALL = ("all seen, a gated layer", "all seen, heads that share keys")


@check("the past seen", points=3, after=ALL)
def past(task, rng):
    return ask(task, [block(rng, group=2), block(rng, gated=True)], (1,))


@check("several times as much", points=2, after=ALL)
def times(task, rng):
    return ask(task, [block(rng, group=2, times=some(rng, 2, 5)) for _ in range(2)], (0,))


LENGTHS = ("the past seen", "several times as much")


@check("equal cost", points=1, after=LENGTHS)
def equal(task, rng):
    """With heads that fill d_model and a plain hidden layer, some text costs exactly as much."""
    fills = block(rng)
    fills["d_model"] = fills["n_heads"] * fills["d_head"]
    return ask(task, [block(rng), fills])


@check("more from the first token on", points=1, after=LENGTHS)
def from_the_start(task, rng):
    """Next to a block that is overtaken late, one with a hidden layer that is very narrow."""
    return ask(task, [{**block(rng), "d_ff": 2}, block(rng, group=2)])
