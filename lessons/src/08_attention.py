# %% [markdown]
# # 08 · Attention: routing, not computing?
#
# **What can attention not do alone?**

# %% [markdown]
# ## Where you are · 2 min
#
# This is lesson 08 of nineteen, the first of part II: the transformer block. Lesson 06 read text
# through a window, and ended with a question: how can a layer look far back, without a weight for
# each place, and at what matters in *this* text? The answer is **attention**. Lesson 07 opened the
# optimiser. The feed-forward layer, the FFN, is the MLP with one hidden layer that we know from
# lessons 01 to 05.

# %%
import inspect
import math

import ipywidgets
import numpy as np

from tinyffn import Tensor, nn, no_grad, ops, optim, plot
from tinyffn.data import Characters, documentation, random_windows, split
from tinyffn.gradcheck import as_pair, check_pair, jacobians, numeric_gradient
from tinyffn.lab import check, mine, predict
from tinyffn.studies import product, results
from tinyffn.studies.counts import witten_bell_bits
from tinyffn.train import fit

seed = 8
rng = np.random.default_rng(seed)
print(f"seed {seed}: every random number below follows from it")

# %%
plot.show(
    plot.course_map(here=8),
    alt="The map of the course. The box of lesson 8, attention, is marked 'you are here': the "
    "first box of the second row, the transformer block.",
)

# %% [markdown]
# ## The question · 2 min
#
# The window of lesson 06 had two faults. Its matrix grows with the window: each place has rows of
# its own. And each place has one weight for all texts, though what matters depends on the text.
#
# Attention lets the text itself say who listens to whom. From its vector, each position computes
# three others, by three dense layers that are the same for all positions:
#
# - a **query**: what am I looking for?
# - a **key**: what do I have, so that others can find me?
# - a **value**: what do I hand over to those who look at me?
#
# What a position gives out is made in three steps:
#
# 1. **scores**: one number for each key: how well does my query fit it?
# 2. **weights**: softmax (lesson 03) of the scores: positive numbers that add up to 1;
# 3. **output**: the mean of the values with these weights: each value times its weight, added up.
#
# So what does such a layer do that a dense layer cannot? And, since this is a course on the *other*
# half of the transformer: **what can it not do alone?** A usual saying is "attention routes, the
# FFN computes". Is that true?

# %% [markdown]
# ## What you will be able to do · 1 min
#
# | you will | and this tests it |
# |---|---|
# | **derive** the backward of softmax with a temperature | exercise 8.1 |
# | **find** a leak from the future in a table of derivatives | exercise 8.2 |
# | **turn** queries and keys by their positions | exercise 8.3 |
# | **rewrite** an attention head as a two-layer MLP | exercise 8.4 |
# | **say** what attention cannot do alone, and what it can after all | questions 1 and 2 |
#
# *You need*: lessons 01 to 07; most of all softmax (03) and windows of text (06). *Time*: 50
# minutes for the core; parts marked (90) fill a longer class.

# %% [markdown]
# ## Predict · 4 min
#
# **Prediction 1.** A position reads three others, whose values are the numbers 1, 2 and 6. You may
# choose the query and the three keys as you like, and as large as you like. Which is the *largest*
# number that the output can come close to, but never pass?

# %%
my_limit = None  # a number

# %% [markdown]
# **Prediction 2.** A model that foretells the next character must not see it. So each position may
# read only itself and those before it: the weights of later ones must be 0. Two programs compute
# all scores, take the softmax of all of them, and set the weights of later ones to 0 only *then*.
# Program A leaves it at that. Program B divides what is left by its sum, so that the weights add
# up to 1 again. In which does an output still depend on what stands later: "A", "B", "both" or
# "none"?

# %%
my_leak = None  # "A", "B", "both" or "none"

# %% [markdown]
# **Prediction 3.** In an attention layer, every position may read all three words, before it and
# after it. First it gets 'dog bites man', then 'man bites dog'. Compare what it gives out at *dog*:
# "the same" or "different"?

# %%
my_order = None  # "the same" or "different"

# %% [markdown]
# ## Build by hand on three numbers · 5 min
#
# Let a query and the keys be single numbers. Then the score is simply their product. (For vectors
# it is their **dot product**: multiply number by number, and add up. Of (1, 2) and (3, 4) it is
# 3 + 8 = 11.)

# %%
query, keys, values = 2.0, np.array([0.0, 1.0, -1.0]), np.array([1.0, 2.0, 6.0])
scores = query * keys
p = np.exp(scores) / np.exp(scores).sum()
output = p @ values
print("scores", scores, "  weights", np.round(p, 3), f"  output {output:.3f}")
assert np.isclose(p.sum(), 1) and values.min() < output < values.max()

# %% [markdown]
# The second key fits best, so the output is mostly the second value. Now choose better: a query of
# -20 makes the scores 0, -20 and 20.

# %%
p_sharp = np.exp(-20 * keys) / np.exp(-20 * keys).sum()
print(f"output {p_sharp @ values:.6f}; the limit: you said {my_limit}")
assert 5.9999 < p_sharp @ values <= 6

# %% [markdown]
# The limit is **6**, the largest value (and at the other end 1, the smallest). **If you said 9**:
# you added the values up; but weights that add up to 1 take a *mean*. **If you said that there is
# none**: query and keys can be as large as you like, but they only decide who is heard, never what
# is said.

# %% [markdown]
# ### Backward, through a softmax · 8 min (90)
#
# Raise score 0 by a tiny h. Its exponential grows by the factor e to the power of h, nearly 1 + h.
# The sum of all three grows less: only the part p_0 of it grows, so its factor is 1 + h p_0. With
# numbers:

# %%
h = 0.01
e = np.exp(scores + np.array([h, 0, 0]))
raised = e / e.sum()
print(f"p_0 before {p[0]:.5f}, after {raised[0]:.5f};", end=" ")
print(f"p_0 (1 + h) / (1 + h p_0) = {p[0] * (1 + h) / (1 + h * p[0]):.5f}")
print("gains of all three:", [f"{gain:+.5f}" for gain in raised - p])
print(f"h p_0 (1 - p_0) = {h * p[0] * (1 - p[0]):+.5f}   -h p_0 p_1 = {-h * p[0] * p[1]:+.5f}")
assert np.allclose(raised - p, h * p[0] * (np.array([1, 0, 0]) - p), atol=1e-5)

# %% [markdown]
# For a tiny h, dividing by 1 + h p_0 is the same as multiplying by 1 - h p_0. So p_0 gains
# h p_0 (1 - p_0). Any other weight p_i is divided by the larger sum only, and loses h p_i p_0. The
# same for every score j, without the h, as a table: a row for each weight, a column for each score.
# (It is symmetric: you cannot mix the two up.)

# %%
table = np.diag(p) - np.outer(p, p)  # p_j on the diagonal, less p_i p_j everywhere
print(np.round(table, 3))
numeric = numeric_gradient(lambda s: np.exp(s[1]) / np.exp(s).sum(), scores)
assert np.allclose(table[1], numeric, atol=1e-8)
assert np.allclose(table.sum(axis=0), 0)

# %% [markdown]
# Each column adds up to 0: what one gains, the others lose. To go backward, multiply by the
# gradients of the weights, `dp`, and add up. Score j gets `p_j dp_j` from its own weight, and loses
# `p_j` times the sum of `p_i dp_i` over *all* weights:
#
# `ds_j = p_j (dp_j - Σ_i p_i dp_i)`
#
# No table is needed. If the loss is the output itself, the sum of `p_i v_i`, then `dp_i` is the
# value `v_i`, and the formula reads: to make the output larger, raise the scores whose values lie
# *above the present mean*, and lower the others.

# %%
dp = values
ds = p * (dp - p @ dp)
print(f"values less the output {output:.3f}:", np.round(values - output, 3))
print("gradient of the scores:   ", np.round(ds, 3))
assert np.allclose(ds, table @ dp) and ds[2] > 0 > ds[0]

# %% [markdown]
# ## The clear version · 6 min
#
# Now T positions with vectors: every query meets every key in one product of matrices. Scores are
# divided by √d, where d is the length of a query (a (90) part below says why). `mask` says who may
# read whom: a forbidden score becomes -∞ *before* the softmax, and e to the power of -∞ is 0.


# %%
def attend(q, k, v, mask):
    d = q.shape[1]
    s = np.where(mask, q @ k.T / math.sqrt(d), -np.inf)  # (T, T)
    e = np.exp(s - s.max(axis=1, keepdims=True))  # the same ratios, and nothing overflows
    p = e / e.sum(axis=1, keepdims=True)

    def backward(dy):
        dp = dy @ v.T
        ds = p * (dp - (p * dp).sum(axis=1, keepdims=True))
        return ds @ k / math.sqrt(d), ds.T @ q / math.sqrt(d), p.T @ dy

    return p @ v, backward


# %% [markdown]
# In `backward`, the line of `ds` goes through the softmax (the (90) part above derives it). The
# others are lesson 01: each product of two matrices has two products on the way back.

# %%
T, d = 6, 4
past = np.tri(T, dtype=bool)  # True where column <= row
q, k, v = rng.normal(size=(3, T, d))
error = check_pair(lambda q, k, v: attend(q, k, v, past), q, k, v, rng=rng)
print(past.astype(int)[:3])
print(f"largest difference between backward and nudging: {error:.0e}")
assert error < 1e-6

# %% [markdown]
# One softmax takes *one* mean, and a mean hides what it was made of: half of 1 and half of 3 give
# 2, as 2 and 2 do. To take one thing from here and another from there, and keep them apart, cut the
# **channels** (the numbers of a vector, 64 here) into **heads** of 16: each attends on its own, and
# their outputs stand side by side. A fourth dense layer mixes them. What does the whole cost?

# %%
layer = nn.MultiHeadAttention(64, 4, rng=rng)
print(f"attention over 64 channels: {layer.n_parameters():,} weights, for any number of places")
for places in (4, 16, 1000):
    print(
        f"{places:5,} places: a dense layer on all of them {places * 64 * 64 + 64:9,} weights;",
        end="",
    )
    print(f" scores of one head {4 * places**2:9,} bytes")
assert layer.n_parameters() == 4 * (64 * 64 + 64)

# %% [markdown]
# The first fault of the window is gone: no *weight* is added when the text grows. Something else
# grows: each position has a score for each other one, so the table of scores grows with the
# **square** of the length: for each head a million numbers of 4 bytes at 1,000 places, and four
# million at 2,000. Each is a dot product to compute. This is the price of attention.

# %% [markdown]
# ### Heads · 2 min (90)
#
# Three dense layers make q, k and v; each head attends with its own channels; the fourth mixes.


# %%
def multi_head(x, layer):
    q, k, v = (x @ part.w.data + part.b.data for part in (layer.query, layer.key, layer.value))
    outputs = []
    for h in range(layer.n_heads):
        own = slice(h * layer.d_head, (h + 1) * layer.d_head)
        outputs.append(attend(q[:, own], k[:, own], v[:, own], np.tri(len(x), dtype=bool))[0])
    return np.hstack(outputs) @ layer.output.w.data + layer.output.b.data  # side by side


# %%
x_nine = rng.normal(size=(9, 64)).astype(np.float32)
apart = np.abs(multi_head(x_nine, layer) - layer(Tensor(x_nine[None])).data[0]).max()
print(f"ours and the library's layer: largest difference {apart:.0e}")
assert apart < 1e-5

# %% [markdown]
# ## The library's version · 2 min
#
# Look for three lines only: `ds = dy @ ...`, `ds -= ...` and `ds *= p` are our line of `ds`. (The
# sum over `dy` times `y` is the same number as ours over `p` times `dp`, since y is p times v.)
# All else is care for leading axes (a batch, heads) and for memory. `_weights` is the softmax.

# %%
print(inspect.getsource(ops.attention.pair))

# %%
dy = rng.normal(size=(T, d))
(y, backward), (their_y, their_backward) = attend(q, k, v, past), ops.attention.pair(q, k, v)
pairs = [(y, their_y), *zip(backward(dy), their_backward(dy), strict=True)]
print("largest difference:", f"{max(np.abs(a - b).max() for a, b in pairs):.0e}")
assert all(np.allclose(a, b) for a, b in pairs)

# %% [markdown]
# ## Measure · 17 min
#
# ### Inside the hull (3 min)
#
# Stretch a rubber band around points of the plane: what it encloses is their **convex hull**. It
# is the set of all weighted means of the points, with weights that are positive and add up to 1.
# So the outputs of a head lie in the hull of its values. Here are seven values, the outputs for
# 100 random queries, and what a small FFN makes of each of these outputs.

# %%
seven = rng.normal(size=(7, 2))
queries, seven_keys = 3 * rng.normal(size=(100, 2)), rng.normal(size=(7, 2))
attended = attend(queries, seven_keys, seven, np.ones((100, 7), bool))[0]
computed = np.maximum(attended @ rng.normal(size=(2, 16)), 0) @ rng.normal(size=(16, 2)) / 2
plot.show(
    plot.hull(seven, {"outputs of attention": attended, "outputs of an FFN": computed}),
    alt="Seven triangles, the values, with the polygon around them. All of the 100 discs, outputs "
    "of attention, lie inside the polygon, many near its corners and edges. The crosses, outputs "
    "of an FFN, lie along a bent line, and about a fifth of them outside.",
)
assert np.abs(attended).max() <= np.abs(seven).max()

# %% [markdown]
# This is what *routing* means: attention decides whose values arrive, and in which mixture. What
# arrives was there before. (The FFN is outside because nothing holds it inside; a dense layer may
# leave the hull just as well. The dense layer behind the heads may, too: it takes the hull of each
# head as a whole to another place, and the outputs with it.)

# %% [markdown]
# ### A test for 64 dimensions · 3 min (90)
#
# In 64 dimensions nobody can draw a hull. But there is a test. Take a point, and walk from the
# mean of the values towards it. How far does each value go in this direction? (That is its dot
# product with the direction.) A weighted mean of the values cannot go farther than the farthest of
# them. So a point that goes farther than all of them is surely outside.


# %%
def outside(points, values):
    directions = points - values.mean(axis=0)  # one for each point
    farthest = (directions @ values.T).max(axis=1)
    return int(((directions * points).sum(axis=1) > farthest + 1e-9).sum())


# %%
big_q, big_k, big_v = rng.normal(size=(3, 100, 64))
big = attend(big_q, big_k, big_v, np.tri(100, dtype=bool))[0]
clouds = {
    "outputs of attention": big,
    "as many random points": rng.normal(size=(100, 64)),
    "random points of half the length": rng.normal(size=(100, 64)) / 2,
    "outputs of attention, three times as long": 3 * big,
}
found = {name: outside(cloud, big_v) for name, cloud in clouds.items()}
for name, n in found.items():
    print(f"{name:42} {n:3d} of 100 are surely outside")
assert found.pop("outputs of attention") == 0 and min(found.values()) > 30

# %% [markdown]
# The test has teeth: it catches random points, even shorter ones. Of the outputs of attention it
# catches none. That none is caught is no proof that they are inside. The proof is the weights:
# positive, with the sum 1.

# %% [markdown]
# ### One token (7 min)
#
# Let a position read itself alone. One score, one weight: softmax of one number is 1. So the output
# is the value, and the layer is a dense layer, exactly: the linear trap of lesson 01.

# %%
attention = nn.MultiHeadAttention(8, 2, rng=rng).astype(np.float64)
token_a, token_b = rng.normal(size=(2, 1, 1, 8))
between = attention(Tensor(0.3 * token_a + 0.7 * token_b)).data
mixed = 0.3 * attention(Tensor(token_a)).data + 0.7 * attention(Tensor(token_b)).data
print(f"a token alone: bent by {np.abs(between - mixed).max():.0e}")
assert np.abs(between - mixed).max() < 1e-12

# %% [markdown]
# **Prediction 4.** Now a token holds two numbers, a and b, random ones from -1 to 1. Attention
# with two heads stands between two dense layers; all three are trained to give the product a · b.
#
# - First, attention reads this token alone.
# - Then it reads a second token beside it, always the same one, (0, 0).
#
# How much of the product is still missing after training? 0 means exact, 100 means no better than
# always saying the same number. (An FFN instead of attention gets below 1.)

# %%
my_missing = None  # two percentages, such as (50, 50): alone, beside the fixed token

# %% [markdown]
# The runs were made by `python -m tinyffn.studies.product`: each arm at its own best of six rates,
# three seeds. "Missing" is the mean squared error, divided by that of always saying the mean. In
# two more arms, the second token is random, or there are seven random ones. In one more, attention
# has a single head. And "two sigmoids" is an MLP with two hidden units; we need it later.

# %%
runs = results.load("product")["runs"]
print(results.conditions(runs, steps=product.STEPS, choose_by="to_choose_by"))
n = {run["arm"]: run["n_parameters"] for run in runs}
assert abs(n["attention, one token"] / n["FFN, one token"] - 1) < 0.03

# %%
values_of = results.at_best_rate(runs, choose_by="to_choose_by")
percent = {arm: [100 * v for v in by_seed.values()] for arm, by_seed in values_of.items()}
for arm, found in percent.items():
    print(f"{arm:26} {np.mean(found):6.2f} % missing ({min(found):.2f} to {max(found):.2f})")
print("you said:", my_missing)
assert min(percent["attention, one token"]) > 95
assert max(percent["attention, a fixed token"]) < 2 and max(percent["FFN, one token"]) < 2

# %%
plot.show(
    plot.ranges(percent, x="percent of the product that is missing"),
    alt="Seven rows with a dot for each of three seeds. Attention on one token alone stands at 100 "
    "percent. With one random other, and one head with a fixed token, a bit above half is missing; "
    "with seven random others about a third, with two sigmoids somewhat less. Attention with a "
    "fixed token and the FFN both stand next to 0.",
)
noise, steadier = percent["attention, 1 random other"], percent["attention, 7 random others"]
assert min(noise) > max(steadier) and min(steadier) > 20
assert min(percent["one head, a fixed token"]) > 40

# %% [markdown]
# Alone: nothing. Beside a token that says nothing at all: all of it. **If you said (100, 100)**:
# that is the usual saying, and it ends here. **If you said (0, 0)**: alone there is no softmax that
# could bend anything. **If you said something in between for the second**, such as 50: that is
# what *one head* reaches.
#
# How can it be? With two tokens, the weight of the own value is `e^s / (e^s + e^t)`, which is the
# sigmoid of s - t. One of the numbers sets this *weight*, the other one stands in the *value*; and
# weight times value is a product. It is the **gate** of lesson 05. But a sigmoid is a half, and a
# bit more or less. The half is not wanted; it takes a second head, of opposite sign, to take it
# away. And why are *random* neighbours worse than one that says nothing? To look away from oneself
# one must look at something, and a random value comes along as noise. Seven of them make a
# steadier mean than one. The fixed token makes no noise: it is only somewhere else to look.

# %% [markdown]
# ### Inside the two heads · 6 min (90)
#
# Is that so? We train one of these networks again, and look into it. Over all tokens (a, b): what
# weight does each head give to the token's *own* value?

# %%
net, again = product.train_arm("attention, a fixed token", rate=0.03, seed=1)
told = percent["attention, a fixed token"][0]
print(f"one run again: {100 * again['value']:.2f} % missing, in the file {told:.2f} %")
assert abs(100 * again["value"] - told) < 1


# %%
def with_fixed(points):
    return np.stack([points, np.zeros_like(points)], axis=1).astype(np.float32)


def weight(head):  # axes of the weights: example, head, who reads, who is read
    return lambda points: net.middle.weights(net.up(Tensor(with_fixed(points))))[:, head, 0, 0]


# %%
plot.show(
    plot.plane_map(
        {"head 0": weight(0), "head 1": weight(1)},
        x="a", y="b", scale="own weight", ends=(0, 1), columns=2,
    ),
    alt="Two maps over a and b, on one scale of weights from 0 to 1. Each is an even slope along "
    "a: head 0 falls from left to right, from bright to dark; head 1 rises.",
)  # fmt: skip
points = rng.uniform(-1, 1, (1000, 2))
print(f"weights from {weight(0)(points).min():.2f} to {weight(0)(points).max():.2f}")
assert np.corrcoef(weight(0)(points), weight(1)(points))[0, 1] < 0  # where one rises, one falls

# %%
plot.show(
    plot.plane_map(
        {"what the network says": lambda p: net(with_fixed(p)).data[:, 0, 0],
         "a · b": lambda p: p.prod(axis=1)},
        x="a", y="b", scale="output", ends=(-1, 1), columns=2,
    ),
    alt="Two maps over a and b that look alike: what the network says, and the product. Both are "
    "saddles: bright in the two corners where a and b have one sign, dark in the other two.",
)  # fmt: skip
said = net(with_fixed(points)).data[:, 0, 0]
assert np.abs(said - points.prod(axis=1)).max() < 0.3

# %% [markdown]
# No head's weight looks like a product: each rises or falls evenly. What does the token's own value
# add to the output, head by head? Straight lines, fitted to both, say it:


# %%
def own_value(head, points):  # what it would add to the output, with a weight of 1
    own = slice(4 * head, 4 * head + 4)
    v = net.middle.value(net.up(Tensor(points.astype(np.float32)))).data[:, own]
    return (v @ net.middle.output.w.data[own] @ net.down.w.data)[:, 0]


# %%
terms, lines = np.column_stack([np.ones(1000), points]), []
for head in range(2):
    share, size = weight(head)(points), own_value(head, points)
    lines += [[np.linalg.lstsq(terms, line)[0] for line in (share, size)]]
    for name, (c, on_a, on_b) in zip(("weight", "own value"), lines[-1], strict=True):
        print(f"head {head}: {name:9} {c:5.2f} {on_a:+.2f} a {on_b:+.2f} b")
    (_, w_a, w_b), (_, v_a, v_b) = lines[-1]
    assert (abs(w_a) > abs(w_b)) != (abs(v_a) > abs(v_b))

# %%
# Each line is (c, on_a, on_b), so row and column of a product of two stand for 1, a and b.
parts = sum(np.outer(w, v) for w, v in lines)  # weight times value, both heads together
ab, b_alone, b_b = parts[1, 2] + parts[2, 1], parts[0, 2] + parts[2, 0], parts[2, 2]
print(f"weight times value, both heads together: {ab:.2f} a b, {b_alone:+.2f} b, {b_b:+.2f} b b")
assert abs(ab - 1) < 0.1 and abs(b_alone) < 0.1 and abs(b_b) < 0.1

# %% [markdown]
# In both heads the number a sets the *weight*, and the number b stands in the *value*. Weight times
# value holds a half of b, too, but the values of the two heads have opposite signs, and so have the
# slopes of their weights: the halves cancel, the small terms b · b cancel, and of a · b there are
# two halves. Their sum is a · b, with the factor 1. Training found this on its own.

# %% [markdown]
# ### An attention head is a two-layer MLP (3 min)
#
# Which kind of computation is this? Write the head of one query as two matrices:

# %%
one_q, five_k, five_v = rng.normal(size=(1, 8)), *rng.normal(size=(2, 5, 8))
up, down = five_k.T / math.sqrt(8), five_v  # (8, 5) and (5, 8)
hidden = ops.softmax(one_q @ up).data  # five hidden units
head = attend(one_q, five_k, five_v, np.ones((1, 5), bool))[0]
print(f"MLP less head: {np.abs(hidden @ down - head).max():.0e}")
assert np.abs(hidden @ down - head).max() < 2e-15

# %% [markdown]
# Up, an activation, down: an MLP with one hidden unit for each token that it reads. Its activation
# is softmax, and **its weights are the context**: nobody trained them, the text brought them along.
# (Here its input is the query. The query is a dense layer of x, so the two matrices may be
# multiplied, and the MLP reads x: exercise 8.4.)
#
# | | FFN | attention head |
# |---|---|---|
# | hidden units | d_ff, a choice | one for each token in sight |
# | columns of `up` (keys) | learnt, the same for all texts | computed from the text |
# | rows of `down` (values) | learnt, the same for all texts | computed from the text |
# | activation | each unit alone | softmax: the units compete |
#
# A token alone is an MLP with *one* hidden unit, which is always 1. A fixed token beside it is a
# second one. Does this explain the product? Not alone. If the columns and rows were *fixed*, two
# heads over two tokens would be two sigmoids; and the two sigmoids of the study leave more than a
# quarter of the product missing. But one column and one row come from the token itself. They change
# with a and b, and *that* is the gate.
#
# This is the line between the two halves of a transformer block: an FFN brings its own keys and
# values, and needs nobody; attention has only what the context offers.
#
# ### Order (2 min)

# %%
words = dict(zip(["dog", "bites", "man"], rng.normal(size=(3, 8)), strict=True))
free = nn.MultiHeadAttention(8, 2, rng=rng, causal=False).astype(np.float64)
causal = nn.MultiHeadAttention(8, 2, rng=rng).astype(np.float64)


def at(word, sentence, layer):
    x = np.array([words[w] for w in sentence.split()])
    return layer(Tensor(x[None])).data[0, sentence.split().index(word)]


# %%
def change(word, one, other, layer):
    return np.abs(at(word, one, layer) - at(word, other, layer)).max()


no_mask = change("dog", "dog bites man", "man bites dog", free)
mask = change("dog", "dog bites man", "man bites dog", causal)
swapped = change("man", "dog bites man", "bites dog man", causal)
print(f"at 'dog', the two sentences differ by {no_mask:.0e}; you said {my_order}")
print(f"with a mask, at 'dog': {mask:.2f}; the two words before 'man' swapped: {swapped:.0e}")
assert max(no_mask, swapped) < 1e-12 < 0.01 < mask

# %% [markdown]
# **If you said different**: nothing in q, k or v knows a place. Attention sees a *set* of tokens.
# With a mask, as in nearly all models that write text, a position sees the set of those *before*
# it: so 'dog' at the end knows more than 'dog' at the beginning. But the order of those before it,
# it does not know either. So positions must be put in: added to the vectors, or worked into queries
# and keys by turning them (`rotary=True` in our layer), as a (90) part below shows.

# %% [markdown]
# ### A reader of real text (2 min)
#
# The text of lesson 06, and the smallest model with attention: a table of vectors, one attention
# layer with four heads, and a dense layer that gets each character's own vector and beside it what
# attention brought. No hidden layer. It reads 32 characters at once and foretells the next one at
# every place, 32 examples in one go.


# %%
class Reader(nn.Module):
    def __init__(self, causal):
        self.token = nn.Embedding(V, 64, rng=rng)
        self.attention = nn.MultiHeadAttention(64, 4, rng=rng, rotary=True, causal=causal)
        self.head = nn.Linear(2 * 64, V, rng=rng)

    def __call__(self, ids):
        x = self.token(ids)
        return self.head(ops.concatenate(x, self.attention(x)))

    def loss(self, ids, targets):
        return ops.cross_entropy(self(ids), targets=targets)


# %%
characters = Characters(documentation())
V = len(characters)
train, test = split(characters.encode(documentation()))


# %%
def trained(causal, steps=300, rate=0.03):
    model, batches = Reader(causal), random_windows(train, batch_size=32, length=32, rng=rng)
    schedule = optim.warmup_cosine(rate, warmup_steps=15, total_steps=steps, final=rate / 20)
    adam = optim.AdamW(model.parameters(), rate, weight_decay=0.0)
    fit(model, model.loss, batches, adam, steps=steps, schedule=schedule)
    return model


# %%
def bits_by_place(model):
    n = (len(test) - 1) // 32 * 32
    ids, targets = test[:n].reshape(-1, 32), test[1 : n + 1].reshape(-1, 32)
    with no_grad():
        log_p = ops.log_softmax(model(ids)).data
    told = np.take_along_axis(log_p, targets[..., None], axis=-1)[..., 0]
    return -told.mean(axis=0) / math.log(2)  # (32)


# %%
model = trained(causal=True)
bits, counts = bits_by_place(model), witten_bell_bits(train, test, V, context=2)
print(f"one attention layer: {bits.mean():.2f} bits per character;", end=" ")
print(f"at place 0 {bits[0]:.2f}, at place 1 {bits[1]:.2f}, from place 2 on {bits[2:].mean():.2f}")
print("counts after 0, 1, 2 characters:", ", ".join(f"{c:.2f}" for c in counts))
assert counts[1] - 0.3 > bits[2:].mean() > counts[2]

# %% [markdown]
# It beats counts after one character by far, so it uses more than the last one. (At place 0 it has
# no more than that; counts after two always have their two.) It does not beat counts after two:
# that is what 300 steps show, and no more. `trained(causal=True, steps=1000)`, which takes three
# times as long, does beat them: try it.

# %% [markdown]
# ### Where it looks · 4 min (90)
#
# Each row is a character that reads; bright is a large weight; white is exactly 0: the future. The
# first row of maps is the reader before any training, the second the trained one.

# %%
piece = "for it in the body"
untrained = Reader(causal=True)


def look_at(model, text):
    return model.attention.weights(model.token(characters.encode(text)[None]))[0]


# %%
maps = {
    f"head {h}, {name}": w
    for name, reader in [("untrained", untrained), ("trained", model)]
    for h, w in enumerate(look_at(reader, piece))
}
plot.show(
    plot.position_maps(
        maps, tokens=list(piece.replace(" ", "_")), scale="weight", columns=4, size=3.0, high=1
    ),
    alt="Eight square maps of weights over the characters of 'for it in the body', a row for each "
    "character that reads. Above the diagonal all is white. Untrained, all heads are alike: each "
    "row fades into an even dark. Trained, most rows have one bright cell, in each head at another "
    "distance: on the diagonal, the character itself, or a few places before it.",
)
assert all(np.allclose(w.sum(axis=1), 1) and not np.triu(w, k=1).any() for w in maps.values())

# %%
for name, reader in [("untrained", untrained), ("trained", model)]:
    largest = look_at(reader, piece)[:, 4:].max(axis=-1).mean(axis=-1)
    print(f"{name:9}: the largest weight of a row, on average, head by head", np.round(largest, 2))
    back = [np.arange(18) - w.argmax(axis=-1) for w in look_at(reader, piece)]
    print(f"{'':9}  steps back from the four spaces:", *(b[[3, 6, 9, 13]].tolist() for b in back))
print("trained, the largest weight is never farther back than", max(b.max() for b in back))
assert largest.min() > 2 * look_at(untrained, piece)[:, 4:].max(axis=-1).mean()

# %% [markdown]
# Before training, a row spreads its weight evenly, and where its largest one stands is chance.
# After it, most of the weight is in one place: the heads have decided. Nobody told them where to
# look: it was useful. And within one head the same character, a space, does not always look at the
# same distance: so the second fault of the window is gone, too. What matters depends on the text.
#
# None of these heads looks far back, after 300 steps on this text. They could: any two places are
# one step apart, however far. Lesson 11 sets a task that cannot be done without looking far back.

# %% [markdown]
# ### Positions by turning · 10 min (90)
#
# How can a score know how far apart query and key stand? Take two numbers: an arrow in the plane.
# **Turn** the query by an angle that grows with its place, one radian (57 degrees) a place, and the
# key likewise. The dot product of two arrows depends on their lengths, which turning keeps, and on
# the angle *between* them. With the query at place m and the key at place n, this angle has changed
# by n - m radians: by how far the one is ahead of the other, wherever they stand.


# %%
def turn(arrow, angle):
    c, s = math.cos(angle), math.sin(angle)
    return np.array([[c, -s], [s, c]]) @ arrow


# %%
q_arrow, k_arrow = np.array([1.0, 0.2]), np.array([0.8, -0.5])
places = {"as they are": (0, 0), "places 1 and 3": (1, 3), "places 5 and 7": (5, 7)}
turned = {t: {"query": turn(q_arrow, m), "key": turn(k_arrow, n)} for t, (m, n) in places.items()}
plot.show(
    plot.arrows(turned),
    alt="Three pictures of two arrows from one point, each on a circle that shows its length. In "
    "the first, query and key stand near each other. In the second and the third both are turned, "
    "differently; but the angle between them is the same in these two, because the places are two "
    "apart in both.",
)
assert np.isclose(np.hypot(*turned["places 5 and 7"]["key"]), np.hypot(*k_arrow))

# %%
arrow_scores = [float(pair["query"] @ pair["key"]) for pair in turned.values()]
print("scores:", np.round(arrow_scores, 4), "  only the key turned:", end=" ")
print(f"two places ahead {q_arrow @ turn(k_arrow, 2):.4f}", end=", ")
print(f"two places behind {q_arrow @ turn(k_arrow, -2):.4f}")
assert np.allclose(arrow_scores[1:], q_arrow @ turn(k_arrow, 2))

# %% [markdown]
# So a score knows n - m, with its sign: two places ahead is not two places behind. This is **rotary
# position embedding**. A vector of d numbers is d/2 such arrows, each with a speed of its own:
# arrow c turns by 10000 to the power of -2c/d radians a place. The first turns one radian, the last
# hardly at all, so that both near and far can be told apart. Try places and speed; at one radian a
# place, places 1 and 3 give the score above:


# %%
def look(m, n, radians_per_place):
    pair = {
        "query": turn(q_arrow, m * radians_per_place),
        "key": turn(k_arrow, n * radians_per_place),
    }
    plot.show(
        plot.arrows({f"score {pair['query'] @ pair['key']:.3f}": pair}, size=3.4),
        alt=f"Two arrows, the query turned by {m} places and the key by {n}. The title says the "
        "score.",
    )
    alone = q_arrow @ turn(k_arrow, (n - m) * radians_per_place)
    assert np.isclose(pair["query"] @ pair["key"], alone)


# %%
m_slider = ipywidgets.IntSlider(value=1, min=0, max=12)
n_slider = ipywidgets.IntSlider(value=3, min=0, max=12)
speed = ipywidgets.FloatSlider(value=1.0, min=0.05, max=1.0, step=0.05)
_ = ipywidgets.interact(look, m=m_slider, n=n_slider, radians_per_place=speed)

# %%
long_q, long_k = rng.normal(size=(2, 1, 16))


def score(m, n):
    turned_q, turned_k = (ops.rotary(x, positions=[at]) for x, at in [(long_q, m), (long_k, n)])
    return (turned_q.data @ turned_k.data.T).item()


# %%
moved = [score(start, start + 7) for start in (0, 1, 30, 1000)]
print("16 numbers, seven places ahead:", [f"{s:.6f}" for s in moved])
print(f"eight ahead: {score(0, 8):.6f}")
assert np.ptp(moved) < 1e-9 < abs(score(0, 8) - moved[0])

# %% [markdown]
# ### Why divide by √d? · 6 min (90)
#
# Draw queries and keys whose numbers are about 1 in size, and look at the size of their dot
# products. A dot product adds up d products. Some are above 0 and some below; they cancel in part,
# but not all: its typical size grows like √d.

# %%
sizes, spread, slope = (2, 8, 32, 128, 512), {}, {}
for name, power in [("as they are", 0.0), ("divided by √d", 0.5)]:
    seen = []
    for n in sizes:
        s = (rng.normal(size=(300, 1, n)) * rng.normal(size=(300, 32, n))).sum(-1) / n**power
        weights = ops.softmax(s).data
        seen.append((s.std(), (weights * (1 - weights)).sum(axis=-1).mean()))
    spread[name], slope[name] = zip(*seen, strict=True)
    print(f"{name:14} typical size at d = 2, 8, 32, 128, 512:", np.round(spread[name], 1))
assert np.allclose(spread["as they are"], np.sqrt(sizes), rtol=0.1)

# %% [markdown]
# At d = 64, then, scores beyond 8 are common, and e to the power of 8 is 3,000. Softmax
# **saturates**: one weight is nearly 1, all others nearly 0. Then p (1 - p) is nearly 0 for all:
# hardly any gradient comes through to the scores. A head that has not learnt anything yet has
# already decided.

# %%
plot.show(
    plot.lines(
        {name: (sizes, s) for name, s in slope.items()}, logx=True,
        x="length d of queries and keys", y="sum of p (1 - p) over 32 keys",
    ),
    alt="What is left of the gradient at the scores, against d. Divided by the root of d it stays "
    "near 0.9 for all d. As they are, it falls from d = 2 to 512 to less than a tenth.",
)  # fmt: skip
print("divided by √d, p (1 - p) adds up to", np.round(slope["divided by √d"], 2))
assert slope["as they are"][-1] < 0.15 and min(slope["divided by √d"]) > 0.8

# %% [markdown]
# Dividing scores by a number before a softmax is what lesson 06 called a **temperature**. Move it:


# %%
def weigh(temperature):
    eight = np.array([3.0, 2.0, 1.5, 1.0, 0.5, 0.0, -1.0, -2.0])
    chosen, plain = ops.softmax(eight / temperature).data, ops.softmax(eight).data
    plot.show(
        plot.lines(
            {f"yours: {temperature:g}": (range(8), chosen), "1, to compare": (range(8), plain)},
            x="key", y="weight", height=3.2,
        ),
        alt=f"Weights of eight keys with falling scores, at temperature {temperature:g} and at 1: "
        "a low temperature gives nearly all to the first key, a high one the same to all.",
    )  # fmt: skip
    assert np.all(np.diff(chosen) <= 0)


# %%
_ = ipywidgets.interact(weigh, temperature=(0.1, 8.0, 0.1))

# %% [markdown]
# ## What broke, and why · 8 min
#
# The first thing that broke is the usual saying: with one more token to look at, attention computed
# a product. What breaks in practice is the mask. Here are four programs: the right one, A and B of
# Prediction 2, and one whose mask is off by one place. Who depends on whom? Take the derivative of
# *every* output by *every* input: this table is called the **Jacobian**. With T positions and 4
# channels it has the shape (T, 4, T, 4): position and channel of the output, then of the input. Of
# the 4 times 4 numbers for each pair of positions, we draw the largest.

# %%
w_q, w_k, w_v = rng.normal(size=(3, 4, 4)) / 2
ones = past.astype(float)


def divided(p):
    return p / ops.sum(p, axis=-1, keepdims=True)


# %%
programs = {
    "mask, softmax": lambda s: ops.softmax(ops.where(s, -np.inf, condition=past)),
    "A: softmax, mask": lambda s: ops.softmax(s) * ones,
    "B: and divide again": lambda s: divided(ops.softmax(s) * ones),
    "off by one": lambda s: ops.softmax(ops.where(s, -np.inf, condition=np.tri(T, k=1) > 0)),
}


# %%
def reach(program):
    def layer_of(x):
        s = (x @ w_q) @ ops.transpose(x @ w_k) / math.sqrt(4)
        return program(s) @ (x @ w_v)

    J, _ = jacobians(as_pair(layer_of), np.random.default_rng(2).normal(size=(T, 4)))
    largest = np.abs(J).max(axis=(1, 3))  # over both channels: (T, T) is left
    return np.where(largest > 1e-12, largest, 0)  # below is rounding


# %%
reaches = {name: reach(program) for name, program in programs.items()}
leaks = {name: np.triu(m, k=1) > 0 for name, m in reaches.items()}
plot.show(
    plot.position_maps(reaches, leaks=leaks, scale="largest derivative", columns=2, size=2.8),
    alt="Four square maps of who depends on whom. With the mask before the softmax, and with "
    "program B, all above the diagonal is white. In program A all of it is coloured and crossed, "
    "darkly, but for the last row which has no future. Off by one has a crossed diagonal above the "
    "main one.",
)
for name, leak in leaks.items():
    print(f"{name:20} {int(leak.sum()):2d} of 15 pairs leak")
print("you said", my_leak)
assert [int(leak.sum()) for leak in leaks.values()] == [0, 15, 0, 5]

# %% [markdown]
# It is **A**. **If you said none**: in A the future has no weight of its own, but it stands in the
# sum that every weight was divided by. The colours are dark: the leak is small, but it is not 0.
# **If you said B**, because B does more to the weights: what it does is to divide that sum away
# again. **If you said both**: B is the same function as the right one. On paper. A computer holds
# only so many digits:

# %%
far_future = np.array([[0.0, 0.0, 2000.0], [0.0, 0.0, 0.0]])  # the third position is the future
left = ops.softmax(far_future).data * [1, 1, 0]
with np.errstate(invalid="ignore"):
    print("B:", (left / left.sum(axis=1, keepdims=True)).tolist())
right = ops.softmax(np.where([True, True, False], far_future, -np.inf)).data
print("mask before softmax:", right.tolist())
assert np.allclose(right, [0.5, 0.5, 0])

# %% [markdown]
# The future took all the weight; for the past nothing is left but 0 / 0. So: **mask before the
# softmax**. And how does one notice a leak without looking for it? The score is wonderful. Here
# is the reader of above, in which somebody forgot the mask:

# %%
cheat = bits_by_place(trained(causal=False))
print(f"with the mask {bits.mean():.2f} bits per character, without it {cheat.mean():.2f}")
print(f"without it, at places 0 to 30: {cheat[:31].mean():.3f}; at the last place {cheat[31]:.2f}")
assert cheat.mean() < bits.mean() / 3 and cheat[:31].max() < 0.1

# %%
plot.show(
    plot.lines(
        {"with the mask": (range(32), bits), "without it": (range(32), cheat)},
        references={"counts after one character": counts[1]},
        x="place in the window", y="bits per character",
    ),
    alt="Bits per character against the place in the window. With the mask they fall from above 4 "
    "at place 0 to between 2 and 3, and stay there. Without it they are next to 0 at all places "
    "but the last; there they jump above the line of counts after one character.",
)  # fmt: skip
assert cheat[31] > counts[1] > bits[31]

# %% [markdown]
# Shannon (1951, in the list of lesson 06) let people guess, and estimated that a letter of English
# takes about one bit. So 0.12 is not to be believed. Look at it place by place: at all places but
# the last, the next character stands in the window, and the reader copies it. At the last place
# there is nothing to copy, and it is worse than counts after one character. The mean is one honest
# place out of 32. And when it *writes*, every place is the last one.
#
# A result that is too good is a bug until shown otherwise. For a small layer, the test above costs
# one Jacobian.

# %% [markdown]
# ## Exercises · 1 min (90)
#
# Four, all for home; choose one to begin with. (In a long class, the first may take the place of
# some of the (90) parts: the teacher's page says which.)
#
# **Exercise 8.1: softmax with a temperature, forward and backward** (35 minutes). How alike the
# weights are is set by one number, tau: scores are divided by it. In attention it is √d_head; when
# a model writes text it is chosen by hand. Here it is differentiated as well, and hidden entries,
# which are -∞, must not spoil its gradient. The folder is
# `exercises/08_1_softmax_with_a_temperature`.

# %%
predict("8.1")

# %%
check("8.1")

# %% [markdown]
# Once its checks pass, your own softmax is all of attention that is not a matrix product. With tau
# = √d_head = 2, its y and both its gradients should be the library's.

# %%
my_softmax = mine("8.1").softmax
q5, k5, v5, dy5 = rng.normal(size=(4, 5, 4))  # 5 positions, d_head = 4
my_p, my_backward = my_softmax(np.where(np.tri(5, dtype=bool), q5 @ k5.T, -np.inf), 2.0)
d_scores, d_tau = my_backward(dy5 @ v5.T)

# %%
y5, backward5 = ops.attention.pair(q5, k5, v5)
dq, dk, _ = backward5(dy5)
assert np.allclose(my_p @ v5, y5)
assert np.allclose(d_scores @ k5, dq) and np.allclose(d_scores.T @ q5, dk)
print(f"y, dq and dk are the library's; and tau has the gradient {d_tau:.3f}")

# %% [markdown]
# **Exercise 8.2: does a layer see the future? Read it from its Jacobian** (35 minutes). Tests for
# leaks miss leaks: derivatives of +2 and -2 add up to 0, and NaN is not larger than any limit.
# Write one that misses none. The folder is `exercises/08_2_leaks`.

# %%
predict("8.2")

# %%
check("8.2")

# %% [markdown]
# Your `leaks` looks at three layers of 5 positions: so there are 10 pairs in which one position is
# later. How many of them will it find in each?

# %%
my_leaks = mine("8.2").leaks
x_five = rng.normal(size=(5, 3))
too_far = np.tri(5, k=1, dtype=bool)
layers = {
    "mask before the softmax": lambda x: ops.attention(x, x, x),
    "weights set to 0 after it": lambda x: ops.softmax(x @ ops.transpose(x)) * np.tri(5) @ x,
    "mask one place too far": lambda x: ops.attention(x, x, x, causal=False, mask=too_far),
}

# %%
shares = {name: my_leaks(jacobians(as_pair(f), x_five)[0], 1e-9) for name, f in layers.items()}
for name, of in shares.items():
    n = np.count_nonzero(of)
    print(f"{name:26s} {n:2d} of 10 pairs leak; the strongest is {100 * of.max():.0f} %")
assert [np.count_nonzero(of) for of in shares.values()] == [0, 10, 4]

# %% [markdown]
# **Exercise 8.3: rotary positions that turn neighbouring channels** (30 minutes). The library turns
# channel c together with c + d / 2. Others turn neighbours, 2c and 2c + 1, and weights trained with
# the one are of no use with the other. Write the other, with its backward, for positions of any
# shape and size. The folder is `exercises/08_3_turn_neighbours`.

# %%
predict("8.3")

# %%
check("8.3")

# %% [markdown]
# The same query and the same key at 50 positions, turned by your function: a score should know only
# how far apart the two are. And with the channels in another order, your turn is the library's.

# %%
my_turn = mine("8.3").turn
one_query, one_key = rng.normal(size=(2, 8))
fifty = np.arange(50)
turned_q, turned_k = (my_turn(np.tile(x, (50, 1)), fifty)[0] for x in (one_query, one_key))
for distance in (0, 5, 20):
    alike = np.diagonal(turned_q @ turned_k.T, -distance)
    print(f"distance {distance:2d}: scores from {alike.min():.6f} to {alike.max():.6f}")
    assert np.ptp(alike) < 1e-9

# %%
order = np.r_[0:8:2, 1:8:2]  # first the even channels, then the odd ones
theirs, _ = ops.rotary.pair(np.tile(one_query[order], (50, 1)), positions=fifty)
assert np.allclose(turned_q[:, order], theirs)
print("the same turns, with the channels in another order")

# %% [markdown]
# **Exercise 8.4: an attention head as a two-layer MLP** (30 minutes). Return the weights of the MLP
# that a head is while it reads one context: with the query's bias, a penalty for distance, and keys
# that must not be seen. The MLP is not told where the query stands. Why does it not need it? The
# folder is `exercises/08_4_head_as_mlp`.

# %%
predict("8.4")

# %%
check("8.4")

# %% [markdown]
# A layer of four heads has read 7 tokens into a cache with room for 12. Your function makes an MLP
# of each head: from the cache's rows, of which five were never filled. Together they should say of
# the newest token what the layer says.

# %%
head_as_mlp = mine("8.4").head_as_mlp
small = nn.MultiHeadAttention(16, 4, rng=rng)
small.query.b.data[...] = rng.normal(size=16)
cache, x_seven = small.new_cache(1, 12), Tensor(rng.normal(size=(1, 7, 16)).astype("float32"))
with no_grad():
    newest_y = small(x_seven, cache).data[0, -1]


# %%
def by_mlps(newest):
    unfilled = np.arange(12) >= cache.n_positions
    total = small.output.b.data.copy()
    for h in range(4):
        part = slice(4 * h, 4 * h + 4)  # the channels of this head
        w_query, b_query = small.query.w.data[:, part], small.query.b.data[part]
        context = cache.keys[0, h], cache.values[0, h]
        w_up, b_up, w_down = head_as_mlp(w_query, b_query, *context, 0.0, unfilled)
        units, _ = ops.softmax.pair(newest @ w_up + b_up)
        total += units @ w_down @ small.output.w.data[part]
    return total


# %%
error = np.abs(by_mlps(x_seven.data[0, -1]) - newest_y).max()
print(f"four MLPs, a hidden unit for each token and head: off by {error:.1e}")
assert error < 1e-5

# %% [markdown]
# ## Check yourself · 3 min
#
# Answer first, then open.
#
# <details><summary>1. Values are (0, 0), (1, 0) and (0, 1). Can a head give out (1, 1)? And the
# layer?</summary>
#
# The head cannot: add up the two numbers of each value, and you get 0, 1 and 1. A mean of these
# cannot be 2, as it would be for (1, 1). The layer can: the dense layer behind the heads may double
# everything. But then it doubles everything.
# </details>
#
# <details><summary>2. What can attention not do alone, and what can it do after all?</summary>
#
# A head cannot leave the hull of its values; without positions it does not know the order; and at
# a token that it reads alone it bends nothing. But if there is something else to look at, be it
# always the same, it can compute by *where* it looks: a weight that depends on the token, times a
# value that does, too, is a gate. Two heads together gave a · b.
# </details>
#
# <details><summary>3. A colleague tests the mask by changing the last character, and sees that
# earlier outputs stay. Is that enough?</summary>
#
# It finds A, and "off by one" at the last pair only. Change every position in turn, or take the
# Jacobian of a small layer, which does it all at once. And use a text in which no weight happens
# to be 0.
# </details>
#
# <details><summary>4. Why does turning queries and keys need no new weights, and why are the
# values left alone?</summary>
#
# The angles are fixed: place times speed. The distance should change *who is heard*, which is the
# business of queries and keys. A turned value would arrive differently from each place.
# </details>

# %% [markdown]
# ## Go further
#
# - Bahdanau, Cho and Bengio 2015, *Neural machine translation by jointly learning to align and
#   translate*, [arXiv:1409.0473](https://arxiv.org/abs/1409.0473): attention before transformers.
# - Vaswani et al. 2017, *Attention is all you need*,
#   [arXiv:1706.03762](https://arxiv.org/abs/1706.03762): queries, keys, values, heads, √d.
# - Su et al. 2021, *RoFormer: enhanced transformer with rotary position embedding*,
#   [arXiv:2104.09864](https://arxiv.org/abs/2104.09864): positions by turning.
# - Ainslie et al. 2023, *GQA: training generalized multi-query transformer models from multi-head
#   checkpoints*, [arXiv:2305.13245](https://arxiv.org/abs/2305.13245): heads that share keys and
#   values (`n_kv_heads` in our layer).
# - Dao et al. 2022, *FlashAttention: fast and memory-efficient exact attention with IO-awareness*,
#   [arXiv:2205.14135](https://arxiv.org/abs/2205.14135): the same function, and the table of
#   scores is never kept.
# - Next: **09, the transformer block**. What does the whole do that attention and FFN do not alone?
