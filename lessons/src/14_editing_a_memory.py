# %% [markdown]
# # 14 · Editing a memory
#
# **Can one fact be rewritten, and what else moves?**

# %% [markdown]
# ## Where you are · 1 min
#
# Lesson 12 read feed-forward layers (FFNs) as memories of keys and values, lesson 13 asked how much
# fits into them. This lesson, the last of part III, writes into one.

# %%
import inspect

import ipywidgets
import numpy as np

from tinyffn import plot
from tinyffn.lab import check, mine, predict
from tinyffn.optim import Adam
from tinyffn.studies import editing, editing_many, results, trained
from tinyffn.studies.keyvalue.covariance import covariance
from tinyffn.studies.keyvalue.edit import batch_edit, rank_one_edit
from tinyffn.studies.keyvalue.fine_tune import fine_tune
from tinyffn.studies.keyvalue.memories import coefficients, memories, replaced
from tinyffn.studies.keyvalue.new_value import find_value, find_values
from tinyffn.studies.keyvalue.scores import edit_scores, told
from tinyffn.studies.keyvalue.tracing import causal_trace

seed = 14
rng = np.random.default_rng(seed)
print(f"seed {seed}: every random number below follows from it")

# %%
plot.show(
    plot.course_map(here=14),
    alt="The map of the course. The box of lesson 14, editing a memory, is marked 'you are here': "
    "the last box of the third row, memory.",
)

# %% [markdown]
# ## The question · 1 min
#
# A model knows where 400 people live, and one of them moves. Must it be trained again? **Model
# editing** changes one matrix a little, by a formula, so that the model tells the new fact. Does
# that work? And then the more important question: all facts share this matrix, so **what else
# moves**?

# %% [markdown]
# ## What you will be able to do · 1 min
#
# | you will | and this tests it |
# |---|---|
# | **derive** the smallest change of a layer that rewrites one fact | exercise 14.1 |
# | **write** many facts at once, and weigh them against the old ones | exercise 14.2 |
# | **foresee** what a round of single edits leaves | exercise 14.3 |
# | **judge** an edit: does it hold, does it carry over, what else moved? | questions 1, 2 and 4 |
# | **say** what causal tracing shows, and what it does not | question 3 |
#
# *You need*: lessons 09 and 12. *Time*: 50 minutes for the core; parts marked (90) fill a longer
# class.

# %% [markdown]
# ## Predict · 4 min
#
# Our model knows 1,600 facts: of 400 people, where each lives, what each works as, plays, and owns.
#
# **Prediction 1.** Rosa Petrov moves from Bogota to Quito. Two edits of the same matrix make the
# model say so. Edit A is the smallest one there is: the sum of the squares of all changes is as
# small as possible. Edit B makes something else small, which you will derive. How many of the other
# 399 people also get a new home, according to the model, after A? After B?

# %%
my_moved = None  # two numbers, such as (2, 5): after A, after B

# %% [markdown]
# **Prediction 2.** A plain rival: go on training all weights of the model on the new fact alone,
# until it is told. We try four learning rates: 0.00001, 0.0001, 0.001 and 0.01. How many of the
# other 1,599 facts does the model still know after training at the smallest rate, 0.00001? And at
# the largest, 0.01?

# %%
my_kept = None  # two numbers out of 1,599: at 0.00001, at 0.01

# %% [markdown]
# **Prediction 3.** Where is a fact? **Causal tracing** drowns the names in noise, so that the model
# no longer knows the answer. Then it puts back, as it was without noise, what *one* layer adds at
# one word. At the last word, the second FFN brings back a quarter of the answer's chance, the first
# FFN less than a tenth. Somebody tries to rewrite facts in the *first* FFN, at that word. After how
# many of 100 edits is the new word likelier than the old one?

# %%
my_first = None  # a number from 0 to 100

# %% [markdown]
# ## Build by hand on three numbers · 8 min
#
# In lesson 12 each neuron had a key and a value. To write, one looks at the second matrix alone,
# y = k w. Here the **key** k is the whole vector of coefficients, and the **value** is the answer
# y, a sum over all neurons. Three neurons, and answers of one number: at key k the memory says 2.
# It should say 4.

# %%
w = np.array([2.0, 0.0, 1.0])
k = np.array([1.0, 1.0, 0.0])
wanted = 4.0
missing = wanted - k @ w
print("it says", k @ w, "  missing:", missing)
assert missing == 2

# %% [markdown]
# A change d of w must fulfil k · d = 2. Many do: (2, 0, 0), or (0, 2, 5). Which is best? First
# answer: the shortest. Write r for what is missing, so k · d = r.
#
# - Split d into two parts: one along k, and one across it, at a right angle. The part across adds
#   nothing to k · d, and makes d longer. So the shortest d has none: d = s k, with some number s.
# - Put into the condition: s |k|² = r, so s = r / |k|².
#
# So **d = k r / |k|²**: a step along the key. (Kaczmarz solved systems of equations so in 1937, one
# equation after another, each by such a step.)

# %%
shortest = k * missing / (k @ k)
print("d =", shortest, "  now it says", k @ (w + shortest))
assert np.allclose(shortest, [1, 1, 0])

# %% [markdown]
# But the memory has other keys, and a change d moves the answer at a key q by q · d. Here are three
# that it meets in its daily work. All use the first neuron.

# %%
old = np.array([[1.0, 0.0, 0.0], [1.0, 0.0, 1.0], [2.0, 1.0, 0.0]])
moves = old @ shortest
print("the old answers move by", moves, f"  mean square: {np.mean(moves**2):.2f}")
assert np.allclose(moves, [1, 1, 3])

# %% [markdown]
# Second answer: not the shortest change, but the one that moves the *old answers* least: the mean
# of (q · d)² over the old keys q shall be small. Multiply out: it is the sum of d_i C_ij d_j over
# all i and j, in short dᵀ C d. Here **C_ij is the mean of q_i q_j over the old keys**. The papers
# call C the *covariance* of the keys (nothing is subtracted).

# %%
C = old.T @ old / len(old)
print(C.round(2))
assert C[0, 0] > 5 * C[1, 1]

# %% [markdown]
# On the diagonal one sees how much each neuron is used: the first six times as much as the others,
# in the mean square. Now let **u be the vector that solves C u = k**. One writes u = C⁻¹ k, and
# NumPy finds it.
#
# - Split d again: d = s u + e, with the s for which e adds nothing to k · d, so k · e = 0.
# - Then dᵀ C d = s² uᵀ C u + eᵀ C e. The mixed term 2 s eᵀ C u is 2 s (e · k), which is 0. So e
#   only adds damage, and the best d has none: **d = s u**.
# - Put into the condition: s (k · u) = r, so s = r / (k · u).
#
# (Papers find the same with a *Lagrange multiplier*, a number λ: they set the derivative of
# ½ dᵀ C d - λ (k · d - r) by d to 0, which gives C d = λ k.)

# %%
u = np.linalg.solve(C, k)  # the u with C u = k
gentle = u * missing / (k @ u)
print("d =", gentle, "  now it says", round(k @ (w + gentle), 9))
fewer = np.round(old @ gentle, 9) + 0.0
print("the old answers move by", fewer, f"  mean square: {np.mean(fewer**2):.2f}")
assert gentle @ gentle > 5 * (shortest @ shortest)
assert np.mean(fewer**2) < 0.2 * np.mean(moves**2)

# %% [markdown]
# It is more than twice as long, and does a fifth of the damage. It writes into the second neuron,
# which is used less, and *takes away* from the first. With C = I, the identity matrix, u is k: all
# directions count alike, and the first answer comes back.

# %% [markdown]
# ## The clear version · 4 min
#
# In a real layer each value is a vector, a row of w, so what is missing is one too. Each column of
# w is a problem like the one above, with the same key. So the change is the direction u = C⁻¹ k
# times what is missing: a column times a row, a matrix of **rank one**.


# %%
def rewrite(w, key, value, C):
    """The memory w (d_ff, d_model) with `value` at `key`, old answers moved least."""
    u = np.linalg.solve(C, key)
    missing = value - key @ w
    return w + np.outer(u, missing) / (key @ u)


# %% [markdown]
# A picture, with keys of two numbers. Old keys lie in an ellipse. The star is the key to rewrite.

# %%
turn = np.array([[0.8, 0.6], [-0.6, 0.8]])
cloud = rng.normal(size=(150, 2)) * [1.5, 0.35] @ turn
C = cloud.T @ cloud / len(cloud)
key = np.array([1.0, 1.6])
directions = {"C = I: along k": key, "with C: along C⁻¹ k": np.linalg.solve(C, key)}
sizes = [np.sqrt(np.mean((cloud @ d / (key @ d)) ** 2)) for d in directions.values()]
print("root mean square of what arrives at old keys:", *(f"{size:.2f}" for size in sizes))
assert sizes[1] < 0.7 * sizes[0]

# %%
plot.show(
    plot.moved(cloud, key, directions),
    alt="Two panels with the same long, narrow cloud of keys and a star beside its long axis. On "
    "the left the arrow points from the middle to the star, and keys along the whole cloud are "
    "large and bright. On the right the arrow points across the cloud; the line of keys that do "
    "not move runs along it, and nearly all dots are small and dark.",
)
assert abs(directions["with C: along C⁻¹ k"] @ turn[0]) < abs(key @ turn[0])

# %% [markdown]
# Dots *on* the dashed line hear nothing of the edit, dots far from it much. On the left the change
# runs along the key, and most of the cloud lies far from the line. On the right C⁻¹ has turned the
# change *across* the cloud: the dashed line runs along the cloud now, so nearly all lie close to
# it. **C⁻¹ asks what is special about this key, not what is large in it.**
#
# (90): turn the key around. Where does C not help?


# %%
def with_key(degrees):
    star = 1.9 * np.array([np.cos(np.radians(degrees)), np.sin(np.radians(degrees))])
    two = {"C = I": star, "with C": np.linalg.solve(C, star)}
    plot.show(
        plot.moved(cloud, star, two),
        alt=f"The same two panels with the star at {degrees} degrees. The nearer it is to the long "
        "or to the short axis of the cloud, the more alike they are.",
    )
    shares = [np.mean((cloud @ d / (star @ d)) ** 2) for d in two.values()]
    assert shares[1] <= shares[0] + 1e-9


slider = ipywidgets.IntSlider(value=110, min=0, max=180, step=1, continuous_update=False)
_ = ipywidgets.interact(with_key, degrees=slider)

# %% [markdown]
# It does not help when the star lies on the long axis of the cloud, or on the short one: there
# C⁻¹ makes the key longer or shorter, but does not turn it.

# %% [markdown]
# ## The library's version · 2 min

# %%
print(inspect.getsource(rank_one_edit))

# %%
w, key, value = rng.normal(size=(6, 4)), rng.normal(size=6), rng.normal(size=4)
C = covariance(rng.normal(size=(50, 6)))
theirs, ours = rank_one_edit(w, key, value, C), rewrite(w, key, value, C)
print(f"ours and the library's differ by {np.abs(theirs - ours).max():.0e}")
print("at the key:", np.allclose(key @ theirs, value), " rank:", np.linalg.matrix_rank(theirs - w))
assert np.allclose(theirs, ours) and np.linalg.matrix_rank(theirs - w) == 1

# %% [markdown]
# In the docstring D is the change, a matrix, and tr(Dᵀ C D) is the sum of dᵀ C d over its columns
# d. The proof is the one with the multiplier.
#
# `covariance` adds a little of the identity: if a neuron were never on, any change of its value
# would seem free, and C u = k would have no solution, or many (one says: C is singular).

# %% [markdown]
# ## Measure · 21 min
#
# ### One fact (9 minutes)
#
# The model of lesson 12: two blocks, an FFN of 256 neurons in each. We edit the second FFN, at the
# last word of the prompt, where the answer is told.

# %%
model, about = trained.load("facts")
language = trained.facts_of(about)
memory = memories(model)[1]
rosa = 4  # the number of the fact that says where she lives
every = np.arange(len(language.objects))
prompts = language.prompts(every, paraphrase=0, filler=every % 20)
for fact in range(4, 8):
    print(language.decode(prompts[fact]), "->", language.decode([language.objects[fact]]))
print(f"known: {told(model, language)[0].sum():,} of {len(every):,}")
assert told(model, language)[0].all()

# %% [markdown]
# Two things are needed. The **key**: the coefficients when the fact is asked for. The **value**:
# what k w must be there so that the model says "Quito". Nobody knows that vector; it is found by
# training: add a vector δ to what the layer gives, and change δ, not the weights, until "Quito" has
# a chance above 95 in 100, after each of five prompts that differ in the first word. The value is
# then the old k w plus δ. The layer's bias is added after it and stays as it is.

# %%
asked = language.prompts(np.full(5, rosa), paraphrase=0, filler=np.arange(5))
quito = language.encode("Quito")[0]
rosa_key, rosa_value = find_value(model, memory, asked, position=3, targets=quito)
n_on = np.count_nonzero(rosa_key > 0)
print(f"key: {n_on} of {len(rosa_key)} neurons are on; value: {len(rosa_value)} numbers")
assert 0 < n_on < 256

# %% [markdown]
# The key is the mean over the five prompts. It must be *the same* key in both places of the
# formula, in the direction and in what is missing. The first published code took two different
# ones; some of its edits broke the whole model (Gupta et al. 2024).
#
# Edit A has C = I. For edit B, C is the mean over all keys that this layer sees while the model
# reads 1,600 prompts.

# %%
C = covariance(coefficients(model, prompts)[1])
edits = {
    "A: C = I": rank_one_edit(memory.values, rosa_key, rosa_value, np.eye(256)),
    "B: with C": rank_one_edit(memory.values, rosa_key, rosa_value, C),
}
for name, w in edits.items():
    print(f"{name}: length of the change {np.linalg.norm(w - memory.values):.2f}")
assert len(edits) == 2


# %%
def lead(model):
    """For each fact: the score of its right word less the best other score."""
    scores = model(prompts).data[:, -1].copy()
    right = scores[every, language.objects]
    scores[every, language.objects] = -np.inf
    return right - scores.max(axis=1)


# %%
homes = language.relations == 0
before, after, moved = lead(model), {}, {}
for name, w in edits.items():
    with replaced(memory.layer.down.w, "data", w):  # w is the model's for the time of the block
        says = model(prompts).data[:, -1].argmax(axis=1)
        after[name] = lead(model)
    moved[name] = np.flatnonzero((says != language.objects) & homes & (every != rosa))
    to_quito = np.count_nonzero(says[moved[name]] == quito)
    print(f"{name}: {len(moved[name])} of 399 other homes changed, {to_quito} of them to Quito")
    assert says[rosa] == quito
print("you said", my_moved)
assert len(moved["B: with C"]) < 3 and len(moved["A: C = I"]) > 20

# %%
kinds = {"other facts": ~homes, "other homes": homes & (every != rosa), "Rosa": every == rosa}
plot.show(
    plot.before_after(
        {name: {kind: (before[of], lead_after[of]) for kind, of in kinds.items()}
         for name, lead_after in after.items()},
        x="lead of the right word before (logits)", y="lead after (logits)",
        below="answer changed",
    ),
    alt="Two panels with a dot for each fact, its lead before the edit to the right and after it "
    "upward. With C = I the homes of other people are scattered far below the diagonal, and many "
    "reach the tinted half, where the answer has changed. With C they stay near the diagonal; only "
    "the star, Rosa's home, is in the tinted half.",
)  # fmt: skip
assert np.std((after["B: with C"] - before)[homes]) < np.std((after["A: C = I"] - before)[homes])

# %% [markdown]
# On the diagonal nothing has moved; the further below it, the more. The *shorter* change does the
# damage: it makes Quito likelier for everybody whose home is asked for.
#
# **Rosa was picked**: her move shows the effect well. So here are 200 facts at random, with a new
# object for each. The first fifty, edited one at a time and undone again (a few seconds):

# %%
facts = rng.permutation(len(every))[:200]
old_place = np.nonzero(language.choices[facts] == language.objects[facts][:, None])[1]
objects = language.choices[facts, (old_place + rng.integers(1, 20, size=200)) % 20]
ways = np.stack([language.prompts(facts, paraphrase=0, filler=way) for way in range(5)], axis=1)
targets = np.repeat(objects[:, None], 5, axis=1)
print("200 facts, as", language.decode(ways[0, 0]), "->", language.decode(objects[:1]))
assert np.all(objects != language.objects[facts])

# %%
fifty = find_values(model, memory, ways[:50], 3, targets[:50])  # 50 keys, 50 values
harm = {}
for name, c in (("A: C = I", np.eye(256)), ("B: with C", C)):
    harm[name] = []
    for fact, key, value in zip(facts[:50], *fifty, strict=True):
        with replaced(memory.layer.down.w, "data", rank_one_edit(memory.values, key, value, c)):
            is_right, _ = told(model, language)
        harm[name].append(int(np.sum(~is_right[every != fact])))

# %%
for name, n_changed in harm.items():
    low, middle, high = np.quantile(n_changed, (0, 0.5, 1))
    print(f"{name}: {low:.0f} to {high:.0f} of 1,599 others changed, median {middle:g}; the first "
          f"dozen: {n_changed[:12]}")  # fmt: skip
print("you said", my_moved, "for Rosa")
assert sum(harm["B: with C"]) < sum(harm["A: C = I"])

# %% [markdown]
# The order holds, the size was Rosa's: for half of the facts A changes four other answers or fewer;
# B changes one at most. (A dozen facts are too few to say how many: the median of the first twelve
# is 0, of all fifty it is 4.5.)
#
# How much of a change arrives at other keys? For Rosa once more. Is B gentle only to the facts from
# which C was made? So B also with a C from 200 of the people, and all is counted at the others:

# %%
met = coefficients(model, prompts)[1][:, -1]  # the key of each fact
counted = (every // 4 % 2 == 1) & (every != rosa)  # the facts of every second person
C_rest = covariance(coefficients(model, prompts[every // 4 % 2 == 0])[1])
for name, c in (("A", np.eye(256)), ("B", C), ("B, C of the 200", C_rest)):
    u = np.linalg.solve(c, rosa_key)
    arrives = 100 * np.abs(met @ u / (rosa_key @ u))
    near, far = arrives[counted & homes].mean(), arrives[counted & ~homes].mean()
    print(f"{name}: {near:.0f} % arrives at another home, {far:.0f} % at another fact, in the mean")
    assert near > 20 if name == "A" else near < 15

# %% [markdown]
# The key of "where does Rosa live" has much in common with that of "where does somebody live". C
# knows what is common, and edit B leaves it alone, even at facts that C has not seen. **If you said
# a larger number for B than for A**, you measured damage by the length of the change. What counts
# is who hears it. **If you said a few or none for both**, you were right about half of the facts,
# but not about Rosa.
#
# An edit is judged by four questions. Does it **hold**: is the new word likelier than the old one,
# whatever the first word is? Does it **carry over**: is it said in the other two ways to ask, which
# the edit has not seen? What else does it change about the **subject**? And about its
# **neighbours**, who share a first or a last name?

# %%
for name, w in edits.items():
    with replaced(memory.layer.down.w, "data", w):
        scores = edit_scores(model, language, rosa, quito)
    print(name, *(f"{group} {100 * share:.0f} %" for group, share in list(scores.items())[:5]))
    assert scores["efficacy"] == scores["paraphrase"] == 1

# %% [markdown]
# ### The plain rival (2 minutes)
#
# We go on training all weights on the five prompts, with Adam, until the answer is Quito with a
# chance above 95 in 100. This is **fine-tuning**. A grid of rates:

# %%
start, kept = model.state_dict(), {}
for rate in (1e-5, 1e-4, 1e-3, 1e-2):
    steps = fine_tune(model, Adam(model.parameters(), rate), asked, quito, steps=500)
    is_right, _ = told(model, language)
    kept[rate] = np.count_nonzero(is_right[every != rosa])
    print(f"rate {rate:g}: {steps} steps; {kept[rate]:,} of 1,599 others are still right")
    model.load_state_dict(start)
print("you said", my_kept)
assert kept[1e-5] > 1590 and kept[1e-2] < 1450 and told(model, language)[0].all()

# %% [markdown]
# **If you said that nearly all is lost at both**, you may know papers in which fine-tuning is the
# rival that loses, or lesson 07, where a large rate destroys. At a careless rate it does. At the
# smaller ones it is, by this count, as good as edit B for this fact. **If you said nearly all is
# kept at both**, you trusted that few steps do little: at the largest rate it takes the fewest.

# %% [markdown]
# ### Forty facts, three models (6 minutes)
#
# Fifty facts of one model are few. So: three models, 40 facts of each, edited one at a time and
# undone again. Each way has its own learning rate; for an edit it is the rate at which the value is
# sought. It was chosen on ten other facts by the least sum: the surprise at the neighbours' right
# answers in nats, and log 20 times the share of prompts that miss the new word. The results are
# kept in a file. Is it to be trusted? Four of its edits again (half a minute on a slow machine):

# %%
arm = "FFN 2, answer, C = I"
(run,) = (run for run in editing.kept("edits") if (run["arm"], run["seed"]) == (arm, 1))
again = editing.run(arm, 1, run["rate"], stop=4)["each"]["neighbour_nats"]
print("surprise at the neighbours' right answers, in nats")
print("now: ", again, "\nkept:", run["each"]["neighbour_nats"][:4])
assert np.allclose(again, run["each"]["neighbour_nats"][:4], atol=0.02)

# %%
WAYS = {"unedited": "not edited", "FFN 2, answer": "edit B, with C",
        "FFN 2, answer, C = I": "edit A, C = I", "values of FFN 2, SGD": "fine-tuning of w",
        "all weights, SGD": "fine-tuning of all, SGD",
        "all weights, Adam": "fine-tuning of all, Adam"}  # fmt: skip
sizes = results.load("editing")["settings"]["n_parameters"]
given = {"steps": editing.STEPS, "n_parameters": sizes, "choose_by": "choose"}
tuning = [run for run in editing.kept("tuning") if run["arm"] in list(WAYS)[1:]]
print(results.conditions(tuning, **given))
assert {run["seed"] for run in tuning} == {1, 2, 3}


# %%
def of_seeds(arm, score):
    return [run[score] for run in editing.kept("edits") if run["arm"] == arm]


ASKED = {"efficacy": "hold", "paraphrase": "carry over", "subject": "rest of subject kept",
         "value": "neighbours kept"}  # fmt: skip
for arm, name in WAYS.items():
    means = (f"{word} {100 * np.mean(of_seeds(arm, s)):.1f} %" for s, word in ASKED.items())
    print(f"{name}:", ", ".join(means))
    assert arm == "unedited" or np.mean(of_seeds(arm, "efficacy")) > 0.95

# %% [markdown]
# All five ways do what they are to do, and the counts can hardly tell them apart. A finer measure:
# the surprise, in nats, at the right answers of the neighbours. It grows before an answer flips.
# (A hundredth of a nat: the right answer has a chance of 99 in 100.)

# %%
nats = {name: of_seeds(arm, "neighbour_nats") for arm, name in WAYS.items()}
plot.show(
    plot.ranges(nats, x="surprise at the neighbours' right answers (nats)"),
    alt="A row for each way of editing, a dot for each of three models. Edit B lies about twice as "
    "high as the model that is not edited. Edit A and fine-tuning, of w or of all weights, lie "
    "together, two to four times higher than edit B.",
)
for name, seeds in nats.items():
    times = np.mean(seeds) / np.mean(nats["edit B, with C"])
    print(f"{name}: {np.mean(seeds):.3f} nats, {times:.1f} times edit B")
assert max(nats["edit B, with C"]) < min(v for n in list(nats)[2:] for v in nats[n])

# %% [markdown]
# At the chosen rates edit B is the gentlest, in each of the three models. Is that a matter of the
# rates? The ten facts on which they were chosen say more. First A against B, at the same rate. Both
# write the same value there, and only C differs:

# %%
by_rate = {}
for run in tuning:
    by_rate.setdefault((WAYS[run["arm"]], run["rate"]), []).append(run)

# %%
A, B = "edit A, C = I", "edit B, with C"
for rate in (0.03, 0.1, 0.3):
    of_a, of_b = (np.array([run["neighbour_nats"] for run in by_rate[way, rate]]) for way in (A, B))
    print(f"rate {rate}: A {of_a.mean():.3f} nats, B {of_b.mean():.3f}")
    assert np.all(of_a > 2 * of_b)  # in each model

# %% [markdown]
# Then each way by itself, at the gentlest of its rates at which all edits hold:

# %%
gentlest = {}
for (way, rate), runs in by_rate.items():
    if min(run["efficacy"] for run in runs) == 1:
        nats_there, over = (np.mean([r[s] for r in runs]) for s in ("neighbour_nats", "paraphrase"))
        gentlest[way] = min(gentlest.get(way, (np.inf,)), (nats_there, rate, over))

# %%
for way, (nats_there, rate, over) in gentlest.items():
    print(f"{way}: {nats_there:.3f} nats at rate {rate:g}, {100 * over:.0f} % carry over")
assert min(gentlest, key=gentlest.get) == B

# %% [markdown]
# So the covariance earns its place: at each of these rates, in each model, A leaves more than twice
# the surprise of B, and nothing but C differs. Against fine-tuning of *all* weights the answer is
# "partly a matter of the rates". Done slowly, by SGD, it comes near: 0.022 nats where B leaves
# 0.010, and 93 % carry over instead of 97 %. In the figure it lies higher, because there its rate
# was chosen so that the new words carry over. And "fine-tuning of w" is edit A in another form: the
# gradient of y = k w by w is k times a row, so each step of training is a step along the key.

# %% [markdown]
# ### Where? (4 minutes)
#
# The 200 facts from above. Causal tracing first. (The noise is three times the spread of the
# numbers in the token table, as in Meng et al. 2022.)

# %%
ids, answers = prompts[facts], language.objects[facts]
noise = np.zeros((200, 4, 64))
noise[:, 1:3] = 3 * model.token.table.data.std() * rng.normal(size=(200, 2, 64))  # both names
total, indirect = causal_trace(model, ids, answers, noise)
share = 100 * indirect.mean(axis=0) / total.mean()
print(f"noise takes {100 * total.mean():.0f} % of the answer's chance; this gives it back:")
print(" " * 12, *(f"{word:>10}" for word in ("first word", "first name", "last name", "last word")))
for name, row in zip(("attention 1", "FFN 1", "attention 2", "FFN 2"), share, strict=True):
    print(f"{name:12}", *(f"{part:8.0f} %" for part in row))
assert share[3, 3] > 3 * share[1, 3]

# %% [markdown]
# The answer comes back most where attention has just brought the names to the last word, and in the
# second FFN. It seems that the fact is there. But an edit asks something else: not what a layer
# *did* for the old answer, but what it *can* do for a new one. Forty edits of each of the three
# models, in five places ("answer" is the last word, where the answer is told):


# %%
PLACES = {"FFN 2, answer": (3, 3), "FFN 1, answer": (1, 3), "FFN 1, last name": (1, 2),
          "FFN 1, first name": (1, 1), "FFN 2, last name": (3, 2)}  # fmt: skip
shares = {}
for place, (row, word) in PLACES.items():
    traced = [100 * run["indirect"][row][word] / run["total"] for run in editing.kept("tracing")]
    scores = {w: [100 * share for share in of_seeds(place, s)] for s, w in ASKED.items()}
    shares[place] = {"comes back in tracing": traced, **scores}
    hold = np.mean(scores["hold"])
    print(f"{place}: {np.mean(traced):.0f} % comes back, {hold:.0f} % of edits hold")
print("you said", my_first)
first_ffn = shares["FFN 1, answer"]
assert np.mean(first_ffn["hold"]) > 90 and np.mean(first_ffn["comes back in tracing"]) < 10

# %%
plot.show(
    plot.dots(shares, x="percent", height=4.6),
    alt="Five places, with five marks each. Where tracing brings back nearly nothing, in the first "
    "FFN, more than nine in ten edits hold. But there the other facts pay: at a name the rest of "
    "the subject, at the first name and at the answer the neighbours.",
)
assert np.mean(shares["FFN 1, last name"]["rest of subject kept"]) < 90

# %% [markdown]
# Look at the second row, "FFN 1, answer": its first mark is far to the left, its second at the
# right edge. **If you said 10 or less**, you took "gives back a tenth" for "holds a tenth of the
# facts". **If you said about half**, you still gave tracing a say. All edits hold there, and most
# carry over. Tracing shows which layer *carried* the old answer; an edit needs a layer that *can be
# heard*. Where none holds, at a name in the second FFN, no attention comes after it: what is added
# there never reaches the last word. (There tracing and edits agree, by construction.)
#
# What differs from place to place is the price. At the last name, an edit says "whatever you are
# asked about this person", and other facts of the subject break. Hase et al. (2023) found in a
# large model that tracing does not say which layer is best to edit, as here.

# %% [markdown]
# ### Hundreds of facts · 5 min (90)
#
# **At once**: `batch_edit` makes the sum of what the facts miss, and λ times what old keys move, as
# small as possible (with a small λ the facts are nearly strict); or all weights are trained on all
# facts. **In turn**: each fact into the model that the last one left, its value sought there.
# Training takes the gentler of two rates. Three models of 256 neurons.

# %%
many = {}
for arm in editing_many.ARMS:
    runs = [run for run in editing.kept("many") if run["arm"] == arm]
    runs = [run for run in runs if run["rate"] == min(r["rate"] for r in runs)]
    at = runs[0]["counts"].index(200)
    pair = (100 * np.mean([run[s][at] for run in runs]) for s in ("efficacy", "kept"))
    print(f"{arm}, 200 facts: {next(pair):.0f} % hold, {next(pair):.0f} % of the others kept")
    many[arm] = runs[0]["counts"], [np.multiply(100, run["kept"]) for run in runs]
assert len(many) == 7


# %%
def picture(beginning):
    curves = {arm: curve for arm, curve in many.items() if arm.startswith(beginning)}
    return plot.bands(curves, x="facts edited", y="other facts still right (percent)")


plot.show(
    picture("at once"),
    alt="At once: other facts still right against the number of facts edited, with the range over "
    "three models. With λ = 1 there is a deep hole at 256, with λ = 10 a shallow one; with λ = 100 "
    "the curve stays high. Training of all weights falls steadily.",
)
n_facts, kept_of_models = many["at once, λ = 1"]
assert n_facts[np.mean(kept_of_models, axis=0).argmin()] == 256

# %%
runs = [run["efficacy"] for run in editing.kept("many") if run["arm"] == "at once, λ = 1"]
hold = dict(zip(n_facts, 100 * np.mean(runs, axis=0), strict=True))
print("λ = 1:", ", ".join(f"of {n} facts {hold[n]:.0f} % hold" for n in (200, 256, 300, 400)))
assert hold[400] < hold[256]

# %% [markdown]
# Near 256 facts, as many as neurons, all facts can just be met, by a huge change: the hole. Beyond,
# not all values can be met any more, and the change becomes smaller again. (At 300 nearly all still
# hold: for a word to be likeliest its value need not be met exactly.) λ = 100 keeps the others by
# leaving many of the new facts unwritten. Training on all facts at once writes every one of them,
# even 400. At 100 the others pay more for it than for `batch_edit`, at 200 less: it may change all
# weights, not one matrix.

# %%
plot.show(
    picture("in turn"),
    alt="In turn: with C = I the other facts fall at once and end below a fifth, by training below "
    "a third. With C they stay high until 100 edits and end below a half.",
)
last = {arm: np.mean(curve[1], axis=0)[-1] for arm, curve in many.items()}
assert last["in turn, rank one"] > last["in turn, all weights, SGD"]

# %% [markdown]
# ## What broke, and why · 5 min
#
# One edit is fine. The world changes all the time, so we write 100 facts, one after another, each
# into the memory that the last one left. Keys and values are all found first, in the untouched
# model. (In "Hundreds of facts" each value was sought anew, in the model that the last edit had
# left. A new value answers for all the harm done so far, so there more edits hold, and the others
# pay more.)

# %%
keys, values = find_values(model, memory, ways, 3, targets)
print("keys", keys.shape, " values", values.shape)
assert keys.shape == (200, 256)


# %%
def answers_with(w, of):
    """What the model says of some facts when its memory is w."""
    with replaced(memory.layer.down.w, "data", w.astype(np.float32)):
        return model(prompts[of]).data[:, -1].argmax(axis=1)


def holding(w, n):
    """Of the first n edits, and of all facts that were not edited: how many in 100 are told."""
    says = answers_with(w, every)
    others = np.setdiff1d(every, facts[:n])
    hold, kept = says[facts[:n]] == objects[:n], says[others] == language.objects[others]
    return 100 * np.mean(hold), 100 * np.mean(kept)


def one_after_another(w, n, C):
    """Go through n facts, correct each in its turn."""
    for i in range(n):
        w = rank_one_edit(w, keys[i], values[i], C)
    return w


# %%
for name, c in (("C = I", np.eye(256)), ("with C", C)):
    w, held = memory.values, 0
    for i in range(100):
        w = rank_one_edit(w, keys[i], values[i], c)
        held += answers_with(w, facts[[i]])[0] == objects[i]
    hold, kept = holding(w, 100)
    print(f"{name}: {held} of 100 held when they were made; at the end {hold:.0f} do, "
          f"and {kept:.0f} % of the other facts")  # fmt: skip
    assert held > 95 > hold

# %% [markdown]
# Each edit held when it was made, and later ones took it back. An edit at key k sends the share
# (u · q) / (u · k) of its change to a key q: the brightness in the picture of the ellipse. So look
# at the shares among the 100 keys.

# %%
for name, c in (("C = I", np.eye(256)), ("with C", C)):
    u = np.linalg.solve(c, keys[:100].T)
    arrives = np.abs(keys[:100] @ u / np.sum(keys[:100].T * u, axis=0))
    mean = 100 * arrives[~np.eye(100, dtype=bool)].mean()
    print(f"{name}: {mean:.0f} % of an edit arrives at another of the keys, in the mean")
    assert mean < 10 if name == "with C" else mean > 10

# %% [markdown]
# A few percent, a hundred times. Kaczmarz knew the remedy: **go round again**. Each round leaves
# less to correct. If the keys are *linearly independent* (none of them is a sum of multiples of the
# others), the rounds come as close as one likes to a w that gives every value. Beside them, all at
# once by `batch_edit`: with λ = 0.001, nearly strict, and with λ = 100, which spares old keys.

# %%
w8, rounds = memory.values, []
for _ in range(8):
    w8 = one_after_another(w8, 100, C)
    rounds.append(holding(w8, 100))
print("edits that hold, others still right, in percent")
for n in (1, 2, 4, 8):
    print(f"after round {n}:", *(f"{share:.0f}" for share in rounds[n - 1]))
for weight in (0.001, 100):
    w = batch_edit(memory.values, keys[:100], values[:100], C, weight)
    print(f"at once, λ = {weight}:", *(f"{share:.0f}" for share in holding(w, 100)))
assert rounds[-1][0] > rounds[0][0] and rounds[-1][1] < rounds[0][1]

# %% [markdown]
# The rounds come ever closer to the strict solution, and each costs facts that nobody wanted to
# touch. So stop when the edits hold: here after round 2, though the values are not yet met exactly.
# And λ = 100 chooses another price: the others stay, some edits do not hold. Does somebody always
# pay? Strictly at once, for fewer and for more facts:

# %%
strict = {}
for n in (10, 30, 60, 100, 200):
    strict[n] = holding(batch_edit(memory.values, keys[:n], values[:n], C, 0.001), n)
    print(f"{n} facts: {strict[n][0]:.0f} % hold, {strict[n][1]:.0f} % of the others are right")
assert strict[30][1] > 99 and strict[200][1] < strict[100][1] < 95

# %% [markdown]
# With 30 facts in 256 neurons nobody pays, by this count; with 100 about one in seven. The more
# strict facts, the fewer directions are left in which to avoid the others. **The memory is one
# matrix. When it gets crowded, what one fact gains, others pay.**

# %% [markdown]
# ## Exercises · 35 min (90)
#
# Three, and a milestone to show to others. Exercise 14.1 fits into a long class, the others are for
# home.
#
# **Exercise 14.1: one fact, with a bias** (30 minutes). Real layers have a bias, and papers write
# weights as columns. If the bias may change too, what is the gentlest edit, and who pays, w or b?
# The folder is `exercises/14_1_edit_with_a_bias`.

# %%
predict("14.1")

# %%
check("14.1")

# %% [markdown]
# ### Milestone: a fact of your own choice
#
# Change the three words of the next cell as you like, and run what follows. Your `edit_fact` does
# it (or the course's, until yours passes its checks).

# %%
subject, relation, new = "Kavya Silva", "works-as", "pilot"
asks = language.encode(f"{subject} {relation}")
(fact,) = np.flatnonzero((prompts[:, 1:] == asks).all(axis=1))
new_object = language.encode(new)[0]
print(f"fact {fact}: {subject} {relation} {language.decode([language.objects[fact]])}")
assert new_object in language.choices[fact]

# %%
asked = language.prompts(np.full(5, fact), paraphrase=0, filler=np.arange(5))
key, value = find_value(model, memory, asked, position=3, targets=new_object)
every_key = coefficients(model, prompts)[1]
down, mean = memory.layer.down, every_key.mean(axis=(0, 1))
w, b = mine("14.1").edit_fact(
    down.w.data.T, down.b.data, key, value + down.b.data, covariance(every_key), mean
)
lengths = np.linalg.norm(w.T - down.w.data), np.linalg.norm(b - down.b.data)
print(f"w changes by {lengths[0]:.2f}, b by {lengths[1]:.2f}")
assert np.allclose(w @ key + b, value + down.b.data, atol=1e-3)


# %%
def says(paraphrase):
    """What the model says of every fact, asked in one of three ways."""
    ids = language.prompts(every, paraphrase=paraphrase, filler=every % 20)
    return model(ids).data[:, -1].argmax(axis=1)


# %%
old_lead, old = lead(model), [says(way) for way in range(3)]
with (
    replaced(down.w, "data", w.T.astype(np.float32)),
    replaced(down.b, "data", b.astype(np.float32)),
):
    new_lead, now = lead(model), [says(way) for way in range(3)]
assert [answers[fact] for answers in now] == 3 * [new_object]

# %%
for number in range(fact // 4 * 4, fact // 4 * 4 + 4):
    for way in range(3):
        words = language.decode(language.prompts([number], paraphrase=way)[0, 1:])
        first, then = (language.decode([answers[way][number]]) for answers in (old, now))
        print(f"{words:30}{first:12}-> {then}")
changed = np.flatnonzero((now[0] != old[0]) & (every != fact))
print(f"{len(changed)} of 1,599 others:", *(language.decode(prompts[i, 1:]) for i in changed))
assert len(changed) < 20

# %%
same = language.relations == language.relations[fact]
kinds = {"other facts": ~same, "same relation": same & (every != fact), subject: every == fact}
plot.show(
    plot.before_after(
        {"my edit": {kind: (old_lead[of], new_lead[of]) for kind, of in kinds.items()}},
        x="lead of the right word before (logits)", y="lead after (logits)",
        below="answer changed",
    ),
    alt="A dot for each of 1,600 facts, its lead before the edit to the right and after it upward. "
    "All lie near the diagonal but a star, the edited fact, which has fallen into the tinted half, "
    "where the answer has changed.",
)  # fmt: skip
assert new_lead[fact] < 0 < old_lead[fact]

# %% [markdown]
# **Exercise 14.2: many facts at once, some of them strict** (35 minutes). Facts with a slack each:
# how much it may miss its value. A fact with slack 0 must hold. The folder is
# `exercises/14_2_facts_with_slack`.

# %%
predict("14.2")

# %%
check("14.2")

# %% [markdown]
# What are strict facts good for? Edit A, without C, moved 35 people along with Rosa. Put some of
# the other 399 homes on a list, strictly, with what the layer adds for them today. Your function
# writes Rosa's new home and the list together.

# %%
listed = rng.permutation(np.flatnonzero(homes & (every != rosa)))
edit_facts, harm = mine("14.2").edit_facts, {}
assert len(listed) == 399

# %%
for n in (0, 10, 50, 100, 200, 250):
    k = np.concatenate([rosa_key[None], met[listed[:n]]])
    v = np.concatenate([rosa_value[None], met[listed[:n]] @ memory.values])
    w = edit_facts(memory.values, k, v, np.zeros(n + 1, k.dtype), np.eye(256, dtype=k.dtype))
    with replaced(memory.layer.down.w, "data", w):
        is_right, _ = told(model, language)
    harm[n] = np.count_nonzero(~is_right[every != rosa])
    length = np.linalg.norm(w - memory.values)
    print(f"{n} homes on the list: length of the change {length:.1f}, {harm[n]} others wrong")
assert harm[50] < harm[0] < harm[250]

# %% [markdown]
# Fifty protect nearly all 399: what the fifty share is what everybody shares. But with 250 strict
# facts and 256 neurons there is hardly a direction left in which Rosa may move. The change must be
# huge, and whoever is not on the list pays for it.

# %% [markdown]
# **Exercise 14.3: what a round of edits leaves** (25 minutes). Rounds of single edits end where all
# facts hold. How fast? A matrix says it before a single edit is made. The folder is
# `exercises/14_3_what_a_round_leaves`.

# %%
predict("14.3")

# %%
check("14.3")

# %% [markdown]
# Your matrix for the 100 facts of above, with C and with C = I.

# %%
left_over = mine("14.3").left_over

# %%
for name, c in (("C = I", np.eye(256)), ("with C", C)):
    M = left_over(keys[:100].astype(float), c, np.ones(100))
    largest = np.abs(np.linalg.eigvals(M)).max()
    n = np.log(1000) / -np.log(largest)
    print(f"{name}: a round leaves {largest:.3f} in the long run, a thousandth after {n:.0f}")
    assert largest < 1

# %%
foreseen = np.linalg.matrix_power(M, 8) @ (values - keys @ memory.values)[:100]
measured = (values - keys @ w8)[:100]
print(f"after 8 rounds, largest number missing: foreseen {np.abs(foreseen).max():.3f}, "
      f"measured {np.abs(measured).max():.3f}")  # fmt: skip
assert np.allclose(foreseen, measured, atol=0.01)

# %% [markdown]
# So C does a second service: the rounds converge in a few instead of hundreds. (Numerical analysts
# call this preconditioning.)

# %% [markdown]
# ## Check yourself · 3 min
#
# Answer first, then open.
#
# <details><summary>1. Two edits of one fact. The first changes the weights by 2.3, the second by
# 5.8. Which of them is safer?</summary>
#
# One cannot say. What counts is at which keys the change is heard: dᵀ C d, not |d|². Here the
# longer one was safer, because it avoids the directions in which all keys are large.
# </details>
#
# <details><summary>2. "Our editor has 100 % success." Which questions do you ask?</summary>
#
# Does it hold when asked in other words? What else is said of the same subject? Of subjects with
# similar names? How many of all other facts changed? After one edit, or after how many, and do the
# first ones still hold? And compared with which rival, tuned how?
# </details>
#
# <details><summary>3. Tracing finds that an FFN gives back a tenth of the answer's chance. Can
# facts be edited there?</summary>
#
# Tracing does not say. It shows what the layer *did* for the old answer. An edit asks what it *can*
# do, if its output is changed: whether anything that is added there reaches the answer.
# </details>
#
# <details><summary>4. A memory has 256 neurons, and you write 300 facts strictly. What
# happens?</summary>
#
# At most 256 keys are linearly independent. The value at any further key is settled by the others,
# so not all 300 can be met exactly. Many words are still told, for that needs less than an exact
# value. And before that, near 256, the change becomes huge, and the other facts pay.
# </details>

# %% [markdown]
# ## Go further
#
# - Meng et al. 2022, *Locating and editing factual associations in GPT*,
#   [arXiv:2202.05262](https://arxiv.org/abs/2202.05262): causal tracing, and the rank-one edit with
#   the covariance (ROME).
# - Meng et al. 2022, *Mass-editing memory in a transformer*,
#   [arXiv:2210.07229](https://arxiv.org/abs/2210.07229): thousands of facts at once, spread over
#   several layers (MEMIT).
# - Hase et al. 2023, *Does localization inform editing?*,
#   [arXiv:2301.04213](https://arxiv.org/abs/2301.04213): where tracing points says hardly anything
#   about where an edit works.
# - Gupta et al. 2024, *Rebuilding ROME*,
#   [arXiv:2403.07175](https://arxiv.org/abs/2403.07175): the same key in both places, and edits one
#   after another.
# - Kaczmarz 1937, *Angenäherte Auflösung von Systemen linearer Gleichungen*: three pages.
# - Next: **15, one bit: theory**. What is left of a weight of which one keeps the sign alone? The
#   matrix C comes back in lesson 16: it also says which weights must not be rounded.
