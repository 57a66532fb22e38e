# %% [markdown]
# # 13 · How much fits?
#
# **How many bits does a weight hold?**

# %% [markdown]
# ## Where you are · 1 min
#
# Lesson 12 read a feed-forward layer as a memory: each neuron has a key, which decides how strongly
# it answers, and a value, which is what it adds. How much fits into such a memory? Lesson 14 will
# change what is in it.

# %%
import inspect

import ipywidgets
import numpy as np

from tinyffn import nn, ops, plot
from tinyffn.data import draw_glyphs, random_batches, random_facts
from tinyffn.lab import check, mine, predict
from tinyffn.optim import Adam
from tinyffn.studies import activations, capacity, cover, hopfield, results, superposition
from tinyffn.studies.capacity_layer import logits as scores_of
from tinyffn.studies.capacity_layer import train as fill
from tinyffn.studies.stored import stored_bits
from tinyffn.train import fit

seed = 13
rng = np.random.default_rng(seed)
print(f"seed {seed}; what is trained has the seeds 1, 2 and 3")

# %%
plot.show(
    plot.course_map(here=13),
    alt="The map of the course. The box of lesson 13, how much fits, is marked 'you are here': the "
    "second box of the third row, memory.",
)

# %% [markdown]
# ## The question · 2 min
#
# We count knowledge in **bits**. One bit is what a yes or no tells, if both are as likely. A fact
# with 16 possible answers, each as likely, takes log2 16 = 4 bits to write down.
#
# A weight is a float32 number, and takes 32 bits of memory. So does it hold (or store: here that is
# the same) 32 bits of facts? Or, as it is a real number with many digits, would it hold more if it
# had more of them? We look for the answer twice: with paper and pencil for a single neuron; then we
# fill whole layers with facts, until they run over.

# %% [markdown]
# ## What you will be able to do · 1 min
#
# | you will | and this tests it |
# |---|---|
# | **count** what a neuron can answer, and tell a capacity from a ceiling | questions 1 and 2 |
# | **derive** the slopes of a model that keeps more features than it has numbers | exercise 13.1 |
# | **count** the bits that a model has stored | exercise 13.2 |
# | **write** facts into a layer, without training | exercise 13.3 |
# | **say** what a memory loses without its non-linearity | question 3 |
#
# *You need*: lessons 01 to 08, and 12. *Time*: 50 minutes for the core; parts marked (90) fill a
# longer class.

# %% [markdown]
# ## Predict · 4 min
#
# **Prediction 1.** A neuron with two weights and no bias answers + where w · x is above 0, and −
# elsewhere. It gets three inputs, no two of them on one line through the middle. There are 8 ways
# to write + or − beside three inputs. How many of the 8 can the neuron answer, each by a choice of
# its two weights?

# %%
my_ways = None  # a whole number up to 8

# %% [markdown]
# **Prediction 2.** A feed-forward layer with ReLU learns facts by heart: made-up ones, which nobody
# could guess. How many bits of facts does it hold for each of its weights, at the most?

# %%
my_bits = None  # a number; 32 is what a weight takes in memory

# %% [markdown]
# **Prediction 3.** A gated layer (SwiGLU, lesson 05) has about as many weights. Does it hold
# "more", "fewer" or "as many" bits?

# %%
my_gated = None  # "more", "fewer" or "as many"

# %% [markdown]
# **Prediction 4.** A layer is taught 1,200 facts. It learns nearly all of them, and then it is
# nearly full. Another one like it is taught 2,400. About how many of these does it answer right?

# %%
my_overfull = None  # a whole number up to 2,400

# %% [markdown]
# ## Build by hand on three inputs · 5 min
#
# Three inputs in the plane, and one choice of weights:

# %%
x = np.array([[1, 0], [0, 1], [1, 1]])
w = np.array([2, -1])
print("w · x:", x @ w, "  so the neuron answers + − +")
assert np.array_equal(x @ w > 0, [True, False, True])

# %% [markdown]
# One way to write a + or − beside each input is a **labeling**; this w answers the labeling + − +.
# The length of w does not matter, only its direction. So let it turn once around, and count the
# labelings on the way.

# %%
angle = np.linspace(0, 2 * np.pi, 1000)
around = np.stack([np.cos(angle), np.sin(angle)])
answered = np.unique(x @ around > 0, axis=1)
print(f"labelings that some w answers: {answered.shape[1]} of 8; you said {my_ways}")
assert answered.shape[1] == 6

# %%
plot.show(
    plot.regions(
        x.T, np.zeros(3), half=1.2, x="first weight", y="second weight",
        scale="inputs answered +", name=lambda on: " ".join("+" if o else "−" for o in on),
        width=6,
    ),
    alt="The plane of the two weights, cut by three straight lines through its middle into six "
    "pieces like a cake. Each piece bears the labeling that its weights answer. Plus plus minus "
    "and minus minus plus are not among them.",
)  # fmt: skip
assert not any(np.array_equal(labels, [True, True, False]) for labels in answered.T)

# %% [markdown]
# It is a picture of lesson 04 with the roles exchanged. There, neurons cut the plane of inputs.
# Here each *input* cuts the plane of *weights*, along the line w · x = 0: on one side of it the
# neuron answers +, on the other −. Three lines through one point make six pieces, one for each
# labeling that can be answered.
#
# Which are missing? + + − is: with w₁ and w₂ above 0, their sum is too. And so is its mirror image.
# **If you said 8**: two weights are free to choose, but three answers are not. **If you said 4**,
# you counted 2 to the power of the weights.
#
# A fourth input cuts two of the pieces: 8 labelings, of now 16. Each further one adds two, while
# the possible ones double.

# %% [markdown]
# ## The clear version · 5 min
#
# ### Any number of weights
#
# Why did a fourth line add two? It runs through the middle, so through two pieces, one on either
# side, and cuts each of them in two. With d weights the pieces lie in d dimensions, and one more
# input is one more plane through the middle. How many pieces does it cut? Look at the new plane
# alone. The n old ones divide it into parts, and each part lies in another piece. A plane has one
# dimension less than the whole, so the parts are count(n, d - 1). So (Cover 1965)
#
# ```
# count(n + 1, d) = count(n, d) + count(n, d - 1)
# ```
#
# One input has two labelings, + and −. With one weight there are always two: only its sign counts.


# %%
def count(n, d):
    counts = np.full(d, 2.0)  # of one input: with 1, 2, ..., d weights
    for _ in range(n - 1):
        counts[1:] = counts[1:] + counts[:-1]  # counts[0], of one weight, stays 2
    return counts[-1]


# %%
print("2 weights, 1 to 5 inputs:", *(f"{count(n, 2):.0f}" for n in range(1, 6)))
for n in (20, 30, 40, 50, 60):
    print(f"20 weights, {n} inputs: {100 * count(n, 20) / 2.0**n:5.1f} % of all labelings")
assert count(3, 2) == 6 and count(40, 20) == 2.0**39

# %% [markdown]
# Up to 20 inputs it can answer any labeling. At 40, two for each weight, it is exactly half of
# them. Soon after, next to none. Does a real search for weights agree? Random inputs, random
# labelings, 60 for each point; a program finds weights or proves that there are none.

# %%
inputs = [20, 30, 36, 40, 44, 50, 60]
found = [cover.separated_share(n, 20, trials=60, rng=rng) for n in inputs]
law = {d: [(n / d, cover.separable_share(n, d)) for n in range(1, 4 * d + 1)] for d in (2, 20, 200)}
plot.show(
    plot.lines(
        {f"{d} weights": tuple(zip(*points, strict=True)) for d, points in law.items()},
        points={"20 weights, searched": ([n / 20 for n in inputs], found)},
        x="inputs for each weight", y="share of labelings answered",
    ),
    alt="Three falling curves that cross at 2 inputs for each weight and one half. The more "
    "weights, the steeper: with 200 it is a cliff. Points of a search with 20 weights lie near its "
    "curve.",
)  # fmt: skip
assert np.abs(np.subtract(found, [cover.separable_share(n, 20) for n in inputs])).max() < 0.25

# %% [markdown]
# The more weights, the steeper the cliff, and it stands at **two inputs for each weight**: with
# many weights, nearly every labeling can be answered just below it, next to none just above. Each
# input stores one answer, + or −, which is one bit. So a neuron stores two bits for each weight.
# More digits would not help: inside a piece of the picture, all digits give the same answers.
#
# ### From answers to bits
#
# A layer gives a chance to each of 16 answers, and may be unsure. Without the layer a label costs 4
# bits to write down. With it, it costs −log2 of the chance that the layer gives to the right one.
# What is saved, the difference, is stored:

# %%
for chance in (1, 1 / 2, 1 / 16, 1 / 256):
    print(f"chance {chance:.3f} for the right one: {4 + np.log2(chance):+.0f} bits stored")
assert 4 + np.log2(1 / 16) == 0


# %%
def bits(logits, labels):
    log_p = ops.log_softmax(logits).data[np.arange(len(labels)), labels]
    return np.sum(np.log2(logits.shape[1]) + log_p / np.log(2))


# %%
logits = np.array([[2.0, 0.0, 0.0, 0.0], [0.0, 0.0, 1.0, 0.0], [3.0, 0.0, 0.0, 1.0]])
labels = np.array([0, 2, 3])
print(f"stored of three facts (4 labels, so 2 bits each): {bits(logits, labels):.2f} bits")
print(f"the same answers, ten times as sure:              {bits(10 * logits, labels):.2f} bits")
assert bits(10 * logits, labels) < bits(logits, labels)

# %% [markdown]
# Here the third answer is wrong, and being surer of it costs more than all three facts are worth.
# But being sure is not knowing.

# %% [markdown]
# ## The library's version · 3 min
#
# Cover's count as a sum: it is what adding rows, as we did, comes to.

# %%
print(inspect.getsource(cover.separable_count))

# %%
sizes = [(n, d) for n in range(1, 30) for d in range(1, 12)]
assert all(count(n, d) == cover.separable_count(n, d) for n, d in sizes)
print(f"ours and the library's agree at {len(sizes)} pairs of n and d")

# %% [markdown]
# And `stored_bits` counts as ours does, but first multiplies all logits by one number: the one with
# which most bits come out: one over a **temperature** (exercise 8.1), which is fitted. It takes
# away how sure the layer is, and leaves what it knows.

# %%
best = max(bits(scale * logits, labels) for scale in np.linspace(0, 2, 2001))
print(f"the best of 2001 scales: {best:.3f} bits; stored_bits: {stored_bits(logits, labels):.3f}")
print(f"ten times as sure:       stored_bits: {stored_bits(10 * logits, labels):.3f}")
assert abs(best - stored_bits(logits, labels)) < 1e-3
assert abs(stored_bits(10 * logits, labels) - stored_bits(logits, labels)) < 1e-6

# %% [markdown]
# ## Measure · 22 min
#
# ### Layers that run over
#
# The facts: keys of 16 random numbers, and for each key one of 16 labels, drawn at random. Nobody
# can guess a label, so all that a layer answers better than by chance it has stored. Three layers
# with 16 inputs and 16 outputs: ReLU with 64 neurons, which has 2,128 weights (here these are all
# trained numbers, biases too); SwiGLU with 43, which has 2,166; and one with 64 neurons and no bend
# at all, so linear. What a label looks like, a fixed random vector, is given and not trained.
#
# Each fact is shown 1,000 times; to the first two also 100 times. Adam makes four steps a pass,
# each with a quarter of the facts, at a rate that falls to 0 in a straight line. The runs are kept
# in a file. Is it to be trusted? One of the short ones again:

# %%
runs = results.load("capacity")["runs"]
one = ("ReLU, 100 exposures, 1000 facts", 1, 0.16)
(kept,) = (run for run in runs if (run["arm"], run["seed"], run["rate"]) == one)
again = capacity.run(*one)
print(f"stored bits for each weight, now: {again['value']:.2f}, kept: {kept['value']:.2f}")
assert abs(again["value"] - kept["value"]) < 0.15

# %% [markdown]
# A layer that stores all of N facts has stored 4 N bits: more are not there. So N is raised until
# the stored bits leave that line and rise no more.

# %%
weights = {"ReLU": 2128, "gated": 2166}
stored = {kind: capacity.curve(runs, kind, 1000) for kind in weights}
by_seed = {k: np.transpose([list(of_n.values()) for of_n in stored[k].values()]) for k in weights}
plot.show(
    plot.bands(
        {kind: (list(stored[kind]), n * by_seed[kind]) for kind, n in weights.items()},
        laws={"all N facts": ([800, 1700], [3200, 6800])},
        references={"2 bits for each of 2,128": 4256}, references_left=True,
        x="number of facts N", y="stored bits", height=5,
    ),
    alt="Stored bits against the number of facts. ReLU and gated follow the rising line of all N "
    "facts. ReLU leaves it near 1200 facts and goes on level, a little above two bits for each "
    "weight. Gated leaves it near 1500, and goes on level, well above that.",
)  # fmt: skip
assert np.allclose(by_seed["ReLU"][:, 0], 4 * 800 / 2128, atol=0.02)  # all of 800 facts

# %%
print(capacity.told(runs))
tops = {
    (kind, times): list(capacity.peak(capacity.curve(runs, kind, times))[1].values())
    for kind in weights
    for times in (100, 1000)
}
assert min(tops["ReLU", 1000]) > 1.5 and max(tops["ReLU", 1000]) < min(tops["gated", 1000]) < 4

# %% [markdown]
# Follow a curve. At first it runs along the line, which says how many facts there were, and nothing
# of the layer. Then it leaves the line, soon rises no more, and in the end falls a little. Its top
# is the **capacity**, for this way of training. How many facts are answered right?

# %%
for kind, n in (("ReLU", 64), ("gated", 43)):
    right, (N, _) = capacity.answered(runs, kind, 1000), capacity.peak(stored[kind])
    told = ", ".join(f"{right[of]:.0f} of {of}" for of in (1200, 1800, 2400))
    print(f"{kind:6} right: {told}; most bits with {N} facts, {N / n:.0f} for each neuron")
right = capacity.answered(runs, "ReLU", 1000)
print(f"you said {my_bits} bits, gated {my_gated}; of 2400 facts {my_overfull} right")
assert 0.8 < right[2400] / right[1200] < 1.2

# %% [markdown]
# **If you said 32** (Prediction 2): a weight holds what changes an answer, and most of its digits
# change none. **If you said 4, 8 or 16**, you may have thought of the digits that are needed: they
# are counted below. **If you said far fewer than 1,200** (Prediction 4): there are memories that
# break down when too much is put in; the part marked (90) has one. A trained layer is just full.
# **If you said 2,400**: it *is* full; there are no free weights for the others. (Half-known facts
# count too: so the bits may rise where the right answers hardly do.)
#
# ### Whose number is it?
#
# Of the layer, or of the way it was found? First the rates, with 1,600 facts, on three seeds:

# %%
for kind in weights:
    at = capacity.at_each_rate(runs, f"{kind}, 1000 exposures, 1600 facts")
    print(f"{kind:6}", ", ".join(f"rate {rate}: {bits_each:.2f}" for rate, bits_each in at.items()))
    assert max(at, key=at.get) == 0.16

# %% [markdown]
# So a layer at a bad rate seems to be a small one. That is why each point of the curves has its
# best of four rates, chosen by the stored bits themselves. (There are no test facts to choose by: a
# fact that was not trained is not stored. It flatters all layers alike. The dent in ReLU's curve is
# where its best rate changes from 0.08 to 0.16: none between them was tried.) Now one setting at a
# time is changed: the width, with as many facts for each weight; the number of labels; the steps a
# pass.

# %%
print(capacity.told_varied(runs))
most = {}
for name in ("", *capacity.VARIED):
    by_n = capacity.curve(runs, "ReLU", 1000, name)
    most[name] = max(np.mean(list(of_n.values())) for of_n in by_n.values())
assert abs(most["32 neurons"] - most["128 neurons"]) < 0.4
assert most["2 labels"] < most["4 labels"] < most[""] > most["1 step a pass"]

# %% [markdown]
# Half or twice as many neurons change it by a tenth at most, and the gate is ahead at each width.
# With one step a pass less is stored, with 16 no more than with 4. But the number of labels counts.
# With 2 labels only the difference of two scores matters, so one direction of the 16 outputs; with
# 4 labels three directions. The weights behind the others have no work.
# (With 4 labels most is stored with the most facts that were tried: it may be a little more.) So
# divide by those that have work:

# %%
for name, n in (("2 labels", 2), ("4 labels", 4), ("", 16)):
    busy = 64 * 17 + 65 * (n - 1)  # into the neurons, and out of them in n - 1 directions
    for_each = most[name] * 2128 / busy
    print(f"{n:2} labels: {busy:5,} weights at work, {for_each:.2f} bits for each")
    assert 1.9 < for_each < 2.7

# %% [markdown]
# So "two bits a weight" is what a layer of this kind holds, trained in this way, if all its weights
# have work. That it is near Cover's two is no law: he asks whether weights *exist* with which one
# neuron gives *all* its answers, yes or no; here training *looks* for the weights of a whole layer,
# and half-known facts count. His line is no bound for it: the gated layer stands above it.
#
# ### Is it the same for text?
#
# Allen-Zhu and Li (2024) taught language models made-up biographies, and counted in the same way.
# What they found stands above, beside ours. And what does a gate change?

# %%
gain = {e: np.mean(tops["gated", e]) / np.mean(tops["ReLU", e]) for e in (100, 1000)}
print("each fact shown             100 times   1,000 times")
print(f"a gate gives, here:         x {gain[100]:.2f}      x {gain[1000]:.2f}")
print("in their language models:   / 1.3       x 1")
assert min(gain.values()) > 1.05

# %% [markdown]
# It agrees in the size: about two bits, and less after a tenth of the training. It disagrees in the
# gate. **If you said "fewer" or "as many"** (Prediction 3), you are right about their language
# models. They suspect that gated layers are harder to train. Ours is too, at the highest rate; but
# at its best one it holds more, and our figures do not say why. There are other differences. Ours
# is trained alone, on keys that are given whole; there, a name is first put together from words,
# through many layers. Which of them makes the gate help here and not there, we have not tested. A
# capacity belongs to a layer *and* to facts *and* to a way of training.

# %% [markdown]
# ### What are the other thirty bits for?
#
# A weight takes 32 bits and holds two bits of facts. Does it need all its digits? We train three
# layers with ReLU: one with room, one nearly full, one full. Then we round their weights: with b
# bits, each is one of 2ᵇ evenly spaced numbers, spread over what its matrix needs.


# %%
def rounded(exact, b):
    step = 2 * np.abs(exact).max() / 2**b
    k = np.clip(np.floor(exact / step), -(2 ** (b - 1)), 2 ** (b - 1) - 1)
    return step * (k + 0.5)


# %%
for N, rate in ((400, 0.04), (1000, 0.08), (1600, 0.16)):
    layer, keys, labels, values = fill("ReLU", N, exposures=500, rate=rate, seed=1)
    scores = scores_of(layer, keys, values)
    full, trained = stored_bits(scores, labels), [p.data.copy() for p in layer.parameters()]
    share = {}
    for b in (8, 6, 4, 2):
        for p, exact in zip(layer.parameters(), trained, strict=True):
            p.data[...] = rounded(exact, b)
        share[b] = 100 * stored_bits(scores_of(layer, keys, values), labels) / full
    told = ", ".join(f"{b} bits: {s:3.0f} %" for b, s in share.items())
    print(f"{N:4} facts, {full:5,.0f} of {4 * N:,} bits stored; left with {told}")
    assert share[8] > 95 and (share[4] > 70) == (N == 400)

# %% [markdown]
# Eight bits are enough for all three. With four, the full layers have lost more than half, if
# nothing is done about it; the one with room keeps most. So what rounding costs depends on how full
# a layer is (one seed each; other seeds differ by a few percent). Part IV of the course is about
# doing something about it.

# %% [markdown]
# ### Why a linear layer holds so little
#
# It has as many weights. But two dense layers with nothing between them are one (lesson 01). Its
# 2,128 numbers do the work of 272: a map of 16 by 16, and 16 biases.

# %%
linear = capacity.curve(runs, "linear", 1000)
each = np.transpose([list(of_n.values()) for of_n in linear.values()]) * 2128 / 272
plot.show(
    plot.bands(
        {"linear": (list(linear), each)},
        laws={"all N facts": ([50, 120], [200 / 272, 480 / 272])},
        x="number of facts N", y="bits for each of 272 numbers", height=3.6,
    ),
    alt="Stored bits of the linear layer for each of its 272 numbers. They follow the line of all "
    "facts up to 80 facts, leave it at 90, and fall from 1.2 to less than 1 at 200.",
)  # fmt: skip
N, of_seeds = capacity.peak(linear)
print(f"linear: most with {N} facts, {np.mean(each[:, list(linear).index(N)]):.2f} bits for each")
assert 0.9 < np.mean(each[:, list(linear).index(N)]) < 1.5

# %% [markdown]
# Why not two, as Cover's neurons? He counts yes and no, and asks whether weights exist; here one of
# 16 answers must win, and training looks for weights. It is another question, with another number.
#
# ### What a threshold does
#
# One can look at a memory. Nobody trained this one. It has 36 neurons. The key of each is the
# picture of a letter or digit, and its value is the same picture. A damaged picture comes in, each
# neuron says how much it is like its key, and the values are added, weighted so.

# %%
plain = {"faces": ["DejaVuSans-Bold"], "size": (1, 1), "shift": 0, "rotation": 0, "shear": 0}
letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
drawn = [draw_glyphs(1, rng=rng, characters=c, noise=0, **plain)[0] for c in letters]
letter_keys = np.where(np.reshape(drawn, (36, 256)) > 0.4, 1.0, -1.0)  # ink 1, paper -1
damaged = hopfield.flipped(letter_keys, 0.2, rng=rng)
like = damaged @ letter_keys.T / 256  # 1 for the same picture, 0 for as much alike as different
print(f"a damaged A is like A by {like[0, 0]:.2f}, like R by {like[0, letters.index('R')]:.2f}")
assert np.all(like.argmax(axis=1) == np.arange(36))

# %% [markdown]
# Each is most like its own picture, but rather like all others too. Four memories, which differ in
# what they do with these 36 numbers before the values are added. And one matrix of 256 by 256, the
# best there is for this damage: fitted by least squares to 50 damaged copies of each picture.

# %%
copies = np.concatenate([hopfield.flipped(letter_keys, 0.2, rng=rng) for _ in range(50)])
matrix = np.linalg.lstsq(copies, np.tile(letter_keys, (50, 1)), rcond=None)[0]
answers = {
    "added up": like @ letter_keys,
    "best matrix": damaged @ matrix,
    "ReLU above 0": np.maximum(like, 0) @ letter_keys,
    "ReLU above 0.5": np.maximum(like - 0.5, 0) @ letter_keys,
    "softmax": ops.softmax(40 * like).data @ letter_keys,
}
found = {name: np.sign(answer) for name, answer in answers.items()}

# %%
n_right, n_wrong = {}, {}
for name, rows in found.items():
    n_right[name] = np.sum(np.argmax(rows @ letter_keys.T, axis=1) == np.arange(36))
    n_wrong[name] = np.mean(np.sum(rows != letter_keys, axis=1))
    print(f"{name:15} most like the right picture: {n_right[name]:2} of 36,"
          f" wrong places: {n_wrong[name]:4.1f} of 51 at first")  # fmt: skip
assert max(n_right["added up"], n_right["ReLU above 0"]) < 12 < 30 < n_right["best matrix"]
assert max(n_wrong["ReLU above 0.5"], n_wrong["softmax"]) < 1 < n_wrong["best matrix"] < 20

# %%
shown = [letters.index(c) for c in "AGMRS4"]
names = ("added up", "best matrix", "ReLU above 0.5")
rows = {"as stored": letter_keys, "damaged": damaged, **{name: found[name] for name in names}}
rows["threshold"] = rows.pop("ReLU above 0.5")
plot.show(
    plot.images(
        [(name, pictures[i].reshape(16, 16)) for name, pictures in rows.items() for i in shown],
        columns=6, size=1.3,
    ),
    alt="Five rows of six pictures. As stored: A, G, M, R, S and 4. Damaged: hardly to be read. "
    "Added up: six times nearly the same blot, much like a B. Best matrix: the six characters, "
    "with some wrong places. Threshold (ReLU above 0.5): the six, clean or nearly so.",
)  # fmt: skip
assert np.abs(found["added up"][shown] - found["added up"][0]).mean() < 0.2

# %% [markdown]
# Added up, all values speak at once, and the answer to all is nearly the same. Is that because the
# memory is linear? No: the best matrix, as linear, repairs most of the damage. It knows what
# pictures have in common, and takes it off. Nor does a bend help by itself: all likenesses are
# above 0, so ReLU above 0 changes nothing. It is the **threshold** that parts the memories. A
# neuron whose likeness is below it is silent, so only the memories that fit are added. (We chose
# 0.5, and 40 for the softmax, so that they work: a damaged picture is like its own by 0.6, and
# mostly less like others.) ReLU with a bias is a feed-forward layer. Softmax lets the best match
# win: that is attention, over a fixed context.
#
# And what is a bend for, if the best matrix does so well? A matrix has 256 times 256 numbers,
# however many neurons made it: it has much room for 36 pictures, and that is all it will ever have.
# With a threshold, each new neuron brings a memory of its own.

# %% [markdown]
# ### More features than numbers
#
# A full layer held many facts for each neuron. So a neuron is not a fact. How can more things
# than numbers share the numbers? The smallest case (Elhage et al. 2022): a **feature** is something
# that an input may have or lack. Five features are squeezed into two numbers and brought back,
# x' = relu(x w wᵀ + b). Row i of w is the direction in which feature i is written and read.

# %%
angle = 2 * np.pi * np.arange(5) / 5
w = np.stack([np.cos(angle), np.sin(angle)], axis=1)
for x in ([1, 0, 0, 0, 0], [1, 1, 0, 0, 0], [1, 0, 1, 0, 0]):
    read = x @ w @ w.T
    print(x, " read:", read.round(2), " relu(read - 0.31):", np.maximum(read - 0.31, 0).round(2))
assert np.count_nonzero((x @ w @ w.T).round(2) > 0.31) == 1

# %% [markdown]
# The five directions form a pentagon. Feature 1 alone is read as 1, but its neighbours are read
# too, as 0.31: a **disturbance**. A bias that takes off 0.31, and ReLU, remove it, and feature 1
# comes back alone. With features 1 and 2 at once that still works. With 1 and 3 it goes wrong: what
# comes back is feature 2. So five features fit into two numbers, *if* two at once are rare. This is
# called **superposition**.
#
# **Prediction 5.** Now w and b are trained. An error at feature 1 counts 1, at feature 2 it counts
# 0.9, then 0.81 and so on. How many of the five features does the model keep, if each is always
# there? And if each is there once in twenty inputs?

# %%
my_features = None  # two numbers, such as (5, 5): always there, once in twenty


# %%
def directions(sparsity, seed):  # the rows of w after training: two numbers for each feature
    return superposition.train(sparsity, seed, n=5, m=2, steps=1000)[0].w.data


# %%
absent = (0.0, 0.5, 0.8, 0.95)  # how often a feature is not there
trained = {share: [directions(share, k) for k in (1, 2, 3)] for share in absent}
kept = {share: [superposition.represented(w) for w in ws] for share, ws in trained.items()}
for share, n in kept.items():
    print(f"absent in {100 * share:2.0f} % of the inputs: keeps {n} of 5 features (three seeds)")
print(f"you said {my_features}; importances {superposition.importances(5).round(2)}")
assert kept[0.0] == [2, 2, 2] and kept[0.95] == [5, 5, 5]

# %%
plot.show(
    plot.features({f"absent in {100 * share:.0f} %": ws[0] for share, ws in trained.items()}),
    alt="Above, the directions of five features in the plane, below, their products, for four "
    "sparsities. Always there: two directions at right angles, and three features missing. Absent "
    "in 50 %: four directions, a cross; two of them are opposite to the two others. Absent in 95 "
    "%: a pentagon, whose products are large on the diagonal and all different from 0 elsewhere.",
)
assert min(np.linalg.norm(trained[0.95][0], axis=1)) > 1 > np.linalg.norm(trained[0.0][0][4])

# %% [markdown]
# (A feature is kept if its direction is longer than 0.5; a feature that is kept alone has 1.) **If
# you said (2, 2)**, two features in two numbers: so it is as long as all are always there. **If you
# said (5, 5)**: features that are always there would disturb each other all the time. So the two
# that count most are kept. Sparse features are what superposition lives on. In between, opposite
# directions share an axis: ReLU tells them apart, unless both are there. At 80 % it depends on the
# seed.
#
# Below, a new model is trained each time the slider moves, which takes a second or two. Where does
# the cross become a pentagon?


# %%
def draw(absent):
    title = f"absent in {100 * absent:.0f} %"
    plot.show(
        plot.features({title: directions(absent, 1)}, size=3.2),
        alt=f"The directions of five features, {title} of the inputs, and their products.",
    )


slider = ipywidgets.FloatSlider(value=0.7, min=0, max=0.98, step=0.02, continuous_update=False)
_ = ipywidgets.interact(draw, absent=slider)
print(f"absent in 70 %: keeps {superposition.represented(directions(0.7, 1))} of 5 features")
assert superposition.represented(directions(0.7, 1)) == 4

# %% [markdown]
# In a language model, most of what might be talked about is absent from most sentences. If its
# neurons are shared like these two numbers, one of them answers to several unrelated things, and is
# hard to read alone (lesson 12). How much of a real model works like this is not settled by this
# small one.

# %% [markdown]
# ### A wall · 5 min (90)
#
# The memory that adds up has a name, if its answer is fed back until it rests: the **Hopfield
# network** (1982). All patterns are added up in one matrix w = Σ p pᵀ / n, with zeros on the
# diagonal; then, one place i after another, sᵢ becomes the sign of Σⱼ wᵢⱼ sⱼ, until they rest.
# With random patterns, not letters, it works quite well, up to a point. Patterns of 200 signs, one
# in ten of them flipped; three seeds.

# %%
loads = np.array([0.02, 0.05, 0.08, 0.11, 0.14, 0.17, 0.2, 0.25, 0.3])


def settled(load, rng, n=200):
    patterns = hopfield.random_patterns(round(load * n), n, rng=rng)
    w, start = hopfield.hopfield_weights(patterns), hopfield.flipped(patterns, 0.1, rng=rng)
    return hopfield.overlap(hopfield.settle(w, start, rng=rng), patterns).mean()


# %%
rngs = [np.random.default_rng([seed, k]) for k in range(3)]
overlaps = np.array([[settled(load, rng) for load in loads] for rng in rngs])
plot.show(
    plot.bands(
        {"Hopfield network": (loads, overlaps)}, x="stored patterns for each sign of a pattern",
        y="overlap with the pattern", references={"as it was shown": 0.8},
    ),
    alt="A curve that stays near 1 up to a load of about a tenth, then falls, soon below the line "
    "of what was shown, to less than one half at 0.3.",
)  # fmt: skip
wall = 0.138  # of large networks
print(f"overlap well below {wall}: {overlaps[:, loads < 0.1].mean():.2f},",
      f"well above: {overlaps[:, loads > 0.2].mean():.2f}")  # fmt: skip
assert overlaps[:, loads < 0.1].min() > 0.97 and overlaps[:, -1].max() < 0.6

# %% [markdown]
# Below the wall it repairs the damage; well beyond it, it does worse than leaving the pattern as it
# came. For large networks the wall stands at about 0.138 (Amit, Gutfreund and Sompolinsky 1987); a
# small one, as here, goes over it gently. Now facts, each a key and a value of 64 signs. A key is
# shown with one in five of its signs flipped; the memory looks it up in one step. Matches are
# counted in such units that an unrelated key has about ±1, and the right one nearly 5: the
# threshold, 3, lies between.

# %%
n_facts, n = (32, 128, 512, 2048, 8192), 64
ways = {
    "softmax": hopfield.softmax_of(4.0),
    "ReLU": hopfield.relu_above(3.0),
    "linear": hopfield.unchanged,
}


def looked_up(n_facts, weigh, rng):
    keys, values = (hopfield.random_patterns(n_facts, n, rng=rng) for _ in range(2))
    shown = hopfield.flipped(keys[:500], 0.2, rng=rng)
    return 100 * np.mean(np.sign(hopfield.look_up(keys, values, shown, weigh)) == values[:500])


# %%
right = {
    way: np.array([[looked_up(k, f, np.random.default_rng([k, s])) for k in n_facts]
                   for s in (1, 2, 3)])
    for way, f in ways.items()
}  # fmt: skip
plot.show(
    plot.bands(
        {way: (n_facts, of_seeds) for way, of_seeds in right.items()},
        x="stored facts", y="signs right (%); a coin: 50", logx=True,
    ),
    alt="Three curves against the number of facts. Softmax stays at the top. ReLU stays there up "
    "to 512 facts and loses a little at 8192. Linear falls from the start, down to what a "
    "coin would do.",
)  # fmt: skip
assert right["softmax"].min() > 99 and right["ReLU"][:, -1].min() > 85
assert right["linear"][:, -1].max() < 55

# %% [markdown]
# So the wall is that of adding up. But see what is paid. The linear one has 64 times 64 numbers,
# however many facts; the others have 128 for each fact, which is worth 64 bits: half a bit for each
# number, at most. Training on facts of 4 bits got to two: there, facts share neurons, as features
# share directions.

# %% [markdown]
# ## What broke, and why · 4 min
#
# What broke is a comparison that looks fair: give both layers the same facts, as many weights, each
# its best rate, three seeds, and see which one stores more.

# %%
for N in (1000, 1800):
    each = {kind: list(stored[kind][N].values()) for kind in weights}
    print(f"{N} facts:", *(f"{kind} {np.mean(b):.2f} ({min(b):.2f} to {max(b):.2f})   "
          for kind, b in each.items()))  # fmt: skip
    gain = np.subtract(each["gated"], each["ReLU"])
    assert gain.max() < 0 if N == 1000 else gain.min() > 0.2

# %% [markdown]
# With 1,000 facts ReLU holds more, on all three seeds. With 1,800 the gate is far ahead. Nothing is
# wrong with the first numbers, but they are no property of the layers. Both layers knew every fact.
# So what was measured is the number of facts, divided by the number of weights; and ReLU has a few
# weights less. This is a **ceiling**, not a capacity.
#
# An examination in which all have full marks does not say who knows more. So before you call a
# number a capacity, look for the point beyond it at which something was *lost*. The same trap waits
# wherever a score has an end: accuracy near 100 percent, or edits of a memory that all succeed
# (lesson 14): the question is how many more there could be.
#
# The other direction breaks too. A layer that was trained for too short a time or at a bad rate
# holds less than it could, as the figures above show: 100 times against 1,000, rate 0.32 against
# 0.16. So a measured capacity is never more than "at least this much, by this way of training".

# %% [markdown]
# ## Exercises · 30 min (90)
#
# Three; a long class has time for one of them, best the third. The others are for home.
#
# **Exercise 13.1: Squeeze and back: the loss and its slopes** (35 minutes). The model of the
# pentagon, without an engine: its loss, and the gradients, worked out by hand. One matrix does two
# jobs there. The folder is `exercises/13_1_squeeze_and_back`.

# %%
predict("13.1")

# %%
check("13.1")

# %% [markdown]
# Your gradients train five features in two dimensions, each there once in twenty inputs and as
# important as the others; Adam of lesson 07 takes the steps.

# %%
rng, squeeze_loss = np.random.default_rng(seed), mine("13.1").squeeze_loss
w, b = nn.Parameter(rng.normal(size=(2, 5)) / 2), nn.Parameter(np.zeros(5))
adam, losses = Adam([w, b], 0.01), []
for _ in range(2000):
    x = rng.random((256, 5)) * (rng.random((256, 5)) > 0.95)
    loss, w.grad, b.grad = squeeze_loss(x, w.data, b.data, np.ones(5))
    adam.step()
    losses.append(loss)
print(f"loss {losses[0]:.4f} at first, {np.mean(losses[-100:]):.4f} at last")
assert np.mean(losses[-100:]) < losses[0] / 2

# %%
plot.show(
    plot.features({"by your gradients": w.data.T}, size=3.2),
    alt="Five directions that form a pentagon, as before, and the square of their products, bright "
    "on the diagonal.",
)
assert superposition.represented(w.data.T) == 5

# %% [markdown]
# **Exercise 13.2: How many bits are stored?** (50 minutes). In the lesson each label is as likely.
# In real facts it is not: who answers "English" to every question about languages is often right,
# and knows nothing. And now you look for the scale yourself. The folder is
# `exercises/13_2_bits_stored`.

# %%
predict("13.2")

# %%
check("13.2")

# %% [markdown]
# Your count goes to work on a layer that learns facts of which half have the same label. (Its
# scores contain the prior, which your function adds. So it is taken off first.)

# %%
prior = np.full(16, 1 / 30)
prior[0] = 1 / 2
keys, _, values = random_facts(1000, d=16, n_labels=16, rng=rng)
labels = rng.choice(16, p=prior, size=1000)
bits_stored = mine("13.2").bits_stored
model = activations.Answer(nn.FeedForward(16, 64, rng=rng), values)
adam = Adam(model.parameters(), 0.01)
batches = random_batches(keys, labels, batch_size=250, rng=rng)
cost = -np.log2(prior[labels]).sum()
print(f"without a model the labels cost {cost:,.0f} bits: more cannot be stored")
assert 2500 < cost < 3500

# %%
for steps in (20, 200, 1000):
    fit(model, model.loss, batches, adam, steps=steps)
    scores = model(keys).data
    told, _ = bits_stored(scores - np.log(prior), labels, prior, 50.0)
    right = 100 * np.mean(scores.argmax(axis=1) == labels)
    print(f"{steps:4} steps more: {right:3.0f} % right, {told:6,.0f} bits stored")
assert told > 500

# %% [markdown]
# After the first steps it is right in half of all cases, and has stored next to nothing: it names
# the most frequent label.

# %% [markdown]
# **Exercise 13.3: Facts written into a layer by hand** (30 minutes). The memory of the letters is a
# feed-forward layer; here are its weights, for keys of 0 and 1, with a word on how many wrong bits
# are forgiven. The folder is `exercises/13_3_facts_by_hand`.

# %%
predict("13.3")

# %%
check("13.3")

# %% [markdown]
# Your layer reads the damaged letters, in which 51 of 256 places are wrong. How many should it
# forgive?


# %%
write_facts = mine("13.3").write_facts


def restored(r):
    w_up, b_up, w_down = write_facts((letter_keys + 1) / 2, letter_keys, np.full(36, r))
    return np.sign(ops.relu((damaged + 1) / 2 @ w_up + b_up).data @ w_down)


# %%
for r in (30, 51, 60, 80, 120, 200):
    n_right = np.sum(np.all(restored(r) == letter_keys, axis=1))
    print(f"forgives {r:3}: {n_right:2} of 36 letters come back without a single wrong place")
assert np.sum(np.all(restored(55) == letter_keys, axis=1)) > 25

# %% [markdown]
# If it forgives fewer places than are wrong, no neuron speaks. If it forgives many, the neurons of
# similar letters speak too; and if all speak, values are just added up again, with the blot.

# %% [markdown]
# ## Check yourself · 3 min
#
# Answer first, then open.
#
# <details><summary>1. A model knows all 10,000 facts that it was taught, 4 bits each, and has
# 50,000 weights. A colleague writes: its capacity is 0.8 bits a weight. What do you say?</summary>
#
# That it is a ceiling: the number says how many facts there were. The capacity is at least that.
# Teach it more, until it begins to lose some.
# </details>
#
# <details><summary>2. A neuron with 100 weights and no bias. How many random yes-or-no answers can
# you hope to store, and what changes if the weights are stored in 64 bits instead of 32?</summary>
#
# About 200, two for each weight: at 200 half of all labelings can be answered, at 250 hardly any.
# The digits change nothing: inside one piece of the space of weights, all answers are the same.
# </details>
#
# <details><summary>3. Somebody takes the ReLU out of a feed-forward layer and leaves all its
# weights. What is left of its memory?</summary>
#
# One matrix and one bias, from inputs to outputs, however wide the layer was: in the lesson 272
# numbers in place of 2,128. Trained anew, as a whole, it held a little more than one bit for each
# number of *that* matrix. More neurons would not help: they are lost in the product.
# </details>
#
# <details><summary>4. How can five features be kept in two numbers, and when does it go
# wrong?</summary>
#
# Each has its own direction; they are not at right angles, so each disturbs the others a little. A
# bias and ReLU take small disturbances away. It goes wrong when several features are there at once,
# as their disturbances add up.
# </details>

# %% [markdown]
# ## Go further
#
# - Cover 1965, *Geometrical and statistical properties of systems of linear inequalities with
#   applications in pattern recognition*: the count of this lesson. Gardner 1988, *The space of
#   interactions in neural network models*: the same number, two, from the volume of the weights
#   that are still possible.
# - Allen-Zhu and Li 2024, *Physics of language models: knowledge capacity scaling laws*,
#   [arXiv:2404.05405](https://arxiv.org/abs/2404.05405): two bits for each parameter of a language
#   model, even with weights of eight bits.
# - Elhage et al. 2022, *Toy models of superposition*,
#   [arXiv:2209.10652](https://arxiv.org/abs/2209.10652): the pentagon, and much more.
# - Ramsauer et al. 2020, *Hopfield networks is all you need*,
#   [arXiv:2008.02217](https://arxiv.org/abs/2008.02217): one step of attention is one step of a
#   Hopfield network with a softmax, which stores exponentially many patterns.
# - Next: **14, editing a memory**. If a layer is full of facts, can one of them be rewritten, and
#   what else moves?
