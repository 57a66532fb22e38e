# %% [markdown]
# # 03 · The MLP learns
#
# **What can it represent, and what does it find?**

# %% [markdown]
# ## Where you are · 1 min
#
# Lesson 01 built the dense layer and the bend that makes two of them more than one; lesson 02 built
# an engine that does the backward steps of any program. Here the two go to work: a network learns.
#
# Dense layers with a bend (an **activation**, such as ReLU) between them are called a **multilayer
# perceptron**, short **MLP**. The numbers between two of its layers are its **hidden units**; how
# many there are is its width. Inside each block of a transformer sits an MLP.

# %%
import inspect

import ipywidgets
import numpy as np

from tinyffn import plot
from tinyffn.data import draw_glyphs, font_families
from tinyffn.gradcheck import check_pair
from tinyffn.lab import check, mine, predict
from tinyffn.models import MLP
from tinyffn.ops import cross_entropy
from tinyffn.studies import xor
from tinyffn.studies.digits import digit_sets, share_right, train_digits
from tinyffn.studies.intervals import wilson
from tinyffn.studies.signal import backward_sizes, forward_sizes

seed = 3
rng = np.random.default_rng(seed)
print(f"seed {seed}; where a cell compares several seeds, it names them")

# %%
plot.show(
    plot.course_map(here=3),
    alt="A map of the course: nineteen boxes in four rows. The third box of the first row, the MLP "
    "learns, is marked 'you are here'.",
)

# %% [markdown]
# ## The question · 1 min
#
# One can ask two things of a network. *Can it represent the answer?* That is: among all possible
# weights, are there some that do the job? And: *does training find them?* The first question is
# about the network alone. The second is also about where training starts and how it moves.
#
# We teach an MLP to read digits, and all goes well. Then we look for the smallest task on which the
# two answers differ, and find out why.

# %% [markdown]
# ## What you will be able to do · 1 min
#
# | you will | and this tests it |
# |---|---|
# | **derive** the gradient of softmax and cross-entropy | exercise 3.2, question 1 |
# | **write down** weights that solve XOR, without any training | exercise 3.1 |
# | **say** how often training succeeds, and how sure you are of it | question 2 |
# | **recognise** a run that is stuck, from its loss alone | question 3 |
# | **foresee** what the size of the initial weights does (90) | exercise 3.3 |
# | **test** a classifier honestly (90) | question 4 |
#
# *You need*: lessons 01 and 02. *Time*: 50 minutes for the core; parts marked (90) fill a longer
# class.

# %% [markdown]
# ## Predict · 4 min
#
# **Prediction 1.** The four corners of a square have two classes: (0, 0) and (1, 1) are class 0;
# (0, 1) and (1, 0) are class 1. This is **XOR**: 1 where *exactly* one of the two numbers is 1. You
# draw one straight line and say "class 1 is on this side". How many of the four corners can you get
# right, at most?

# %%
my_corners = None  # a number from 0 to 4

# %% [markdown]
# **Prediction 2.** With two hidden units (two ReLUs between two dense layers), XOR can be solved
# exactly; we will do it by hand. Now this network starts from random weights, and is trained for
# 1000 steps. That is done 60 times, from 60 random starts. How many of the 60 get all four corners
# right?

# %%
my_successes = None  # a number from 0 to 60

# %% [markdown]
# **Prediction 3.** The runs that failed get more time: five times as many steps. How many of them
# get there now?

# %%
my_late_successes = None  # a number from 0 to 60

# %% [markdown]
# ## Build by hand on three numbers · 11 min
#
# A classifier gives each class a **score**, any number: the higher, the more it believes in that
# class. Here are three scores for one picture. To turn them into probabilities, make them positive,
# then divide by their sum. What makes any number z positive is `exp(z)`: the number e = 2.718...
# to the power z. One point of score more means 2.718 times as much. This is called **softmax**.

# %%
scores = np.array([1.0, 2.0, 0.0])
p = np.exp(scores) / np.exp(scores).sum()
print(f"e = {np.exp(1):.3f}; p =", p.round(3))
assert np.isclose(p.sum(), 1) and np.isclose(p[1] / p[0], np.exp(1))

# %% [markdown]
# The picture shows class 0: that is its **target**. How bad are these scores? We take the
# *surprise*, minus the logarithm of the probability of what is true. (The logarithm undoes `exp`:
# log(exp(z)) = z.) The surprise is 0 if the network was sure and right, and it grows without end as
# p falls to 0. Averaged over many examples, it is called **cross-entropy**; its unit is the
# **nat**.

# %%
target = 0
loss = -np.log(p[target])
print(f"surprise at class {target}: {loss:.3f} nats; at the others: {-np.log(p[1:]).round(3)}")
assert loss > -np.log(p[1])

# %% [markdown]
# For its gradient, first simplify. The logarithm of a quotient is a difference, and z_t is the
# score of the target:
#
# ```
# loss = - log( exp(z_t) / Σ_k exp(z_k) )  =  log Σ_k exp(z_k)  -  z_t
# ```
#
# Two slopes are needed.
#
# - The slope of exp is exp itself. Nudge z by h: exp(z + h) = exp(z) · exp(h), so the slope at z is
#   exp(z) times the slope at 0. That one is 1: e is *the* number for which it is.
# - The slope of log u is 1 / u. For log undoes exp: with u = exp(z), u moves u times as fast as z,
#   so z = log u moves 1 / u times as fast as u.
#
# Now the gears of lesson 01. When z_i moves, the sum Σ moves exp(z_i) times as fast, and its
# logarithm 1 / Σ times as fast as that. Together that is exp(z_i) / Σ, which is p_i again. And
# `- z_t` has the slope -1 for the target, and 0 for the others. So
#
# ```
# dz = p - onehot        onehot is 1 at the target and 0 elsewhere
# ```
#
# Nudge each score, and see:


# %%
def surprise(scores):
    return np.log(np.exp(scores).sum()) - scores[target]


# %%
h = 1e-6
slopes = [(surprise(scores + h * e) - surprise(scores - h * e)) / (2 * h) for e in np.eye(3)]
print("nudging:   ", np.round(slopes, 3))
print("p - onehot:", np.round(p - np.eye(3)[target], 3))
assert np.allclose(slopes, p - np.eye(3)[target], atol=1e-8)

# %% [markdown]
# The loss falls if we step *against* the gradient. In words: every class is pushed down as much as
# the network believes in it, and the target is pushed up by what it lacks to be sure. If the
# network is sure and right, nothing is pushed. Twenty steps, each half a gradient long; the 0.5 is
# called the **learning rate**:

# %%
z = scores.copy()
for _ in range(20):
    z -= 0.5 * (np.exp(z) / np.exp(z).sum() - np.eye(3)[target])
print(f"surprise: {surprise(scores):.3f} before, {surprise(z):.3f} after; scores {z.round(2)}")
assert surprise(z) < 0.3 * surprise(scores)

# %% [markdown]
# ## The clear version · 8 min
#
# For a batch, one row of scores for each example, the loss is the mean. One trap: `np.exp(1000)` is
# more than a float can hold. But all scores of a row can be lowered by the same number, since it
# cancels in the quotient. So the largest of each row is taken off first, and no `exp` is above 1.
# (`p[rows, targets]` takes from each row one number: from row n the one at place `targets[n]`.)


# %%
def our_cross_entropy(scores, targets):
    lowered = scores - scores.max(axis=1, keepdims=True)
    p = np.exp(lowered) / np.exp(lowered).sum(axis=1, keepdims=True)
    rows = np.arange(len(targets))

    def backward(dy):
        dscores = p.copy()
        dscores[rows, targets] -= 1
        return (dscores * dy / len(targets),)

    return -np.log(p[rows, targets]).mean(), backward


# %%
targets = np.array([2, 0, 1, 1, 0])
scores = rng.normal(size=(5, 3))
error = check_pair(lambda s: our_cross_entropy(s, targets), scores, rng=rng)
high, usual = our_cross_entropy(scores + 1000, targets)[0], our_cross_entropy(scores, targets)[0]
print(f"largest difference between backward and nudging: {error:.0e}")
print(f"loss {usual:.3f}; all scores higher by 1000: {high:.3f}")
assert error < 1e-6 and np.isclose(high, usual)

# %% [markdown]
# Now a network learns. The data are the digits of the fonts that come with matplotlib, as pictures
# of 16 by 16 pixels, each shifted, turned, leant over and with some noise.

# %%
pictures, labels = draw_glyphs(4000, rng=rng)
x = pictures.reshape(4000, 256)
plot.show(
    plot.images(zip(labels[:24], pictures[:24], strict=True), columns=12, size=0.85),
    alt="24 small pictures of digits in many typefaces, slanted, thin and bold, with labels.",
)
assert x.shape == (4000, 256)

# %% [markdown]
# `MLP([256, 64, 10], rng=rng)` takes 256 numbers to 64 hidden units, and these to 10 scores, one
# for each digit. The engine of lesson 02 records what happens, so nobody writes its backward by
# hand. Here is all that training is: the loss, the gradients, a step against them, and again. Each
# step looks at 64 pictures drawn at random (a **batch**): all 4000 would take 60 times as long.

# %%
model = MLP([256, 64, 10], rng=rng)
losses = []
for _ in range(600):
    some = rng.integers(4000, size=64)
    loss = model.loss(x[some], labels[some])
    losses.append(loss.item())
    for parameter in model.parameters():
        parameter.grad = None
    loss.backward()
    for parameter in model.parameters():
        parameter.data -= 0.5 * parameter.grad
print(f"loss: {losses[0]:.2f} at the first step, {np.mean(losses[-50:]):.2f} over the last fifty")
assert np.mean(losses[-50:]) < 0.4 < 2 < losses[0]

# %%
fresh, truth = draw_glyphs(1000, rng=rng)
right = np.mean(model(fresh.reshape(1000, 256)).data.argmax(axis=1) == truth)
print(f"new pictures that are right: {100 * right:.0f} of 100")
assert right > 0.8

# %% [markdown]
# Later we often let **Adam** make the steps, a rule that chooses their length for each weight. It
# is a black box until lesson 07 opens it.

# %% [markdown]
# ## The library's version · 2 min
#
# Look for the three lines of ours (scores are often called **logits**; skip the rest). Two things
# are new: targets that count less than others, or not at all, and the loss itself. It is the
# difference `log Σ exp(z) - z_t`, not the logarithm of p: if p has become 0 by rounding, its
# logarithm is gone, but the difference is not.

# %%
print(inspect.getsource(cross_entropy.pair))

# %%
theirs, their_backward = cross_entropy.pair(scores, targets=targets)
ours, our_backward = our_cross_entropy(scores, targets)
print("equal:", bool(np.isclose(ours, theirs)))
assert np.isclose(ours, theirs) and np.allclose(our_backward(1.0)[0], their_backward(1.0)[0])

# %%
with np.errstate(divide="ignore"):
    far_off = our_cross_entropy(1000 * scores, targets)[0]
theirs = cross_entropy.pair(1000 * scores, targets=targets)[0]
print(f"for scores 1000 times as large: ours {far_off}, the library's {theirs:.0f} nats")
assert np.isinf(far_off) and np.isfinite(theirs)

# %% [markdown]
# And the MLP itself is a loop over its layers:

# %%
print(inspect.getsource(MLP.__call__))

# %% [markdown]
# ## Measure · 12 min
#
# ### One straight line
#
# Now to XOR. First, what a dense layer alone can represent: a straight border. We try borders in
# 720 directions at 401 distances from the origin, and count the corners on their proper side.

# %%
print("corners:", xor.CORNERS.tolist(), "  classes:", xor.XOR)
most = 0
for angle in np.radians(np.arange(0, 360, 0.5)):
    along = xor.CORNERS @ [np.cos(angle), np.sin(angle)]  # how far each corner lies that way
    says_one = along > np.linspace(-2, 2, 401)[:, np.newaxis]  # (401 borders, 4 corners)
    most = max(most, (says_one == xor.XOR).sum(axis=1).max())
print(f"best of all lines: {most} of 4 corners; you said {my_corners}")
assert most == 3

# %% [markdown]
# **If you said 2**: by symmetry each line seems to get half; but a line can cut off one corner.
# **If you said 4**: suppose both corners of class 1 lie on one side. Then so does the point half
# way between them, the middle of the square. But it is also half way between the corners of class
# 0, so it lies on their side. It cannot lie on both. This is a proof, for every line there is.
#
# ### Two ReLUs
#
# Now with two hidden units, by hand. XOR asks only how many of the two numbers are 1, so let both
# units look at the sum s = x1 + x2. Against s = 0, 1, 2 the target is 0, 1, 0: up, then down. One
# ReLU goes up from s = 0 on; the other turns the slope at s = 1, from 1 to -1, so it needs the
# weight -2:
#
# ```
# y = relu(s) - 2 relu(s - 1)
# ```


# %%
def relu(z):
    return np.maximum(z, 0)


def by_hand(x):
    s = x[:, 0] + x[:, 1]
    return relu(s) - 2 * relu(s - 1)


print("at the corners:", by_hand(xor.CORNERS), "  target:", xor.XOR)
assert np.array_equal(by_hand(xor.CORNERS), xor.XOR)

# %%
s = np.linspace(-0.5, 2.5, 13)
parts = {"relu(s)": relu(s), "-2 relu(s - 1)": -2 * relu(s - 1)}
parts["their sum"] = parts["relu(s)"] + parts["-2 relu(s - 1)"]
plot.show(
    plot.lines({name: (s, y) for name, y in parts.items()}, x="s = x1 + x2", y="height"),
    alt="Three lines against s. relu(s) rises from s = 0 on. -2 relu(s - 1) falls, twice as "
    "steeply, from s = 1 on. Their sum rises to 1 at s = 1 and is back at 0 at s = 2.",
)
assert np.allclose(parts["their sum"], np.interp(s, [-0.5, 0, 1, 2.5], [0, 0, 1, -0.5]))

# %% [markdown]
# So two ReLUs can *represent* XOR, exactly. (A classifier needs two scores, one for each class: y
# for class 1, and 1 - y for class 0.)
#
# ### Does training find it?
#
# Sixty networks with two hidden units, each from random weights of its own, each trained as above,
# for 1000 steps at the rate 0.5. (`xor.train` trains all of them at once, on all four corners at
# each step.) A run is a success if all four corners end up on the right side.

# %%
narrow = xor.train(2, seeds=range(60))
print(f"{narrow.solved().sum()} of 60 runs solve XOR; you said {my_successes}")
assert 5 <= narrow.solved().sum() <= 25

# %% [markdown]
# **If you said 60**: the solution is there, and each step goes in the direction in which the loss
# falls. But down from where one starts is not always the way there. **If you said about 45**, you
# expected a trap, and it is larger than that; the last part shows what it looks like.
# **Representable does not mean learnable.**
#
# Is it ReLU's fault? Beside it we try **tanh**, a smooth curve from -1 to 1 in the shape of an S.
# Were the steps too large, or too few? We try others.


# %%
def successes(activation, width, **settings):
    networks = xor.train(width, seeds=range(60), activation=activation, **settings)
    return int(networks.solved().sum())


settings = [(0.5, 1000), (0.5, 5000), (0.1, 2000), (0.02, 4000)]
of = {name: [successes(name, 2, rate=r, steps=n) for r, n in settings] for name in ("relu", "tanh")}
print("(rate, steps):", *settings)
for name, counts in of.items():
    print(f"{name}, solved of 60: {counts}")
print(f"relu, with five times the steps: {of['relu'][1] - of['relu'][0]} more; "
      f"you said {my_late_successes}")  # fmt: skip
assert max(of["relu"]) - min(of["relu"]) <= 3 and max(of["relu"]) < min(of["tanh"]) < 45

# %% [markdown]
# **If you said more than 0**: that would be so if the failed runs were slow. They stand still. It
# is not the step size either. And tanh does better, but it fails often, too.
#
# Do more hidden units help? A share of 60 runs is itself uncertain, so each point in the figure has
# an interval. If a hundred people repeated this with other starts, each would draw another
# interval; about 95 of the hundred would contain the true share (Wilson 1927).

# %%
widths = [2, 4, 8, 16]
counts = {name: [successes(name, width) for width in widths] for name in ("relu", "tanh")}
print(f"of 60 runs, with {widths} hidden units: {counts}")
low, high = wilson(counts["relu"][0], 60)
print(f"ReLU, two units: {counts['relu'][0] / 60:.2f}, the interval is {low:.2f} to {high:.2f}")
assert high < 0.5 and all(c[0] <= 40 and c[-1] >= 57 for c in counts.values())

# %%
curves = {}
for name, solved in counts.items():
    curves[name] = widths, np.array(solved) / 60, [wilson(k, 60) for k in solved]
plot.show(
    plot.intervals(curves, x="hidden units", y="share of runs that solve XOR", logx=True),
    alt="The share of runs that solve XOR against hidden units, with intervals. ReLU climbs from a "
    "quarter at 2 units to nearly all at 16; tanh from a half at 2 to all at 8.",
)
assert counts["relu"][0] < counts["tanh"][0]

# %% [markdown]
# Width 16 represents nothing of XOR that width 2 cannot. But it has eight times as many units to be
# lucky with. That is one reason why networks are made larger than the task needs.

# %% [markdown]
# ## What broke, and why · 7 min
#
# Where do the failed runs stand? First think: which loss has a network that
#
# - **knows nothing**, and says one half at every corner? Surprise log 2 at each.
# - **knows two corners**, and says one half at the other two? Log 2 at two corners of four.
# - **knows one corner**, and must give the other three one answer? Two of these are of one class,
#   so the best is 2/3 for that class: surprise log(3/2) twice, and log 3 once.

# %%
levels = {
    "nothing known": np.log(2),
    "one corner known": (2 * np.log(3 / 2) + np.log(3)) / 4,
    "two corners known": 2 * np.log(2) / 4,
}
print({name: f"{level:.2f} nats" for name, level in levels.items()})
assert sorted(levels.values(), reverse=True) == list(levels.values())

# %%
ends = {name: xor.train(2, seeds=range(60), steps=5000, activation=name) for name in counts}
for name, networks in ends.items():
    losses = xor.gradients(networks)[0][~networks.solved()].round(2)
    for level, times in zip(*np.unique(losses, return_counts=True), strict=True):
        print(f"{name}: {times} failed runs stand at {level:.2f} nats")
    assert all(min(abs(loss - level) for level in levels.values()) < 0.02 for loss in losses)

# %% [markdown]
# Every failed run stands at one of these three. Here is our network, a solved run, and one of each
# kind that is stuck. Discs are corners of class 0, triangles are class 1.

# %%
stuck = ends["relu"]
losses = xor.gradients(stuck)[0]
examples = {"solved": np.flatnonzero(stuck.solved())[0]}
for name, level in levels.items():
    examples[name] = np.abs(losses - level).argmin()
maps = {name: lambda x, i=i: stuck.p_one(x)[i] for name, i in examples.items()}
square = {"points": xor.CORNERS, "labels": xor.XOR, "low": -0.2, "high": 1.2}
plot.show(
    plot.plane_map({"by hand": by_hand} | maps, **square, scale="p of class 1", ends=(0, 1),
                   columns=3, size=2.6),
    alt="Five maps of the square. By hand: a ridge through the corners of class 1. Solved: a "
    "valley between them. Nothing known: one half everywhere. One corner known: the other three "
    "share a plain. Two corners known: the other two lie together on one half.",
)  # fmt: skip
assert np.allclose(stuck.p_one(xor.CORNERS)[examples["nothing known"]], 0.5, atol=0.02)

# %% [markdown]
# (The solved run did not find our ridge, but a valley: right at the corners, and another function
# in between.) Why do corners share an answer? Look at what the two hidden units hold at each
# corner, in one stuck run of each activation:

# %%
for name, networks in ends.items():
    two_known = np.abs(xor.gradients(networks)[0] - levels["two corners known"]).argmin()
    held = networks.activations(xor.CORNERS)[two_known]
    print(f"{name}, at (0, 0), (0, 1), (1, 0), (1, 1):", held.round(2).tolist())
    assert xor.nearest_rivals(networks)[two_known] < 0.01

# %% [markdown]
# Two corners of different classes have become **the same two numbers**. The output layer cannot
# tell them apart; all it can say is one half. And nothing pulls them apart again. Both ReLUs are
# off there, and a ReLU that is off passes no gradient back; tanh is at its flat ends, -1 or 1,
# where its slope is nearly 0. How many failed runs are of this kind?

# %%
for name, networks in ends.items():
    same = xor.nearest_rivals(networks)[~networks.solved()] < 0.01
    print(f"{name}: two rivals are the same in {same.sum()} of {len(same)} failed runs")
    assert same.mean() > 0.9 and xor.nearest_rivals(networks)[networks.solved()].min() > 1

# %% [markdown]
# (In the few others, each unit is on at all four corners, or off at all: no bend lies between them,
# and the network is one dense layer.) Some runs are lost before the first step. A ReLU whose two
# weights are both negative is off at every corner, since biases start at 0. It is **dead**: no
# gradient ever reaches it. Then one unit is left, and one is not enough.

# %%
dead = xor.dead_units(xor.start(2, seeds=range(60))) > 0
saved = stuck.solved()[dead].sum()
print(f"runs with a dead unit at the start: {dead.sum()}; of these are solved: {saved}")
assert dead.sum() > 10 and saved == 0

# %% [markdown]
# Move the slider to see where each of the sixty runs ended.


# %%
def draw(run):
    title = f"run {run}: {'solved' if stuck.solved()[run] else 'stuck'}"
    one = {title: lambda x: stuck.p_one(x)[run]}
    figure = plot.plane_map(one, **square, scale="p of class 1", ends=(0, 1), size=3.5)
    plot.show(figure, alt=f"The probability of class 1 after training, {title}.")


_ = ipywidgets.interact(draw, run=ipywidgets.IntSlider(0, 0, 59, continuous_update=False))
assert len(stuck.solved()) == 60

# %% [markdown]
# So the network was fine, the loss was fine, and the gradients were right. What was missing is a
# way from *here* to *there*. When a run fails, look at three things before you change the model:
# the loss at which it stands still (is it the loss of a guess?), the units (are some off for all
# data?), and other seeds (is it this run, or all?).

# %% [markdown]
# ### A signal through thirty layers · 7 min (90)
#
# What else decides, before the first step, whether a network can learn? The *size* of its weights.
# They are random numbers around 0. Their usual size, the root of the mean of their squares, is
# called their **standard deviation** σ.
#
# **Prediction 4.** A signal goes through 30 layers with ReLU. The weights are so chosen that the
# numbers come out about as large as they went in. Now all weights are made half as large. By what
# factor are the numbers at the end smaller?

# %%
my_factor = None  # a number from 1 up

# %% [markdown]
# One number of the next layer is a sum of 256 products, weight times input. Square it. Products of
# two *different* terms have random signs and cancel, on average. What is left are 256 squares, each
# about σ² times the mean square of what comes in. Then ReLU sets the negative half of the numbers
# to 0. So each layer multiplies the mean square by **256 σ² / 2**.
#
# It stays as it is for σ = √(2 / 256): the rule of He et al. (2015), by which `MLP` draws its
# weights. (Lesson 01 had no ReLU to lose half, so it had no 2.)

# %%
z = rng.normal(size=(32, 256))
for _ in range(30):
    z = relu(z) @ rng.normal(0, np.sqrt(2 / 256), size=(256, 256))
size = np.sqrt(np.mean(z * z))
print(f"usual size after 30 layers: {size:.2f}, that is {size ** (1 / 30):.2f} a layer")
assert 0.95 < size ** (1 / 30) < 1.05

# %% [markdown]
# (How far from 1 is chance.) The same for five seeds, at every layer, and with weights twice and
# half as large as the rule says. A gradient on its way back goes through the same weights, and
# through the slopes of the ReLUs, half of which are 0: the same law.


# %%
def slope(z):
    return z > 0  # of ReLU


scales = {"twice the rule": 2, "the rule": 1, "half the rule": 0.5}
signals = {name: forward_sizes(relu, scale=k, seeds=range(5)) for name, k in scales.items()}
for name, k in scales.items():
    back = backward_sizes(relu, slope, scale=k, seeds=range(3))
    each = [(sizes[:, -1] ** (1 / 30)).mean() for sizes in (signals[name], back)]
    print(f"{name}: size times {each[0]:.2f} a layer, {each[1]:.2f} on the way back; the law {k}")
    assert np.allclose(np.array(each) / k, 1, atol=0.1)

# %%
plot.show(
    plot.bands(
        {name: (range(31), rows) for name, rows in signals.items()},
        x="layer", y="usual size (root mean square)", logy=True,
    ),
    alt="The size of a signal against the layer, on a logarithmic axis. By the rule it stays "
    "near 1; with larger weights it rises in a straight line, with smaller ones it falls.",
)  # fmt: skip
factor = signals["the rule"][:, -1] / signals["half the rule"][:, -1]
print(f"half the weights: {factor.mean():,.0f} times smaller after 30 layers; you said {my_factor}")
assert np.allclose(factor, 2**30)

# %% [markdown]
# **If you said 2**: that is one layer. **If you said 60**: factors in a row do not add up, they
# multiply. It is 2 to the power 30, exactly, whatever the weights: half of z in, half of ReLU(z)
# out. The gradient shrinks by as much, and what does not move does not learn.

# %% [markdown]
# ### Digits in new typefaces · 8 min (90)
#
# The network above read new pictures well, but of typefaces that it had seen. An honest test asks
# what one wants to know: does it read a typeface that it has *not* seen? Typefaces come in
# families: DejaVu Sans is one, and holds an upright, a slanted and a bold one, and more.

# %%
families = {family: len(faces) for family, faces in font_families().items()}
print("typefaces in each family:", families)
assert len(families) >= 3

# %% [markdown]
# So we hold out one family: nothing of it is seen in training. Then each of the others in turn.
#
# **Prediction 5.** On other pictures of typefaces that it knows, the network gets about 96 of 100
# right. One of the four families will turn out to be the hardest. How many of 100 are right there?

# %%
my_hardest = None  # a number from 10 (guessing) to 100

# %% [markdown]
# Three seeds for each family. `train_digits` is the loop from above with 12,000 pictures, 1500
# steps, and Adam. Each test has 2000 pictures. (The cell takes about twenty seconds.)

# %%
seeds, models, sets, right = (1, 2, 3), {}, {}, {}
for family in families:
    for s in seeds:
        model = models[family, s] = MLP([256, 64, 10], rng=np.random.default_rng(s))
        sets[family, s] = data = digit_sets(s, held_out=family)
        train_digits(model, data, seed=s, rate=1e-2, progress=False)
        tests = (data["known faces"], data["new faces"])
        right[family, s] = [100 * share_right(model, *test) for test in tests]

# %%
new, gaps = {}, {}
for family in families:
    known, new[family] = np.transpose([right[family, s] for s in seeds])
    gaps[family] = new[family] - known
    print(f"{family}: known typefaces {known.mean():.1f}, the new family {new[family].mean():.1f}")
print(f"hardest: {min(n.mean() for n in new.values()):.0f} of 100; you said {my_hardest}")
assert max(gaps["Computer Modern"]) < -8 and min(gaps["DejaVu Serif"]) > -3

# %%
plot.show(
    plot.ranges(
        gaps,
        x="new family less known typefaces, of 100 (a dot for each seed)",
        references={"no loss": 0},
    ),
    alt="One row for each family held out, three dots each. DejaVu Serif lies about at 0: nothing "
    "is lost. DejaVu Sans, STIX and Computer Modern lie to the left of 0, each farther than the "
    "one before.",
)
assert np.ptp([gap.mean() for gap in gaps.values()]) > 5

# %% [markdown]
# **If you said 96**: it is so for one family of the four, and not for the others. (DejaVu Serif has
# a relative in training, DejaVu Sans.) **If you said about 50**: the network has learned more than
# single typefaces. How much a new family costs depends on the family, by far more than on the seed.
# Four families are too few to say what a fifth would cost. But this we know: the test on known
# typefaces would have told us nothing of it. An honest report says what was trained on *and* what
# was held out.
#
# Some pictures of the hardest family that are read wrongly:

# %%
x, labels = sets["Computer Modern", 1]["new faces"]
said = models["Computer Modern", 1](x).data.argmax(axis=1)
wrong = np.flatnonzero(said != labels)
common, count = np.unique(np.stack([labels, said])[:, wrong], axis=1, return_counts=True)
often = common[:, count.argmax()]
print(f"most common mistake (seed 1): {often[0]} taken for {often[1]}, {count.max()} times")
assert often[0] != often[1]

# %%
titles = [f"{labels[i]}, not {said[i]}" for i in wrong[:12]]
plot.show(
    plot.images(zip(titles, x[wrong[:12]].reshape(-1, 16, 16), strict=True), columns=6, size=1.35),
    alt="Twelve pictures of a family held out that the network gets wrong, with what they are, and "
    "what it said. Some are hard for people, too; most are not.",
)
assert len(titles) == 12

# %% [markdown]
# ### The same size, with and without a bend · 5 min (90)
#
# Is a bend as such what helps? A dense layer alone (no hidden units) against an MLP so narrow that
# it has *fewer* weights than that. A comparison in which one side has a good learning rate and the
# other a bad one says nothing. So each is tried at four rates first, on a seed and a set of
# pictures that are not used below (`choose`), and keeps its best rate.

# %%
arms = {"no hidden units": [256, 10], "9 hidden units": [256, 9, 10]}
tuning, rates, best = digit_sets(4), (1e-3, 3e-3, 1e-2, 3e-2), {}
for arm, layout in arms.items():
    found = {}
    for rate in rates:
        model = MLP(layout, rng=np.random.default_rng(4))
        train_digits(model, tuning, seed=4, rate=rate, progress=False)
        found[rate] = round(100 * share_right(model, *tuning["choose"]), 1)
    best[arm] = max(found, key=found.get)
    print(f"{arm}, {sum(p.size for p in model.parameters())} numbers, right of 100: {found}")
assert all(min(rates) < rate < max(rates) for rate in best.values())

# %%
known = {}
for arm, layout in arms.items():
    known[arm] = []
    for s in seeds:
        model, data = MLP(layout, rng=np.random.default_rng(s)), sets["Computer Modern", s]
        train_digits(model, data, seed=s, rate=best[arm], progress=False)
        known[arm].append(100 * share_right(model, *data["known faces"]))
known["64 hidden units"] = [right["Computer Modern", s][0] for s in seeds]
gain = np.subtract(known["9 hidden units"], known["no hidden units"])
print(f"9 hidden units less none, seed by seed: {gain.round(1)} of 100, mean {gain.mean():.1f}")
assert abs(gain.mean()) < 4 < min(known["64 hidden units"]) - max(known["no hidden units"])

# %%
plot.show(
    plot.ranges(known, x="known typefaces, right of 100 (a dot for each seed)"),
    alt="Three rows of three dots. No hidden units and 9 hidden units lie side by side, the dots "
    "of both mixed; 64 hidden units lie far to the right of both.",
)
assert min(known["64 hidden units"]) > max(known["9 hidden units"])

# %% [markdown]
# What 9 hidden units gain over none is no more than what changes from seed to seed: nobody has won.
# What a bend brings is that *more units* are worth having. Without bends, any number of them would
# be one dense layer (lesson 01).

# %% [markdown]
# ## Exercises · 20 min (90)
#
# Three, from easy to hard; the first is begun in a long class, the rest is for home (`tinyffn hint
# 3.1` in a terminal has three hints for each).
#
# **Exercise 3.1: XOR by hand** (25 minutes). Write down the weights for XOR, but for inputs that
# are not 0 and 1, and for more than two of them: is an *odd* number of inputs on? n hidden units
# are enough for n inputs. The folder is `exercises/03_1_xor_by_hand`.

# %%
predict("3.1")

# %%
check("3.1")

# %% [markdown]
# This is something to show to others: a network of which you know the reason for every weight, and
# no training at all. The map shows two inputs between -1 (off) and 1 (on); all further inputs are
# on. With a third that is on, the number is odd where the first two *agree*.

# %%
parity = mine("3.1").parity


def surface(n):
    """Your network on a square from -1 to 1; inputs after the second are on."""
    w_up, b_up, w_down, b_down = parity(np.array([-1.0, 1.0]), n)

    def f(x):
        x = np.column_stack([x, np.ones((len(x), n - 2))])
        return (relu(x @ w_up + b_up) @ w_down + b_down)[:, 0]

    return f


# %%
surfaces = {"XOR": surface(2), "three inputs": surface(3), "four inputs": surface(4)}
plot.show(
    plot.plane_map(surfaces, scale="height", ends=(0, 1), columns=3),
    alt="Three maps of the square from -1 to 1. For XOR there is a ridge along one diagonal. With "
    "a third input that is on, a valley lies there; with a fourth, a ridge again.",
)
along = np.linspace(-1, 1, 21)
grid = np.stack(np.meshgrid(along, along), axis=-1).reshape(-1, 2)
assert np.allclose(surfaces["XOR"](grid), 1 - abs(grid.sum(axis=1)) / 2)

# %% [markdown]
# **Exercise 3.2: cross-entropy for votes** (30 minutes). People do not always agree on what a
# picture shows. Here each picture has votes, many or few or none, and every vote counts the same.
# What becomes of `p - onehot`? The folder is `exercises/03_2_votes`.

# %%
check("3.2")

# %% [markdown]
# **Exercise 3.3: foresee a signal's size** (45 minutes). The law for ReLU was one factor a layer
# (see the part on thirty layers). For other activations it depends on the size itself. Write the
# law for any of them, and find the weights that keep a signal as large as it is. The folder is
# `exercises/03_3_signal`.

# %%
check("3.3")

# %% [markdown]
# Your law against networks that are really run, with tanh in place of ReLU. (The first line makes
# the places and shares that the exercise speaks of.)

# %%
nodes, shares = np.polynomial.hermite_e.hermegauss(40)
shares /= shares.sum()
foresee = mine("3.3").mean_squares

# %%
laws, runs = {}, {}
for name in ("twice the rule", "half the rule"):
    std = scales[name] * np.sqrt(2 / 256)
    law = np.sqrt(foresee(np.tanh, 1.0, 30, 256, std, 0.0, nodes, shares))
    run = forward_sizes(np.tanh, scale=scales[name], seeds=range(3)).mean(axis=0)
    laws[f"{name}, foreseen"] = range(31), law
    runs[f"{name}, run"] = range(0, 31, 3), run[::3]
    print(f"{name}, after 30 layers: foreseen {law[-1]:.1e}, run {run[-1]:.1e}")
    assert np.allclose(np.log(law), np.log(run), atol=0.4)

# %%
plot.show(
    plot.lines(laws, x="layer", y="usual size before tanh", logy=True, points=runs),
    alt="The size of a signal before tanh, against the layer: lines foreseen, points measured. "
    "With larger weights it settles and stays, with smaller ones it falls in a straight line. The "
    "points lie on the lines.",
)
assert np.ptp(runs["twice the rule, run"][1][2:]) < 0.2

# %% [markdown]
# ## Check yourself · 3 min
#
# Answer first, then open.
#
# <details><summary>1. A classifier with ten classes gives every class the same score. What is its
# loss, and what is the gradient of the score of the right class?</summary>
#
# Each p is 1/10, so the loss is log 10 nats, a little over 2. The gradient is p - 1 = -9/10 for the
# right class, and 1/10 for each of the others. (Look at the first loss of the digits above: an
# untrained classifier should start near the log of the number of classes. If it does not, its
# scores are too large.)
# </details>
#
# <details><summary>2. "Our new initialisation solves the task in 9 of 10 runs, the old one in 7 of
# 10." What do you ask?</summary>
#
# For more runs. The intervals of 9 of 10 and of 7 of 10 overlap widely. And whether both had the
# same rate, or each its own best one.
# </details>
#
# <details><summary>3. A network for two classes trains for hours, and its loss stands still at the
# logarithm of 2. What does that tell you, and where do you look?</summary>
#
# It says one half for everything, which is the best guess for one who knows nothing (if the classes
# are equally frequent). Look whether any signal arrives: dead units, initial weights that are too
# small, inputs that do not belong to their targets.
# </details>
#
# <details><summary>4. You photograph 100 objects, each 50 times, and put every picture at random
# into training or test. What is wrong with the test?</summary>
#
# Every object of the test was in training, too. It tells how well the network knows these objects
# again, not how well it knows new ones. Hold out whole objects.
# </details>

# %% [markdown]
# ## Go further
#
# - Rumelhart, Hinton and Williams 1986, *Learning representations by back-propagating errors*,
#   Nature 323, 533-536: the paper that made MLPs learn.
# - Minsky and Papert 1969, *Perceptrons*: what one layer cannot represent, with proofs. Parity, of
#   which XOR is the smallest case, is one of its main examples.
# - Glorot and Bengio 2010, *Understanding the difficulty of training deep feedforward neural
#   networks*, and He et al. 2015, *Delving deep into rectifiers*,
#   [arXiv:1502.01852](https://arxiv.org/abs/1502.01852): initial weights, forward and back.
# - Poole et al. 2016, *Exponential expressivity in deep neural networks through transient chaos*,
#   [arXiv:1606.05340](https://arxiv.org/abs/1606.05340): exercise 3.3 is where this paper begins.
# - Next: **04, how expressive?** XOR took two units. What can be had for more of them, and for more
#   layers?
