# %% [markdown]
# # 08 · Attention: routing, not computing
#
# **What can attention not do alone?**

# %% [markdown]
# ## Where you are · 2 min
#
# This is lesson 08 of nineteen, the first of part II: the transformer block. Lesson 06 read text
# through a window. It ended with a question that this lesson answers with **attention**: the
# layer that brings together what stands far apart. Lesson 07 opened the optimiser. The feed-forward
# layer, the FFN, is the MLP with one hidden layer that we know from lessons 01 to 05.

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
# its own. And each place has one weight for all texts, though what matters depends on the text: an
# open bracket far back matters much, until it is closed.
#
# Attention lets the text itself say who listens to whom. From its vector, each position computes
# three others:
#
# - a **query**: what am I looking for?
# - a **key**: what do I have, so that others can find me?
# - a **value**: what do I hand over to those who look at me?
#
# Where a query and a key fit, the value flows. The three maps are dense layers, the same for all
# positions: no weight belongs to a place. So what does such a layer do that a dense layer cannot?
# And, since this is a course on the *other* half of the transformer: **what can it not do alone?**

# %% [markdown]
# ## What you will be able to do · 1 min
#
# | you will | and this tests it |
# |---|---|
# | **derive** the backward of softmax | exercise 8.1 |
# | **find** a leak from the future in a Jacobian | exercise 8.2 |
# | **turn** queries and keys by their positions, and say why it works | exercise 8.3 |
# | **rewrite** an attention head as a two-layer MLP | exercise 8.4 |
# | **say** what attention cannot do alone, and what it can after all | question 2 |
#
# *You need*: lessons 01 to 07; most of all softmax (03) and windows of text (06). *Time*: 50
# minutes for the core; parts marked (90) fill a longer class.

# %% [markdown]
# ## Predict · 4 min
#
# **Prediction 1.** A position reads three others, whose values are the numbers 1, 2 and 6. You may
# choose the query and the three keys as you like, and as large as you like. Which number can the
# output come close to, but never pass?

# %%
my_limit = None  # a number

# %% [markdown]
# **Prediction 2.** A model that foretells the next character must not see it. So each position may
# read only itself and those before: the weights of later ones must be 0. Two programs set these
# weights to 0 only *after* the softmax. Program A leaves it at that. Program B then divides each
# row by its sum, so that the weights add up to 1 again. In which does an output still depend on
# what stands later: "A", "B", "both" or "none"?

# %%
my_leak = None  # "A", "B", "both" or "none"

# %% [markdown]
# **Prediction 3.** A token holds two numbers, a and b, drawn at random from -1 to 1. An attention
# layer, with a dense layer before and one after it, is trained to give the product a · b. First it
# reads this token alone. Then it reads a second token beside it, which is *always the same*, namely
# (0, 0), and so tells nothing. Which percentage of the product's variance is still missing after
# training? (100: no better than always saying the mean. 0: exact.) An FFN gets below 1.

# %%
my_missing = None  # two percentages, such as (50, 50): alone, beside the fixed token

# %% [markdown]
# **Prediction 4.** An attention layer without a mask reads the three words 'dog bites man', and
# then 'man bites dog'. Compare what it gives out at *dog*: "the same" or "different"?

# %%
my_order = None  # "the same" or "different"

# %% [markdown]
# ## Build by hand on three numbers · 7 min
#
# Let a query and the keys be single numbers. How well do they fit? The **score** is their product
# (for vectors: their dot product). Softmax, from lesson 03, turns scores into weights that are
# positive and add up to 1. The output is the mean of the values with these weights.

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
# The limit is **6**, the largest value. **If you said 9**: you added the values up; but weights
# that add up to 1 take a *mean*. **If you said that there is none**: query and keys can be as
# large as you like, but they only decide who is heard, never what is said.
#
# ### Backward, through a softmax
#
# Raise score j by a tiny h. Its exponential grows by the factor `1 + h`; the sum of all grows by
# the factor `1 + h p_j`. So `p_j` becomes `p_j (1 + h) / (1 + h p_j)`: nearly, a gain of
# `h p_j (1 - p_j)`. Every other `p_i` is divided by the larger sum only, and loses `h p_i p_j`. As
# a table, with a row for each weight and a column for each score:

# %%
table = np.diag(p) - np.outer(p, p)  # p_j on the diagonal, less p_i p_j everywhere
print(np.round(table, 3))
numeric = numeric_gradient(lambda s: np.exp(s[1]) / np.exp(s).sum(), scores)
assert np.allclose(table[1], numeric, atol=1e-8)
assert np.allclose(table.sum(axis=0), 0)

# %% [markdown]
# Each column adds up to 0: what one gains, the others lose. To go backward, multiply by the
# gradients of the weights, `dp`. Score j gets `p_j dp_j` from its own weight, and loses `p_j` times
# `p_1 dp_1 + p_2 dp_2 + p_3 dp_3`, from all three:
#
# `ds_j = p_j (dp_j - Σ_i p_i dp_i)`
#
# No table is needed. Here the output is the sum of `p_i v_i`, so `dp_i` is the value `v_i`, and the
# formula reads: a score is pulled up if its value lies *above the present mean*.

# %%
dp = values
ds = p * (dp - p @ dp)
print(f"values less the output {output:.3f}:", np.round(values - output, 3))
print("gradient of the scores:   ", np.round(ds, 3))
assert np.allclose(ds, table @ dp) and ds[2] > 0 > ds[0]

# %% [markdown]
# ## The clear version · 7 min
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


# %%
T, d = 6, 4
past = np.tri(T, dtype=bool)  # True where column <= row
q, k, v = rng.normal(size=(3, T, d))
error = check_pair(lambda q, k, v: attend(q, k, v, past), q, k, v, rng=rng)
print(past.astype(int)[:3])
print(f"largest difference between backward and nudging: {error:.0e}")
assert error < 1e-6

# %% [markdown]
# A layer makes q, k and v from its input x with three dense layers. One more thing: one softmax
# takes *one* mean. To take a letter from here and another from there and keep them apart, split the
# channels into **heads**: each attends on its own, and their outputs stand side by side. A fourth
# dense layer mixes them.


# %%
def multi_head(x, layer):
    q, k, v = (x @ part.w.data + part.b.data for part in (layer.query, layer.key, layer.value))
    outputs = []
    for h in range(layer.n_heads):
        own = slice(h * layer.d_head, (h + 1) * layer.d_head)
        outputs.append(attend(q[:, own], k[:, own], v[:, own], np.tri(len(x), dtype=bool))[0])
    return np.hstack(outputs) @ layer.output.w.data + layer.output.b.data


# %%
layer = nn.MultiHeadAttention(64, 4, rng=rng)
print(f"attention over 64 channels, any number of places: {layer.n_parameters():,} weights")
for window in (4, 16, 1000):
    weights = window * 16 * 128 + 128
    print(f"window MLP over {window:5,} places: {weights:9,} weights in its hidden layer")
assert layer.n_parameters() == 4 * (64 * 64 + 64)

# %% [markdown]
# The first fault of the window is gone: nothing grows with the number of places.

# %% [markdown]
# ## The library's version · 2 min
#
# The same steps, for any number of leading axes (a batch, heads), with a little care for memory.
# `_weights` is the softmax of the masked scores.

# %%
print(inspect.getsource(ops.attention.pair))

# %%
dy = rng.normal(size=(T, d))
(y, backward), (their_y, their_backward) = attend(q, k, v, past), ops.attention.pair(q, k, v)
pairs = [(y, their_y), *zip(backward(dy), their_backward(dy), strict=True)]
x = rng.normal(size=(9, 64)).astype(np.float32)
pairs += [(multi_head(x, layer), layer(Tensor(x[None])).data[0])]
print("largest difference:", f"{max(np.abs(a - b).max() for a, b in pairs):.0e}")
assert all(np.allclose(a, b, atol=1e-5) for a, b in pairs)

# %% [markdown]
# ## Measure · 13 min
#
# ### Inside the hull
#
# Stretch a rubber band around points of the plane: what it encloses is their **convex hull**. It
# is the set of all weighted means of the points, with weights that are positive and add up to 1.
# So the outputs of a head lie in the hull of its values. Here are seven values, the outputs for
# 100 random queries, and what a small FFN makes of each of these outputs.

# %%
values = rng.normal(size=(7, 2))
queries, keys = 3 * rng.normal(size=(100, 2)), rng.normal(size=(7, 2))
attended = attend(queries, keys, values, np.ones((100, 7), bool))[0]
computed = np.maximum(attended @ rng.normal(size=(2, 16)), 0) @ rng.normal(size=(16, 2)) / 2
plot.show(
    plot.hull(values, {"outputs of attention": attended, "outputs of an FFN": computed}),
    alt="Seven triangles, the values, with the polygon around them. All of the 100 discs, outputs "
    "of attention, lie inside the polygon, many near its corners and edges. The crosses, outputs "
    "of an FFN, lie along a bent line, and about a fifth of them outside.",
)
assert np.abs(attended).max() <= np.abs(values).max()

# %% [markdown]
# In 64 dimensions nobody can draw it. But there is a test, a **certificate**: look at all points
# along one direction u, as shadows on a line. A mean lies between the smallest and the largest. So
# for *every* direction, u·o must lie between the smallest and the largest u·v. One direction in
# which it does not proves that o lies outside.


# %%
def outside(outputs, values, n_directions=2000):
    u = np.random.default_rng(1).normal(size=(values.shape[1], n_directions))
    low, high = (values @ u).min(axis=0), (values @ u).max(axis=0)
    beyond = (outputs @ u < low - 1e-9) | (outputs @ u > high + 1e-9)
    return int(beyond.any(axis=1).sum())


# %%
big_q, big_k, big_v = rng.normal(size=(3, 100, 64))
big = attend(big_q, big_k, big_v, np.tri(100, dtype=bool))[0]
print("2 numbers: outside are", outside(attended, values), "of 100 outputs of attention,", end=" ")
print(outside(computed, values), "of 100 of the FFN")
print("64 numbers: outside are", outside(big, big_v), "of 100 outputs of attention")
assert outside(attended, values) == outside(big, big_v) == 0 < outside(computed, values)

# %% [markdown]
# This is what *routing* means: attention decides whose values arrive, and in which mixture. What
# arrives was there before. (The dense layer behind the heads is linear; it moves the whole hull,
# and the outputs with it.)
#
# ### One token
#
# Let a position read itself alone. One score, one weight: softmax of one number is 1. So the output
# is the value, and the layer is a dense layer, exactly: the linear trap of lesson 01.

# %%
attention = nn.MultiHeadAttention(8, 2, rng=rng).astype(np.float64)
a, b = rng.normal(size=(2, 1, 1, 8))
between = attention(Tensor(0.3 * a + 0.7 * b)).data
mixed = 0.3 * attention(Tensor(a)).data + 0.7 * attention(Tensor(b)).data
print(f"a token alone: bent by {np.abs(between - mixed).max():.0e}")
assert np.abs(between - mixed).max() < 1e-12

# %% [markdown]
# Prediction 3 asks for the product of two numbers of one token, which no linear map can give. The
# runs were made by `python -m tinyffn.studies.product`: each arm at its own best of six rates,
# three seeds, the same first tokens for all, about as many weights in the FFN as in attention. One
# more arm reads seven other random tokens beside the first.

# %%
runs = results.load("product")["runs"]
values_of = results.at_best_rate(runs, choose_by="to_choose_by")
percent = {arm: [100 * v for v in by_seed.values()] for arm, by_seed in values_of.items()}
for arm, v in percent.items():
    print(f"{arm:23} {np.mean(v):6.2f} % missing ({min(v):.2f} to {max(v):.2f})")
print("you said:", my_missing)
assert min(percent["attention, one token"]) > 95 > 60 > max(percent["attention, 7 others"])
assert max(percent["attention, a fixed one"]) < 2 and max(percent["FFN, one token"]) < 2

# %%
plot.show(
    plot.ranges(percent, x="percent of the product's variance that is missing"),
    alt="Four rows with a dot for each of three seeds. Attention on one token alone stands at 100 "
    "percent. Attention with seven other random tokens stands in between. Attention with a fixed "
    "token and the FFN both stand next to 0.",
)
assert np.mean(percent["attention, 7 others"]) > 20

# %% [markdown]
# Alone: nothing. Beside a token that says nothing at all: all of it. **If you said (100, 100)**:
# that is the title of this lesson, taken too literally. **If you said (0, 0)**: alone there is no
# softmax that could bend anything. What happens beside the fixed token? We train one of these
# networks again, and draw over all tokens (a, b) how much of their weight its two heads give to the
# fixed token, and what comes out.

# %%
net, again = product.train_arm("attention, a fixed one", rate=0.03, seed=1)
told = percent["attention, a fixed one"][0]
print(f"one run again: {100 * again['value']:.2f} % missing, in the file {told:.2f} %")
assert abs(100 * again["value"] - told) < 1


# %%
def with_fixed(points):
    return np.stack([points, np.zeros_like(points)], axis=1).astype(np.float32)


def weight(head):
    return lambda points: net.middle.weights(net.up(Tensor(with_fixed(points))))[:, head, 0, 1]


# %%
shown = {
    "head 0": weight(0),
    "head 1": weight(1),
    "the output": lambda p: net(with_fixed(p)).data[:, 0],
}
plot.show(
    plot.plane_map(shown, x="a", y="b", scale="weight, output", columns=3),
    alt="Three maps over a and b. The weight of the first head rises evenly from one side of the "
    "square to the other, that of the second falls. The output is a saddle: above 0 where a and b "
    "have one sign, below 0 where they differ.",
)
points = rng.uniform(-1, 1, (1000, 2))
assert np.corrcoef(weight(0)(points), weight(1)(points))[0, 1] < 0  # where one rises, one falls

# %%
corners = np.array([[0.9, 0.9], [-0.9, -0.9], [0.9, -0.9], [-0.9, 0.9]])
outputs = net(with_fixed(corners)).data[:, 0, 0]
print("outputs in the corners:", np.round(outputs, 2), "  products: ±0.81")
assert np.allclose(outputs, [0.81, 0.81, -0.81, -0.81], atol=0.15)

# %% [markdown]
# No head's weight looks like a product: each rises or falls evenly. What does the token's own value
# add to the output, head by head? Straight lines, fitted to both, say it:


# %%
def own_value(head, points):  # what it would add to the output, with a weight of 1
    own = slice(4 * head, 4 * head + 4)
    v = net.middle.value(net.up(Tensor(points.astype(np.float32)))).data[:, own]
    return (v @ net.middle.output.w.data[own] @ net.down.w.data)[:, 0]


# %%
terms = np.column_stack([np.ones(1000), points])
for h in range(2):
    share, size = 1 - weight(h)(points), own_value(h, points)
    (c, on_a, on_b), (d, by_a, by_b) = (np.linalg.lstsq(terms, t)[0] for t in (share, size))
    print(f"head {h}: weight of the own value {c:.2f} {on_a:+.2f} a {on_b:+.2f} b", end="")
    print(f"   the own value {d:+.2f} {by_a:+.2f} a {by_b:+.2f} b")
    assert (abs(on_a) > abs(on_b)) != (abs(by_a) > abs(by_b))

# %% [markdown]
# One of the two numbers sets the *weight*, the other one is in the *value*; and weight times value
# is a product. This is the **gate** of lesson 05. The weight is a half, and a bit more or less; the
# half is not wanted, but the two heads have opposite signs, so that their halves cancel. Training
# found this on its own. The fixed token says nothing: it is only somewhere else to look.
#
# ### An attention head is a two-layer MLP
#
# It must be so, because of an identity. Write the head of one query as two matrices:

# %%
q, k, v = rng.normal(size=(1, 8)), rng.normal(size=(5, 8)), rng.normal(size=(5, 8))
up, down = k.T / math.sqrt(8), v  # (8, 5) and (5, 8)
hidden = ops.softmax(q @ up).data  # five hidden units
head = attend(q, k, v, np.ones((1, 5), bool))[0]
print(f"MLP less head: {np.abs(hidden @ down - head).max():.0e}")
assert np.abs(hidden @ down - head).max() < 2e-15

# %% [markdown]
# Up, an activation, down: an MLP with one hidden unit for each token that it reads. Its activation
# is softmax, and **its weights are the context**: nobody trained them, the text brought them along.
#
# | | FFN | attention head |
# |---|---|---|
# | hidden units | d_ff, a choice | one for each token in sight |
# | columns of `up` (keys) | learnt, the same for all texts | computed from the text |
# | rows of `down` (values) | learnt, the same for all texts | computed from the text |
# | activation | each unit alone | softmax: the units compete |
#
# So a token alone is an MLP with *one* hidden unit, which is always 1. And a fixed token beside it
# is a second one. This is the true line between the two halves of a transformer block: an FFN
# brings its own keys and values, and needs nobody; attention has only what the context offers.
#
# ### Order

# %%
words = dict(zip(["dog", "bites", "man"], rng.normal(size=(3, 8)), strict=True))
free = nn.MultiHeadAttention(8, 2, rng=rng, causal=False).astype(np.float64)


def at_dog(sentence):
    x = np.array([words[word] for word in sentence.split()])
    return free(Tensor(x[None])).data[0, sentence.split().index("dog")]


# %%
difference = np.abs(at_dog("dog bites man") - at_dog("man bites dog")).max()
print(f"at 'dog', the two sentences differ by {difference:.0e}; you said {my_order}")
assert difference < 1e-12

# %% [markdown]
# **If you said different**: nothing in q, k or v knows a place. Attention sees a *set* of tokens.
# (With a causal mask, a position knows at least who comes later: those that it cannot read.) So
# positions must be put in: added to the vectors, or worked into queries and keys, as a (90) part
# below shows.

# %% [markdown]
# ### A head at work on real text · 4 min
#
# The text of lesson 06, and the smallest model with attention: a table of vectors, one attention
# layer with four heads, and a dense layer that gets each character's own vector and beside it what
# attention brought. No hidden layer. It reads 32 characters at once and foretells the next one at
# every place, 32 examples in one go. (`rotary=True` puts the positions in.)


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
def bits_on_test(model):
    n = (len(test) - 1) // 32 * 32
    with no_grad():
        nats = model.loss(test[:n].reshape(-1, 32), test[1 : n + 1].reshape(-1, 32)).item()
    return nats / math.log(2)


# %%
model = trained(causal=True)
bits, counts = bits_on_test(model), witten_bell_bits(train, test, V, context=2)
print(f"one attention layer: {bits:.2f} bits per character")
print("counts after 0, 1, 2 characters:", ", ".join(f"{c:.2f}" for c in counts))
assert counts[1] - 0.3 > bits > counts[2]

# %% [markdown]
# It beats the bigram, so it uses more than the last character. It does not beat counts after two,
# though it sees up to 32: after 300 steps, looking alone is not enough. Where does it look? Each
# row is a character that reads; bright is a large weight. White is exactly 0: the future.

# %%
piece = "for it in the body"
weights = model.attention.weights(model.token(characters.encode(piece)[None]))[0]
plot.show(
    plot.position_maps(
        {f"head {h}": w for h, w in enumerate(weights)}, tokens=list(piece.replace(" ", "_")),
        scale="weight", columns=2, size=3.8,
    ),
    alt="Four square maps of weights over the characters of 'for it in the body', one for each "
    "head, a row for each character that reads. Above the diagonal all is white. Much of the "
    "brightness lies on the diagonal, the character itself, and on the one or two before it; but "
    "no two rows are alike, and some look further back: it depends on the characters.",
)  # fmt: skip
farthest = [(np.arange(18) - w.argmax(axis=1)).tolist() for w in weights]
for h, back in enumerate(farthest):
    print(f"head {h} looks back most by", *back)
assert max(len(set(back)) for back in farthest) >= 3

# %% [markdown]
# Nobody told a head where to look: it was useful. Within one head the distance changes from row to
# row: so the second fault of the window is gone, too. Which characters matter depends on the text.

# %% [markdown]
# ### Positions by turning · 9 min (90)
#
# How can a score know how far apart query and key stand? Take two numbers: an arrow in the plane.
# **Turn** the query by an angle that grows with its place, one radian (57 degrees) a place, and the
# key likewise. The dot product of two arrows depends on their lengths, which turning keeps, and on
# the angle *between* them. At places m and n it has changed by n - m radians: by their distance,
# wherever they stand.


# %%
def turn(arrow, place):
    c, s = math.cos(place), math.sin(place)
    return np.array([[c, -s], [s, c]]) @ arrow


# %%
query, key = np.array([1.0, 0.2]), np.array([0.8, -0.5])
places = {"as they are": (0, 0), "places 1 and 3": (1, 3), "places 5 and 7": (5, 7)}
turned = {t: {"query": turn(query, m), "key": turn(key, n)} for t, (m, n) in places.items()}
plot.show(
    plot.arrows(turned),
    alt="Three pictures of two arrows from one point. In the first, query and key stand near each "
    "other. In the second and the third both are turned, differently; but the angle between them "
    "is the same in these two, because the places are two apart in both.",
)
assert np.isclose(np.hypot(*turned["places 5 and 7"]["key"]), np.hypot(*key))

# %%
scores = [float(pair["query"] @ pair["key"]) for pair in turned.values()]
print("scores:", np.round(scores, 4), f"  turned by the distance alone: {query @ turn(key, 2):.4f}")
assert np.allclose(scores[1:], query @ turn(key, 2)) and abs(scores[0] - scores[1]) > 0.1

# %% [markdown]
# In symbols, with R_m for the turn at place m: ⟨R_m q, R_n k⟩ = ⟨q, R_{n-m} k⟩. This is **rotary
# position embedding**. A vector of d numbers is d/2 such pairs, each with a speed of its own: the
# first turns one radian a place, the last hardly at all, so that both near and far can be told.
# Try places and speed:


# %%
def look(m, n, radians_per_place):
    pair = {
        "query": turn(query, m * radians_per_place),
        "key": turn(key, n * radians_per_place),
    }
    plot.show(
        plot.arrows({f"score {pair['query'] @ pair['key']:.3f}": pair}, size=3.4),
        alt=f"Two arrows, the query turned by {m} places and the key by {n}. The title says the "
        "score.",
    )
    assert np.isclose(pair["query"] @ pair["key"], query @ turn(key, (n - m) * radians_per_place))


# %%
place = ipywidgets.IntSlider(value=2, min=0, max=12)
_ = ipywidgets.interact(look, m=place, n=(0, 12), radians_per_place=(0.05, 1.0, 0.05))

# %%
q, k = rng.normal(size=(2, 1, 16))


def score(m, n):
    return (ops.rotary(q, positions=[m]).data @ ops.rotary(k, positions=[n]).data.T).item()


# %%
moved = [score(start, start + 7) for start in (0, 1, 30, 1000)]
print("16 numbers, seven places apart:", [f"{s:.6f}" for s in moved])
print(f"eight apart: {score(0, 8):.6f}")
assert np.ptp(moved) < 1e-9 < abs(score(0, 8) - moved[0])

# %% [markdown]
# ### Why divide by √d? · 6 min (90)
#
# A dot product of d independent numbers of variance 1 has variance d: at d = 64 scores beyond 8
# are common, and exp makes a factor of 3,000 of a difference of 8. Softmax **saturates**: one
# weight is nearly 1, all others nearly 0. Then p (1 - p) is nearly 0 for all, and with it the
# backward: a head that has not learnt anything yet has already decided, and learns slowly.

# %%
sizes, spread, slope = (2, 8, 32, 128, 512), {}, {}
for name, power in [("as they are", 0.0), ("divided by √d", 0.5)]:
    found = []
    for d in sizes:
        s = (rng.normal(size=(300, 1, d)) * rng.normal(size=(300, 32, d))).sum(-1) / d**power
        p = ops.softmax(s).data
        found.append((s.std(), (p * (1 - p)).sum(axis=-1).mean()))
    spread[name], slope[name] = zip(*found, strict=True)
    print(f"{name:14} spread of the scores at d = 2 and 512: {found[0][0]:.1f}, {found[-1][0]:.1f}")
assert abs(spread["divided by √d"][-1] - 1) < 0.1 and spread["as they are"][-1] > 20

# %%
plot.show(
    plot.lines(
        {name: (sizes, s) for name, s in slope.items()}, logx=True,
        x="length d of queries and keys", y="sum of p (1 - p) over 32 keys",
    ),
    alt="What is left of the gradient at the scores, against d. Divided by the root of d it stays "
    "near 0.9 for all d. As they are, it falls from d = 2 to 512 to less than a tenth.",
)  # fmt: skip
assert slope["as they are"][-1] < 0.15 and min(slope["divided by √d"]) > 0.8

# %% [markdown]
# Dividing scores by a number before a softmax is what lesson 06 called a **temperature**. Move it:


# %%
def weigh(temperature):
    scores = np.array([3.0, 2.0, 1.5, 1.0, 0.5, 0.0, -1.0, -2.0])
    p = ops.softmax(scores / temperature).data
    plot.show(
        plot.lines(
            {f"at {temperature:g}": (range(8), p), "at 1": (range(8), ops.softmax(scores).data)},
            x="key", y="weight", height=3.2,
        ),
        alt=f"Weights of eight keys with falling scores, at temperature {temperature:g} and at 1: "
        "a low temperature gives nearly all to the first key, a high one the same to all.",
    )  # fmt: skip
    assert np.all(np.diff(p) <= 0)


# %%
_ = ipywidgets.interact(weigh, temperature=(0.1, 8.0, 0.1))

# %% [markdown]
# ## What broke, and why · 5 min
#
# The first thing that broke is our own title: with one more token to look at, attention computed a
# product. What breaks in practice is the mask. A model that sees the character it is to foretell
# learns to copy it. Here are four programs. Who depends on whom? The derivative of every output by
# every input, the **Jacobian**, knows: of its entries for a pair of positions, take the largest.

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
    def layer(x):
        s = (x @ w_q) @ ops.transpose(x @ w_k) / math.sqrt(4)
        return program(s) @ (x @ w_v)

    J, _ = jacobians(as_pair(layer), np.random.default_rng(2).normal(size=(T, 4)))  # (T, 4, T, 4)
    largest = np.abs(J).max(axis=(1, 3))
    return np.where(largest > 1e-12, largest, 0)  # below is rounding


# %%
maps = {name: reach(program) for name, program in programs.items()}
leaks = {name: np.triu(m, k=1) > 0 for name, m in maps.items()}
plot.show(
    plot.position_maps(maps, leaks=leaks, scale="largest derivative", columns=2, size=2.8),
    alt="Four square maps of who depends on whom. With the mask before the softmax, and with "
    "program B, all above the diagonal is white. In program A all of it is coloured and crossed, "
    "but for the last row which has no future. Off by one has a crossed diagonal above the "
    "main one.",
)
print({name: int(leak.sum()) for name, leak in leaks.items()}, " you said", my_leak)
assert [int(leak.sum()) for leak in leaks.values()] == [0, 15, 0, 5]

# %% [markdown]
# **If you said none**: in A the future has no weight of its own, but it stands in the sum that
# every weight was divided by. **If you said both**: B divides that sum away again, and is the same
# function as the right one. On paper. A computer holds only so many digits:

# %%
s = np.array([[0.0, 0.0, 2000.0], [0.0, 0.0, 0.0]])  # the third position is the future
p = ops.softmax(s).data * [1, 1, 0]
with np.errstate(invalid="ignore"):
    print("B:", (p / p.sum(axis=1, keepdims=True)).tolist())
right = ops.softmax(np.where([True, True, False], s, -np.inf)).data
print("mask before softmax:", right.tolist())
assert np.allclose(right, [0.5, 0.5, 0])

# %% [markdown]
# The future took all the weight; for the past nothing is left but 0 / 0. So: **mask before the
# softmax**. And how does one notice a leak without looking for it? The score is wonderful. Here
# is the reader of above, in which somebody forgot the mask:

# %%
cheat = bits_on_test(trained(causal=False))
print(f"with the mask {bits:.2f} bits per character, without it {cheat:.2f}")
assert cheat < bits / 3

# %% [markdown]
# No model of any size foretells English so well. It reads the answer, and would be helpless when
# it has to write: there is no future to read then. A result that is too good is a bug until shown
# otherwise. The test above costs one Jacobian.

# %% [markdown]
# ## Exercises · 25 min (90)
#
# Four; the first fits into a long class, the others are for home.
#
# **Exercise 8.1: softmax with a temperature, forward and backward** (25 minutes). How alike the
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
q, k, v, dy = rng.normal(size=(4, 5, 4))  # 5 positions, d_head = 4
scores = np.where(np.tri(5, dtype=bool), q @ k.T, -np.inf)
p, backward = my_softmax(scores, 2.0)
d_scores, d_tau = backward(dy @ v.T)

# %%
y, their_backward = ops.attention.pair(q, k, v)
dq, dk, _ = their_backward(dy)
assert np.allclose(p @ v, y)
assert np.allclose(d_scores @ k, dq) and np.allclose(d_scores.T @ q, dk)
print(f"y, dq and dk are the library's; and tau has the gradient {d_tau:.3f}")

# %% [markdown]
# **Exercise 8.2: does a layer see the future? Read it from its Jacobian** (20 minutes). Tests for
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
leaks = mine("8.2").leaks
x = rng.normal(size=(5, 3))
too_far = np.tri(5, k=1, dtype=bool)
layers = {
    "mask before the softmax": lambda x: ops.attention(x, x, x),
    "weights set to 0 after it": lambda x: ops.softmax(x @ ops.transpose(x)) * np.tri(5) @ x,
    "mask one place too far": lambda x: ops.attention(x, x, x, causal=False, mask=too_far),
}

# %%
found = {name: leaks(jacobians(as_pair(f), x)[0], 1e-9) for name, f in layers.items()}
for name, shares in found.items():
    n = np.count_nonzero(shares)
    print(f"{name:26s} {n:2d} of 10 pairs leak; the strongest is {100 * shares.max():.0f} %")
assert [np.count_nonzero(shares) for shares in found.values()] == [0, 10, 4]

# %% [markdown]
# **Exercise 8.3: rotary positions that turn neighbouring channels** (25 minutes). The library turns
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
turn = mine("8.3").turn
q, k = rng.normal(size=(2, 8))
places = np.arange(50)
queries, keys = (turn(np.tile(row, (50, 1)), places)[0] for row in (q, k))
scores = queries @ keys.T
for distance in (0, 5, 20):
    alike = np.diagonal(scores, -distance)
    print(f"distance {distance:2d}: scores from {alike.min():.6f} to {alike.max():.6f}")
    assert np.ptp(alike) < 1e-9

# %%
order = np.r_[0:8:2, 1:8:2]  # first the even channels, then the odd ones
theirs, _ = ops.rotary.pair(np.tile(q[order], (50, 1)), positions=places)
assert np.allclose(queries[:, order], theirs)
print("the same turns, with the channels in another order")

# %% [markdown]
# **Exercise 8.4: an attention head as a two-layer MLP** (20 minutes). Return the weights of the MLP
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
layer = nn.MultiHeadAttention(16, 4, rng=rng)
layer.query.b.data[...] = rng.normal(size=16)
cache, x = layer.new_cache(1, 12), Tensor(rng.normal(size=(1, 7, 16)).astype("float32"))
with no_grad():
    y = layer(x, cache).data[0, -1]


# %%
def by_mlps(newest):
    unfilled = np.arange(12) >= cache.n_positions
    total = layer.output.b.data.copy()
    for h in range(4):
        part = slice(4 * h, 4 * h + 4)  # the channels of this head
        w_query, b_query = layer.query.w.data[:, part], layer.query.b.data[part]
        context = cache.keys[0, h], cache.values[0, h]
        w_up, b_up, w_down = head_as_mlp(w_query, b_query, *context, 0.0, unfilled)
        hidden, _ = ops.softmax.pair(newest @ w_up + b_up)
        total += hidden @ w_down @ layer.output.w.data[part]
    return total


# %%
error = np.abs(by_mlps(x.data[0, -1]) - y).max()
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
# The head cannot: in the direction (1, 1) its values reach 0, 1 and 1, and (1, 1) would reach 2.
# The layer can: the dense layer behind the heads may double everything. But then it doubles
# everything.
# </details>
#
# <details><summary>2. What can attention not do alone, and what can it do after all?</summary>
#
# A head cannot leave the hull of its values; without positions it does not know the order; and at
# a token that it reads alone it bends nothing. It can compute by *where* it looks: its weights are
# not linear in the input, and the more tokens there are, the more hidden units it has.
# </details>
#
# <details><summary>3. A colleague tests the mask by changing the last character, and sees that
# earlier outputs stay. Is that enough?</summary>
#
# It finds A, and "off by one" at the last pair only. Change every position in turn, or take the
# Jacobian, which does it all at once. And use a text in which no weight happens to be 0.
# </details>
#
# <details><summary>4. Why does turning queries and keys need no new weights, and why are the
# values left alone?</summary>
#
# The angles are fixed: place times speed. Distance should change *who is heard*, which is the
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
# - Next: **09, the transformer block**. What does the whole do that attention and FFN do not alone?
