# %% [markdown]
# # 04 · Expressive power
#
# **What do depth, width and frequency buy?**

# %% [markdown]
# ## Where you are · 1 min
#
# Lesson 01 found that layers need a bend between them, such as ReLU. Lesson 03 trained networks
# that have one, and saw that what a network *can* be is one question and what training *finds* is
# another. This lesson, the fourth of nineteen, asks the first question with care, and comes to the
# second at the end.

# %%
import inspect
import math

import ipywidgets
import numpy as np

from tinyffn import plot
from tinyffn.data import landscape
from tinyffn.lab import check, mine, predict
from tinyffn.studies import approximation, picture_fit, results, spectral_bias
from tinyffn.studies.fourier import fourier_features
from tinyffn.studies.layers import random_layers, run
from tinyffn.studies.pieces import pieces_along_line
from tinyffn.studies.regions import regions_hit, regions_of_plane, zaslavsky
from tinyffn.studies.sawtooth import sawtooth, sawtooth_layers, shallow_l1, with_noise

seed = 4
rng = np.random.default_rng(seed)
print(f"seed {seed}: every random number below is drawn from this generator, or from a seed shown")

# %%
plot.show(
    plot.course_map(here=4),
    alt="A map of the course: nineteen boxes in four rows. The fourth box of the first row, "
    "expressive power, is marked 'you are here'.",
)

# %% [markdown]
# ## The question · 1 min
#
# You have a number of ReLUs to spend. Put them side by side in one layer, and the network is
# **wide**. Put them one behind the other in many layers, and it is **deep**. And before the first
# layer you may hand it the input as it is, or sines and cosines of the input: **frequencies**. What
# does the network gain by each of the three? For width and depth we count **pieces**, the parts of
# the input on which the network is a straight line. For frequencies we train, and ask what has been
# learnt.

# %% [markdown]
# ## What you will be able to do · 1 min
#
# | you will | and this tests it |
# |---|---|
# | **build** a network through given points, and promise how far off it is | exercise 4.1 |
# | **build** a deep network whose pieces multiply from layer to layer | exercise 4.2 |
# | **widen** a trained network without changing what it computes | exercise 4.3 |
# | **count** the regions of a layer exactly | exercise 4.4, question 1 |
# | **tell** what depth can do from what it usually does | question 2 |
# | **explain** what training finds first, and how the input changes that | question 3 |
#
# *You need*: lessons 01 to 03. *Time*: 50 minutes for the core; parts marked (90) fill a longer
# class.

# %% [markdown]
# ## Predict · 4 min
#
# Put your answer in place of `None` and run the cell.
#
# **Prediction 1.** A network with one layer of n ReLUs follows a smooth curve as closely as
# straight pieces can. Now it gets twice as many ReLUs. By what is its largest error divided?

# %%
my_factor = None  # a number from 1 up

# %% [markdown]
# **Prediction 2.** Each ReLU of a first layer with two inputs has a border in the plane, a straight
# line: on one side the ReLU is on, on the other it is off. Four ReLUs draw four lines. Into how
# many regions do they part the plane, at most?

# %%
my_regions = None  # a number from 1 up

# %% [markdown]
# **Prediction 3.** Two networks of 64 ReLUs with random weights. One has a single layer of 64; the
# other has eight layers of 8, one behind the other. Walk along a straight line through the space of
# inputs, and count the straight pieces of the output. The single layer has about 65. And the deep
# network, typically?

# %%
my_deep_pieces = None  # a number from 1 up

# %% [markdown]
# ## Build by hand with three ReLUs · 5 min
#
# Let us build the curve y = x² on the way from 0 to 3 out of straight pieces. At the **knots** 0,
# 1, 2 and 3 it has the values 0, 1, 4 and 9.

# %%
knots = np.array([0.0, 1.0, 2.0, 3.0])
values = knots**2
slopes = np.diff(values) / np.diff(knots)  # np.diff: each number less the one before it
print("values:", values, "  slopes of the three pieces:", slopes)
assert slopes.tolist() == [1, 3, 5]

# %% [markdown]
# A ReLU that is moved to a knot t, `relu(x - t)`, is 0 left of t and climbs with slope 1 right of
# it. So it *turns* a line at t, and leaves all that lies left of t alone. We need the slope 1 from
# the knot 0 on, then 3 from the knot 1 on, then 5 from the knot 2 on. So the turns are 1, then 2
# more, then 2 more:
#
# ```
# y = 1 · relu(x) + 2 · relu(x - 1) + 2 · relu(x - 2)
# ```


# %%
def relu(x):
    return np.maximum(x, 0)


# %%
def by_hand(x):
    return 1 * relu(x) + 2 * relu(x - 1) + 2 * relu(x - 2)


print("at the knots:", by_hand(knots), "  in the middle of the pieces:", by_hand(knots[:3] + 0.5))
assert np.array_equal(by_hand(knots), values)

# %% [markdown]
# At the knots it is exact. By how much is it off in the middle of a piece?

# %%
x = np.linspace(0, 3, 601)
print("x² in the middles:", (knots[:3] + 0.5) ** 2)
print(f"largest error anywhere: {np.abs(by_hand(x) - x**2).max():.2f}")
assert np.isclose(np.abs(by_hand(x) - x**2).max(), 0.25)

# %% [markdown]
# ## The clear version · 7 min
#
# This is a network with one hidden layer. Its weights in are all 1, its biases are minus the knots,
# its weights out are the turns, and its bias out is the height at the first knot. For any function,
# on the way from 0 to 1:


# %%
def interpolate(f, n):
    t = np.arange(n + 1) / n  # n + 1 knots: both ends, too
    slope = np.diff(f(t)) / np.diff(t)
    turn = np.append(slope[:1], np.diff(slope))  # left of the first knot the slope is 0
    return lambda x: f(t[0]) + relu(x[:, np.newaxis] - t[:-1]) @ turn


# %%
def wave(x):
    return np.sin(2 * np.pi * x)


# %%
x, t = np.linspace(0, 1, 2001), np.arange(9) / 8
curves = {f"{n} ReLUs": (x, interpolate(wave, n)(x)) for n in (4, 8)}
plot.show(
    plot.lines(
        {"the sine": (x, wave(x)), **curves},
        points={"knots": (t, wave(t))},
        x="x",
        y="y",
    ),
    alt="One period of a sine, and two lines of straight pieces through points on it. The one with "
    "4 ReLUs is a rough zigzag; with 8 ReLUs it is close to the curve everywhere. Black points "
    "mark the nine knots of the latter.",
)
assert all(np.allclose(interpolate(wave, n)(t[:: 8 // n]), wave(t[:: 8 // n])) for n in (4, 8))

# %% [markdown]
# The first ReLU stands at the left end, so between 0 and 1 there are as many pieces as ReLUs: with
# 4, the two in the middle happen to lie on one line. (A line that runs on to both sides has one
# piece more: lesson 01 found 9 for 8.) Any continuous curve can be followed like this, as closely
# as one likes, if there are ReLUs enough: networks with one hidden layer are **universal**
# (Cybenko 1989; Hornik and others 1989, for any number of inputs). How many are enough? Measure.

# %%
ns = [4, 8, 16, 32, 64, 128]
errors = [np.abs(interpolate(wave, n)(x) - wave(x)).max() for n in ns]
ratios = [errors[i] / errors[i + 1] for i in range(5)]
print("largest error:", ", ".join(f"{e:.5f}" for e in errors))
print("divided by:", ", ".join(f"{r:.2f}" for r in ratios), f"  you said {my_factor}")
assert np.allclose(ratios[2:], 4, atol=0.1)

# %% [markdown]
# It settles at 4. A curve leaves the straight line through two of its points by at most
#
# ```
# c h² / 8     h: the width of the piece;  c: how much the slope changes per unit of x
# ```
#
# Try it on x²: its slope is 2x, which changes by 2 for each unit, so c = 2. With h = 1 the formula
# gives 2 · 1 / 8 = 0.25, what you found in the middle of each piece. Twice as many pieces make h
# half as large, and h² a quarter.
#
# **If you said 2**: half the width, half the error, it seems. But a shorter piece is also nearer to
# the curve's own direction; both effects count, and 2 times 2 is 4. **If you said 3**: the first
# number printed is near 3, since four pieces are too few for the law to show.

# %%
promise = [4 * np.pi**2 / n**2 / 8 for n in ns]  # the slope of this sine changes by at most 4π²
print("the promise:  ", ", ".join(f"{p:.5f}" for p in promise))
assert all(e <= p + 1e-9 for e, p in zip(errors, promise, strict=True))

# %% [markdown]
# ## The library's version · 2 min
#
# The library keeps such a network as a list of layers (w, b), as lesson 01 kept its stacks, with a
# ReLU after each but the last. `run` computes it.

# %%
print(inspect.getsource(approximation.interpolant))

# %%
ours = interpolate(wave, 16)(x)
theirs = run(approximation.interpolant(wave, 16), x[:, None])[:, 0]
print(f"largest difference: {np.abs(ours - theirs).max():.0e}")
assert np.abs(ours - theirs).max() < 1e-12

# %% [markdown]
# ## Measure · 23 min
#
# ### Width in the plane: regions (3 min)
#
# With two inputs, each ReLU of the first layer has a border, a line in the plane. Between the lines
# lie **regions**; in each of them every ReLU is on or off throughout, so the network is one dense
# layer there. Count them.

# %%
w = np.array([[1.0, 0.0, 1.0, 1.0], [0.0, 1.0, 1.0, -1.0]])
b = np.array([1.0, 1.0, -1.0, 0.5])
plot.show(
    plot.regions(w, b, half=3.2, title="four ReLUs"),
    alt="A square cut by four straight lines, no two of them parallel, no three through one point. "
    "The regions between them are numbered from 1 to 11 and coloured by how many ReLUs are on.",
)
print(f"regions: {regions_of_plane(w, b)}; you said {my_regions}")
assert regions_of_plane(w, b) == 11

# %% [markdown]
# Count how a new line does it. It meets each earlier line once, so the earlier lines cut it into
# one part more than there are of them, and each part splits one region in two. The counts 1, +1,
# +2, +3, +4 add up to 11. For n lines (Zaslavsky 1975):
#
# ```
# regions = 1 + n + n (n - 1) / 2        if no two are parallel and no three meet in one point
# ```
#
# **If you said 16**: that is how many on-off patterns four ReLUs could have, 2 to the power 4. The
# plane has no room for all of them. **If you said 8**: that is what four lines through one point
# make, like a cake. **If you said 10**: look for the smallest triangle.
#
# So width buys pieces one by one on a line, and about n²/2 regions in the plane. Can depth do
# better?

# %% [markdown]
# ### Depth: pieces that multiply (8 min)
#
# Two ReLUs make a tent: up from 0 to 1, and down again. What if a tent is put into a tent?


# %%
def tent(x):
    return 2 * relu(x) - 4 * relu(x - 0.5)


# %%
x = np.linspace(0, 1, 65)
once, twice, titles = tent(x), tent(tent(x)), ("tent", "tent of tent", "and once more")
fig, axes = plot.panels(3, columns=3, size=2.6)
for ax, title, y in zip(axes, titles, (once, twice, tent(twice)), strict=True):
    ax.plot(x, y)
    ax.set(title=title, xlabel="x", xticks=[0, 0.5, 1], yticks=[0, 1])
plot.show(
    fig,
    alt="Three panels. A tent: from 0 up to 1 and down to 0. The tent of the tent: two such tents "
    "side by side, half as wide. The tent of that: four tents.",
)
assert twice[[0, 16, 32, 48, 64]].tolist() == [0, 1, 0, 1, 0]

# %% [markdown]
# What goes into the second tent runs from 0 to 1 on the first half, and from 1 back to 0 on the
# second. So the second tent is drawn twice, the second time from right to left. The first layer
# *folds* the line, like paper, and whatever comes behind is drawn on both halves of the paper. Each
# layer more doubles the pieces.
#
# As a network, k tents are k hidden layers of two ReLUs. Between two tents stand two dense layers
# with no ReLU between them: the one that ends a tent, (2, -4), and the one that feeds both ReLUs of
# the next. As in lesson 01 they fold into one table. Here are two tents, and then up to ten.

# %%
for w, b in sawtooth_layers(2):
    print("w:", w.tolist(), "  b:", b.tolist())
assert np.array_equal(sawtooth_layers(2)[1][0], np.array([[2], [-4]]) @ np.array([[1, 1]]))

# %%
for k in (1, 2, 3, 6, 10):
    layers = sawtooth_layers(k)
    units = sum(len(b) for _, b in layers[:-1])
    pieces = pieces_along_line(layers, [0.0], [1.0], low=0, high=1)  # start at 0, walk by 1
    grid = np.arange(2 ** (k + 3) + 1) / 2 ** (k + 3)
    off = np.abs(run(layers, grid[:, None])[:, 0] - sawtooth(grid, k)).max()
    print(f"depth {k:2d}: {units:2d} ReLUs, {pieces:4d} pieces, off by {off}")
    assert units == 2 * k and pieces == 2**k and off == 0

# %% [markdown]
# 20 ReLUs, 1024 pieces. (`pieces_along_line` solves for each corner, layer after layer; nothing is
# sampled.) A single layer needs one ReLU for each piece. What if it has fewer? Take the sawtooth of
# 64 pieces, depth 6, and let a line of n equal pieces, as n ReLUs in one layer make it, follow it
# as well as it can by least squares. How far is that line from the sawtooth, on average over x?

# %%
n_pieces = [1, 8, 16, 32, 40, 48, 56, 60, 63, 64]
distance = [shallow_l1(6, n) for n in n_pieces]
plot.show(
    plot.lines(
        {
            "best fit of n equal pieces": (n_pieces, distance),
            "no 16 pieces come nearer": ([1, 16], [1 / 32, 1 / 32]),
        },
        x="pieces of the single layer",
        y="mean distance",
        height=3.4,
    ),
    alt="Mean distance from the sawtooth against the number of pieces: flat up to 32 pieces, then "
    "falling slowly to 63, and from there straight down to zero at 64. A short line far below, "
    "from 1 to 16 pieces, shows what no choice of pieces can get under.",
)
print(", ".join(f"{n}: {d:.3f}" for n, d in zip(n_pieces, distance, strict=True)))
assert distance[3] > 0.249 and distance[-2] > 0.15 and distance[-1] < 1e-9

# %% [markdown]
# Flat, then a cliff. Up to 32 pieces the fit is no better than the constant 1/2, whose distance is
# a quarter. Equal pieces might be a bad choice. But 16 pieces, wherever they stand, cross the
# height 1/2 too rarely: their mean distance is at least 1/32. (Counting crossings is Telgarsky's
# way, 2016; he does it for every depth.) **There are functions that are cheap with depth, and that
# width reaches only by paying for every piece.**


# %%
def draw_sawtooth(depth):
    t = np.arange(2**depth + 1) / 2**depth
    title = f"depth {depth}: {2 * depth} ReLUs, {2**depth} pieces"
    curves = {"sawtooth": (t, sawtooth(t, depth))}
    fig = plot.lines(curves, x="x", y="y", title=title, markers=False, height=3.0)
    plot.show(fig, alt=f"A sawtooth of {2**depth} straight pieces, from {2 * depth} ReLUs.")


slider = ipywidgets.IntSlider(value=4, min=1, max=8, continuous_update=False)
_ = ipywidgets.interact(draw_sawtooth, depth=slider)

# %% [markdown]
# ### What depth usually does (5 min)
#
# The sawtooth is built by hand. What about weights that are drawn at random, as at the start of
# training? Arrange 64 ReLUs in four ways, twenty random networks each, and count the pieces along a
# long line. Beside it, the pieces that weights made for it reach: exercise 4.2 builds a network
# whose layers of m ReLUs multiply the pieces by m each (on the way from -1 to 1).

# %%
shapes = {"1 layer of 64": [64], "2 of 32": [32] * 2, "4 of 16": [16] * 4, "8 of 8": [8] * 8}


def random_pieces(widths, each, depth=None):
    own = np.random.default_rng([seed, each])
    start, way = own.normal(size=2), own.normal(size=2)
    layers = random_layers([2, *widths, 1], rng=own, bias_std=0.5)
    return pieces_along_line(layers[:depth], start, way, low=-200, high=200)


# %%
found = {name: [random_pieces(s, each) for each in range(20)] for name, s in shapes.items()}
for name, counts in found.items():
    usual = f"{np.mean(counts):.0f} pieces on average ({min(counts)} to {max(counts)})"
    print(f"{name:13s}: random {usual}, built {math.prod(shapes[name])}")
assert all(40 < np.mean(counts) < 80 for counts in found.values())

# %%
plot.show(
    plot.ranges(
        found, x="straight pieces along a line", references={"number of ReLUs": 64}, height=3.2
    ),
    alt="Pieces along a line for twenty random networks of each of four shapes. All shapes have "
    "about 64 on average; the deeper the network, the wider the spread.",
)
deep, flat = found["8 of 8"], found["1 layer of 64"]
print(f"8 of 8: {np.mean(deep):.0f} on average; you said {my_deep_pieces}")
assert np.mean(deep) < 1.2 * np.mean(flat) and np.ptp(deep) > np.ptp(flat)

# %% [markdown]
# Why so few? Look at the deep networks layer by layer: how many pieces has what comes out of the
# first layer, of the first two, and so on?

# %%
cut = [[random_pieces([8] * 8, e, depth + 1) for e in range(20)] for depth in range(1, 9)]
through = np.mean(cut, axis=1)
print("pieces after each of the eight layers:", ", ".join(f"{p:.0f}" for p in through))
assert all(4 < more < 12 for more in np.diff(through))  # sums, where the sawtooth had products

# %% [markdown]
# Each layer *adds* about 8, one for each of its ReLUs; it does not multiply. A late ReLU is given a
# line with many corners, and turns it where that line crosses 0. To multiply the pieces, every
# piece would have to run across 0, as the sawtooth's do. But the pieces of a random line are short,
# and each rises or falls only a little, so most of them stay on one side. The line as a whole
# crosses 0 about once: sometimes never, sometimes three times.
#
# **If you said thousands, or more** ("layers multiply"): built weights do, random ones come nowhere
# near. **If you said 8 or 9**, as for one layer of 8: each layer still adds its share. Hanin and
# Rolnick (2019) prove the law "about as many as ReLUs" on average over random weights, and measure
# it during training too. **Maximal is not typical.** "Deeper means more regions" is true of what is
# possible, not of what you have.

# %% [markdown]
# ### Frequency: four waves to learn (7 min)
#
# So far we asked what a network *can* be. Now it is trained. The input is one number x between 0
# and 1; what is to be learnt is the sum of four waves of equal height, sin(2πkx) with k = 1, 4, 8
# and 16 periods on the way. The network has two hidden layers of 142 ReLUs, enough to follow it
# well.

# %%
x = np.linspace(0, 1, 1001)
plot.show(
    plot.lines(
        {"the sum": (x, spectral_bias.waves(x)), "its slowest wave": (x, wave(x))},
        markers=False,
        x="x",
        y="y",
        height=3.2,
    ),
    alt="A restless curve, the sum of four waves, and through its middle the slowest of them, one "
    "period of a sine.",
)
assert np.allclose(spectral_bias.waves(x), sum(np.sin(2 * np.pi * k * x) for k in (1, 4, 8, 16)))

# %% [markdown]
# What is **still missing** of a wave is its height in what is left, target less network: 1 where it
# is untouched, 0 where it is learnt.
#
# **Prediction 4.** After 300 steps, nearly all of the slowest wave has been learnt. How much of the
# fastest one is still missing, in percent?

# %%
my_missing = None  # a number from 0 to 100

# %% [markdown]
# Training takes minutes, so the runs were made beforehand, and are read from a file: three seeds,
# each way at its own best of seven learning rates, with Adam (a black box until lesson 07). The
# command `python -m tinyffn.studies.spectral_bias` makes them again.

# %%
study = results.load("spectral_bias")
rates = results.best_rates(study["runs"])  # {name: rate}
at = study["settings"]["at"]  # the steps at which was looked


def missing_of(arm):  # of one way to hand over x, at its best rate: (seeds, steps, waves)
    runs = [r for r in study["runs"] if r["arm"] == arm and r["rate"] == rates[arm]]
    return np.array([r["residual"] for r in runs])


# %%
def draw_missing(missing):
    curves = {f"k = {k}": (at, missing[:, :, i]) for i, k in enumerate((1, 4, 8, 16))}
    fig = plot.bands(curves, x="steps", y="share still missing", logx=True, height=3.6)
    fig.axes[0].legend(loc="upper left", bbox_to_anchor=(1, 1))
    return fig


# %%
plain = missing_of("coordinate alone")
plot.show(
    draw_missing(plain),
    alt="How much of each wave is still missing, against training steps, mean and range over three "
    "seeds. The slow wave goes first, then k = 4, then k = 8; most of k = 16 is still missing "
    "after 600 steps. The slow wave comes back a little at 600 steps, in one of the seeds.",
)
missing = 100 * plain[:, at.index(300)].mean(axis=0)
print("missing after 300 steps (%):", ", ".join(f"{m:.0f}" for m in missing))
print("k = 16: you said", my_missing)
assert missing[0] < 15 and missing[3] > 60 and np.all(np.diff(missing) > 0)

# %% [markdown]
# A network that is given x learns slow changes long before fast ones: this is the **spectral bias**
# (Rahaman and others 2019). **If you said about the same for both**: they have the same height, so
# they weigh the same in the loss. But a fast wave needs many pieces that all turn at the right
# places. **If you said all of it**: the order is no queue; all waves are begun, at unequal speed.
# (What is learnt may come back for a while, as the slow wave does at 600 steps in one seed: all
# waves share the same weights, and the steps stay large. That is a likely reason; we did not test
# it.)
#
# Tancik and others (2020) found what helps: do not hand over x, but **Fourier features**, sines and
# cosines of x at n random frequencies f. By hand, for three places and two frequencies:
#
# ```
# x  →  cos(2π f₁ x), ..., cos(2π fₙ x),  sin(2π f₁ x), ..., sin(2π fₙ x)
# ```

# %%
three, f = np.array([0.0, 0.05, 0.5]), np.array([1.0, 5.0])
angle = 2 * np.pi * three[:, np.newaxis] * f
features = np.concatenate([np.cos(angle), np.sin(angle)], axis=1)
print("x:", three)
print(np.round(features + 0.0, 2))
assert np.allclose(features, fourier_features(three[:, np.newaxis], f[np.newaxis]))

# %% [markdown]
# Look at the first two rows: x = 0 and x = 0.05 are neighbours, but in the columns of f = 5 (the
# second and the fourth) they are far apart. So a fast wave of x is a slow, simple function of the
# features, and simple functions are learnt first. Now 16 frequencies, so 32 inputs. They are drawn
# at random with standard deviation 10 (the landscape below shows what that choice means), and the
# network has about as many parameters as before.

# %%
fourier = missing_of("Fourier features")
plot.show(
    draw_missing(fourier),
    alt="The same with Fourier features: all four waves are learnt together, within 100 steps.",
)
print(f"after 100 steps at most {100 * fourier[:, at.index(100)].max():.1f} % of a wave is missing")
sizes = {r["arm"]: r["n_parameters"] for r in study["runs"]}
print(f"best rates: {rates}\nparameters: {sizes}\nseeds: {len(plain)}")
assert fourier[:, at.index(100)].max() < 0.05 < plain[:, at.index(100), 1:].min()

# %% [markdown]
# All together; at 30 steps the slow wave is even behind k = 4 and 8, as few frequencies of scale 10
# are as low as 1. (Without features, x is stretched to run from -1 to 1, as networks like it.)

# %% [markdown]
# ### Are these numbers right? · 2 min (90)
#
# Two checks. `regions_of_plane` counts the points where lines meet; its numbers are kept as
# fractions, so nothing is rounded. The usual way is to throw random points and to count the on-off
# patterns that one sees. Both, for random lines:

# %%
counts = {}
for n in (4, 8, 16, 32):
    w, b = rng.normal(size=(2, n)), rng.normal(size=n)
    counts[n] = (regions_of_plane(w, b), regions_hit(w, b, 3 * rng.normal(size=(200_000, 2))))
    print(f"{n:2d} lines: exactly {counts[n][0]}, seen by 200000 points: {counts[n][1]}")
assert all(exact == zaslavsky(n, 2) for n, (exact, _) in counts.items())
assert counts[32][1] < counts[32][0]

# %% [markdown]
# Every count is Zaslavsky's, to the last region, while sampling misses the small regions and those
# far away. And the file of trained networks: here are the first 300 of the 3000 steps of one of its
# runs once more.

# %%
arm = "coordinate alone"
again = spectral_bias.train_arm(arm, seed=1, rate=rates[arm], steps=300)
kept = plain[0, at.index(300)]
print("missing of k = 1, 4, 8, 16, now:      ", np.round(again["residual"][-1], 2))
print("missing of k = 1, 4, 8, 16, in the file:", np.round(kept, 2))
assert np.abs(again["residual"][-1] - kept).max() < 0.2

# %% [markdown]
# ### A landscape · 6 min (90)
#
# A picture is a function too: from a place, two numbers, to a height. Here are real hills, on the
# border of Tennessee and Kentucky, as 64 times 64 heights. A network gets half of the places, those
# of the black squares of a chessboard, and has to say the height of all. A yardstick first, which
# needs no network: a white square has four black neighbours; take their mean.

# %%
hills = landscape().astype(float)
inside = hills[1:-1, 1:-1]
four = (hills[:-2, 1:-1] + hills[2:, 1:-1] + hills[1:-1, :-2] + hills[1:-1, 2:]) / 4
is_white = np.indices(inside.shape).sum(axis=0) % 2 == 1
neighbours = np.sqrt(np.mean((four - inside)[is_white] ** 2))
print(f"root mean square error: constant {hills.std():.0f} m, four neighbours {neighbours:.0f} m")
assert neighbours < hills.std() / 4

# %% [markdown]
# Now three networks. They are trained here, which takes about ten seconds. The **scale** is the
# standard deviation of the random frequencies, in waves from one side of the picture to the other.

# %%
pictures = {"the landscape": hills}
kept = results.load("picture_fit")
rates = results.best_rates(kept["runs"])
for scale in (0, 2, 8):
    name = picture_fit.name(scale)
    one, pictures[name] = picture_fit.train_arm(scale, seed=1, rate=rates[name])
    (before,) = [r for r in kept["runs"] if all(r[k] == one[k] for k in ("arm", "seed", "rate"))]
    print(f"{name:11s}: off by {one['train']:.0f} m on black, {one['value']:.0f} m on white")
    assert abs(one["value"] - before["value"]) < 0.25 * before["value"]

# %%
plot.show(
    plot.images(
        pictures, scale="height (m)", low=hills.min(), high=hills.max(), columns=2, size=3.4
    ),
    alt="Four pictures. The real hills, with ridges and a straight fault. Learnt from the place "
    "alone: a few broad slopes that meet in creases, no ridges. With Fourier features of scale 2: "
    "all ridges, slightly soft. With scale 8: the ridges under a grain of single wrong places.",
)
assert one["value"] > 10 * one["train"]  # scale 8: right where it was trained, and only there

# %% [markdown]
# From the place alone the network draws broad slopes that meet in creases. With a scale of 2, the
# ridges are there. With a scale of 8 the network is right at every place that it was trained on,
# and wrong between them: its waves are so short that half of the places do not pin them down. All
# five scales, three seeds each, from a file made by `python -m tinyffn.studies.picture_fit`:

# %%
values = results.at_best_rate(kept["runs"])
plot.show(
    plot.ranges(
        {arm: list(by_seed.values()) for arm, by_seed in values.items()},
        x="error on white squares (m), root mean square",
        references={"mean of four neighbours": neighbours},
        height=3.6,
    ),
    alt="Error on held-out places for five arms, three seeds each: about 66 metres from the place "
    "alone, 34 for scale 1, 30 for scales 2 and 4, and from 44 to 60 for scale 8. A line at 29 "
    "metres, the mean of four neighbours, touches scales 2 and 4.",
)
means = {arm: np.mean(list(by_seed.values())) for arm, by_seed in values.items()}
print("mean error (m):", ", ".join(f"{arm} {mean:.0f}" for arm, mean in means.items()))
assert max(values["scale 2"].values()) < min(values["scale 1"].values())
assert max(values["scale 4"].values()) < min(values["place alone"].values())
assert min(means.values()) > 0.95 * neighbours  # no network beats the yardstick

# %% [markdown]
# Scales 2 and 4 overlap: no winner. And they are *no better than the mean of four neighbours*,
# which costs nothing. Frequencies bring the network from 66 m down to that yardstick, not below it.
# Which scale is right depends on the data, so it is chosen on places that are held out. (Here the
# same places served for the choice and for the figure, which flatters all networks a little.)

# %% [markdown]
# ### More inputs, more ReLUs · 6 min (90)
#
# One input needs n pieces for an error of about 1/n². To cover a square as densely takes n² places,
# a cube n³, and d inputs n to the power d. This is the **curse of dimension**. Here the same kind
# of wave in 1, 2 and 8 dimensions is fitted by ReLUs that are drawn at random: only the weights out
# are fitted, by least squares.


# %%
def slanted_wave(x):
    return np.cos(np.pi * x.sum(axis=1) / np.sqrt(x.shape[1]))


# %%
fitted = {}
for d in (1, 2, 8):
    fitted[d] = [
        approximation.random_features_rmse(slanted_wave, d, n, rng=np.random.default_rng(seed))
        for n in (16, 64, 256)
    ]
    print(f"{d} inputs, error with 16, 64, 256 ReLUs:", ", ".join(f"{e:.4f}" for e in fitted[d]))
print(f"16 times the ReLUs, 8 inputs: divided by {fitted[8][0] / fitted[8][2]:.2f}", end="; ")
print(f"16 to the power 1/8 is {16 ** (1 / 8):.2f}")
assert fitted[1][1] < fitted[2][1] < fitted[8][1]
assert fitted[8][0] / fitted[8][2] < 3 < fitted[1][0] / fitted[1][2]

# %% [markdown]
# With 8 inputs, 16 times as many ReLUs hardly help. Other fixed directions would not help in
# general either: for the worst functions of this kind, the error cannot fall faster than about n to
# the power -1/d. Barron (1993) showed this, and a way out: if the first layer is fitted too, then
# for functions without strong fast waves the error falls like 1/√n, whatever the number of inputs.
# So it is worth *learning* the first layer. (Whether training finds what Barron shows to exist is,
# once more, another question.)

# %% [markdown]
# ### Wider, and still the same · 5 min (90)
#
# Must a network that turns out too small be trained anew? No: it can be made wider without changing
# what it computes (Chen, Goodfellow and Shlens 2015, *Net2Net*). Put each hidden ReLU there twice.
# Both copies give the same number, so both send on half of the old weight.

# %%
(w_up, b_up), (w_down, b_down) = random_layers([3, 10, 2], rng=rng, bias_std=0.5)
x3 = rng.normal(size=(100, 3))
twice = [np.concatenate([w_up, w_up], axis=1), np.append(b_up, b_up)]
halved = [np.concatenate([w_down, w_down]) / 2, b_down]
old, new = run([(w_up, b_up), (w_down, b_down)], x3), run([twice, halved], x3)
print(f"10 ReLUs, then 20: the outputs differ by {np.abs(new - old).max():.0e}")
assert np.abs(new - old).max() < 1e-14

# %% [markdown]
# The wider network starts where the small one stopped. Only, two copies that are equal get equal
# gradients and stay equal: a little noise must part them before training goes on. Exercise 4.3 does
# it for any choice of copies and any number of layers.

# %% [markdown]
# ## What broke, and why · 3 min
#
# The sawtooth of depth 10 came out without a rounding error: its weights are powers of two. How
# exactly must they be right? Multiply each weight by one plus a little noise, for five seeds.

# %%
x = (np.arange(2**14) + 0.5) / 2**14
exact = sawtooth(x, 10)
for share in (0.0001, 0.001, 0.01):
    noisy = [with_noise(sawtooth_layers(10), share, rng=np.random.default_rng(s)) for s in range(5)]
    pieces = [pieces_along_line(n, [0.0], [1.0], low=0, high=1) for n in noisy]
    off = [np.abs(run(n, x[:, None])[:, 0] - exact).mean() for n in noisy]
    span = f"{min(off):.2f} to {max(off):.2f}"
    print(f"noise {100 * share:g} %: {min(pieces)} to {max(pieces)} pieces, mean distance {span}")
print(f"the constant 1/2: mean distance {np.abs(0.5 - exact).mean():.2f}")
assert min(pieces) > 500 and min(off) > 0.3

# %%
t = np.linspace(0, 1, 2**11 + 1)
noisy = with_noise(sawtooth_layers(5), 0.05, rng=np.random.default_rng(0))
lost = run(noisy, t[:, None])[:, 0]
curves = {"exact": (t, sawtooth(t, 5)), "with noise": (t, lost)}
fig = plot.lines(curves, x="x", y="y", title="depth 5, noise 5 %", markers=False, height=3.2)
fig.axes[0].legend(loc="upper left", bbox_to_anchor=(1, 1))
plot.show(
    fig,
    alt="The sawtooth of depth 5, and what it becomes with much noise on its weights: teeth of "
    "unequal height and width, some below 0, some cut flat, and out of step with the exact ones.",
)
assert np.abs(lost - sawtooth(t, 5)).mean() > 0.1

# %% [markdown]
# The pieces are still there, about as many as before (or more: a tent that dips below 0 is cut flat
# by the next ReLU). But they stand in the wrong places: each layer doubles the mistakes of those
# before it, ten times over. Already with 0.1 % of noise the network is worse than a constant, which
# needs no ReLU at all. So a count of pieces does not say whether they are the right ones. **Pieces
# are what a network could spend, not what it has bought.**

# %% [markdown]
# ## Exercises · 20 min (90)
#
# Four; the first fits into a long class, the others are for home, and 4.4 is the hard one. Edit
# `task.py` in the exercise's folder, save, and run its cell here again. `tinyffn hint 4.1` in a
# terminal has three hints for each.
#
# **Exercise 4.1: through given knots** (20 minutes). We followed a curve with equally spaced knots
# and let the line run on behind the last one. Now the knots are given, at any distances, and
# outside of them the line must stay flat. And you promise how far off it is: that is what makes a
# table of numbers a tool. The folder is `exercises/04_1_knots`.

# %%
predict("4.1")

# %%
check("4.1")

# %% [markdown]
# What are free knots good for? The square root is steep at 0: no bound holds on its first piece.
# With 64 equal pieces and with 64 pieces that are narrow near 0, run by your functions:

# %%
through_knots = mine("4.1").through_knots
x = np.linspace(0, 1, 20_001)
off = {}
for name, t in {"equal": np.arange(65) / 64, "narrow near 0": (np.arange(65) / 64) ** 2}.items():
    w_up, b_up, w_down, b_down = through_knots(t, np.sqrt(t))
    off[name] = np.abs(run([(w_up, b_up), (w_down, b_down)], x[:, None])[:, 0] - np.sqrt(x)).max()
    print(f"knots {name}: largest error {off[name]:.4f}")
assert off["narrow near 0"] < off["equal"] / 5

# %% [markdown]
# **Exercise 4.2: a zigzag with as many pieces a layer as you like** (25 minutes). The tent had two
# pieces a layer, on [0, 1]. Build it on [-1, 1], for any list of pieces, and fold the dense layers
# between two zigzags into one, as in lesson 01. The folder is `exercises/04_2_zigzag`.

# %%
predict("4.2")

# %%
check("4.2")

# %% [markdown]
# Twelve ReLUs, shared out among the layers in several ways: which one has the most pieces?

# %%
zigzag = mine("4.2").zigzag
pieces = {}
for shape in ([12], [6, 6], [4, 4, 4], [3, 3, 3, 3], [2, 2, 2, 2, 2, 2]):
    pieces[len(shape)] = pieces_along_line(zigzag(shape), [0.0], [1.0], low=-1, high=1)
    print(f"{len(shape)} hidden layers of {shape[0]}: {pieces[len(shape)]} pieces")
assert max(pieces, key=pieces.get) == 4

# %% [markdown]
# **Exercise 4.3: wider layers, the same function** (20 minutes). Each new unit is a copy of an old
# one, which is said by a list; several hidden layers grow at once. What happens to a table that has
# a growing layer on both sides? The folder is `exercises/04_3_widen`.

# %%
predict("4.3")

# %%
check("4.3")

# %%
layers = random_layers([2, 6, 5, 1], rng=rng, bias_std=0.5)
copies = [np.array([0, 1, 2, 3, 4, 5, 5, 5, 0]), np.array([4, 3, 2, 1, 0, 0, 1])]
wider = mine("4.3").widen(layers, copies)
x2 = rng.normal(size=(100, 2))
print(f"6 and 5 ReLUs, then 9 and 7: off by {np.abs(run(wider, x2) - run(layers, x2)).max():.0e}")
assert np.abs(run(wider, x2) - run(layers, x2)).max() < 1e-13

# %% [markdown]
# **Exercise 4.4: count the regions, exactly** (45 minutes). The hard one. How many regions does
# each line add to a square, if lines may be parallel, miss the square, meet in one point by the
# dozen, or be drawn twice? All numbers are whole, so whole numbers answer every question exactly;
# NumPy is all that may be imported. The folder is `exercises/04_4_regions`.

# %%
predict("4.4")

# %%
check("4.4")

# %%
w, b = rng.integers(-999, 1000, size=(2, 32)), rng.integers(-999, 1000, size=32)
added = mine("4.4").regions_added(w, b, 10**6)
print(f"32 lines add {added.sum()} regions; by formula there are {zaslavsky(32, 2)} in all")
assert 1 + added.sum() == regions_of_plane(w, b)

# %% [markdown]
# ## Check yourself · 3 min
#
# Answer the first two, then open; the others are for home.
#
# <details><summary>1. Six lines in the plane, three of them parallel; no three meet in one
# point. How many regions?</summary>
#
# If no two were parallel there would be 22. The three parallel lines would have met in three
# points, and each meeting adds one region: 22 less 3 is 19.
# </details>
#
# <details><summary>2. A colleague says: "my network has forty layers, so it has astronomically many
# linear regions." What do you answer?</summary>
#
# Some network of that shape has. With random weights the number along a line is about the number
# of ReLUs, whatever the depth; Hanin and Rolnick measured about as many in trained ones. And many
# regions need not be useful ones: the noisy sawtooth has 1000 pieces and is worse than a constant.
# </details>
#
# <details><summary>3. A network is to learn a sound wave from the time alone, and gives a flat hum.
# What is going on, and what are two things to try?</summary>
#
# Spectral bias: fast waves are learnt last. Train for longer (it helps slowly), or hand it sines
# and cosines of the time, at a scale that is chosen on held-out times.
# </details>
#
# <details><summary>4. Universal approximation holds for one hidden layer. Why does anyone use
# two?</summary>
#
# The theorem says that enough ReLUs are enough, not that they are few. For some functions, such as
# the sawtooth, one layer needs exponentially more than several. And it says nothing about training.
# </details>

# %% [markdown]
# ## Go further
#
# - Barron 1993, *Universal approximation bounds for superpositions of a sigmoidal function*, IEEE
#   Transactions on Information Theory 39(3), 930-945: when the number of inputs does not matter.
# - Montúfar, Pascanu, Cho and Bengio 2014, *On the number of linear regions of deep neural
#   networks*, [arXiv:1402.1869](https://arxiv.org/abs/1402.1869): how many regions depth can make.
# - Telgarsky 2016, *Benefits of depth in neural networks*,
#   [arXiv:1602.04485](https://arxiv.org/abs/1602.04485): the sawtooth, and why width cannot follow.
# - Hanin and Rolnick 2019, *Complexity of linear regions in deep networks*,
#   [arXiv:1901.09021](https://arxiv.org/abs/1901.09021): how many regions there usually are.
# - Rahaman and others 2019, *On the spectral bias of neural networks*,
#   [arXiv:1806.08734](https://arxiv.org/abs/1806.08734), and Tancik and others 2020, *Fourier
#   features let networks learn high frequency functions in low dimensional domains*,
#   [arXiv:2006.10739](https://arxiv.org/abs/2006.10739): what is learnt last, and what helps.
# - Chen, Goodfellow and Shlens 2015, *Net2Net*,
#   [arXiv:1511.05641](https://arxiv.org/abs/1511.05641): wider and deeper without starting anew.
# - Next: **05, activations and gates**. We took ReLU for granted. What do other bends cost and buy?
