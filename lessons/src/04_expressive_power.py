# %% [markdown]
# # 04 · Expressive power
#
# **What do depth, width and frequency buy?**

# %% [markdown]
# ## Where you are · 2 min
#
# Lesson 01 found that layers need a bend between them, such as ReLU. Lesson 03 trained networks
# that have one, and saw that what a network *can* be is one question and what training *finds* is
# another. This lesson, the fourth of nineteen, asks the first question with care, and comes to the
# second at the end.

# %%
import inspect

import ipywidgets
import numpy as np

from tinyffn import plot
from tinyffn.data import landscape
from tinyffn.lab import check, mine, predict
from tinyffn.studies import approximation, picture_fit, results, spectral_bias
from tinyffn.studies.layers import random_layers, run
from tinyffn.studies.pieces import pieces_along_line
from tinyffn.studies.regions import montufar, regions_hit, regions_of_plane, zaslavsky
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
# does the network gain by each of the three? The answers are measured in one currency: **pieces**,
# the parts of the input on which the network is a straight line.

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
# | **explain** why fast changes are learnt last, and what helps | question 3 |
#
# *You need*: lessons 01 to 03. *Time*: 48 minutes for the core; parts marked (90) fill a longer
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
# ## Build by hand with three ReLUs · 6 min
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
# At the knots it is exact. Between them it is too high: the middle values of x² are 0.25, 2.25 and
# 6.25, so the network is off by 0.25 in the middle of each piece.

# %%
x = np.linspace(0, 3, 601)
print("the curve in the middles:", (knots[:3] + 0.5) ** 2)
print(f"largest error anywhere: {np.abs(by_hand(x) - x**2).max():.2f}")
assert np.isclose(np.abs(by_hand(x) - x**2).max(), 0.25)

# %% [markdown]
# ## The clear version · 6 min
#
# This is a network with one hidden layer. Its weights in are all 1, its biases are minus the knots,
# its weights out are the turns. For any function and any number of ReLUs:


# %%
def interpolate(f, n):
    t = np.arange(n + 1) / n  # n + 1 knots from 0 to 1
    slope = np.diff(f(t)) * n
    turn = np.append(slope[:1], np.diff(slope))  # the first turn comes from slope 0
    return lambda x: f(t[0]) + relu(x[:, None] - t[:-1]) @ turn


# %%
def wave(x):
    return np.sin(2 * np.pi * x)


# %%
x = np.linspace(0, 1, 2001)
curves = {"the curve": (x, wave(x))}
for n in (4, 8):
    t = np.arange(n + 1) / n
    curves[f"{n} ReLUs"] = (t, interpolate(wave, n)(t))
    assert np.allclose(curves[f"{n} ReLUs"][1], wave(t))
plot.show(
    plot.lines(curves, x="x", y="y", height=3.6),
    alt="One period of a sine, and two lines of straight pieces through points on it. The one with "
    "4 ReLUs is a rough zigzag; with 8 ReLUs it is close to the curve everywhere.",
)

# %% [markdown]
# Any continuous curve can be followed like this, as closely as one likes, if there are ReLUs
# enough. Networks with one hidden layer are **universal**: this is the famous *universal
# approximation theorem* (Cybenko 1989; Hornik and others 1989), and for one input you have just
# built the proof. The theorem does not say how many ReLUs are enough. So measure.

# %%
ns = [4, 8, 16, 32, 64, 128]
errors = [np.abs(interpolate(wave, n)(x) - wave(x)).max() for n in ns]
ratios = [errors[i] / errors[i + 1] for i in range(5)]
print("largest error:", ", ".join(f"{e:.5f}" for e in errors))
print("divided by:", ", ".join(f"{r:.2f}" for r in ratios), f"  you said {my_factor}")
assert np.allclose(ratios[2:], 4, atol=0.1)

# %% [markdown]
# **If you said 2**: twice the pieces, half the error, it seems. But a piece of half the width is
# off by a quarter: the curve leaves its chord by at most c h² / 8, where h is the width of the
# piece and c says how fast the slope of the curve changes (its second derivative). Width counts
# twice.

# %% [markdown]
# ## The library's version · 3 min
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
# ## Measure · 19 min
#
# ### Width: one ReLU, one piece more
#
# The error and the promise c h² / 8, for the sine. On these axes equal steps multiply by the same
# number, so a law such as "twice the ReLUs, a quarter of the error" is a straight line, and its
# slope is the exponent: -2.

# %%
bounds = [approximation.error_bound(4 * np.pi**2, n) for n in ns]
slope = approximation.log_slope(ns[2:], errors[2:])
plot.show(
    plot.lines(
        {"the promise": (ns, bounds), "largest error": (ns, errors)},
        x="ReLUs",
        y="largest error",
        logx=True,
        logy=True,
        height=3.4,
    ),
    alt="Largest error and promise against the number of ReLUs, both axes logarithmic: two lines "
    "that fall together, straight from 16 ReLUs on. The error is never above the promise.",
)
print(f"slope from 16 ReLUs on: {slope:.2f}")
assert abs(slope + 2) < 0.05 and all(e <= b + 1e-9 for e, b in zip(errors, bounds, strict=True))


# %%
def draw(n):
    t = np.linspace(0, 1, n + 1)
    figure = plot.lines({"the curve": (x, wave(x)), f"{n} ReLUs": (t, wave(t))}, x="x", y="y")
    plot.show(figure, alt=f"A sine, and the line of {n} straight pieces through points on it.")


slider = ipywidgets.IntSlider(value=6, min=1, max=24, continuous_update=False)
_ = ipywidgets.interact(draw, n=slider)

# %% [markdown]
# ### Width in the plane: regions
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
# **If you said 16**: that is how many on-off patterns of four ReLUs can be written down, 2 to the
# power 4. But the plane has no room for all of them. A new line meets each of the earlier lines
# once, so it is cut into one part more than there are lines, and each part splits one region in
# two. The counts 1, +1, +2, +3, +4 add up to 11. For n lines (Zaslavsky 1975):
#
# ```
# regions = 1 + n + n (n - 1) / 2        if no two are parallel and no three meet in one point
# ```
#
# `regions_of_plane` counts the points where lines meet, in exact fractions. The usual way is to
# throw random points and to count the on-off patterns that one sees. Do both, for random lines.

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
# far away. So width buys pieces one by one on a line, and about n²/2 of them in the plane. That is
# more than n, but far from 2 to the power n. Can depth do better?

# %% [markdown]
# ### Depth: pieces that multiply
#
# Two ReLUs make a tent: up from 0 to 1, and down again.


# %%
def tent(x):
    return 2 * relu(x) - 4 * relu(x - 0.5)


# %%
print("tent:", tent(np.array([0, 0.25, 0.5, 0.75, 1])))
print("tent of tent:", tent(tent(np.array([0, 0.25, 0.5, 0.75, 1]))))
assert tent(tent(np.array([0.25, 0.5, 0.75]))).tolist() == [1, 0, 1]

# %% [markdown]
# What goes into the second tent runs from 0 to 1 on the first half, and back to 0 on the second.
# So the second tent is drawn twice. The first layer *folds* the line, like paper, and whatever
# comes behind is drawn on both layers of the paper. Each layer more doubles the pieces.

# %%
depths = [1, 2, 3, 6, 10]
for k in depths:
    layers = sawtooth_layers(k)  # k hidden layers of two ReLUs
    units = sum(len(b) for _, b in layers[:-1])
    pieces = pieces_along_line(layers, [0.0], [1.0], low=0, high=1)
    grid = np.arange(2 ** (k + 3) + 1) / 2 ** (k + 3)
    off = np.abs(run(layers, grid[:, None])[:, 0] - sawtooth(grid, k)).max()
    print(f"depth {k:2d}: {units:2d} ReLUs, {pieces:4d} pieces, off by {off}")
    assert units == 2 * k and pieces == 2**k and off == 0

# %% [markdown]
# 20 ReLUs, 1024 pieces, and not a single rounding error. (`pieces_along_line` finds each corner by
# solving for it, layer after layer; nothing is sampled.) A single layer needs one ReLU for each
# piece. What if it has fewer? Here is the best fit (least
# squares) of n equally wide pieces to the sawtooth of 64 pieces, and its mean distance from it.

# %%
n_pieces = [1, 8, 16, 32, 40, 48, 56, 60, 63, 64]
distance = [shallow_l1(6, n) for n in n_pieces]
plot.show(
    plot.lines(
        {"best fit of n equal pieces": (n_pieces, distance)},
        x="pieces of the single layer",
        y="mean distance",
        references={"no one can be below, up to 16 pieces": 1 / 32},
        height=3.4,
    ),
    alt="Mean distance from the sawtooth against the number of pieces: flat up to 32 pieces, then "
    "falling slowly to 63, and from there straight down to zero at 64.",
)
print(", ".join(f"{n}: {d:.3f}" for n, d in zip(n_pieces, distance, strict=True)))
assert distance[3] > 0.249 and distance[-2] > 0.15 and distance[-1] < 1e-9

# %% [markdown]
# Flat, then a cliff. Up to 32 pieces the fit is no better than the constant 1/2, whose distance is
# a quarter. Equal pieces might be a bad choice; but Telgarsky (2016) shows by counting how often a
# line can cross the height 1/2 that no choice helps: **any continuous function of at most 2^(k-2)
# pieces has a mean distance of at least 1/32 from the sawtooth of 2^k pieces, for k of 3 or more**.
# There are functions that depth makes cheap, and that width cannot even come near.


# %%
def draw_sawtooth(depth):
    t = np.arange(2**depth + 1) / 2**depth
    figure = plot.lines({"sawtooth": (t, sawtooth(t, depth))}, x="x", y="y", height=3.0)
    plot.show(figure, alt=f"A sawtooth of {2**depth} straight pieces, from {2 * depth} ReLUs.")


draw_sawtooth(4)
slider = ipywidgets.IntSlider(value=6, min=1, max=8, continuous_update=False)
_ = ipywidgets.interact(draw_sawtooth, depth=slider)
assert len(np.unique(sawtooth(np.arange(17) / 16, 4))) == 2  # all the corners are at 0 and 1

# %% [markdown]
# ### What depth usually does
#
# The sawtooth is built by hand. What about weights that are drawn at random, as at the start of
# training? Arrange 64 ReLUs in four ways, twenty random networks each, and count the pieces along a
# long line. Beside it, how many regions of the plane the best weights have, at least (Montúfar and
# others 2014).

# %%
shapes = {"1 layer of 64": [64], "2 of 32": [32] * 2, "4 of 16": [16] * 4, "8 of 8": [8] * 8}


def random_pieces(widths, each):
    own = np.random.default_rng([seed, each])
    start, way = own.normal(size=2), own.normal(size=2)
    layers = random_layers([2, *widths, 1], rng=own, bias_std=0.5)
    return pieces_along_line(layers, start, way, low=-200, high=200)


# %%
found = {name: [random_pieces(s, each) for each in range(20)] for name, s in shapes.items()}
for name, counts in found.items():
    span = f"{min(counts)} to {max(counts)}"
    best = f"best weights: {montufar(2, shapes[name])} regions or more"
    print(f"{name:13s}: {np.mean(counts):.0f} pieces on average ({span}); {best}")
assert all(40 < np.mean(counts) < 80 for counts in found.values())
assert montufar(2, [8] * 8) > 1e8

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
# **If you said thousands, or more**: that is what the best weights reach, and random ones come
# nowhere near it. Each ReLU bends the line about once, wherever it stands, so the number of pieces
# is about the number of ReLUs, whatever the depth. Hanin and Rolnick (2019) prove this on average
# over random weights, and find it during training too. **Maximal is not typical.** "Deeper means
# more regions" is true of what is possible, not of what you have.

# %% [markdown]
# ### Frequency: what training finds first
#
# So far we asked what a network *can* be. Now train. The input is one number between 0 and 1, and
# what is to be learnt is a sum of four waves of equal height: 1, 4, 8 and 16 waves on the way. The
# network has two hidden layers of 142 ReLUs, more than enough corners for all of them.
#
# **Prediction 4.** When nearly all of the slowest wave has been learnt, after 300 steps, how much
# of the fastest one is still missing, in percent?

# %%
my_missing = None  # a number from 0 to 100

# %%
study = results.load("spectral_bias")
rates = results.best_rates(study["runs"])
at = study["settings"]["at"]


def residuals(arm):
    runs = [r for r in study["runs"] if r["arm"] == arm and r["rate"] == rates[arm]]
    return np.array([r["residual"] for r in runs])  # (seeds, steps, waves)


# %%
def draw_missing(residual):
    labels = ["1 wave", "4 waves", "8 waves", "16 waves"]
    curves = {name: (at, residual[:, :, k]) for k, name in enumerate(labels)}
    return plot.bands(curves, x="steps", y="share still missing", logx=True, height=3.6)


# %%
plain = residuals("coordinate alone")
plot.show(
    draw_missing(plain),
    alt="How much of each wave is still missing, against training steps, mean and range over three "
    "seeds. The slow wave is gone first, then 4 waves, then 8; most of 16 waves is still missing "
    "after a thousand steps.",
)
missing = 100 * plain[:, at.index(300)].mean(axis=0)
print("missing after 300 steps (%):", ", ".join(f"{m:.0f}" for m in missing))
print("16 waves: you said", my_missing)
assert missing[0] < 15 and missing[3] > 60 and np.all(np.diff(missing) > 0)

# %% [markdown]
# **If you said about the same for both**: they have the same height, so they weigh the same in the
# loss. But a network that is given x learns slow changes long before fast ones: this is the
# **spectral bias** (Rahaman and others 2019). A fast wave needs many pieces that all turn at the
# right places, and each step of training moves most of them only a little.
#
# Tancik and others (2020) found what helps: hand the network not x but cosines and sines of x, at
# random frequencies. These are **Fourier features**. Here are 16 of them, drawn without looking at
# the waves to be learnt, on a network with about as many parameters.

# %%
fourier = residuals("Fourier features")
plot.show(
    draw_missing(fourier),
    alt="The same with Fourier features: all four waves are learnt together, within 100 steps.",
)
print(f"after 100 steps at most {100 * fourier[:, at.index(100)].max():.1f} % of a wave is missing")
sizes = {r["arm"]: r["n_parameters"] for r in study["runs"]}
print(f"best rates: {rates}\nparameters: {sizes}\nseeds: {len(plain)}")
assert fourier[:, at.index(100)].max() < 0.05 < plain[:, at.index(100), 1:].min()

# %% [markdown]
# Both arms were trained with Adam (still a black box; lesson 07 opens it), on the same waves, each
# at its own best of seven learning rates, for three seeds. (In the first arm x is stretched to run
# from -1 to 1, as networks like it.) The command
# `python -m tinyffn.studies.spectral_bias` makes all these runs. Here is the tenth part of one.

# %%
arm = "coordinate alone"
again = spectral_bias.train_arm(arm, seed=1, rate=rates[arm], steps=300)
kept = plain[0, at.index(300)]
print("now: ", np.round(again["residual"][-1], 2), "  kept:", np.round(kept, 2))
assert np.abs(again["residual"][-1] - kept).max() < 0.2

# %% [markdown]
# ### A landscape
#
# A picture is a function too: from a place, two numbers, to a height. Here are real hills, along a
# fault in Tennessee, as 64 times 64 heights. A network gets half of the places, those of the black
# squares of a chessboard, and has to say the height of all.

# %%
hills = landscape()
pictures = {"the landscape": hills}
kept = results.load("picture_fit")
rates = results.best_rates(kept["runs"])
for scale in (0, 2, 8):
    name = picture_fit.name(scale)
    one, pictures[name] = picture_fit.train_arm(scale, seed=1, rate=rates[name])
    (before,) = [r for r in kept["runs"] if all(r[k] == one[k] for k in ("arm", "seed", "rate"))]
    print(f"{name:11s}: off by {one['train']:.0f} m in training, {one['value']:.0f} m between")
    assert abs(one["value"] - before["value"]) < 0.25 * before["value"]

# %%
plot.show(
    plot.images(
        pictures, scale="height (m)", low=hills.min(), high=hills.max(), columns=4, size=2.4
    ),
    alt="Four pictures. The real hills, with ridges and a straight fault. Learnt from the place "
    "alone: a few broad slopes that meet in creases, no ridges. With Fourier features of scale 2: "
    "all ridges, slightly soft. With scale 8: the ridges under a grain of single wrong places.",
)
assert one["value"] > 10 * one["train"]  # scale 8: right where it was trained, and only there

# %% [markdown]
# From the place alone the network draws broad slopes that meet in creases. With frequencies of
# about two waves a side (the **scale**: their standard deviation), the ridges are there. With a
# scale of 8 the network is right at every place that it was trained on, and wrong between them: its
# waves are so short that half of the places do not pin them down.

# %%
values = results.at_best_rate(kept["runs"])
plot.show(
    plot.ranges(
        {arm: list(by_seed.values()) for arm, by_seed in values.items()},
        x="error at the places between (m), root mean square",
        height=3.6,
    ),
    alt="Error on held-out places for five arms, three seeds each: about 66 metres from the place "
    "alone, 34 for scale 1, 30 for scales 2 and 4, and from 44 to 60 for scale 8.",
)
means = {arm: np.mean(list(by_seed.values())) for arm, by_seed in values.items()}
print("mean error (m):", ", ".join(f"{arm} {mean:.0f}" for arm, mean in means.items()))
assert max(values["scale 2"].values()) < min(values["scale 1"].values())
assert max(values["scale 4"].values()) < min(values["place alone"].values())

# %% [markdown]
# Scales 2 and 4 lie within each other's range: no winner. Frequencies buy detail, and the price is
# paid where there are no data. Which scale is right depends on the data, so it is chosen on places
# that are held out. (Here the same places served for the choice and for the figure, which flatters
# all arms a little.)

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
assert fitted[1][1] < fitted[2][1] < fitted[8][1]
assert fitted[8][0] / fitted[8][2] < 3 < fitted[1][0] / fitted[1][2]

# %% [markdown]
# Barron (1993) showed a way out. If the directions of the ReLUs are fitted too, and the function's
# frequencies are not too high on the whole, the squared error falls like 1/n whatever the number of
# inputs; with directions that are fixed beforehand it cannot fall faster than about n to the power
# -2/d. So *learning* the first layer is what beats the curse. (Whether training finds what Barron
# shows to exist is, once more, another question.)

# %% [markdown]
# ### Wider, and still the same · 6 min (90)
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
# ## What broke, and why · 4 min
#
# The sawtooth of depth 10 has 1024 pieces from 20 ReLUs. Could training find it? Let us see how
# exactly it would have to aim. Multiply each weight by one plus a little noise, for five seeds.

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

# %% [markdown]
# With 1 % of noise the pieces are still there, about as many as before. But they stand in the wrong
# places: each layer doubles the mistakes of those before it, ten times over. The network is now
# worse than a constant, which needs no ReLU at all. So a count of pieces does not say whether they
# are the right ones, and a function that exists for very exact weights only is a very small target.
# **Pieces are what a network could spend, not what it has bought.**

# %% [markdown]
# ## Exercises · 20 min (90)
#
# Four, from easy to hard; the first fits into a long class, the others are for home. Edit `task.py`
# in the exercise's folder, save, and run its cell here again. `tinyffn hint 4.1` in a terminal has
# three hints for each.
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
# dozen, or be drawn twice? All numbers are whole, so every answer is exact. The folder is
# `exercises/04_4_regions`.

# %%
check("4.4")

# %%
w, b = rng.integers(-999, 1000, size=(2, 32)), rng.integers(-999, 1000, size=32)
added = mine("4.4").regions_added(w, b, 10**6)
print(f"32 lines add {added.sum()} regions; by formula there are {zaslavsky(32, 2)} in all")
assert 1 + added.sum() == regions_of_plane(w, b)

# %% [markdown]
# ## Check yourself · 2 min
#
# Answer first, then open.
#
# <details><summary>1. Six lines in the plane, three of them parallel, and otherwise in general
# position. How many regions?</summary>
#
# In general position there would be 22. The three parallel lines would have met in three points,
# and each meeting adds one region: 22 less 3 is 19.
# </details>
#
# <details><summary>2. A colleague says: "my network has forty layers, so it has astronomically many
# linear regions." What do you answer?</summary>
#
# Some network of that shape has. With random weights the number along a line is about the number
# of ReLUs, whatever the depth, and training does not change that by much. And many regions need not
# be useful ones: the noisy sawtooth has 1000 pieces and is worse than a constant.
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
