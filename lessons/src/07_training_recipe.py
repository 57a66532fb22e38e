# %% [markdown]
# # 07 · The training recipe
#
# **Which of the usual ingredients does what?**

# %% [markdown]
# ## Where you are · 2 min
#
# Lesson 06 turned text into numbers and trained a **window MLP** on it: a small network that reads
# the last few characters and guesses the next one. Since lesson 03, a black box named Adam has done
# the training. This lesson opens it, and looks at what papers list beside it.

# %%
import inspect
from functools import partial

import ipywidgets
import numpy as np

from tinyffn import optim, plot
from tinyffn.data import documentation, fingerprint
from tinyffn.lab import check, mine, predict
from tinyffn.nn import Parameter
from tinyffn.studies import recipe
from tinyffn.studies.results import at_best_rate, best_rates, load, paired_differences
from tinyffn.train import accumulate_gradients, alike, counted_targets, fit

seed = 1
rng = np.random.default_rng(seed)
print(f"seed {seed}; text {fingerprint(documentation())}")

# %%
plot.show(
    plot.course_map(here=7),
    alt="The map of the course. The box of lesson 7, the training recipe, is marked 'you are "
    "here': the last box of the first row, neurons that compute.",
)

# %% [markdown]
# ## The question · 1 min
#
# A paper on a language model has a paragraph like this one: *AdamW, weight decay 0.1, clipping at
# 1.0, 2000 steps of warm-up, then a cosine.* (It is, nearly, that of LLaMA-1. Never mind the words
# yet: each will be built.) Beside it stand claims such as "our schedule converges 40 % faster".
#
# Which of the ingredients does the work? Which is a habit? And what does a figure such as
# "40 % faster" say?

# %% [markdown]
# ## What you will be able to do · 1 min
#
# | you will | and this tests it |
# |---|---|
# | **compute** a step of Adam by hand | exercise 7.1 |
# | **say** the rate of a schedule at any step, and what it is good for | question 2 |
# | **say** what clipping does with outliers, and without | question 3 |
# | **weigh** parts of a batch so that they add up to the whole | exercise 7.3 |
# | **take apart** a headline of the form "X % faster" | question 4 |
#
# *You need*: lessons 01 to 06. *Time*: 50 minutes for the core; parts marked (90) fill a longer
# class.

# %% [markdown]
# ## Predict · 3 min
#
# Put your answers in place of `None`. Nothing is graded.
#
# **Prediction 1.** A **schedule** changes the learning rate during training. *Warm-up and cosine*
# raises it from 0 to a peak, then lowers it to 0, which it reaches at the last step. You train one
# model at a constant rate, and once more with the schedule and the same number as its peak. To come
# down to one and the same loss, does the schedule need more steps, or fewer? Answer twice: for a
# rate that is rather small for this model, and for one that is rather large.

# %%
my_gain = None  # such as ("same", "more"): "more", "fewer" or "same" at the small, the large rate

# %% [markdown]
# **Prediction 2.** The **length** of a gradient is the root of the sum of the squares of all its
# entries: (3, 4) is 5 long. *Clipping at 1.0* shortens a gradient that is longer than 1 until it is
# as long as 1. Our model has 40 thousand parameters, and a typical entry of its gradient is 0.007.
# We train it by plain SGD on clean text. In how many percent of the steps does clipping change
# anything?

# %%
my_clipped = None  # percent

# %% [markdown]
# **Prediction 3.** A batch is too large for memory, so it is cut into parts of two lines of text; a
# line has between 1 and about 70 characters. Each part gives a mean gradient over its own
# characters, and you take the mean of these means. It differs from the gradient of the whole. What
# happens to the difference as you take more and more parts: "it falls to 0", "it stays" or "it
# falls, then stays"?

# %%
my_off = None  # "it falls to 0", "it stays" or "it falls, then stays"

# %% [markdown]
# ## Build by hand on three numbers · 8 min
#
# One parameter p begins at 2, and its gradient in three steps is 4, then 4, then -2. The rate is
# 0.1. **SGD** (stochastic gradient descent) goes against each gradient: p ← p - rate · dp.

# %%
gradients = [4.0, 4.0, -2.0]
p = 2.0
for dp in gradients:
    p = p - 0.1 * dp
    print(f"gradient {dp:g}: p = {p:.2f}")
assert np.isclose(p, 1.4)

# %% [markdown]
# **Momentum** lets the step roll on: m is a running sum in which older gradients fade, here by half
# at each step. At the third step the gradient has turned, but m still points the old way. (Programs
# fade by 0.9, not 0.5. The sum can then grow ten times as large as one gradient: so momentum wants
# a rate about ten times smaller.)

# %%
p, m = 2.0, 0.0
for dp in gradients:
    m = 0.5 * m + dp
    p = p - 0.1 * m
    print(f"gradient {dp:g}: m = {m:g}, p = {p:.2f}")
assert m > 0 and np.isclose(p, 0.9)

# %% [markdown]
# **Adam** keeps two running *means*: m of the gradients, v of their squares. It steps along m
# divided by the root of v: the gradient divided by its own usual size. Both means begin at 0, so
# they are too small at first. After two steps that fade by 0.5, the gradients count a quarter and
# a half, together only 1 - 0.5², so we divide by it. After t steps it is 1 - betaᵗ.


# %%
def adam_path(gradients, beta=0.5):
    p, m, v, path = 2.0, 0.0, 0.0, []
    for t, dp in enumerate(gradients, start=1):
        m = beta * m + (1 - beta) * dp
        v = beta * v + (1 - beta) * dp**2
        m_full, v_full = m / (1 - beta**t), v / (1 - beta**t)
        p = p - 0.1 * m_full / np.sqrt(v_full)
        path.append(round(float(p), 2))
    print(f"last step: mean {m_full:.2f}, usual size {np.sqrt(v_full):.2f}; p =", path)
    return path


assert np.allclose(adam_path(gradients)[:2], [1.9, 1.8])

# %% [markdown]
# The first step on paper: m is 2, v is 8; divided by 1 - 0.5 they are 4 and 16; and 4 divided by
# the root of 16 is 1. So p moves by exactly the rate. The third step is short: the gradients
# disagree in sign, their mean is small, their size is not. Now make every gradient a hundred times
# as large.

# %%
large = [100 * dp for dp in gradients]
print("SGD ends at", 2 - 0.1 * sum(large))
assert np.allclose(adam_path(large), adam_path(gradients))

# %% [markdown]
# SGD jumps far away. Adam does not notice: **size cancels**. One rate fits all parameters, and no
# gradient can say "this is urgent" by being large.

# %% [markdown]
# ## The clear version · 5 min
#
# Three ingredients, a few lines each. **AdamW** is Adam with two additions. A tiny `eps` keeps us
# from dividing by 0. And **weight decay** makes weights shrink by themselves: p loses the share
# rate · weight_decay at each step. It is meant against learning by heart, in long training on
# little text.


# %%
def adamw(p, dp, m, v, t, rate, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.0):
    m = beta1 * m + (1 - beta1) * dp
    v = beta2 * v + (1 - beta2) * dp**2
    m_full, v_full = m / (1 - beta1**t), v / (1 - beta2**t)
    p = (1 - rate * weight_decay) * p
    p = p - rate * m_full / (np.sqrt(v_full) + eps)
    return p, m, v


# %% [markdown]
# **Warm-up and cosine**. Besides the peak, two numbers are chosen: how long to warm up, here 60
# steps, and at which step to arrive at 0. That end is *planned* before training starts, here 600.


# %%
def rate_at(step, peak=0.016, warmup=60, total=600):
    if step < warmup:
        return peak * (step + 1) / warmup
    done = (step - warmup) / (total - warmup)  # from 0 to 1
    return peak * (1 + np.cos(np.pi * done)) / 2


# %%
steps = np.arange(600)
rates = [rate_at(step) for step in steps]
plot.show(
    plot.lines(
        {"constant": (steps, np.full(600, 0.016)), "warm-up and cosine": (steps, rates)},
        x="step",
        y="learning rate",
        height=3.0,
    ),
    alt="The learning rate against the step. A constant rate is level. Warm-up and cosine rises in "
    "a straight line during the first 60 steps, then falls slowly, then quickly, then slowly, to 0 "
    "at step 600.",
)
theirs = optim.warmup_cosine(0.016, warmup_steps=60, total_steps=600)
assert np.allclose(rates, [theirs(step) for step in steps])

# %% [markdown]
# **Clipping** takes the length over *all* parameters together, and shortens all by one factor.


# %%
def clip(gradients, limit=1.0):
    length = np.sqrt(sum(np.sum(g**2) for g in gradients))
    factor = min(1.0, limit / length)
    return [factor * g for g in gradients]


shorter = clip([np.array([3.0]), np.array([4.0])])
print("lengths 3 and 4, together 5, become", *shorter)
assert np.allclose(shorter, [[0.6], [0.8]])

# %% [markdown]
# ## The library's version · 2 min
#
# Look for our lines of Adam. `tiles` hands out pieces of the arrays that fit into the fast memory
# of the processor (`contiguous` arrays can be cut so), and all is done in place. The two
# corrections are moved, one into the rate, one behind the root: the same numbers, with fewer large
# arrays. AdamW shrinks p before this step, if p has two axes or more; biases are left alone.

# %%
print(inspect.getsource(optim.Adam.update))

# %%
theirs = Parameter(rng.normal(size=(4, 3)))
optimizer = optim.AdamW([theirs], 0.01, weight_decay=0.1)
p, m, v = theirs.data.copy(), np.zeros((4, 3)), np.zeros((4, 3))
for t in range(1, 21):
    theirs.grad = rng.normal(size=(4, 3))
    p, m, v = adamw(p, theirs.grad, m, v, t, 0.01, weight_decay=0.1)
    optimizer.step()
print("equal to twelve places after 20 steps:", np.allclose(p, theirs.data, atol=1e-12))
assert np.allclose(p, theirs.data, atol=1e-12)

# %% [markdown]
# ## Measure · 21 min
#
# All that follows is one model on one text. It reads 6 characters, holds 40 thousand numbers, and
# takes 600 steps of 64 examples with AdamW: less than a second. Each **arm** of the study changes
# one thing. Each ran at several rates, on three seeds that all arms share, and the runs are kept in
# a file. We compare **bits per character on held-out text** (lesson 06): lower is better.
#
# Three weak points, said at once. The same held-out text also *chose* each arm's best rate: a small
# favour, and not an equal one, for some arms had more rates to choose from than others. Parts of it
# stand word for word in the training text as well, which lesson 10 will count. And three seeds of
# three are *consistent*; they prove nothing about other models.
#
# Is the file to be trusted? We run one of them again, for a tenth of its steps.

# %%
study = load("recipe")
runs, seeds = study["runs"], recipe.SEEDS
found = {(run["arm"], run["rate"], run["seed"]): run for run in runs}
again = recipe.run("warm-up and cosine", 0.016, seed, stop=60)["curve"]
kept = found["warm-up and cosine", 0.016, seed]["curve"][:3]
is_same_text = study["settings"]["text"] == fingerprint(documentation())
margin = 0.05 if is_same_text else 0.5  # bits; another Python brings a slightly other text
print("now:", again, " kept:", kept, " margin:", margin)
assert np.abs(np.subtract(again, kept)).max() < margin

# %% [markdown]
# ### A curve and a goal
#
# A constant rate, and the schedule with the same number as its peak. A **goal** is a level line:
# "steps to the goal" is where a curve crosses it.

# %%
PAIR = ("constant", "warm-up and cosine")
every = np.arange(1, 31) * recipe.EVALUATE_EVERY
curves = {arm: (every, [found[arm, 0.016, s]["curve"] for s in seeds]) for arm in PAIR}
plot.show(
    plot.bands(
        {arm: (x[3:], np.array(y)[:, 3:]) for arm, (x, y) in curves.items()},
        x="step",
        y="held-out loss (bits per character)",
        references={"goal: 3.1 bits": 3.1},
    ),
    alt="Held-out loss against steps at the rate 0.016, three seeds. At first both curves fall "
    "together. The constant one then flattens and swings; the schedule goes on falling, smoothly, "
    "and ends far lower. Both cross the goal of 3.1 bits, the schedule a little earlier.",
)
assert np.mean(curves[PAIR[1]][1], axis=0)[-1] < np.mean(curves[PAIR[0]][1], axis=0)[-1] - 0.1

# %% [markdown]
# ### A headline
#
# You write a paper. "For fairness" both sides get one rate, and both run until one goal is reached.
# You choose the rate and the goal. Change the two numbers, and find a headline like "30 % fewer
# steps", or better.


# %%
def steps_to(arm, rate, goal):
    """Steps until the held-out loss is down at the goal, in bits, for each seed."""
    return [recipe.steps_to(found[arm, rate, s]["curve"], goal) for s in seeds]


def compare(rate, goal):
    """The change in steps from constant to schedule, in words."""
    if rate not in recipe.RATES:
        return f"no run at {rate}: choose one of {recipe.RATES}"
    old, new = (np.mean(steps_to(arm, rate, goal)) for arm in PAIR)
    if np.isfinite([old, new]).all():
        return f"{100 * (new / old - 1):+.0f} %"
    return "neither" if old == new else "schedule" if np.isfinite(new) else "constant"


# %%
rate, goal = 0.016, 3.1
print("rates:", *recipe.RATES, "  goals: from 2.8 to 3.3 bits")
print(f"rate {rate}, goal {goal} bits: {compare(rate, goal)}")
assert compare(0.02, 3.1).startswith("no run")

# %% [markdown]
# Every headline here is measured, over three seeds, and could be printed. Now look at all of them.
# A word in place of a number says who alone came to the goal in 600 steps.

# %%
GOALS = (3.3, 3.2, 3.1, 3.0, 2.9, 2.8)
print("rate    " + "".join(f"{goal} bits".rjust(10) for goal in GOALS))
for rate in recipe.RATES:
    print(f"{rate:<8g}" + "".join(compare(rate, goal).rjust(10) for goal in GOALS))
print("you said", my_gain)
assert compare(0.004, 3.1).startswith("+") and compare(0.0226, 3.1).startswith("-")

# %% [markdown]
# Read a column from top to bottom: the sign flips. At a small rate the schedule needs **more**
# steps, as it spends its time below a peak that is too small already. At a large rate it needs
# **fewer**: the constant rate stays too large, the schedule does not. So whoever picks **one** rate
# picks the result.
#
# **If you said "fewer" twice**, you believed the headline. **If you said "more" twice**, you
# reasoned that a lower rate is slower: true while the rate is not too large. **If you asked "to
# which loss?"**, you are ahead of many papers: read along a row.
#
# So let each side have *its own* best rate, at each goal.

# %%
print("goal   constant  schedule   change (seed by seed)")
fair = {}
for goal in GOALS:
    tuned = {a: min((steps_to(a, r, goal) for r in recipe.RATES), key=np.mean) for a in PAIR}
    old, new = (np.array(tuned[arm]) for arm in PAIR)
    fair[goal] = 100 * (new.mean() / old.mean() - 1)
    each = 100 * (new / old - 1)
    print(f"{goal} {old.mean():10.0f} {new.mean():9.0f} {fair[goal]:+8.0f} %", end="  ")
    print(f"({min(each):+.0f} to {max(each):+.0f} %)")
assert fair[3.3] > 5 > abs(fair[3.1]) and fair[2.8] < -20

# %% [markdown]
# This is the fair comparison, and it has **no single number**. To an early goal the schedule gains
# nothing, or loses. To a late one it gains much. A headline such as "28 % fewer steps" is true of
# the last line, and of no other. And there is a third free choice: this cosine was planned to end
# at 600. One that is planned to end at the goal would be one more arm.
#
# The same as a picture: each curve is a valley, and the fair comparison is that of the two floors.
# Move the goal.


# %%
def draw(goal):
    curves = {arm: [steps_to(arm, r, goal) for r in recipe.RATES] for arm in PAIR}
    figure = plot.bands(
        {
            arm: (recipe.RATES, np.where(np.isfinite(c).all(1, keepdims=True), c, np.nan).T)
            for arm, c in curves.items()
        },
        x="learning rate (of the schedule: its peak); no mark: not reached in 600 steps",
        y=f"steps to {goal:.1f} bits",
    )
    plot.show(
        figure,
        alt="Steps to the goal against the learning rate, three seeds: two curves like valleys, "
        "one for the constant rate and one for the schedule, which lies further to the right. "
        "At late goals its floor is the lower one.",
    )


# %%
draw(3.0)
assert fair[3.0] < 0

# %%
slider = ipywidgets.FloatSlider(value=2.8, min=2.8, max=3.3, step=0.1, continuous_update=False)
_ = ipywidgets.interact(draw, goal=slider)

# %% [markdown]
# ### What a schedule is good for
#
# Now the end: the loss after all 600 steps, with warm-up and cosine also apart.


# %%
def at_best(names):
    return at_best_rate([run for run in runs if run["arm"] in names])


def final(arm):
    return [[found[arm, rate, s]["value"] for rate in recipe.RATES] for s in seeds]


# %%
plot.show(
    plot.bands(
        {arm: (recipe.RATES, final(arm)) for arm in recipe.DRAWN},
        x="learning rate (of a schedule: its peak)",
        y="held-out loss (bits per character)",
        logx=True,
    ),
    alt="Loss after 600 steps against the learning rate for four arms. Constant and warm-up alone "
    "run together and have their lowest point near a rate of a hundredth. Cosine alone and warm-up "
    "with cosine lie on each other at small rates and are lower at large ones; their lowest point "
    "is clearly lower. At the largest rate, warm-up with cosine is below cosine alone.",
)
gains = paired_differences(at_best(recipe.DRAWN), "constant")
assert max(gains["cosine"]) < -0.05 and max(gains["warm-up and cosine"]) < -0.05

# %%
best = best_rates(runs)
print("each arm at its own best rate, less the constant rate, in bits:")
for arm, gain in gains.items():
    print(f"{arm}, rate {best[arm]:g}: {np.mean(gain):+.3f} ({min(gain):+.3f} to {max(gain):+.3f})")
constant = np.mean(final("constant"), axis=0)
print(f"constant: {constant.max():.2f} at its worst rate, {constant.min():.2f} at its best")
assert abs(np.mean(gains["warm-up"])) < 0.3 * abs(np.mean(gains["cosine"]))

# %% [markdown]
# The largest gain of all is the right rate. After that the schedule **ends lower**, on all three
# seeds, and the cosine does that work. A likely reason: single batches push the weights to and fro,
# about as far as the rate is long, and the pushing dies away with the rate. Look back at the two
# curves. Warm-up alone buys nothing here; with a cosine it makes *large* rates safe.

# %% [markdown]
# ### Clipping, with outliers and without
#
# First the clean text, by plain SGD without clipping. Then **outliers**: in one batch of thirty,
# all text is a single character over and over, as a broken disk leaves it.


# %%
def train(optimizer, max_norm=np.inf, steps=600, damage=0.0):
    model, batches = recipe.new_model(seed), recipe.new_batches(seed, damage=damage)
    optimizer = optimizer(model.parameters())
    history = fit(model, model.loss, batches, optimizer, steps=steps, max_norm=max_norm)
    return recipe.held_out_bits(model), history


# %%
sgd = partial(optim.SGD, rate=0.5)
_, clean = train(sgd)
_, damaged = train(sgd, max_norm=1.0, damage=recipe.DAMAGE)
plot.show(
    plot.lines(
        {"damaged text": (steps, damaged.grad_norm), "clean text": (steps, clean.grad_norm)},
        x="step",
        y="length of the gradient",
        logy=True,
        references={"limit": 1.0},
    ),
    alt="Length of the gradient against the step, on a logarithmic axis. On clean text it lies "
    "between one and two, nearly always above the limit of 1. On damaged text about twenty steps "
    "stand out as spikes many times as long.",
)
assert max(damaged.grad_norm) > 4 * np.median(clean.grad_norm)

# %%
share = 100 * np.mean(np.greater(clean.grad_norm, 1.0))
typical = np.median(clean.grad_norm) / np.sqrt(study["settings"]["n_parameters"])
print(f"clean: longer than 1.0 in {share:.0f} % of the steps; you said {my_clipped}")
print(f"median length {np.median(clean.grad_norm):.2f}, a typical entry {typical:.3f}")
assert share > 60

# %% [markdown]
# **If you said 0**, you looked at the entries: but 40 thousand of them add up, and the root of
# 40 thousand is 200. **If you said 5 or so**, that is what one hopes for: a belt that
# tightens in an accident. But 1.0 is a number from other people's models. (At other rates or with
# Adam the share is another.) What does it change? Each arm at its best rate, three seeds:

# %%
cases = [f"{kind}, {text}" for kind in ("SGD", "AdamW") for text in ("clean", "damaged")]
print("bits per character".ljust(20) + "no clipping".rjust(12) + "clip 1.0".rjust(10))
for case in cases:
    loss = {
        arm: np.mean(list(by.values())) for arm, by in at_best([case, f"{case}, clip 1.0"]).items()
    }
    plain, clipped = loss[case], loss[f"{case}, clip 1.0"]
    print(case.ljust(20) + f"{plain:12.2f}{clipped:10.2f}")
    assert clipped < plain - 0.1 if "damaged" in case else clipped > plain - 0.03

# %% [markdown]
# With outliers, clipping repairs nearly all the harm. Without them it gives nothing here. Adam is
# hurt as well, although size cancels: a likely reason is that one huge square stays in v for
# hundreds of steps, and makes all the steps after it too short.

# %% [markdown]
# ### The published numbers
#
# LLaMA-1 (Touvron et al. 2023, the section on the optimizer): a peak of 0.0003 for the two smaller
# models, 2000 steps of warm-up, then a cosine; weight decay 0.1, clip 1.0. It had batches of
# millions of tokens, and hundreds of thousands of steps; we have 64 examples and 600 steps. Nobody
# would take a warm-up of 2000 steps here. So which of its numbers is to blame? We swap the peak,
# the schedule, or both.

# %%
vocabulary, train_ids, _ = recipe.material()
p = np.bincount(train_ids) / len(train_ids)
p = p[p > 0]
print(f"only how frequent each character is: {-np.sum(p * np.log2(p)):.2f} bits")
print("peaks: theirs", 0.0003, "ours", best["warm-up and cosine"])
swaps = {}
for swap in ("", ", our schedule", ", our peak", ", our peak and schedule"):
    swaps[swap] = list(at_best([f"LLaMA-1{swap}"])[f"LLaMA-1{swap}"].values())
    print(f"LLaMA-1{swap}: {np.mean(swaps[swap]):.2f} ({min(swaps[swap]):.2f}", end="")
    print(f" to {max(swaps[swap]):.2f}) bits")
peak_alone, schedule_alone = swaps[", our peak"], swaps[", our schedule"]
assert max(peak_alone) < min(schedule_alone) < max(schedule_alone) < min(swaps[""])

# %% [markdown]
# As published, it has not yet learnt how frequent each character is. The **peak** is most to blame:
# it is far too small for so few steps. Then the warm-up. Decay and clipping, left as they were,
# hardly matter. The *ingredients* travel from model to model. The *numbers* do not.

# %% [markdown]
# ### Two ways to shrink a weight · 5 min (90)
#
# **L2** is the older way: add weight_decay · p to the gradient, as if the loss held
# ½ weight_decay · p², the slope of which is weight_decay · p. In AdamW it stays outside.
#
# **Prediction 4.** Two weights begin at 1. The loss pushes each to and fro and wants nothing of
# them: the first by +10 and -10 in turn, the second by +0.1 and -0.1. With L2 the gradients become
# +10 + 0.1 p, -10 + 0.1 p, and so on, and Adam steps along them. Which of the two is nearer to 0
# after a thousand steps: "first", "second" or "same"?

# %%
my_smaller = None  # "first", "second" or "same"


# %%
def shrink(way, rate=0.002, weight_decay=0.1):
    p, m, v = np.ones(2), np.zeros(2), np.zeros(2)
    for t in range(1, 1001):
        dp = np.array([10.0, 0.1]) * (-1) ** t
        l2 = dp + weight_decay * p
        if way == "AdamW":
            p, m, v = adamw(p, dp, m, v, t, rate, weight_decay=weight_decay)
        elif way == "Adam with L2":
            p, m, v = adamw(p, l2, m, v, t, rate)
        else:
            p = p - rate * l2
    return p


# %%
ends = {way: shrink(way) for way in ("SGD with L2", "Adam with L2", "AdamW")}
for way, (first, second) in ends.items():
    print(f"{way}: first {first:.2f}, second {second:.2f}; you said {my_smaller}")
assert abs(ends["Adam with L2"][1]) < 0.2 < 0.9 < ends["Adam with L2"][0]
assert abs(ends["AdamW"][0] - ends["AdamW"][1]) < 0.02

# %% [markdown]
# AdamW can be foretold: (1 - 0.002 · 0.1)¹⁰⁰⁰ = 0.82. **If you said "same"**: so it is in SGD, and
# in AdamW. **If you said "first"**: its gradients are larger, but so is what they are divided by.
# **If you said "second"**: with L2 the decay is divided by the usual size as well, so a weight that
# hears much from the loss hardly shrinks. **Adam with L2 is not AdamW.**

# %% [markdown]
# ### From SGD to AdamW · 3 min (90)
#
# Each optimiser at its own best rate; momentum fades by 0.9. *Nesterov* momentum adds the newest
# gradient once more, as a look ahead. A dot is a seed, a tick is their mean.


# %%
def draw_arms(names):
    values = {arm: list(by_seed.values()) for arm, by_seed in at_best(names).items()}
    rows = {f"{arm}, rate {best[arm]:g}": values[arm] for arm in names}
    return plot.ranges(rows, x="held-out loss (bits per character)")


# %%
ladder = ["SGD", "momentum", "Nesterov", "Adam", "AdamW, decay 0.1"]
plot.show(
    draw_arms(ladder),
    alt="Held-out loss of five optimisers, three seeds each, at each one's best rate. SGD, "
    "momentum and Nesterov lie together on the right, Adam and AdamW on the left, clearly lower.",
)
gains = paired_differences(at_best(ladder), "Adam")
for arm, gain in gains.items():
    print(f"{arm} less Adam: {np.mean(gain):+.3f} ({min(gain):+.3f} to {max(gain):+.3f}) bits")
assert min(gains["momentum"]) > 0.05

# %% [markdown]
# Adam makes the large step; momentum is worth little once SGD has its own best rate. Decay only
# costs in a run as short as this: there is nothing to learn by heart. On another task the order may
# be another.

# %% [markdown]
# ### Clipping, further · 4 min (90)
#
# Where every gradient is longer than the limit, only one thing is left of rate and limit for SGD:
# their product.

# %%
one, _ = train(partial(optim.SGD, rate=0.25), max_norm=1.0)
other, _ = train(partial(optim.SGD, rate=1.0), max_norm=0.25)
print(f"rate 0.25, limit 1.0: {one:.2f} bits; rate 1.0, limit 0.25: {other:.2f} bits")
assert abs(one - other) < 0.05

# %% [markdown]
# And without clipping, how well does SGD live with outliers at each of its rates? A run that ends
# in infinite numbers counts as guessing.

# %%
for arm in ("SGD, damaged", "SGD, damaged, clip 1.0"):
    bits = [np.mean([found[arm, rate, s]["value"] for s in seeds]) for rate in recipe.SGD_RATES]
    print(arm, *(f"{rate:g}: {b:.2f}" for rate, b in zip(recipe.SGD_RATES, bits, strict=True)))
assert bits[2] < bits[0]

# %% [markdown]
# Without clipping it survives only at the smallest rate. Clipping makes the larger ones usable.
#
# One limit for all weights together is one way. **Clipping by scale** (Brock et al. 2021) looks at
# each unit for itself: its gradient may be no longer than a share of its own weights, here a tenth.

# %%
def mean_bits(arm):
    return np.mean(list(at_best([arm])[arm].values()))


for case in ("SGD, damaged", "AdamW, damaged"):
    plain, whole, by_scale = (mean_bits(case + way) for way in ("", ", clip 1.0", ", by scale"))
    print(f"{case}: no clipping {plain:.2f}, clip 1.0 {whole:.2f}, by scale {by_scale:.2f} bits")
    assert by_scale < plain - 0.05

# %% [markdown]
# It helps as well; here, with a share that nobody tuned, a little less than one limit for all. Its
# promise is another: one share may serve models of any size, where 1.0 means another thing in each.

# %% [markdown]
# ### Dropout, in two regimes · 4 min (90)
#
# **Dropout** sets a random share of the hidden numbers to 0 in each training step, so that no
# number can rely on another. A common advice is a share of 0.1 to 0.2. Once with all our text, of
# which each batch is new; once with 12 thousand characters that are read three times over. Each
# share at its own best rate, less no dropout, seed by seed.

# %%
for text in ("much text", "short text"):
    arms = [f"{text}, dropout {share:g}" for share in (0, 0.1, 0.2, 0.5)]
    gains = paired_differences(at_best(arms), arms[0])
    for arm, gain in gains.items():
        print(f"{arm}: {np.mean(gain):+.3f};", *(f"{g:+.3f}" for g in gain))
    worse = text == "much text"
    assert (np.mean(gains[arms[-1]]) > 0) == worse and (np.mean(gains[arms[2]]) > 0) == worse

# %% [markdown]
# On fresh text dropout only costs: there is nothing to memorise, and so nothing to prevent. On text
# that is read again it helps on all seeds; a share of 0.5 helps more than 0.2 on two of the three,
# so which share is best is not settled. The question "how much dropout?" has
# no answer before one has said how much data.

# %% [markdown]
# ### Averages instead of a schedule · 4 min (90)
#
# If the gain of the cosine is that the to and fro dies away, then one can have it in another way:
# keep the rate constant and **average the parameters** themselves. Either over the last quarter of
# the steps (SWA, stochastic weight averaging), or so that older ones fade (EMA, exponential moving
# average). Nothing else is changed.


# %%
def reached(arm, key):
    return [[found[arm, rate, s][key] for rate in recipe.RATES] for s in seeds]


keys = {"value": "last step", "average": "SWA", "fading": "EMA"}

# %%
lowest = {(arm, key): np.mean(reached(arm, key), axis=0).min() for arm in PAIR for key in keys}
for (arm, key), bits in lowest.items():
    print(f"{arm}, {keys[key]}: {bits:.3f} bits")
assert lowest["constant", "fading"] < lowest["constant", "value"] - 0.08
assert abs(lowest["warm-up and cosine", "fading"] - lowest["warm-up and cosine", "value"]) < 0.03

# %%
shown = [(arm, key) for arm in PAIR for key in ("value", "fading")]
curves = {f"{arm}, {keys[key]}": (recipe.RATES, reached(arm, key)) for arm, key in shown}
plot.show(
    plot.bands(curves, x="learning rate", y="held-out loss (bits per character)", logx=True),
    alt="Loss after 600 steps against the learning rate. The average lowers the valley of the "
    "constant rate to the depth of the cosine's valley. For warm-up and cosine, the curves with "
    "and without average lie on each other.",
)
assert len(curves) == 4

# %% [markdown]
# An average takes a constant rate to where the cosine ends. EMA needs no planned end (SWA does: one
# must know when the last quarter begins). After a cosine there is nothing left to average out. That
# fits the reason we gave: what both remove is the to and fro.

# %% [markdown]
# ### A rate that finds itself · 5 min (90)
#
# Can the rate be set by the training itself? Two honest forms. **Reduce on plateau** halves the
# rate when the held-out loss stops falling (so it *steers* by the text that also judges it: a
# favour that no other arm has). A **hypergradient** trains the rate by a gradient of its own: if
# the product of two gradients in a row, entry by entry and summed, is above 0, the rate grows; if
# it is below 0, the rate falls. The rate in the table is the one at the start.

# %%
for arm in ("constant", "plateau", "AdamW, hypergradient", "SGD", "SGD, hypergradient"):
    rates = recipe.arms()[arm].rates
    bits = {rate: np.mean([found[arm, rate, s]["value"] for s in seeds]) for rate in rates}
    print(f"{arm}:".ljust(22), *(f"{rate:g}: {b:.2f} " for rate, b in bits.items()))
    if arm == "AdamW, hypergradient":
        assert bits[0.001] < np.mean([found["constant", 0.001, s]["value"] for s in seeds]) - 0.3
assert bits[0.3] > 3.4

# %% [markdown]
# Halving on a plateau makes rates that are too large harmless. Over AdamW, the hypergradient climbs
# out of a rate that is far too small. Over SGD, from a small rate it ends worse than SGD does at
# rates on either side of it. A likely reason: in some directions p swings to and fro, gradients in
# a row disagree, and the rate falls until little moves. The rule looks one step ahead, and training
# is longer than that.

# %% [markdown]
# ## What broke, and why · 5 min
#
# What broke is the most innocent line of all. A batch too large for memory is cut into parts; each
# part gives a mean gradient; the mean of the means is taken. On three numbers: 30 characters have
# the mean gradient 1, another 10 have 5. The whole has (30 · 1 + 10 · 5) / 40 = 2. The mean of the
# means is 3.
#
# Here are 32 parts of two lines each, from our text. Lines are **ragged**: some short, some long.
# Our model reads a window of 6 characters at each place of each line.

# %%
parts = recipe.ragged_parts(seed)
batch = [next(parts) for _ in range(32)]
counts = [counted_targets(*part) for part in batch]
print("characters in each part:", *counts)
assert max(counts) > 1.5 * min(counts)

# %% [markdown]
# We train the model for 100 steps, then ask for its gradient in both ways. One weighs each part by
# its number of characters; the other weighs all `alike`, by 1.

# %%
print(inspect.getsource(counted_targets))

# %%
model = recipe.new_model(seed)
optimizer = optim.AdamW(model.parameters(), 0.008)
_ = fit(model, model.loss, recipe.new_batches(seed), optimizer, steps=100)


def gradient(batch, weight):
    for p in model.parameters():
        p.grad = None
    accumulate_gradients(model.loss, batch, weight)
    return np.concatenate([p.grad.ravel() for p in model.parameters()])


# %%
many = [[next(parts) for _ in range(32)] for _ in range(64)]  # 2048 parts
characters = np.array([sum(counted_targets(*part) for part in batch) for batch in many])
whole = np.array([gradient(batch, counted_targets) for batch in many])
means = np.array([gradient(batch, alike) for batch in many])


def off(few):
    """By how many percent the mean of means is off, over these batches together."""
    right = np.average(whole[few], axis=0, weights=characters[few])
    return 100 * np.linalg.norm(means[few].mean(axis=0) - right) / np.linalg.norm(right)


# %%
errors = {}
for k in (1, 4, 16, 64):
    errors[k] = np.mean([off(slice(i, i + k)) for i in range(0, 64, k)])
    print(f"{32 * k:5} parts: off by {errors[k]:.0f} %, mean of {64 // k}")
print("if it fell to 0 by chance alone, the last would be", f"{errors[1] / 8:.0f} %")
print("you said", my_off)
assert errors[1] > errors[4] > errors[16] and errors[64] > 2 * errors[1] / 8

# %% [markdown]
# **If you said "it falls to 0"**: a part of it does, that of chance. **If you said "it stays"**: a
# part of it does. A character in a short part counts for more than one in a long part, *in every
# batch*, and short lines need not be like long ones (think of headings). Such an error, which more
# data does not remove, is called a **bias**. **If you said "it falls, then stays"**: so it is. The
# part of chance falls, the bias stays.
#
# What does it cost? A hundred steps of 32 parts, at one rate, three seeds:

# %%
cost = {
    arm: [found[arm, 0.008, s]["value"] for s in seeds]
    for arm in ("parts weighed", "mean of means")
}
for arm, bits in cost.items():
    print(f"{arm}:", *(f"{b:.3f}" for b in bits), "bits")
extra = np.subtract(cost["mean of means"], cost["parts weighed"])
print(f"the mistake costs {extra.mean():+.3f} ({extra.min():+.3f} to {extra.max():+.3f}) bits")
assert abs(extra.mean()) < 0.1

# %% [markdown]
# It costs on all three seeds, and so little that nobody notices: a run with this mistake looks
# healthy. **A mean of means is not the mean.** The repair is one factor: weigh each part by how
# many characters count in it.

# %% [markdown]
# ## Exercises · 15 min (90)
#
# Three; the last fits into a long class, the others are for home. `tinyffn hint 7.1` in a
# terminal helps if you are stuck.
#
# **Exercise 7.1: a step of AdamW whose means need no correction** (35 minutes). Keep the corrected
# means themselves, in one array. By which rule do they move on? (At the first step a gradient is
# its own mean; after many steps it hardly counts.) The folder is `exercises/07_1_adamw_step`.

# %%
predict("7.1")

# %%
check("7.1")

# %% [markdown]
# Once its checks pass, your own step trains the window MLP. Without decay, AdamW is Adam: the
# losses should be those of the library's Adam, up to rounding.


# %%
class MyAdamW(optim.Optimizer):
    def __init__(self, parameters, rate):
        super().__init__(parameters, rate)
        self.t, self.means = 0, [np.zeros((2, *p.shape), p.dtype) for p in self.parameters]

    def step(self):
        self.t += 1
        super().step()

    def update(self, i, p):
        p.data[...], self.means[i] = my_step(p.data, p.grad, self.means[i], self.t, self.rate)


# %%
my_step = mine("7.1").adamw_step
_, my_history = train(partial(MyAdamW, rate=0.008), steps=100)
_, their_history = train(partial(optim.Adam, rate=0.008), steps=100)
print(f"loss after 100 steps: yours {my_history.loss[-1]:.2f}, Adam's {their_history.loss[-1]:.2f}")
assert abs(my_history.loss[-1] - their_history.loss[-1]) < 0.1

# %% [markdown]
# **Exercise 7.2: clip each group by its own limit** (25 minutes). Real programs clip, say, the
# embedding by one limit and the rest by another; and now and then a gradient holds an infinite
# number. What must happen then, and to whom? The folder is `exercises/07_2_clip_groups`.

# %%
predict("7.2")

# %%
check("7.2")

# %% [markdown]
# **Exercise 7.3: the gradient of a large batch, from the means of its parts** (15 minutes). Parts
# come one by one, and nobody knows how many will follow; some hold nothing that counts. And some
# programs insist on dividing by the number of parts. Repair both. The folder is
# `exercises/07_3_weigh_by_tokens`.

# %%
predict("7.3")

# %%
check("7.3")

# %% [markdown]
# Your `merge` takes the gradients of the 32 ragged parts in one after the other.

# %%
merge = mine("7.3").merge
mean, n = gradient(batch[:1], alike), counts[0]
for part, count in zip(batch[1:], counts[1:], strict=True):
    mean, n = merge(mean, n, gradient([part], alike), count)
right = gradient(batch, counted_targets)
print(f"{n} characters; off by {100 * np.linalg.norm(mean - right) / np.linalg.norm(right):.3f} %")
assert n == sum(counts) and np.allclose(mean, right, atol=1e-5)

# %% [markdown]
# ## Check yourself · 2 min
#
# Answer first, then open.
#
# <details><summary>1. (Long class) Someone adds 0.1 · p to each gradient and calls it AdamW. Which
# weights hardly shrink, and why?</summary>
#
# Those with large gradients. The decay enters through the gradient, so it is divided by the usual
# size of the gradient like all else. In AdamW it stays outside.
# </details>
#
# <details><summary>2. A warm-up of 100 steps, a peak of 0.01, a cosine planned to end at step 1100:
# what is the rate at step 50, at 600, and at the end? You stop at step 600. What is lost?</summary>
#
# About half the peak; half the peak, as half of the cosine is done; 0. If you stop there, the rate
# has not yet fallen, and the low end, which is the gain of a schedule, does not come.
# </details>
#
# <details><summary>3. In your run, the gradient is longer than the limit at every step. What does
# clipping do to SGD, what does it do to Adam, and when does it help?</summary>
#
# To SGD it is a smaller rate. Adam divides by the usual size anyway: if all steps are shortened by
# about the same factor, that factor cancels. It helps both when single gradients are far longer
# than the rest. Look at the lengths, and set the limit above most of them.
# </details>
#
# <details><summary>4. "Our schedule converges 40 % faster." Name three questions to ask.</summary>
#
# At which learning rate, and is it the best one for the other side too? Faster to which loss, and
# does another goal give another figure? How many seeds, and how far do they differ?
# </details>

# %% [markdown]
# ## Go further
#
# - Kingma and Ba 2015, *Adam*, [arXiv:1412.6980](https://arxiv.org/abs/1412.6980): algorithm 1 is
#   our few lines; section 3 derives the correction of the means.
# - Loshchilov and Hutter 2019, *Decoupled weight decay regularization*,
#   [arXiv:1711.05101](https://arxiv.org/abs/1711.05101): why L2 and weight decay part ways in Adam.
# - Loshchilov and Hutter 2017, *SGDR*, [arXiv:1608.03983](https://arxiv.org/abs/1608.03983): the
#   cosine, there with restarts.
# - Touvron et al. 2023, *LLaMA*, [arXiv:2302.13971](https://arxiv.org/abs/2302.13971): its
#   section on the optimizer is the recipe that we tried.
# - Brock et al. 2021, [arXiv:2102.06171](https://arxiv.org/abs/2102.06171): clipping by scale, a
#   limit for each unit's weights.
# - Izmailov et al. 2018, [arXiv:1803.05407](https://arxiv.org/abs/1803.05407): averages of weights.
#   Baydin et al. 2018, [arXiv:1703.04782](https://arxiv.org/abs/1703.04782): the rate of the rate.
# - Next: **08, attention**. A window of 6 characters forgets all before it. What would it take to
#   look anywhere?
