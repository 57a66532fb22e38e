# %% [markdown]
# # 07 · The training recipe
#
# **Which of the usual ingredients does what?**

# %% [markdown]
# ## Where you are · 2 min
#
# Lesson 06 turned text into numbers and trained a **window MLP** on it: a small network that reads
# the last few characters and guesses the next one. Since lesson 03, a black box named Adam has done
# the training. This lesson opens it, and looks at the other ingredients that papers list beside it.

# %%
import inspect
from functools import partial

import ipywidgets
import numpy as np

from tinyffn import optim, plot
from tinyffn.data import cut_lines, documentation, fingerprint, random_lines
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
# ## The question · 2 min
#
# A paper on a language model has a paragraph like this one: *AdamW, weight decay 0.1, clipping at
# 1.0, 2000 steps of warm-up, then a cosine.* (It is, nearly, that of LLaMA-1.) An article that we
# read for this course adds: such a schedule gives "40 % faster convergence".
#
# Five ingredients in one sentence. Which of them does the work? Which is a habit? And what does a
# figure such as "40 % faster" say? We build each by hand, then change one thing at a time.

# %% [markdown]
# ## What you will be able to do · 1 min
#
# | you will | and this tests it |
# |---|---|
# | **compute** three steps of SGD, momentum and AdamW by hand | exercise 7.1 |
# | **tell** decoupled weight decay from Adam with L2 | exercise 7.1, question 1 |
# | **say** what clipping does with outliers, and without | exercise 7.2, question 2 |
# | **weigh** parts of a batch so that they add up to the whole | exercise 7.3, question 3 |
# | **take apart** a headline of the form "X % faster" | question 4 |
#
# *You need*: lessons 01 to 06. *Time*: 50 minutes for the core; parts marked (90) fill a longer
# class.

# %% [markdown]
# ## Predict · 4 min
#
# Put your answers in place of `None`. Nothing is graded.
#
# **Prediction 1.** A **schedule** changes the learning rate during training. *Warm-up and cosine*
# raises it from 0 to a peak, then lowers it to 0 along half a cosine. You train one model with a
# constant rate, and once more with this schedule and the same peak. How many percent fewer steps
# does the schedule need to reach the same loss?

# %%
my_gain = None  # percent; a negative number if you think it needs more steps

# %% [markdown]
# **Prediction 2.** *Clipping at 1.0* shortens every gradient that is longer than 1, all parameters
# taken together, to length 1. We train on clean text, with no damaged data. In how many percent of
# the steps does clipping do anything?

# %%
my_clipped = None  # percent

# %% [markdown]
# **Prediction 3.** Two weights both begin at 1. The loss pushes each to and fro and wants nothing
# of them: the first feels gradients of +10 and -10 in turn, the second +0.1 and -0.1. We train with
# Adam, and want weights to shrink: so we add 0.1 times the weight to its gradient. Which of the two
# is nearer to 0 after a thousand steps: "first", "second" or "same"?

# %%
my_smaller = None  # "first", "second" or "same"

# %% [markdown]
# **Prediction 4.** A batch is too large for memory, so it is cut into 32 parts, each of two lines
# of text. Each part gives a mean gradient over its own characters, and you take the mean of the 32
# means. By how many percent is it off from the gradient of the whole batch?

# %%
my_off = None  # percent

# %% [markdown]
# ## Build by hand on three numbers · 8 min
#
# One parameter p begins at 1, and its gradient in three steps is 4, then 4, then -2. The rate is
# 0.1. **SGD** (stochastic gradient descent) goes against each gradient: p ← p - rate · dp.

# %%
gradients, rate = [4.0, 4.0, -2.0], 0.1
p = 1.0
for dp in gradients:
    p = p - rate * dp
    print(f"gradient {dp:g}: p = {p:.2f}")
assert np.isclose(p, 0.4)

# %% [markdown]
# **Momentum** lets the step roll on: m is a running sum in which older gradients fade, here by half
# at each step. At the third step the gradient has turned, but m still points the old way.
# (**Nesterov** momentum looks one step ahead: it adds the newest gradient once more,
# p ← p - rate · (dp + 0.5 m).)

# %%
p, m = 1.0, 0.0
for dp in gradients:
    m = 0.5 * m + dp
    p = p - rate * m
    print(f"gradient {dp:g}: m = {m:g}, p = {p:.2f}")
assert m > 0 and np.isclose(p, -0.1)

# %% [markdown]
# **Adam** keeps two running *means*: m of the gradients, v of their squares. It steps along m
# divided by the root of v, that is, along the gradient divided by its own usual size. Both means
# begin at 0, so they are too small at first. After t steps with a fading of beta, they hold the
# share 1 - betaᵗ of a full mean, and are divided by it.

# %%
def adam_path(gradients, beta=0.5):
    p, m, v, path = 1.0, 0.0, 0.0, []
    for t, dp in enumerate(gradients, start=1):
        m = beta * m + (1 - beta) * dp
        v = beta * v + (1 - beta) * dp**2
        m_full, v_full = m / (1 - beta**t), v / (1 - beta**t)
        p = p - rate * m_full / np.sqrt(v_full)
        path.append(round(p, 2))
    return path


print("p =", adam_path(gradients))
assert np.allclose(adam_path(gradients)[:2], [0.9, 0.8])

# %% [markdown]
# Work the first step out on paper: m is 2, v is 8; divided by 1 - 0.5 they are 4 and 16; and 4
# divided by the root of 16 is 1. So p moves by exactly the rate. What if every gradient were a
# hundred times as large?

# %%
large = [100 * dp for dp in gradients]
print("SGD ends at", 1 - rate * sum(large), "; Adam goes", adam_path(large))
assert np.allclose(adam_path(large), adam_path(gradients))

# %% [markdown]
# SGD is thrown out of the room. Adam does not notice: **size cancels**. This is its main
# property, for good and for ill: one rate fits all parameters, and no gradient can say "this is
# urgent" by being large.

# %% [markdown]
# ## The clear version · 8 min
#
# Two things are added for real use. A tiny number `eps` keeps us from dividing by 0, and **weight
# decay** makes weights shrink by themselves: p loses the share rate · weight_decay at each step.
# That is **AdamW**.

# %%
def adamw(p, dp, m, v, t, rate, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.0):
    m = beta1 * m + (1 - beta1) * dp
    v = beta2 * v + (1 - beta2) * dp**2
    m_full, v_full = m / (1 - beta1**t), v / (1 - beta2**t)
    p = (1 - rate * weight_decay) * p
    p = p - rate * m_full / (np.sqrt(v_full) + eps)
    return p, m, v


# %% [markdown]
# The older way to shrink weights is **L2**: add weight_decay · p to the gradient, as if the loss
# held ½ weight_decay · p². In SGD the two are the same. In Adam, whatever enters through the
# gradient is divided by its usual size. Prediction 3 asked what that does to two weights, one that
# feels gradients of size 10, the other of size 0.1.

# %%
def shrink(decoupled, weight_decay=0.1):
    p, m, v = np.ones(2), np.zeros(2), np.zeros(2)
    for t in range(1, 1001):
        dp = np.array([10.0, 0.1]) * (-1) ** t
        if decoupled:
            p, m, v = adamw(p, dp, m, v, t, rate=0.002, weight_decay=weight_decay)
        else:
            p, m, v = adamw(p, dp + weight_decay * p, m, v, t, rate=0.002)
    return p


l2, decoupled = shrink(False), shrink(True)
print("Adam with L2: first {:.2f}, second {:.2f}".format(*l2))
print("AdamW:        first {:.2f}, second {:.2f}".format(*decoupled))
print("you said", my_smaller)
assert abs(l2[1]) < 0.2 < 0.9 < l2[0]
assert abs(decoupled[0] - decoupled[1]) < 0.02

# %% [markdown]
# **If you said "same"**: in SGD you would be right, and under AdamW as well. **If you said
# "first"**: its gradients are larger, but so is what they are divided by. With L2, a weight that
# hears much from the loss hardly shrinks at all. **Adam with L2 is not AdamW.**

# %% [markdown]
# ## The library's version · 3 min
#
# Look for our lines. `tiles` hands out pieces of the arrays that fit into the fast memory of the
# processor, and everything is done in place. The two corrections are moved: one into the rate, one
# behind the root.

# %%
print(inspect.getsource(optim.AdamW.update))

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
print(f"largest difference after 20 steps: {np.abs(p - theirs.data).max():.0e}")
assert np.allclose(p, theirs.data, atol=1e-12)

# %% [markdown]
# ## Measure · 14 min
#
# All that follows is one model on one text. It reads 6 characters, holds 40 thousand numbers, and
# takes 600 steps of 64 examples: less than a second. Each **arm** of the study changes one
# ingredient. Each ran at several rates, on three seeds that all arms share. We compare **bits per
# character on held-out text** (lesson 06): lower is better.

# %%
study = load("recipe")
runs, seeds = study["runs"], recipe.SEEDS
found = {(run["arm"], run["rate"], run["seed"]): run for run in runs}
print(len(runs), "runs;", study["settings"]["n_parameters"], "parameters; text", end=" ")
print(study["settings"]["text"], "; made by", study["command"])
assert len(runs) > 300

# %% [markdown]
# Those runs took some minutes, so they are kept in a file. Is the file to be trusted? We run one of
# them again, for a tenth of its steps, and lay it beside what was kept.

# %%
again = recipe.run("warm-up and cosine", 0.016, seed, stop=60)["curve"]
kept = found["warm-up and cosine", 0.016, seed]["curve"][:3]
print("now:", again, " kept:", kept)
assert np.abs(np.subtract(again, kept)).max() < 0.15  # another Python has slightly other text

# %% [markdown]
# ### From SGD to AdamW
#
# Each optimiser at its own best rate. A dot is a seed, a tick is their mean.

# %%
def at_best(names):
    return at_best_rate([run for run in runs if run["arm"] in names])


def draw_arms(names, **settings):
    values = {arm: list(by_seed.values()) for arm, by_seed in at_best(names).items()}
    values = {arm: values[arm] for arm in names}
    return plot.ranges(values, x="held-out loss (bits per character)", **settings)


# %%
ladder = ["SGD", "momentum", "Nesterov", "Adam", "AdamW, clean", "AdamW, decay 0.1"]
plot.show(
    draw_arms(ladder),
    alt="Held-out loss of six optimisers, three seeds each, at each one's best rate. SGD, momentum "
    "and Nesterov lie together on the right, Adam and both AdamW on the left, clearly lower.",
)
best = best_rates(runs)
print("; ".join(f"{arm}: best rate {best[arm]:g}" for arm in ladder))
gains = paired_differences(at_best(ladder), "SGD")
for arm, gain in gains.items():
    print(f"{arm} less SGD: mean {np.mean(gain):+.3f}, {min(gain):+.3f} to {max(gain):+.3f}")
assert max(gains["Adam"]) < 0

# %% [markdown]
# Adam is what makes the difference here. Momentum, Nesterov and decay do not move this small model
# by more than the seeds do, once each has its own best rate. On other tasks they may: what you see
# is a way to ask, not a law.

# %% [markdown]
# ### A headline
#
# Now the schedule. You are the author of a paper, and you compare a constant rate with warm-up and
# cosine. You choose one rate for both, "for fairness", and a loss of 3.0 bits as the goal. Choose:
# put any rate from the printed list in place of 0.016, and look for the best headline.

# %%
def steps_to(arm, rate, bits=3.0):
    """Steps until the held-out loss is down at so many bits, for each seed."""
    return [recipe.steps_to(found[arm, rate, s]["curve"], bits) for s in seeds]


def headline(rate, bits=3.0):
    old, new = (np.mean(steps_to(arm, rate, bits)) for arm in ("constant", "warm-up and cosine"))
    if np.isinf([old, new]).any():
        words = {True: "never gets there", False: "does"}
        return f"constant {words[bool(np.isinf(old))]}, schedule {words[bool(np.isinf(new))]}"
    return f"constant {old:.0f} steps, schedule {new:.0f}: {100 * (1 - new / old):.0f} % fewer"


# %%
my_rate = 0.016
print("rates:", recipe.RATES)
print(f"at {my_rate}:", headline(my_rate))
assert my_rate in recipe.RATES

# %% [markdown]
# You have just found a figure that a reader would quote. Every number in it is measured, over three
# seeds. Here is all that was measured.

# %%
for rate in recipe.RATES:
    print(f"at {rate:<6}:", headline(rate))
print("you said", my_gain)
slow, fast = 0.004, 0.016
assert np.mean(steps_to("warm-up and cosine", fast)) < 0.9 * np.mean(steps_to("constant", fast))
assert np.mean(steps_to("warm-up and cosine", slow)) > np.mean(steps_to("constant", slow))

# %%
def draw(bits):
    arms = ("constant", "warm-up and cosine")
    curves = {arm: np.transpose([steps_to(arm, rate, bits) for rate in recipe.RATES]) for arm in arms}
    figure = plot.bands(
        {arm: (recipe.RATES, np.minimum(steps, 640)) for arm, steps in curves.items()},
        x="learning rate (of the schedule: its peak)",
        y=f"steps to {bits:.1f} bits",
        references={"not within 600 steps": 640},
        logx=True,
    )
    plot.show(figure, alt=f"Steps to {bits:.1f} bits against the learning rate. " + ALT)


ALT = (
    "Two curves, both shaped like a valley. At small rates the constant rate is faster, at large "
    "rates warm-up and cosine is; they cross in between. The valley of the schedule lies farther "
    "to the right and is a little deeper."
)
draw(3.0)
