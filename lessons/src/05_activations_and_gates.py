# %% [markdown]
# # 05 · Activations and gates
#
# **Which non-linearity, and at what price?**

# %% [markdown]
# ## Where you are · 1 min
#
# Lesson 01 showed that dense layers need a bend between them, and lessons 03 and 04 showed what a
# network can do with one. The bend was nearly always ReLU. Large language models mostly use
# something else: GELU, SiLU, or a *gate*. This lesson builds them, and asks what each one costs and
# what it gives.

# %%
import inspect
from math import erf, pi, sqrt

import ipywidgets
import numpy as np

from tinyffn import nn, op, ops, plot
from tinyffn.data import random_batches
from tinyffn.gradcheck import check_pair
from tinyffn.lab import check, mine, predict
from tinyffn.ops import gates
from tinyffn.optim import SGD, Adam
from tinyffn.studies import activations, results
from tinyffn.studies.digits import share_right
from tinyffn.studies.memory import remembered_bytes
from tinyffn.train import fit

seed = 5
rng, seeds = np.random.default_rng(seed), activations.SEEDS["facts"]
print(f"seed {seed}; where a cell compares layers, it names the seeds")

# %%
plot.show(
    plot.course_map(here=5),
    alt="A map of the course: nineteen boxes in four rows. The fifth box of the first row, "
    "activations and gates, is marked 'you are here'.",
)

# %% [markdown]
# ## The question · 2 min
#
# An encyclopedia article on transformers says what stands between the two matrices of their
# feed-forward layer: "a non-linear activation function (commonly ReLU, GELU, or SwiGLU)". Two of
# these three are activations. The third is not, and whoever treats it as one compares a small layer
# with a large one and praises the wrong thing. Another article promises "adaptive activation
# functions"; there are published ones that learn their own shape.
#
# So: which bend should one take, and what is its price in parameters, in multiplications and in
# memory?

# %% [markdown]
# ## What you will be able to do · 1 min
#
# | you will | and this tests it |
# |---|---|
# | **derive** the slope of GELU by hand | exercise 5.1, question 1 |
# | **say** how wide a gated layer may be at the same cost | exercise 5.2, question 2 |
# | **write** a gated layer and its backward | exercise 5.3 |
# | **tell** a fair comparison from an unfair one | question 3 |
# | **foresee** which silent units come back to life | question 4 |
#
# *You need*: lessons 01 to 04. *Time*: 50 minutes for the core; parts marked (90) fill a longer
# class.

# %% [markdown]
# ## Predict · 4 min
#
# Commit before you read on: put your answer in place of `None` and run the cell.
#
# **Prediction 1.** The slope of ReLU is 0 on the left and 1 on the right. GELU is a smooth curve
# that runs along 0 far left and along y = x far right. What is the largest slope that it has?

# %%
my_slope = None  # a number

# %% [markdown]
# **Prediction 2.** A feed-forward layer takes 64 numbers, widens them to 256 hidden numbers, bends
# these, and narrows them to 64 again. That takes two matrices. A gated layer has three: two that
# widen, and one that narrows. To hold as many weights, how many hidden numbers may it have?

# %%
my_width = None  # a number below 256

# %% [markdown]
# **Prediction 3.** Now both layers hold the same number of weights. Between its forward and its
# backward step, the layer with ReLU must remember 256 numbers for each input, beside the input
# itself. How many must the gated layer remember?

# %%
my_memory = None  # a number

# %% [markdown]
# **Prediction 4.** Someone lowers all 64 biases before the activation by 8, so that no hidden unit
# reacts to any picture in the training set. Then training goes on for 150 steps. ReLU, leaky ReLU
# (slope 0.01 on the left) or GELU: with which of them does the network learn again? (Let that mean:
# more than 60 of 100 training pictures right.)

# %%
my_survivors = None  # such as ["ReLU"], or several, or []

# %% [markdown]
# ## Build by hand on three numbers · 9 min
#
# ### GELU
#
# ReLU is a switch: a number passes if it is above 0. **GELU** lets chance throw the switch. Draw a
# number from the bell curve (normal draws, mean 0, standard deviation 1); x passes if the draw lies
# below x. On average over the draws, x becomes x · Φ(x), where **Φ(x)** is the chance that a draw
# lies below x. Ask a hundred thousand draws, then the formula:

# %%
three, draws = [-1.0, 0.0, 2.0], rng.normal(size=100_000)
chance = [(1 + erf(x / sqrt(2))) / 2 for x in three]
for x, c in zip(three, chance, strict=True):
    share = np.mean(draws < x)
    print(f"x = {x:2g}: share of draws below {share:.3f}, Φ = {c:.4f}, GELU = {x * c:.4f}")
    assert abs(share - c) < 0.01

# %% [markdown]
# (The chance that a draw lies below x is the *area* under the bell curve left of x, when the whole
# area is 1. Mathematics libraries spell it with `erf`, as above.) Now the slope. x stands in two
# places in x · Φ(x): in front, and inside. Nudge it, and both move, so there are two terms. The
# first is 1 · Φ(x). The second is x times the slope of Φ. Move x by a small h, and the area grows
# by a strip that is h wide and as high as the curve there: so the slope of Φ is the height of the
# bell, φ(x) = exp(-x² / 2) / √(2π). Together:
#
# ```
# GELU'(x) = Φ(x) + x φ(x)
# ```

# %%
height = [np.exp(-x * x / 2) / sqrt(2 * pi) for x in three]
by_hand = [c + x * h for x, c, h in zip(three, chance, height, strict=True)]
up, down = (ops.gelu.pair(np.array(three) + step)[0] for step in (1e-5, -1e-5))
nudged = (up - down) / 2e-5
print("slope by hand:", np.round(by_hand, 4), "  by nudging:", np.round(nudged, 4))
assert np.allclose(by_hand, nudged, atol=1e-8)

# %% [markdown]
# At -1 the slope is *negative*: there GELU falls while x rises. At 2 it is above 1. ReLU does
# neither.
#
# ### A gate
#
# A **gate** takes two numbers. One, `a`, is bent, and says how much passes; the other, `u`, is what
# passes: h = bend(a) · u. With **SiLU** as the bend, silu(a) = a · σ(a), this is **SwiGLU**. Here σ
# is the sigmoid, 1 / (1 + exp(-a)): nearly 0 far left, nearly 1 far right, and 0.5 at 0.

# %%
a, u = np.array(three), np.array([4.0, 4.0, -3.0])
sigma = 1 / (1 + np.exp(-a))
bent = a * sigma
print("silu(a):", np.round(bent, 3), "  h:", np.round(bent * u, 3))
assert bent[1] * u[1] == 0 and bent[2] * u[2] < 0

# %% [markdown]
# At the left, silu(-1) is a little below 0: the gate is nearly shut, and lets a bit through with
# its sign turned. In the middle, a = 0 shuts it: whatever u is, nothing passes. At the right, the
# gate is wide open, and -3 passes with its sign, magnified. The slopes are those of a product. Each
# factor gets `dh` times the other one; and `a` gets the slope of the bend as well. For silu(a) = a
# · σ(a) that takes two terms again, and the slope of σ is σ (1 - σ): by the rules of lesson 02, the
# slope of 1 / (1 + exp(-a)) is exp(-a) / (1 + exp(-a))², which is σ times what is missing to 1.

# %%
dh = np.array([1.0, 1.0, 10.0])
du = dh * bent
da = dh * u * (sigma + a * sigma * (1 - sigma))  # the slope of a · σ(a), by the same two terms
print("du:", np.round(du, 3), "  da:", np.round(da, 3))
_, backward = gates.swiglu.pair(a, u)
assert np.allclose(backward(dh), (da, du))

# %% [markdown]
# Look at the middle again: the gate is shut, so `du` is 0, but `da` is not. A shut gate still hears
# that it ought to open. With ReLU as the bend it would hear nothing.

# %% [markdown]
# ## The clear version · 8 min
#
# Each activation in NumPy: its value and its slope. (`np.vectorize` makes `erf`, which takes one
# number, take an array.)

# %%
erfs = np.vectorize(erf)


def gelu(x):
    below = (1 + erfs(x / sqrt(2))) / 2
    return x * below, below + x * np.exp(-x * x / 2) / sqrt(2 * pi)


def silu(x):
    s = 1 / (1 + np.exp(-x))
    return x * s, s * (1 + x * (1 - s))


# %%
clear = {
    "ReLU": lambda x: (np.maximum(x, 0), 1.0 * (x > 0)),
    "leaky ReLU": lambda x: (np.where(x > 0, x, 0.01 * x), np.where(x > 0, 1, 0.01)),
    "squared ReLU": lambda x: (np.maximum(x, 0) ** 2, 2 * np.maximum(x, 0)),
    "SiLU": silu,
    "GELU": gelu,
}
x = np.linspace(-4, 2, 601)
drawn = {
    name: dict(zip(["value", "slope"], [(x, part) for part in f(x)], strict=True))
    for name, f in clear.items()
}

# %%
plot.show(
    plot.multiples(drawn, x="x", y="value and slope", columns=3, size=2.7),
    alt="Five panels with value and slope from -4 to 2. ReLU: slope 0, then 1. Leaky ReLU: nearly "
    "the same. Squared ReLU: the slope itself rises like a ReLU. SiLU and GELU: smooth curves that "
    "dip below zero on the left; their slopes dip below 0 and rise above 1.",
)
steepest = max(gelu(x)[1])
print(f"largest slope of GELU: {steepest:.3f}, at x = {x[np.argmax(gelu(x)[1])]:.2f}")
print("you said", my_slope)
assert 1.12 < steepest < 1.13

# %% [markdown]
# **If you said 1**: it is 1 far right. But GELU has to catch up. Up to 0 it has stayed below y = x
# by more and more; from there on it must come closer to the line, so for a while it rises faster.
#
# There is a second GELU. GPT-2 and others compute it with tanh, which used to be faster:
# `x (1 + tanh(√(2/π) (x + 0.044715 x³))) / 2`. The two are not the same function. How far apart?

# %%
wide = np.linspace(-6, 6, 12001)
gap = np.abs(gelu(wide)[0] - ops.gelu_tanh.pair(wide)[0])
print(f"largest gap {gap.max():.1e} at |x| = {abs(wide[gap.argmax()]):.2f}")
assert 1e-4 < gap.max() < 1e-3

# %% [markdown]
# That is thousands of times the rounding error of 32-bit numbers. Load weights that were trained
# with one form into a program with the other, and the outputs differ in the third or fourth digit,
# without any error message.
#
# ### The layer with a gate
#
# Where do `a` and `u` come from? Both are dense maps of the *same* x, each with weights of its own.
# Then comes the map down. Three matrices:


# %%
def gated_layer(x, w_gate, w_up, w_down, bend=silu):
    a, u = x @ w_gate, x @ w_up
    h = bend(a)[0] * u
    return h @ w_down


weights = [rng.normal(size=shape) for shape in [(4, 6), (4, 6), (6, 4)]]
x = rng.normal(size=(5, 4))
print("x", x.shape, "-> y", gated_layer(x, *weights).shape)
assert gated_layer(x, *weights).shape == x.shape

# %% [markdown]
# An **activation** takes one array and works entry by entry. SwiGLU takes two arrays, made by two
# matrices. So it cannot stand "between two matrices": there have to be three. Python knows:

# %%
try:
    ops.swiglu(x)
except TypeError as complaint:
    message = str(complaint)
print(message)
assert "up" in message

# %% [markdown]
# Other bends make other members of the family: a sigmoid makes **GLU**, ReLU makes **ReGLU**, GELU
# makes **GEGLU**; without any bend, a · u, it is called **bilinear**. As a picture: how much comes
# out, for each pair of a (to the right) and u (upwards); on the black lines, nothing does.

# %%
family = {"GLU": ops.glu, "ReGLU": ops.reglu, "SwiGLU": ops.swiglu, "bilinear": ops.multiply}
heights = {name: lambda p, f=f: f.pair(p[:, 0], p[:, 1])[0] for name, f in family.items()}
plot.show(
    plot.plane_map(heights, low=-3, high=3, level=0.0, x="a", y="u", scale="h", size=3.0),
    alt="Four maps of h over gate (to the right) and up (upwards). GLU, ReGLU and SwiGLU are flat "
    "or nearly flat on the left half; on the right half h rises upwards and falls downwards, "
    "like a twisted sheet. Bilinear is a saddle: two opposite corners are high, two are low.",
)
corner = np.array([[3.0, 3.0], [3.0, -3.0]])
assert all(abs(f(corner).sum()) < 1e-12 for f in heights.values())  # u turned round turns h round

# %% [markdown]
# No activation can do this: it sees one number, and these pictures change in two directions.

# %% [markdown]
# ## The library's version · 3 min
#
# The library's gates differ only in the bend, so one function holds what they share. Look for
# y = bent · up, and for the two gradients. `bend_into` computes the bend and its slope at once.
# What `backward` names is what stays in memory: `slope` and `bent`, two arrays. And y is kept by
# whatever comes next: a dense map remembers its input. Keep both in mind for Prediction 3.

# %%
print(inspect.getsource(gates._gated))

# %%
x = rng.normal(size=(3, 40))
names = {"squared ReLU": ops.squared_relu, "SiLU": ops.silu, "GELU": ops.gelu, "ReLU": ops.relu}
for name, theirs in names.items():
    y, backward = theirs.pair(x)
    value, slope = clear[name](x)
    assert np.allclose(y, value) and np.allclose(backward(np.ones_like(x))[0], slope)
error = max(check_pair(f.pair, x, rng.normal(size=x.shape), rng=rng) for f in family.values())
print(f"values and slopes agree; gates against nudging: {error:.0e}")
assert error < 1e-6

# %% [markdown]
# ## Measure · 14 min
#
# ### The price in weights and multiplications
#
# d numbers come in, 4d are hidden, d go out: 4d · d + d · 4d = 8d² weights. A gated layer with g
# hidden numbers has 3 g d. The two are equal for g = 8/3 d, which is **2/3 of the plain width**.
# Each weight is used once for each input, in one multiplication and one addition, so where weights
# are equal, the arithmetic is equal too (but for the gate's own product, which is tiny beside it).

# %%
d, d_ff = 64, 256
exact = 2 * d * d_ff / (3 * d)
plain, gated = 2 * d * d_ff, 3 * d * exact
print(f"a gated layer of equal weights has {exact:.1f} hidden numbers; you said {my_width}")
print(f"weights {plain} and {gated:.0f}; operations for each input {2 * plain} and {2 * gated:.0f}")
assert plain == gated == 8 * d * d

# %% [markdown]
# **If you said 128**: that is half, as if two new matrices had come. One came. Three matrices share
# what two had, so each gets 2/3.
#
# A machine wants whole numbers, best of all multiples of a power of two. What do real models take?
# The last column compares with a plain layer of 4d: 1 means "the same number of weights".

# %%
real = {
    "T5 1.1 base": (768, 2048), "LLaMA 7B": (4096, 11008), "LLaMA 13B": (5120, 13824),
    "LLaMA 65B": (8192, 22016), "Mistral 7B": (4096, 14336), "Llama 2 70B": (8192, 28672),
}  # fmt: skip

# %%
for name, (d, width) in real.items():
    print(f"{name:12s} {d:5d} -> {width:5d}   against 8 d²: {3 * width / (8 * d):.3f}")
assert all(abs(3 * real[n][1] / (8 * real[n][0]) - 1) < 0.02 for n in list(real)[:4])

# %% [markdown]
# The first four follow the rule, rounded up. The last two are wider on purpose. Nothing is wrong
# with that, but then the gate is not the only thing that changed.
#
# ### The price in memory
#
# What must be remembered between forward and backward? The graph of lesson 02 knows:
# `remembered_bytes` adds up what its ops hold. Here in numbers (of 4 bytes) for one input, in units
# of d = 64; the input itself, one more unit, is left out. All layers have equally many parameters.
# Names that are new are explained with the tasks below.


# %%
def remembered(arm):
    layer = activations.make_layer("digits", arm, rng=np.random.default_rng(seed))
    return remembered_bytes(layer, (1, 64)) / 4 / 64 - 1


memory = {arm: [remembered(arm)] for arm in activations.ARMS if "same" not in arm}
plot.show(
    plot.ranges(memory, x="numbers remembered for each input (units of d)", height=6.5),
    alt="A row for each kind of layer with a dot at what it remembers. None, ReLU, leaky ReLU: 4 "
    "units. Squared ReLU, GELU, SiLU, PReLU and all gates: about 8. The bump, Swish and Padé: "
    "about 12. ACON-C: nearly 16. Maxout: a little more than 3.",
)
assert abs(memory["SwiGLU"][0] / memory["ReLU"][0] - 2) < 0.05

# %%
plain, gated = (round(memory[arm][0] * 64) for arm in ("ReLU", "SwiGLU"))
print(f"for 64 -> 256 -> 64: ReLU {plain} numbers, SwiGLU {gated}; you said {my_memory}")
print(f"in units of d: ReLU {memory['ReLU'][0]:.1f}, GELU {memory['GELU'][0]:.1f}, "
      f"SwiGLU {memory['SwiGLU'][0]:.1f}")  # fmt: skip
assert plain == d_ff and abs(gated - 2 * plain) < 5

# %% [markdown]
# **If you said 256**: equal weights, equal arithmetic, so why not equal memory? Because memory
# follows the *arrays*, not the weights. ReLU's slope can be read off its own result: where y is
# above 0, it was 1, and elsewhere 0. That result is there anyway, since the next matrix needs it:
# 4d in all. (Maxout, of which you see in the figure that it needs even less, keeps which of its
# maps was the largest: one byte.) A gate needs three arrays of 8/3 d (`slope`, `bent`, and h),
# which is 8d. **If you said 340**: you counted two of the three; the third is h, the input of the
# map down. The 2/3 rule is a rule for weights and arithmetic, **not for memory**. And GELU costs as
# much memory as the gate: its slope cannot be read off its result. (These are the numbers of this
# library. A program may also keep less, and compute it again in the backward step: memory can be
# paid for in time.)

# %% [markdown]
# ### What it gives: storing facts
#
# Now quality, on two tasks. All that is trained is *one* feed-forward layer. Each answer has a
# fixed random vector v, and its score is the layer's output times v, added up; then softmax and
# cross-entropy, as in lesson 03. An **arm** is one of the layers that are compared.
#
# - **Facts**: 1500 random lists of 16 numbers, each with one of 16 answers, drawn at random. There
#   is no rule behind them. The layer must learn them by heart; who guesses is right once in 16.
# - **Digits**: pictures of 8 x 8 pixels, as in lesson 03; the test has fonts it has never seen.
#
# Every arm holds the same number of weights and biases, give or take one in a hundred. Three seeds;
# four or six learning rates for each arm, and each arm at the rate that is best for *it*. (The rate
# is chosen by the very numbers that are then shown, for all arms alike: so all are a little too
# good.) Some arms *learn* their shape: **PReLU** (the slope on the left), **Swish** (how sharp SiLU
# is), **ACON-C** (three numbers), each for every hidden unit; and **Padé**, a fraction of two
# polynomials with ten numbers, one shape for the whole layer. **Maxout** takes the larger of two
# dense maps. The **bump**, exp(-x² / 2), does not learn. Which of them all is best at storing
# facts? Write down a name before you scroll on.
#
# **Prediction 5.** Which arm knows the most facts?

# %%
my_best = None  # such as "GELU"

# %%
shown = [arm for arm in activations.ARMS if arm != activations.UNMATCHED]


def right_answers(task):
    values = results.at_best_rate(activations.kept(task), best=max)
    return {arm: list(values[arm].values()) for arm in shown}


facts, digits = right_answers("facts"), right_answers("digits")
sizes = results.load("activations")["settings"]["n_parameters"]
matched = [sizes[f"facts: {arm}"] for arm in shown]
print(f"parameters on the facts: ReLU {matched[1]}, all arms {min(matched)} to {max(matched)}")
assert shown[1] == "ReLU" and all(abs(n / matched[1] - 1) < 0.01 for n in matched)

# %%
plot.show(
    plot.ranges(facts, x="facts known (percent of 1500)", height=7),
    alt="A row for each arm with a dot for each seed; the seeds of an arm lie close together. None "
    "is lowest, then bilinear, maxout and ACON-C. ReLU, its relatives and PReLU lie around 75, "
    "GELU, Swish, SiLU and ReGLU around 80. GEGLU, GLU and SwiGLU follow, then the bump. Padé is "
    "at the right edge: it knows nearly all.",
)
best = max(facts, key=lambda arm: np.mean(facts[arm]))
print(f"most facts: {best}; you said {my_best}")
assert min(facts[best]) > max(facts["SwiGLU"]) and min(facts["SwiGLU"]) > max(facts["SiLU"])

# %% [markdown]
# **If you said SwiGLU**: of all that large models use it is the best here, with GEGLU beside it.
# But a plain bump, without any gate, does at least as well, and Padé knows nearly all: so many that
# 1500 facts cannot tell how many more it could hold. Without a bend, one dense map is left, and it
# knows about one fact in eight. All the other arms lie between.


# %%
def against_relu(task):
    values = results.at_best_rate(activations.kept(task), best=max)
    rates = results.best_rates(activations.kept(task), best=max)
    differences = results.paired_differences(values, "ReLU")
    for arm in [arm for arm in shown if arm != "ReLU"]:
        gains = np.array(differences[arm])
        above = f"{np.sum(gains > 0)} of {len(gains)}"
        print(f"{arm:13s} rate {rates[arm]:5g}  {gains.mean():+6.1f}  "
              f"({gains.min():+6.1f} to {gains.max():+6.1f})  {above}")  # fmt: skip


against_relu("facts")

# %% [markdown]
# Each line is a difference to ReLU on the same seed, in points of percent: the mean over the seeds,
# then the lowest and the highest, then how many seeds are above ReLU. Where all three agree, the
# difference is *consistent*, no more: three coins show the same side a quarter of the time. So look
# at its size as well, beside the distance between seeds.

# %%
pairs = [("Swish", "SiLU"), ("PReLU", "leaky ReLU"), ("GEGLU", "GELU"), ("SwiGLU", "SiLU")]
gains = {pair: np.subtract(facts[pair[0]], facts[pair[1]]) for pair in pairs}
for (arm, start), gain in gains.items():
    print(f"{arm} less {start}: {gain.mean():+.1f} ({gain.min():+.1f} to {gain.max():+.1f})")
assert gains["SwiGLU", "SiLU"].min() > 2 and gains["Swish", "SiLU"].mean() < 1

# %% [markdown]
# What do the *adaptive* activations bring? Swish begins as SiLU and may learn for each unit how
# sharp it is. SiLU may not, and knows more facts. PReLU and ACON-C stay behind ReLU. Their slopes
# are parameters too, so there are fewer units, and they did not earn back what they cost. One of
# the four, Padé, gains more than all others. So "adaptive" is not the reason; the part (90) below
# looks for it.
#
# And how much hangs on the learning rate! Here are four arms at all rates of the grid:

# %%
value = {(r["arm"], r["rate"], r["seed"]): r["value"] for r in activations.kept("facts")}
rates = activations.RATES["facts"]
by_rate = {
    arm: (rates, np.array([[value[arm, rate, s] for rate in rates] for s in seeds]))
    for arm in ("ReLU", "squared ReLU", "SwiGLU", "Padé")
}
plot.show(
    plot.bands(by_rate, x="learning rate", y="facts known (percent)", logx=True),
    alt="Facts known against the learning rate. Each arm rises to a peak and falls steeply behind "
    "it. Squared ReLU has its peak at a lower rate than ReLU: below it squared ReLU is ahead, "
    "above it ReLU. SwiGLU's peak is higher, Padé's is broad and reaches 100.",
)
assert by_rate["Padé"][1].max() > by_rate["SwiGLU"][1].max() > by_rate["ReLU"][1].max()

# %%
low, high = rates.index(0.01), rates.index(0.1)
relu, squared = (by_rate[arm][1].mean(axis=0) for arm in ("ReLU", "squared ReLU"))
for k in (low, high):
    print(f"rate {rates[k]}: ReLU {relu[k]:.1f}, squared ReLU {squared[k]:.1f}")
top = relu.argmax()
beside = max(relu[top] - relu[k] for k in (top - 1, top + 1))
print(f"ReLU: best at rate {rates[top]}; one step of the grid away it loses up to {beside:.1f}")
assert squared[low] > relu[low] + 5 and relu[high] > squared[high] + 5

# %% [markdown]
# Whoever had tried one rate only would have found a clear winner: at a low rate the one, at a high
# rate the other. And even with a grid, a true peak lies between its points, so a lead of a few
# points may come from the grid alone. What we trust in is what is larger: the gates with GELU and
# SiLU, the bump and Padé above ReLU; ACON-C, maxout and bilinear below it.
#
# ### What it gives: digits in fonts never seen

# Eight seeds now, since the differences are small. Without a bend the layer is far behind; it is
# left out of the figure, and stands in the table.

# %%
bent = {arm: digits[arm] for arm in shown if arm != "none"}
plot.show(
    plot.ranges(bent, x="right answers (percent of 2000)", height=7),
    alt="A row for each arm with eight dots, one for each seed. All rows overlap. The bump lies "
    "lowest; Padé, ACON-C and GEGLU lie about a point to the right of ReLU.",
)
against_relu("digits")
assert np.mean(digits["none"]) + 10 < min(np.mean(values) for values in bent.values())

# %%
gains = {arm: np.subtract(digits[arm], digits["ReLU"]) for arm in shown[2:]}
ahead = [arm for arm, gain in gains.items() if np.sum(gain > 0) >= 7]
print(f"ahead on 7 or 8 of 8 seeds: {', '.join(ahead)}; coins: {len(gains) * 9 / 256:.1f}")
largest, apart = max(gain.mean() for gain in gains.values()), np.ptp(digits["ReLU"])
print(f"largest gain {largest:.1f} points; ReLU's own seeds lie {apart:.1f} points apart")
assert largest < apart

# %% [markdown]
# A bend is needed, but *which* bend matters little here. A few arms are ahead of ReLU on seven or
# eight seeds, more often than coins. But they are ahead by about one point, less than two runs of
# ReLU differ by; all of them are compared with the same eight runs of ReLU; and each rate was
# chosen on the pictures that it is judged by. So we name no winner. Three of these arms learn their
# shape; on the facts one of the three was far ahead of ReLU, one a little, and one far behind. The
# ranking of the facts has not come over to the digits.
#
# All these runs were made before, by `python -m tinyffn.studies.activations`. You need not trust
# the file: here is the first tenth of one of them again.

# %%
again = ("SwiGLU", 1, 0.1)  # arm, seed, rate
(old,) = (r for r in activations.kept("facts") if (r["arm"], r["seed"], r["rate"]) == again)
tenth = activations.STEPS["facts"] // 10
new = activations.run("facts", *again, stop=tenth, progress=True)
print(f"after {tenth} steps: {new['value']:.1f} percent now, {old['curve'][0]:.1f} in the file")
assert abs(new["value"] - old["curve"][0]) < 5

# %% [markdown]
# ### What a large experiment found
#
# Shazeer (2020) compared such layers, at equal weights and arithmetic, inside a transformer that
# learns to fill in missing pieces of text. Table 1 of the paper has the loss on held-out text (the
# cross-entropy of lesson 03) after 524,288 steps; our SiLU is called Swish there. It also says how
# much repeated runs differ, though only for shorter runs of 65,536 steps: a standard deviation for
# each layer.

# %%
published = {
    "ReLU": 1.677, "GELU": 1.679, "SiLU": 1.683, "GLU": 1.663,
    "bilinear": 1.648, "ReGLU": 1.645, "SwiGLU": 1.636, "GEGLU": 1.633,
}  # fmt: skip
noise = 0.003, 0.010  # the smallest and the largest of the layers
print(f"repeated short runs: standard deviation {noise[0]} to {noise[1]}; loss less ReLU's:")
print(", ".join(f"{arm} {loss - 1.677:+.3f}" for arm, loss in published.items()))
gates_gain = [1.677 - published[arm] for arm in ("GLU", "bilinear", "ReGLU", "SwiGLU", "GEGLU")]
assert min(gates_gain) > noise[1] > abs(published["GELU"] - 1.677)

# %% [markdown]
# GELU and SiLU without a gate: no gain outside the noise. All five gates: a gain, from just above
# the largest noise to four times as much, in one long run each. Our small runs agree in part: on
# the facts, a gate with a bend beats the same bend without a gate. In part they do not: bilinear is
# far behind on our facts and well ahead of ReLU in that table. One small layer and random facts are
# not a language model. What we can show is that the order depends on the task; what is best in a
# large model, only large models can show.

# %% [markdown]
# ### What Padé found · 8 min (90)
#
# What shape did Padé learn? Train it again on both tasks, three seeds each, for a quarter of the
# steps, and look. (All curves are drawn to the same height.)


# %%
def learnt_shape(task, seed, rate):
    train, _, values = activations.make_task(task, seed)
    layer = activations.make_layer(task, "Padé", rng=np.random.default_rng(seed))
    model = activations.Answer(layer, values)
    batches = random_batches(*train, batch_size=256, rng=np.random.default_rng([seed, 1]))
    steps = activations.STEPS[task] // 4
    fit(model, model.loss, batches, Adam(model.parameters(), rate), steps=steps)
    return layer.activation


# %%
grid = np.linspace(-4, 4, 401, dtype=np.float32)
found = {("facts", s): learnt_shape("facts", s, 0.03)(grid).data for s in seeds}
found |= {("digits", s): learnt_shape("digits", s, 0.01)(grid).data for s in seeds}

# %%
start = nn.Pade()(grid).data
shapes = {task: {"at the start": (grid, start / start.max())} for task in ("facts", "digits")}
for (task, s), y in found.items():
    shapes[task][f"seed {s}"] = (grid, y / np.abs(y).max())

# %%
plot.show(
    plot.multiples(shapes, x="x", y="value (farthest from 0 is 1)", columns=2, size=3.8),
    alt="Two panels. Facts: from a leaky ReLU at the start, all three seeds end with one narrow "
    "spike near zero and low, nearly flat wings. Digits: all three seeds end with a curve that is "
    "nearly flat on the left and rises more and more steeply on the right.",
)
peaks = [grid[np.abs(found["facts", s]).argmax()] for s in seeds]
print("facts: the spike stands at", ", ".join(f"{peak:.2f}" for peak in peaks))
assert max(np.abs(peaks)) < 1

# %% [markdown]
# Padé starts as a leaky ReLU: a hinge, two straight arms that meet in one corner. On the facts,
# three seeds went from there to the same place, a narrow spike. (Whether it points up or down does
# not matter: the next matrix can turn it round.) With a hinge a unit can say "on this side of a
# line". A spike says "close to this line", and a fact is a single point: what tells it from all
# others is being close. That is why the fixed bump does so well, and it accounts for a good part of
# Padé's gain, without learning any shape. On the digits, where things come in groups, Padé stays a
# kind of hinge.
#
# The price: Padé remembers three times as much as ReLU and computes more for each number; on the
# digits it gained about a point, less than two seeds of ReLU differ by.

# %% [markdown]
# ## What broke, and why · 6 min
#
# ### The unfair comparison
#
# "We replaced GELU by SwiGLU, left `d_ff` as it was, and the model got better." Of course: it also
# got larger. Here is the facts task with the swap done both ways.

# %%
values = results.at_best_rate(activations.kept("facts"), best=max)
arms = ("GELU", "SwiGLU", activations.UNMATCHED)
for arm in arms:
    mean = np.mean(list(values[arm].values()))
    print(f"{arm:18s} {sizes['facts: ' + arm]} parameters, {mean:.1f} percent known")
plot.show(
    plot.ranges({arm: list(values[arm].values()) for arm in arms}, x="facts known (percent)"),
    alt="Three rows. GELU knows the fewest facts, SwiGLU of equal weights more, and SwiGLU of the "
    "same width as GELU the most.",
)
fair, unfair = (np.mean(list(values[arm].values())) - np.mean(facts["GELU"]) for arm in arms[1:])
print(f"the gate alone: {fair:+.1f} points; the gate and more parameters: {unfair:+.1f}")
assert unfair > 2 * fair > 0

# %% [markdown]
# The swap at the same width gains more than twice as much as the fair one, and we do not even see
# all of it, since no more than all facts can be known. The larger part of the praise belongs to the
# added half of the parameters. Give GELU the same number of parameters before you compare.
#
# ### Silent units
#
# Back to Prediction 4. We call a hidden unit **silent** if its number before the activation is
# below 0 for every picture of the training set, whatever the activation. A step that is too large
# does that to some units:


# %%
def network(activation, s, d_ff=64):
    train, _, values = activations.make_task("digits", s)
    layer = nn.FeedForward(64, d_ff, rng=np.random.default_rng(s), activation=activation)
    return activations.Answer(layer, values), train


def go_on(model, train, optimizer, steps, s):
    batches = random_batches(*train, batch_size=64, rng=np.random.default_rng([s, 1]))
    fit(model, model.loss, batches, optimizer, steps=steps)


def silent(model, train):
    return 100 * np.mean(np.all(model.layer.up(train[0]).data <= 0, axis=0))


# %%
accident = []
for s in seeds:
    model, train = network(ops.relu, s)
    before = silent(model, train)
    go_on(model, train, SGD(model.parameters(), 30.0), 1, s)
    accident.append(silent(model, train) - before)
print("silent after one step at a rate of 30:", ", ".join(f"{a:.0f} percent" for a in accident))
assert min(accident) > 2

# %% [markdown]
# Now the experiment: lower all biases by a shift, train for 150 steps, and count the silent units,
# for three activations and three seeds.

# %%
shifts = (0, 2, 4, 8)
bends = {"ReLU": ops.relu, "GELU": ops.gelu, "leaky ReLU": ops.leaky_relu}
after = {name: np.zeros((len(seeds), len(shifts))) for name in bends}
right = {name: [] for name in bends}  # at the largest shift
for name, activation in bends.items():
    for i, s in enumerate(seeds):
        for j, shift in enumerate(shifts):
            model, train = network(activation, s)
            model.layer.up.b.data -= shift
            go_on(model, train, Adam(model.parameters(), 0.01), 150, s)
            after[name][i, j] = silent(model, train)
        right[name].append(100 * share_right(model, *train))

# %%
plot.show(
    plot.bands(
        {name: (shifts, shares) for name, shares in after.items()},
        x="how far all biases were lowered",
        y="silent units after training (percent)",
    ),
    alt="Silent units after 150 steps against the shift. All start near 0. ReLU rises to all units "
    "at a shift of 8. GELU stays low up to 4 and rises steeply to 8. Leaky ReLU stays low.",
)
learn_again = [name for name in bends if np.mean(right[name]) > 60]
for name, shares in right.items():
    print(f"{name:10s} lowered by 8: {np.mean(shares):.0f} percent of the training pictures right")
print("they learn again:", learn_again, "  you said", my_survivors)
assert learn_again == ["leaky ReLU"] and after["ReLU"][:, -1].min() == 100

# %% [markdown]
# **If you said GELU too**: its slope is nowhere exactly 0 in the formula, and from nearby its units
# do come back: see the shift of 4. Lowered by 8, most units stand so far left for every picture
# that their gradients are next to nothing, and 150 steps are not enough; a few, which some picture
# brings nearer to 0, do come back. So it is above guessing, and far from what it could be. ReLU's
# slope is exactly 0: its silent units never come back while their inputs stay the same. Leaky ReLU
# has a slope of 0.01 at any distance.

# %% [markdown]
# ## Exercises · 20 min (90)
#
# **Exercise 5.1: GELU with a width** (25 minutes). Replace the bell curve of GELU by a wider or a
# narrower one. Then the width is a number that can be learned, and it needs a gradient of its own.
# Which terms does each slope have? The folder is `exercises/05_1_gelu_with_a_width`.

# %%
predict("5.1")

# %%
check("5.1")

# %% [markdown]
# Your GELU, from a narrow bell to a wide one. Which two activations lie at its two ends?

# %%
curve = mine("5.1").gelu
phi = np.vectorize(lambda z: (1 + erf(z / sqrt(2))) / 2)
x = np.linspace(-3, 3, 121)
widths = {f"width {w:g}": {"value": (x, curve(x, w, phi)[0])} for w in (0.1, 1.0, 3.0, 30.0)}
plot.show(
    plot.multiples(widths, x="x", y="value", columns=4),
    alt="Four curves. Width 0.1 looks like ReLU, width 1 is GELU, width 3 is a gentle curve, and "
    "width 30 looks like the straight line x / 2.",
)
assert np.allclose(curve(x, 1.0, phi)[0], gelu(x)[0])


# %%
def draw(width):
    curves = {"GELU": gelu(x)[0], f"width {width:g}": curve(x, width, phi)[0]}
    figure = plot.lines({name: (x, y) for name, y in curves.items()}, x="x", y="value")
    plot.show(figure, alt=f"GELU, and beside it your GELU with a width of {width:g}.")


slider = ipywidgets.FloatSlider(value=2, min=0.1, max=6, step=0.1, continuous_update=False)
_ = ipywidgets.interact(draw, width=slider)

# %% [markdown]
# **Exercise 5.2: how wide may a gated layer be?** (20 minutes). The rule of 2/3, but with biases,
# and rounded up to what a machine likes. And by how many parameters is the comparison still unfair?
# The folder is `exercises/05_2_gated_width`.

# %%
check("5.2")

# %% [markdown]
# With your function: which of the real models above follow the rule, if they round up to multiples
# of 256?

# %%
width_of = mine("5.2").gated_width
follows = {n: width_of(d, 4 * d, 256, False)[0] == width for n, (d, width) in real.items()}
print(follows)
assert follows["LLaMA 7B"] and not follows["Mistral 7B"]

# %% [markdown]
# **Exercise 5.3: a whole gated layer** (35 minutes). Forward and backward, with the gate's and the
# up-matrix's columns shuffled into one matrix, as some programs keep them to save a matrix product.
# x acts through both: what does that mean for its gradient? The folder is
# `exercises/05_3_gated_layer`.

# %%
check("5.3")

# %% [markdown]
# Your layer goes to work: `op` of lesson 02 records it, and Adam trains it on the facts, as above.


# %%
class Mine(nn.Module):
    def __init__(self, d, d_ff, rng):
        self.w_in = nn.Parameter(nn.init.xavier(rng, (d, 2 * d_ff)))
        self.w_down = nn.Parameter(nn.init.xavier(rng, (d_ff, d)))
        self.step = op(mine("5.3").gated_layer)

    def __call__(self, x):
        return self.step(x, self.w_in, self.w_down)


# %%
train, _, values = activations.make_task("facts", 1)
model = activations.Answer(Mine(16, 43, rng), values)
guessing = 100 * share_right(model, *train)
go_on(model, train, Adam(model.parameters(), 0.03), 400, 1)
known = 100 * share_right(model, *train)
print(f"facts known: {guessing:.0f} percent before, {known:.0f} percent after 400 steps")
assert known > 3 * guessing

# %% [markdown]
# ## Check yourself · 2 min
#
# Answer first, then open.
#
# <details><summary>1. Why does the slope of GELU have two terms, and that of ReLU one?</summary>
#
# GELU is a product, x · Φ(x), and x stands in both factors, so each adds its share. ReLU is x times
# a switch too, but the switch is flat on either side of 0, and adds nothing.
# </details>
#
# <details><summary>2. A plain layer has d_model 512 and 2048 hidden numbers. How many may a gated
# layer have at equal weights? In what are the two layers still not equal?</summary>
#
# 2/3 of 2048 is between 1365 and 1366. Weights and multiplications are then equal. Memory for the
# backward is not: three arrays of that width, about 4096 numbers an input, against ReLU's 2048.
# </details>
#
# <details><summary>3. A report says: "with activation A, our model got better by 0.4 percent". What
# do you ask before you believe it?</summary>
#
# Are the parameters equal? Has each arm its own best learning rate? How many seeds, and how large
# is the difference between seeds? And on which task: in this lesson the same shapes had large
# differences on one task and none worth the name on the other.
# </details>
#
# <details><summary>4. Half of your network's units are silent on all data. With which activation is
# it worth training on?</summary>
#
# With leaky ReLU in any case: some slope is left everywhere. With GELU or SiLU if the units are not
# far below 0. With ReLU only if what comes *into* these units still changes, through layers below.
# </details>

# %% [markdown]
# ## Go further
#
# - Hendrycks and Gimpel 2016, *Gaussian error linear units*,
#   [arXiv:1606.08415](https://arxiv.org/abs/1606.08415): GELU and its tanh form.
# - Ramachandran, Zoph and Le 2017, *Searching for activation functions*,
#   [arXiv:1710.05941](https://arxiv.org/abs/1710.05941): a machine's search finds Swish.
# - Dauphin et al. 2017, *Language modeling with gated convolutional networks*,
#   [arXiv:1612.08083](https://arxiv.org/abs/1612.08083): the gate, before transformers took it.
# - Shazeer 2020, *GLU variants improve transformer*,
#   [arXiv:2002.05202](https://arxiv.org/abs/2002.05202): the table above; it offers
#   no explanation of why gates help.
# - He et al. 2015 (PReLU), [arXiv:1502.01852](https://arxiv.org/abs/1502.01852); Ma et al. 2021
#   (ACON), [arXiv:2009.04759](https://arxiv.org/abs/2009.04759); Molina et al. 2020 (Padé),
#   [arXiv:1907.06732](https://arxiv.org/abs/1907.06732): activations that learn.
# - Next: **06, from vectors to tokens**. How does a layer for vectors read text?
