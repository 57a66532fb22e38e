# %% [markdown]
# # 12 · The FFN is a key-value memory
#
# **What do its rows and columns hold, and where is a fact?**

# %% [markdown]
# ## Where you are · 1 min
#
# You have built a transformer and trained it (part II). Part III opens the trained feed-forward
# layers, FFNs for short. This lesson reads what they hold; lesson 13 asks how much fits into them,
# lesson 14 rewrites it.

# %%
import inspect
from contextlib import ExitStack

import ipywidgets
import numpy as np

from tinyffn import Tensor, nn, no_grad, ops, plot
from tinyffn.data import Characters, documentation, split
from tinyffn.lab import check, mine, predict
from tinyffn.studies import fact_language, results, trained
from tinyffn.studies import neurons as neurons_study
from tinyffn.studies.keyvalue import agreement, decompose, neurons, symmetries, triggers, values
from tinyffn.studies.keyvalue.memories import coefficients, memories, replaced

seed = 12
rng = np.random.default_rng(seed)
print(f"seed {seed}: every random number below follows from it")

# %%
plot.show(
    plot.course_map(here=12),
    alt="The map of the course. The box of lesson 12, the FFN is a key-value memory, is marked "
    "'you are here': the first box of the third row, memory.",
)

# %% [markdown]
# ## The question · 2 min
#
# The encyclopedia article says of MLP layers that they do "storing and retrieving factual
# knowledge". They "can be understood as key-value memories", it says, "where different neurons
# respond to different input patterns". Behind this stand two papers. Geva et al. (2021) looked up
# which texts make each hidden number large. Dai et al. (2022) set a few hidden numbers to zero, and
# a fact was said less often.
#
# But in lesson 09 a model without any FFN learned 1,600 facts, all of them. Can both be true? We
# repeat both experiments on two trained models: one reads text, the other knows 1,600 facts.

# %% [markdown]
# ## What you will be able to do · 1 min
#
# | you will | and this tests it |
# |---|---|
# | **say** what can be read from a key and a value, and what cannot | exercises 12.1 and 12.2 |
# | **hold** an agreement to the chance that fits | exercise 12.3 |
# | **take apart** a score exactly, neuron by neuron | exercise 12.4 |
# | **credit** hidden numbers, and check that the credit adds up | exercise 12.5 |
# | **say** what "the fact is in the FFN" does and does not mean | questions 3 and 4 |
#
# *You need*: lessons 01 to 05, 09 and 10. *Time*: 50 minutes for the core; parts marked (90) fill a
# longer class.

# %% [markdown]
# ## Predict · 4 min
#
# Three words. A layer's hidden number i is its **coefficient** m_i. Column i of the first matrix is
# its **key**: it decides when m_i is large. Row i of the second matrix is its **value** v_i: the
# layer adds m_i v_i to the stream. The layer is the memory; key and value together are one
# **neuron**.
#
# **Prediction 1.** A model reads text character by character; there are 103 characters. One neuron
# of its last FFN has its largest coefficient after "executio". The character that its value raises
# most is "n", and there "n" really comes next: a hit. Of all 256 neurons of this FFN, how many
# percent are a hit? And how many, if each gets the value of another one, drawn at random?

# %%
my_agreement = None  # two percentages, such as (80, 5): its own value, another one's

# %% [markdown]
# **Prediction 2.** The other model knows 1,600 facts. Its last FFN has 256 neurons; for a given
# fact some of them raise the score of the right answer, some lower it. Take only those that raise
# it, the largest first. How many of them give half of what they give together?

# %%
my_half = None  # a number from 1 to 256

# %% [markdown]
# **Prediction 3.** For each fact we switch off the neurons that raise its right answer, some forty
# of 256. Or we switch off all 256, the whole layer. How many percent of the facts does the model
# still answer right?

# %%
my_left = None  # two percentages, such as (90, 90): forty off, all off

# %% [markdown]
# ## Build by hand on three numbers · 5 min
#
# Three neurons. The stream x that arrives is compared with each key, a column, and what is below 0
# counts as 0. The values stand in rows. Let the stream have a channel for each of three words, so
# that a value says directly what it wants.

# %%
words = ["cat", "dog", "fish"]
x = np.array([2.0, 1.0, 0.0])
keys = np.array([[1.0, 0.0, 1.0], [0.0, 1.0, -1.0], [0.0, 1.0, 0.0]])
v = np.array([[1.0, 0.0, 0.0], [0.0, 3.0, 0.0], [-1.0, 0.0, 2.0]])
m = np.maximum(x @ keys, 0)
print("coefficients", m, "  y =", m @ v, "for", words)
assert np.allclose(m @ v, [1, 3, 2])

# %% [markdown]
# That is a feed-forward layer, `relu(x w_up) w_down`, and nothing else. What is new is how we read
# it: as a sum with one row for each neuron.

# %%
for i in range(3):
    print(f"neuron {i}: {m[i]:.0f} times {v[i]} =", m[i] * v[i] + 0.0)  # + 0.0 turns -0. into 0.
assert np.allclose(sum(m[i] * v[i] for i in range(3)), m @ v)

# %% [markdown]
# "dog" wins, and neuron 1 alone wants it. Neuron 2 wants "fish", and it takes something away from
# "cat".
#
# Is neuron 1 the strongest, as its value is the longest? Make key 1 three times as long, and value
# 1 three times shorter:

# %%
longer, shorter = keys * [1, 3, 1], v / [[1], [3], [1]]
print("value 1:", shorter[1], "  y =", np.maximum(x @ longer, 0) @ shorter)
assert np.allclose(np.maximum(x @ longer, 0) @ shorter, m @ v)

# %% [markdown]
# The same layer, another value. So **the length of a value says nothing**, nor does that of a key.
# Only their product m_i v_i says how much is written. What can be read from a value alone is its
# direction: which words it favours, as m is never below 0.
#
# And in a gated layer (lesson 05)? There m = silu(x · gate key) times (x · up key), and it may be
# negative. Let our keys be the up keys; turn one of them and its value around:

# %%
gate = np.array([2.0, 0.5, 1.0])  # whatever silu makes of the gate keys
turn = np.array([1, -1, 1])
m_gated, m_turned = gate * (x @ keys), gate * (x @ (keys * turn))
print("value 1:", v[1], " m_1:", m_gated[1], " y =", m_gated @ v)
print("value 1:", -v[1] + 0.0, " m_1:", m_turned[1], " y =", m_turned @ (turn[:, None] * v))
assert np.array_equal(m_gated @ v, m_turned @ (turn[:, None] * v)) and m_turned[1] < 0

# %% [markdown]
# One of them says "dog", the other "anything but dog", and the two layers do the same, bit for bit.
# **In a gated layer not even the sign of a value can be read**, unless one also looks at m. Ask of
# each thing that you read in a network: is there another network that does the same, in which it
# reads otherwise?

# %% [markdown]
# ## The clear version · 2 min
#
# The words stand at the end of the model: **final norm**, then the **unembedding**, a matrix w with
# a column for each word. A value is read as if it stood there alone. Here is the norm RMSNorm: it
# divides by the size of the *whole* stream, and multiplies each channel by a gain. We take that
# one number as it came out, as a constant: it is **frozen**. Then all is a sum.


# %%
def wants(v, gain, w):
    """Which words each value raises: (d_ff, d_model) to (d_ff, n_words)."""
    return (gain * v) @ w


def written(m, v, stream, gain, w):
    """What each neuron adds to the score of each word, here and now."""
    size = np.sqrt(np.mean(stream**2))
    return m[:, None] * wants(v, gain, w) / size


# %% [markdown]
# `wants` needs no text: it is what a value says in general, its length aside. `written` needs a
# place in a text: there m says how loud. These two are the whole method.

# %% [markdown]
# ## The library's version · 3 min
#
# `memories(model)` finds the FFNs, and `coefficients(model, ids)` notes m while the model reads. We
# load the model that knows 1,600 facts of lesson 09's kind, and ask for one of them.

# %%
model, about = trained.load("facts")
language = trained.facts_of(about)
facts, answers = np.arange(len(language.objects)), language.objects
prompts = language.prompts(facts, paraphrase=0, filler=facts % 20)  # filler: the first word

# %%
ids, answer = prompts[7], answers[7]
print(language.decode(ids), "->", language.decode([answer]))
print(f"it knows {100 * about['known']:.0f} % of {len(facts):,} facts; blocks: {len(model.blocks)}")
assert model(ids[None]).data[0, -1].argmax() == answer and about["known"] > 0.99

# %%
print(inspect.getsource(values.added_logits).split('"""')[2])  # without its description

# %% [markdown]
# That is `wants`. `logit_parts` does the same for every part of a model: embedding, attention of
# each block, each neuron (summed below), biases. Together they must be the score itself.

# %%
with no_grad():
    score = model(ids[None]).data[0, -1, answer]
    stream = model.stream(ids[None])[-1].data[0, -1]
parts = decompose.logit_parts(model, ids, -1, answer)
total = sum(np.sum(part) for part in parts.values())

# %%
print({name: round(float(np.sum(part)), 2) for name, part in parts.items()})
print(f"sum {total:.4f}, score {score:.4f}")
assert abs(total - score) < 1e-4

# %%
m = coefficients(model, ids[None])[1][0, -1]
ours = written(m, memories(model)[1].values, stream, model.norm.gain.data, model.head.w.data)
print(f"ours and the library's differ by {np.abs(ours[:, answer] - parts['FFN 2']).max():.0e}")
assert np.allclose(ours[:, answer], parts["FFN 2"], atol=1e-4)

# %% [markdown]
# ## Measure · 21 min
#
# ### When is a neuron on, and what does it want?
#
# First the model of lesson 10, which reads Python's documentation: four blocks, 256 neurons in
# each. It reads 12,800 characters that it was not trained on. The places where a neuron's
# coefficient is largest are its **trigger examples**.

# %%
reader, about_reader = trained.load("documentation")
characters = Characters(documentation())
_, test = split(characters.encode(documentation()))
texts, following = (test[i : i + 12_800].reshape(100, 128) for i in (0, 1))

# %%
m_text = coefficients(reader, texts)
best = [triggers.trigger_examples(m, 5) for m in m_text]
print("coefficients of each FFN:", m_text[0].shape)
assert "".join(about_reader["characters"]) == "".join(characters.characters)


# %%
def card(layer, i):  # for the figures; may be skipped
    """Neuron i: its triggers as (before, character, after, m), and what its value wants."""
    told = []
    for row, place, m in zip(*(array[i] for array in best[layer]), strict=True):
        cut = texts[row, :place], texts[row, place : place + 1], following[row, place : place + 6]
        told.append((*map(characters.decode, cut), m))
    says = values.value_logits(reader, memories(reader)[layer].values[[i]])[0]
    return told, {characters.decode([c]): says[c] for c in np.argsort(-says)[:5]}


# %%
comes = [following[b.rows, b.positions] for b in best]  # what follows the triggers, (256, 5)
wanted = values.value_tokens(reader, memories(reader)[3].values)  # (256, 1)
hits = (comes[3] == wanted).sum(axis=1)
picked = np.argsort(-hits, kind="stable")[:4]
print("of the five triggers, followed by what the value wants most:", hits[picked])
assert hits[picked].min() >= 4

# %%
shown = {f"FFN 4, neuron {i}": card(3, i) for i in picked}
plot.show(
    plot.cards(shown),
    alt="Four cards: left, the places that switch a neuron on; right, what its value wants, in "
    "bars, the longest first. " + plot.cards_in_words(shown),
)
assert all(max(says.values()) > 0 for _, says in shown.values())

# %% [markdown]
# Left, the places that switch a neuron on: in the frame the character just read, in grey what comes
# then (↵ ends a line). Right, what its value wants, up to the size of the stream. Key and value
# make sense together: the key waits for a piece of a word, the value goes on with it.
#
# Such cards stand in papers, and these four were *picked*: the best of 256. (And five times the
# same word is one example, not five.) Now four drawn at random.

# %%
shown = {f"FFN 4, neuron {i}": card(3, i) for i in rng.permutation(256)[:4]}
plot.show(
    plot.cards(shown),
    alt="Four cards: left, the places that switch a neuron on; right, what its value wants, in "
    "bars, the longest first. " + plot.cards_in_words(shown),
)
print("how many neurons have 0, 1, ..., 5 of the five right:", np.bincount(hits, minlength=6))
assert np.bincount(hits)[0] > 128

# %% [markdown]
# Not so clear. Of all 256 neurons, more than half have not one trigger that is followed by what the
# value wants *most* (its first wish of 103; exercise 12.3 takes five). So one counts, and asks what
# chance would give.
#
# First the keys. Take 25 triggers of a neuron. How many end in the same character? And how many of
# 25 places drawn at random do?

# %%
for layer, m in enumerate(m_text, start=1):
    found = triggers.trigger_examples(m, 25)
    alike = triggers.purity(texts[found.rows, found.positions]).mean()
    print(f"FFN {layer}: {100 * alike:.0f} % of 25 triggers end in the same character")
    assert alike > 0.4

# %%
by_chance = triggers.chance_purity(texts, 25, rng=rng).mean()
print(f"of 25 places drawn at random: {100 * by_chance:.0f} %")
assert by_chance < 0.3

# %% [markdown]
# ### Do key and value belong together?
#
# Now the question of Prediction 1: is what the value wants what comes next at the best trigger?
# Geva et al. call this the **agreement rate**, and hold it against 1 in vocabulary size: guessing
# any character. A number that says what to expect *if there were nothing* is called a **null**. A
# better one deals all values out anew, by a random **permutation**, 1,000 times.

# %%
pairs, rates, anyone = [], [], []
for layer, memory in enumerate(memories(reader)):
    pairs.append((values.value_tokens(reader, memory.values)[:, 0], comes[layer][:, 0]))
    rates.append(100 * agreement.agreement_rate(*pairs[layer]))
    anyone.append(100 * agreement.permuted_rates(*pairs[layer], rng=rng, n=1000))
    print(f"FFN {layer + 1}: {rates[-1]:.0f} % agree; shuffled {anyone[-1].mean():.1f} %")
print(f"1 in {len(characters)}: {100 / len(characters):.1f} %; you said", my_agreement)
e = characters.encode("e")[0]
print("FFN 4: 'e' is wanted by", np.sum(pairs[3][0] == e), "values, and comes after",
      np.sum(pairs[3][1] == e), "of 256 triggers")  # fmt: skip
assert all(rate > max(other) for rate, other in zip(rates, anyone, strict=True))

# %% [markdown]
# And a stricter one: each neuron gets the value of *another* neuron whose best trigger ends in the
# same character; or in the same two. (Who has no such neighbour is not counted.)

# %%
alike = []
for layer, (rows, places) in enumerate((b.rows[:, 0], b.positions[:, 0]) for b in best):
    last, before = texts[rows, places], np.where(places > 0, texts[rows, places - 1], 0)
    for kind, ends in (("character", last), ("two", 103 * before + last)):
        rate, counted = agreement.others_rates(*pairs[layer], ends, rng=rng, n=1000)
        own = agreement.agreement_rate(*(tokens[counted] for tokens in pairs[layer]))
        print(f"FFN {layer + 1}, same last {kind}: another's {100 * rate.mean():.1f} %", end=", ")
        print(f"its own {100 * own:.1f} % (of {counted.sum()} neurons)")
        alike += [100 * rate] * (kind == "character")
assert rates[3] > alike[3].max()

# %%
names = [f"FFN {layer}" for layer in range(1, 5)]
curves = {"its own value": [rates], "another's, whose trigger ends alike": np.transpose(alike),
          "anyone's value": np.transpose(anyone)}  # fmt: skip
plot.show(
    plot.bands(
        {name: (names, of_layers) for name, of_layers in curves.items()},
        x="layer", y="values that agree (percent)",
        references={f"1 in {len(characters)}": 100 / len(characters)},
    ),
    alt="Agreement in each of the four FFNs. With its own value it rises from the first FFN to the "
    "last. Below it lie two bands of 1,000 draws: values of others whose trigger ends alike, whose "
    "band reaches up to the own value in the first FFN; then anyone's values. The line 1 in 103 "
    "lies below the means of both.",
)  # fmt: skip
assert min(np.mean(anyone, axis=1)) > 2 * 100 / len(characters)

# %% [markdown]
# A band goes from the lowest to the highest of 1,000 draws; the line in it is their mean. Each null
# says what something simple explains. What stands above *anyone's* value is not explained by
# frequencies alone. What stands above a *neighbour's* value is not explained by the last character:
# in FFN 4 most of it, in FFN 1 about half, and there the band reaches it. But among triggers that
# share their last *two* characters, a neighbour's value does more than half as well as the own. So
# much of the agreement is shared by many neurons; the rest has a shorter reason, or belongs to one
# pair of key and value. (That it rises from FFN 1 to 4 may lie in our way of reading: later blocks
# read a value before the unembedding does, and we pass over them.)
#
# Is it this one model? Two more were trained on the same text, from other seeds. In percent:

# %%
kept_runs = results.load("reading")["runs"]
for trained_from in (1, 2, 3):
    runs = [r for r in kept_runs if "documentation" in r["arm"] and r["seed"] == trained_from]
    agree = " ".join(f"{run['value']:.0f}" for run in runs)
    print(f"seed {trained_from}: FFN 1 to 4 agree {agree}; permuted at most "
          f"{max(run['null_range'][1] for run in runs):.0f}")  # fmt: skip
    assert runs[-1]["value"] > 2 * runs[-1]["null_range"][1]

# %% [markdown]
# **If you said 1 for another one's value**, 1 in 103, you took all characters to be as frequent.
# Values want some characters often, and these come often, whatever the key. A permutation keeps
# what is wanted and what comes, and breaks only the tie between them.
#
# **If you said 80 or so for its own value**, you had in mind one neuron, one rule. It is a fifth.
# (Geva et al. report 3 to 4 in a hundred for the upper layers of a model with some 268 thousand
# tokens: there, one in 268 thousand is the chance of a guess.)

# %% [markdown]
# ### Who writes the right answer?
#
# Now the facts. How many neurons of the last FFN are on for one fact, and for how many facts is
# one neuron on?

# %%
memory = memories(model)[1]
m = coefficients(model, prompts)[1][:, -1]  # at the last word: (facts, neurons)
on = m > 0
print(f"one fact switches on {on.sum(axis=1).mean():.0f} of 256 neurons")
for part in (0, 0.5, 0.75):
    n = np.median((m > part * m.max(axis=0)).sum(axis=0))
    print(f"one neuron is above {part} of its largest m for {n:.0f} of 1,600 facts (the median)")
assert np.median(on.sum(axis=0)) > 100

# %% [markdown]
# So much for "one neuron, one fact", unless one counts only what is nearly as large as it gets.
# What does each of them write for the right answer? We take its **lead**: the score of the right
# word less the mean of the nineteen other answers. It is a sum over neurons, exactly.

# %%
with no_grad():
    stream = model.stream(prompts)[-1].data[:, -1]
size, says = values.norm_scale(model, stream), values.added_logits(model, memory.values)
lead = np.stack(
    [fact_language.lead(language, m[:, [i]] * says[i] / size) for i in range(256)], axis=1
)
supports, opposes = np.maximum(lead, 0).sum(axis=1), np.minimum(lead, 0).sum(axis=1)
print(f"for the answer {supports.mean():.1f}, against it {opposes.mean():.1f}", end=", ")
print(f"together {lead.sum(axis=1).mean():.1f}")
assert supports.mean() > -opposes.mean() > 1

# %%
order = -np.sort(-lead, axis=1)
running = np.cumsum(order, axis=1)
half = 1 + (running < 0.5 * supports[:, None]).argmin(axis=1)
print(f"the largest alone: {100 * np.mean(order[:, 0] / supports):.0f} % of what is given for it")
print(f"half is given by {half.mean():.0f} neurons (the mean); you said", my_half)
assert 2 < half.mean() < 20

# %%
plot.show(
    plot.lines(
        {"mean of 1,600 facts": (np.arange(1, 257), running.mean(axis=0)),
         language.decode(ids): (np.arange(1, 257), running[7])},
        x="neurons: the strongest for the answer first, the strongest against it last",
        y="lead written so far",
        references={"together": running.mean(axis=0)[-1]},
    ),
    alt="Two running sums over 256 neurons, sorted. Both rise steeply at first, stay level over "
    "more than half of the neurons, and fall at the end, to little more than half their height.",
)  # fmt: skip
assert running.mean(axis=0).max() > 1.5 * running.mean(axis=0)[-1]

# %% [markdown]
# **If you said 1**, one neuron, one fact; it takes several. (Half of the *net* sum would be reached
# sooner.) **If you said 100 or more**: most are off, or write nearly nothing. Read the figure from
# left to right: a few write most of what is *for* the answer, most write nothing, and at the right
# some write *against* it. Keep this figure in mind.


# %%
def fact_card(i):
    told = []
    for f in np.argsort(-m[:, i])[:4]:
        *names, asked_for = language.decode(prompts[f]).split()
        told.append((" ".join(names) + " ", asked_for, f" {language.words[answers[f]]}", m[f, i]))
    best_words = sorted(np.unique(language.choices), key=lambda word: -says[i, word])[:4]
    return told, {language.words[word]: says[i, word] for word in best_words}


# %%
strongest = np.argsort(-lead[7])[:2]
shown = {f"FFN 2, neuron {i}": fact_card(i) for i in strongest}
plot.show(
    plot.cards(shown, columns=1),
    alt="Two cards: left, the facts that switch a neuron on; right, the words that its value "
    "wants, in bars. " + plot.cards_in_words(shown),
)
assert all(m[7, i] < m[:, i].max() for i in strongest)

# %% [markdown]
# These two write most for this fact (words that are no answers are left out on the right). Neither
# is "its" neuron: each is larger for other people, and wants several words.

# %% [markdown]
# ### Knowledge neurons
#
# Writing to the score is one thing; what does the answer need? Dai et al. credit each neuron with
# its part of the *probability* P of the answer. A first idea: m_i times the derivative of P by m_i,
# as if P were a straight line. It is not. Let all m of the layer grow together, from 0 to what they
# are. The three facts are *picked*, since they need the layer: of 400, the one that needs it most,
# number 21 and number 41. Most facts need it less; how much less we keep for Prediction 3.

# %%
asked, alphas = facts[:400], np.linspace(0, 1, 11)
ways = [language.prompts(asked, paraphrase=way, filler=asked % 20) for way in range(3)]

# %%
walk = []
for alpha in alphas:
    with neurons.scaled(memory, np.ones(256, bool), alpha):
        walk.append(neurons.chances(model, ways[0], answers[asked]))
lost = np.argsort(walk[0])[[0, 20, 40]]  # picked
assert np.all(walk[-1][lost] > 0.9)

# %%
plot.show(
    plot.lines(
        {language.decode(ways[0][f]): (alphas, [p[f] for p in walk]) for f in lost},
        x="all coefficients times", y="P of the right answer",
    ),
    alt="The probability of the right answer while all coefficients grow from 0 to their own size, "
    "for three picked facts. All begin low, rise steeply at different places, and end flat near 1.",
)  # fmt: skip
print("P without the layer:", walk[0][lost].round(2), " with it:", walk[-1][lost].round(2))
assert walk[0][lost[0]] < 0.1

# %% [markdown]
# At the right end, where the model is, all is flat: a derivative there sees next to nothing. So
# take the derivatives along the whole way: the credit of neuron i is m_i times the mean of dP/dm_i.
# These are **integrated gradients**. The credits add up to P(m) - P(0), all that the layer adds.
# That is **completeness**, and it can be checked. Its gap says how well we have integrated.

# %%
few = ways[0][:100]
for steps in (1, 5, 20):
    credit, gap = neurons.integrated_gradients(model, memory, few, answers[:100], steps=steps)
    print(f"{steps:2} steps: credits sum to {credit.sum(axis=1).mean():.3f}", end=", ")
    print(f"gap {np.abs(gap).mean():.4f} (mean of 100 facts)")
assert np.abs(gap).mean() < 0.01

# %% [markdown]
# A neuron counts as a **knowledge neuron** of a fact if its credit is at least a fifth of the
# largest, in each of three ways to ask, all of which the model has learned:

# %%
for way in ways:
    right = 100 * np.mean(model(way).data[:, -1].argmax(axis=-1) == answers[asked])
    print(f"{language.decode(way[7])} -> {language.words[answers[7]]}; right of 400: {right:.0f} %")
assert right > 99

# %%
credits = [neurons.integrated_gradients(model, memory, way, answers[asked])[0] for way in ways]
chosen = neurons.knowledge_neurons(np.stack(credits), threshold=0.2)
n = chosen.sum(axis=1)
print(f"knowledge neurons of a fact: {n.mean():.1f} in the mean ({n.min()} to {n.max()})")
assert 1 <= np.median(n) <= 20


# %%
def ask(change):
    """Mean P of the answer, and the share that is right (percent), while neurons are changed."""
    with change, no_grad():
        said = ops.softmax(model(ways[0])).data[:, -1]
    return said[asked, answers[asked]].mean(), 100 * np.mean(said.argmax(-1) == answers[asked])


active, raising = on[asked], lead[asked] > 0
tests = {
    "knowledge neurons off": chosen,
    "as many others that are on": neurons.as_many_at_random(chosen, rng=rng, among=active),
    "as many others that raise it": neurons.as_many_at_random(chosen, rng=rng, among=raising),
}
measured = {name: ask(neurons.scaled(memory, off, 0)) for name, off in tests.items()}
for name, (chance, right) in measured.items():
    taken = (lead[asked] * tests[name]).sum(axis=1).mean()
    print(f"{name:29} lead taken {taken:5.2f}, P {chance:.3f}, right {right:.0f} %")
print(f"knowledge neurons doubled: P {ask(neurons.scaled(memory, chosen, 2))[0]:.3f}")
assert measured["knowledge neurons off"][0] < min(p for p, _ in list(measured.values())[1:]) - 0.1

# %% [markdown]
# The effect is there: a few neurons off, and many facts go; as many others off, and none does. (The
# others write little for the answer; so they are a control for number, not for what is written.)
# Doubled, they add next to nothing, as the model is sure already.
#
# How many go? Two choices stand behind that. Why a *fifth* of the largest credit? And why is "off"
# the number 0, which a neuron seldom has, and not its mean over all facts, so that it adds what it
# adds anyway?

# %%
anyhow, few_right = m.mean(axis=0), {}
for threshold in (0.1, 0.2, 0.4):
    few = neurons.knowledge_neurons(np.stack(credits), threshold=threshold)
    ways_off = neurons.scaled(memory, few, 0), neurons.held_at(memory, few, anyhow)
    few_right[threshold] = [ask(change)[1] for change in ways_off]
    print(f"{threshold} of the largest: {few.sum(axis=1).mean():4.1f} neurons", end=", ")
    print("right {:.0f} % at 0, {:.0f} % at the mean".format(*few_right[threshold]))
assert few_right[0.1][0] < few_right[0.2][0] < few_right[0.4][0]
assert all(at_zero < at_mean for at_zero, at_mean in few_right.values())

# %% [markdown]
# "Few neurons" and "much harm": each can be had, by choice. That they matter more than others holds
# each time. Are other facts hurt when the neurons of one fact are off?


# %%
def damage(fact):
    with neurons.scaled(memory, chosen[fact], 0), no_grad():
        right = model(prompts).data[:, -1].argmax(axis=-1) == answers
    return np.delete(right, fact).mean()


kept = [damage(fact) for fact in range(0, 400, 20)]
print(f"of the 1,599 others {100 * np.mean(kept):.2f} % are right, at least {100 * min(kept):.2f}")
assert min(kept) > 0.99

# %% [markdown]
# Hardly. So far much speaks for it: here are the neurons in which the fact is kept. Are they? (The
# core goes on with "What broke".)

# %% [markdown]
# ### Turn over cards yourself · 2 min (90)
#
# All 256 of the last FFN. Of ten, how many can you read?


# %%
def look(neuron):
    shown = {f"FFN 4, neuron {neuron}": card(3, neuron)}
    plot.show(
        plot.cards(shown, width=6.5),
        alt="One card: left, five places that switch the neuron on; right, what its value wants. "
        + plot.cards_in_words(shown),
    )
    assert len(shown) == 1


# %%
slider = ipywidgets.IntSlider(value=3, min=0, max=255, continuous_update=False)
_ = ipywidgets.interact(look, neuron=slider)

# %% [markdown]
# ### How far back does a key look? · 4 min (90)
#
# Layer by layer. Take the best trigger of a neuron, keep its last k characters, and put another
# text in front of them. How much of the coefficient is left? (The mean of 32 neurons a layer.)


# %%
def left_over(layer, k):
    """The mean share of the coefficient, for 32 neurons whose trigger is not too short."""
    rows, places, largest = (array[:, 0] for array in best[layer])
    i = np.flatnonzero((places >= 16) & (largest > 0))[:32]
    strange = np.arange(128) <= (places[i] - k)[:, None]
    mixed = np.where(strange, texts[(rows[i] + 50) % 100], texts[rows[i]])
    m = coefficients(reader, mixed)[layer][np.arange(len(i)), places[i], i]
    return np.mean(m / largest[i])


# %%
kept_characters = (1, 2, 3, 4, 8, 16)
curves = {f"FFN {layer + 1}": (kept_characters, [left_over(layer, k) for k in kept_characters])
          for layer in range(4)}  # fmt: skip
for name, (_, left) in curves.items():
    print(name, "with 1, 2, 3, 4, 8, 16 kept:", *(f"{share:.2f}" for share in left))
assert curves["FFN 1"][1][3] > 0.9 > curves["FFN 4"][1][3]

# %%
plot.show(
    plot.lines(curves, x="characters of the trigger that are kept", y="share of m that is left",
               logx=True),
    alt="Share of the coefficient left against the number of characters kept, from 1 to 16. FFN 1 "
    "is near 1 with four characters. The others lie lower in their order, FFN 4 lowest.",
)  # fmt: skip
assert all(left[-1] > left[0] for _, left in curves.values())

# %% [markdown]
# The keys of the first FFN know the last three or four characters: a piece of a word. Those of the
# last depend on more, though eight characters hold most of it. Geva et al. report the same order in
# a large model: lower layers see short patterns, upper layers what the text is about. Nothing here
# is about anything; it is a small model that spells.

# %% [markdown]
# ### What a layer says, and what its neurons say · 3 min (90)
#
# A layer adds up its active neurons. What the sum wants most, does one of the neurons want it
# too? Geva et al. found that in at least two thirds of the places, in every layer, none of all its
# neurons did, on or off: the layer composes something new. Here, the share of places where none of
# the active ones does:

# %%
with no_grad():
    stream = [x.data for x in reader.stream(texts)]
for layer, memory_ in enumerate(memories(reader)):
    added = (stream[2 * layer + 2] - stream[2 * layer + 1]).reshape(-1, 64)
    said, top = (values.value_tokens(reader, v)[:, 0] for v in (added, memory_.values))
    active = m_text[layer].reshape(-1, 256) > 0
    alone, by_chance = (agreement.composition(said, t, active) for t in (top, rng.permutation(top)))
    print(f"FFN {layer + 1}: {active.sum(axis=1).mean():.0f} of 256 on;", end=" ")
    print(f"said by none {100 * alone:.0f} %; with shuffled values {100 * by_chance:.0f} %")
    assert alone < 0.5 and alone < by_chance

# %% [markdown]
# A quarter at most, and less than with shuffled values (one shuffle): so here the layer mostly says
# what one of its neurons says, as it is their sum. The figure of two thirds does not carry over,
# and need not: even with shuffled values one of the active neurons wants the right one of 103
# characters in a third to two thirds of the places. With hundreds of thousands of words that would
# be rare. **A share like this is about the vocabulary as much as about the layer.**

# %% [markdown]
# ### A gated neuron has two sides · 6 min (90)
#
# Most large models have gated layers. We train one on the same facts (some seconds), and read each
# value at the fact where its coefficient is largest *in size*. It has as many parameters as the
# other, and so 171 neurons a layer, not 256.

# %%
gated, about_gated = trained.facts_model(steps=300, gate_op="swiglu", d_ff=nn.gated_d_ff(256))
two_sided, untouched = memories(gated)[1], gated(prompts).data
m_gated = coefficients(gated, prompts)[1][:, -1]
print(f"it knows {100 * about_gated['known']:.0f} % of the facts", end="; ")
print(f"coefficients below 0: {100 * np.mean(m_gated < 0):.0f} %")
assert about_gated["known"] > 0.95 and 0.4 < np.mean(m_gated < 0) < 0.6


# %%
def agrees(signed):
    m = coefficients(gated, prompts)[1][:, -1]
    sign = symmetries.canonical_sign(m) if signed else np.ones(m.shape[1])
    top = values.value_tokens(gated, sign[:, None] * two_sided.values)[:, 0]
    return 100 * agreement.agreement_rate(top, answers[np.abs(m).argmax(axis=0)])


plain, signed = agrees(signed=False), agrees(signed=True)
print(f"read as they stand, {plain:.0f} % of the values agree; with the sign of m, {signed:.0f} %")
assert signed > 1.3 * plain

# %% [markdown]
# Half of the coefficients are negative, so many values are read upside down if they are read as
# they stand. (`canonical_sign` is the sign of m where it is largest in size.) Now flip the neurons
# whose sign is -1, as we did by hand; and then all of them.

# %%
negative = np.flatnonzero(symmetries.canonical_sign(m_gated) < 0)
for words, which in (("those flipped", negative), ("then all", range(len(two_sided.values)))):
    for i in which:
        symmetries.flip(two_sided.layer, i)
    difference = np.abs(gated(prompts).data - untouched).max()
    print(f"{words}: as they stand {agrees(False):.0f} %, signed {agrees(True):.0f} %", end="; ")
    print(f"outputs differ by {difference}")
    assert difference == 0 and agrees(True) == signed
assert agrees(False) < plain

# %% [markdown]
# Three layers that do the same, bit for bit; read plainly they agree with their triggers often,
# sometimes or never. The signed reading cannot change. Geva et al. read a model with ReLU, where no
# m is negative, and could do without. In a gated model a neuron has two sides: triggers with m far
# above 0, and others far below, where its value wants the opposite.
#
# Three models of each kind, trained twice as long at one rate, read with signs, in the last layer.
# (All three ways to ask are read, not one; so the numbers are not those above.)

# %%
for kind in ("ReLU", "gated"):
    runs = [run for run in kept_runs if run["arm"] == f"facts, {kind}, layer 2"]
    agree = [run["value"] for run in runs]
    print(f"{kind}: {np.mean(agree):.0f} % agree ({min(agree):.0f} to {max(agree):.0f})", end=", ")
    print(f"with permuted values {np.mean([run['null'] for run in runs]):.0f} %")
    assert min(agree) > 4 * max(run["null"] for run in runs)

# %% [markdown]
# Read with signs, the gated values agree more often in all three models. Why, these numbers do not
# say; the two kinds differ in width, too.

# %% [markdown]
# ## What broke, and why · 8 min
#
# Prediction 3: off are the knowledge neurons; all that raise the answer; all that lower it; or
# *all*.

# %%
tests = {"knowledge neurons": chosen, "all that raise it": raising,
         "all that lower it": lead[asked] < 0, "the whole layer": np.ones_like(chosen)}  # fmt: skip
left = {}
for name, off in tests.items():
    taken, number = (lead[asked] * off).sum(axis=1).mean(), off.sum(axis=1).mean()
    ways_off = neurons.scaled(memory, off, 0), neurons.held_at(memory, off, anyhow)
    left[name] = np.array([ask(change)[1] for change in ways_off])
    print(f"{name:17} {number:3.0f} of 256, lead taken {taken:4.1f}", end=", ")
    print("right {:.0f} % at 0, {:.0f} % at the mean".format(*left[name]))
print("you said", my_left)
assert np.all(left["the whole layer"] > left["all that raise it"] + 10)

# %% [markdown]
# The story breaks. Without the *whole* layer the model still knows most facts. If they were kept in
# this layer and nowhere else, it could not.
#
# **If you said fewer for all off**, you reasoned that whoever takes everything takes these forty
# too. So it does; but it also takes what writes *against* the answer. Look at the figure of the
# running sum again. On the left it climbs to 7.1, for the answer; on the right it falls to 3.9, and
# that is all the layer gives. Take the climb away and leave the fall: now the layer pushes the
# answer down. **We chose those that hurt most when taken away, so it hurt.** That does not say that
# the fact was there.
#
# The three curves of P were picked, and so told another story:

# %%
at_0 = walk[0]
print("P without the layer: the three picked", at_0[lost].round(2), end=", ")
print(f"all 400 {at_0.mean():.2f}, below one half {100 * np.mean(at_0 < 0.5):.0f} % of them")
assert at_0.mean() > at_0[lost].max() + 0.2

# %% [markdown]
# (The credits summed to as much as is missing there: one could have known.)
#
# One model, one seed? Here are three of each kind, each trained anew, for 150 facts each. The
# number behind "knowledge" is the share of the largest credit that a neuron must have. (The first
# seed with ReLU is our model, asked other facts. Does it agree?)

# %%
THRESHOLDS = neurons_study.THRESHOLDS
arms = {"random, active": neurons_study.ACTIVE, "knowledge, 0.4": THRESHOLDS[0.4],
        "knowledge, 0.2": neurons_study.KNOWLEDGE, "knowledge, 0.1": THRESHOLDS[0.1],
        "the whole layer": neurons_study.WHOLE, "all that raise it": neurons_study.FOR}  # fmt: skip


def of_seeds(kind, layer=2, what="value"):  # "value" is P at 0, "at_mean" at the mean
    runs = neurons_study.kept(kind, layer - 1)
    return {name: [run[what] for run in runs if run["arm"] == arm] for name, arm in arms.items()}


# %%
runs = neurons_study.kept("ReLU", 1)
print(f"each {runs[0]['n_parameters']:,} parameters, {neurons_study.STEPS} steps", end=", ")
print(f"rate {runs[0]['rate']}; before: P = {runs[0]['before']:.3f}")
ours, of_file = measured["knowledge neurons off"][0], of_seeds("ReLU")["knowledge, 0.2"][0]
print(f"with knowledge neurons off: ours {ours:.3f} (400 facts), kept {of_file:.3f} (150 facts)")
assert abs(ours - of_file) < 0.05 and runs[0]["n_parameters"] == model.n_parameters()

# %%
plot.show(
    plot.grouped_ranges(
        {kind: of_seeds(kind) for kind in ("ReLU", "SwiGLU")},
        x="P of the right answer with these of FFN 2 at 0",
        references={"all on": runs[0]["before"]},
    ),
    alt="Two panels, ReLU and SwiGLU, of six rows with a dot for each of three seeds. In both, "
    "random active neurons lie at the line, all on; knowledge neurons lie the further left, the "
    "lower the threshold; and far to the left of the whole layer lie all that raise the answer. "
    "The whole layer lies between the thresholds 0.2 and 0.4 with ReLU, and between 0.1 and 0.2 "
    "with SwiGLU.",
)  # fmt: skip
for kind in ("ReLU", "SwiGLU"):
    assert min(of_seeds(kind)["the whole layer"]) > max(of_seeds(kind)["all that raise it"]) + 0.2

# %%
for kind, layer in (("ReLU", 2), ("SwiGLU", 2), ("ReLU", 1), ("SwiGLU", 1)):
    print(f"{kind}, FFN {layer}:")
    for name in ("the whole layer", "all that raise it"):
        zero, mean = of_seeds(kind, layer)[name], of_seeds(kind, layer, "at_mean")[name]
        print(f"  {name:17} at 0: P = {np.mean(zero):.2f} ({min(zero):.2f} to {max(zero):.2f})",
              f"at the mean: {np.mean(mean):.2f} ({min(mean):.2f} to {max(mean):.2f})")  # fmt: skip
    assert layer == 1 or max(mean) < min(of_seeds(kind, 2, "at_mean")["the whole layer"])

# %% [markdown]
# In FFN 2 one thing holds in all six models, at 0 and at the mean: with all off that raise the
# answer, less is left than with the whole layer off. (In gated layers the two ways hardly differ.)
# Another thing does not hold: that a few neurons do as much harm as the whole layer. That is true
# or not by the threshold, and by the kind. And in FFN 1 the first thing is the other way round, in
# all six: what FFN 1 writes is read by block 2 before it is a score.

# %% [markdown]
# Where is it then? One sublayer at a time, off at all places:


# %%
def without(*switched_off):
    with ExitStack() as stack:
        for block, name in switched_off:
            stack.enter_context(replaced(model.blocks[block - 1], name, None))
        return 100 * fact_language.share_right(model, language, facts, paraphrase=0)


FFN, ATTENTION = "feed_forward", "attention"
alone = {"FFN 1": without((1, FFN)), "FFN 2": without((2, FFN)),
         "both FFNs": without((1, FFN), (2, FFN)), "attention 1": without((1, ATTENTION)),
         "attention 2": without((2, ATTENTION))}  # fmt: skip
for name, right in alone.items():
    print(f"without {name}: {right:.0f} % right")
assert alone["both FFNs"] > 20 and max(alone["attention 1"], alone["attention 2"]) < 60

# %% [markdown]
# No single sublayer is the place of the facts: each is missed, none takes all with it. (These are
# all 1,600 facts, and all places of a prompt; so FFN 2 has another number than above. Attention
# also brings the name to the last word; so its fall says little about where facts are.) With *no
# FFN at all*, this model still answers eight times as many as a guess would, which is right once in
# twenty. And another model, which never had one:

# %%
stored = results.at_best_rate(fact_language.kept("roomy"), choose_by="loss")["attention only"]
shares = list(stored.values())
print(f"attention only, trained so (lesson 09): {np.mean(shares):.1f} % ({min(shares):.1f} to "
      f"{max(shares):.1f} over {len(shares)} seeds)")  # fmt: skip
assert min(shares) > 99

# %% [markdown]
# So what does "the fact is in the FFN" mean?
#
# | sentence | what we have for it |
# |---|---|
# | a few neurons carry much of an answer | shown, against as many others; how much is a choice |
# | they write towards the answer | shown: an exact sum |
# | one neuron holds one fact | no: one is large for dozens, half takes several |
# | the fact is in these neurons, and nowhere else | no: without the layer most facts are known |
# | facts are kept in FFNs and not in attention | no: without any FFN this model knows some |
# | what is found there should be changed there | not asked yet: lesson 14 |
#
# (The model with attention alone is another one: it shows what attention *can* learn, not what ours
# does. Of 6,400 facts such a model learned about a third, lesson 09.)
#
# For large models, too, such doubts
# have been raised. *Causal tracing*, another way to look for the place of a fact, does not tell
# which layer is best to edit (Hase et al. 2023). The methods that edit facts change grammar as
# well, and neurons found in this way explain too little of how a model comes to say a fact (Niu et
# al. 2024). An honest sentence: *part of what a fact needs can be read in the FFN and disturbed
# there. That most of it is there, or only there, is not shown.*

# %% [markdown]
# ## Exercises · 25 min (90)
#
# Five. A class does one, 12.4; the others are for home.
#
# **Exercise 12.1: one layer, many weights** (35 minutes). Of all gated layers that do the same,
# choose the one whose values can be read as they are: what a neuron adds at its trigger. The folder
# is `exercises/12_1_canonical_layer`.

# %%
predict("12.1")

# %%
check("12.1")

# %% [markdown]
# Your form of the gated layer, before and after we flip and stretch neurons at random:

# %%
layer, ours = two_sided.layer, mine("12.1")
with no_grad():
    arriving = gated.blocks[1].norm_feed_forward(gated.stream(prompts)[3]).data[:, -1]


def form():
    arrays = (linear.w.data.T for linear in (layer.gate, layer.up, layer.down))
    return ours.canonical_layer(*arrays, arriving)


# %%
before, weights_before = form(), layer.down.w.data.copy()
for i in np.flatnonzero(rng.random(len(two_sided.values)) < 0.5):
    symmetries.flip(layer, i)
    symmetries.rescale(layer, i, 4.0)
moved = np.abs(layer.down.w.data - weights_before).max()
largest = max(np.abs(a - b).max() for a, b in zip(before, form(), strict=True))
print(f"weights moved by up to {moved:.1f}, your form by {largest:.0e}")
assert moved > 0.5 and largest < 1e-3

# %% [markdown]
# **Exercise 12.2: what switches it on, what it says** (30 minutes). A neuron's triggers, each text
# once, with signs apart; and its tokens, read through a LayerNorm with its bias. The folder is
# `exercises/12_2_read_a_neuron`.

# %%
predict("12.2")

# %%
check("12.2")

# %% [markdown]
# The lesson took the five best *places*. From how many different texts did they come? Your list has
# five texts:

# %%
ours = mine("12.2")
rows, places = ours.trigger_texts(m_text[3], np.full(100, 128), 5)
norm, table = reader.norm, reader.head.w.data.T
says = ours.value_tokens(memories(reader)[3].values, norm.gain.data, norm.bias.data, table, 1)
n_texts = np.mean([len(set(texts_of_one)) for texts_of_one in best[3].rows])
listed = rows[0] >= 0
agreeing = (following[rows[0], places[0]] == says[0])[listed].mean()
print(f"different texts among five places: {n_texts:.1f}", end="; ")
print(f"followed by what the value wants, of yours: {100 * agreeing:.0f} %")
assert n_texts < 5 and (rows[1] == -1).all()  # with ReLU no m is below 0

# %% [markdown]
# **Exercise 12.3: how often by chance?** (45 minutes). The permutation null without permutations:
# its mean and its spread, exactly. The folder is `exercises/12_3_agreement_by_chance`.

# %%
predict("12.3")

# %%
check("12.3")

# %% [markdown]
# The last FFN of the reader once more. Your mean must be that of the thousand permutations. Your
# deviation is the usual distance of a permutation from it: of the thousand, none came near the true
# rate.

# %%
ours = mine("12.3")
for k in (1, 5):
    top = values.value_tokens(reader, memories(reader)[3].values, k)
    rate = ours.agreement_rate(top, comes[3][:, 0], np.arange(256))
    mean, deviation = ours.chance_agreement(top, comes[3][:, 0])
    print(f"top {k}: {100 * rate:.1f} % agree; by chance {100 * mean:.1f} %", end=", ")
    print(f"give or take {100 * deviation:.1f} %: {(rate - mean) / deviation:.0f} deviations above")
    assert rate > mean + 3 * deviation
    if k == 1:
        assert abs(100 * mean - anyone[3].mean()) < 0.5  # the lesson's thousand permutations

# %% [markdown]
# **Exercise 12.4: who wanted this token?** (25 minutes). Cut a score into exact parts, through a
# LayerNorm, and less the mean of all scores, which softmax does not see. The folder is
# `exercises/12_4_who_wanted_it`.

# %%
predict("12.4")

# %%
check("12.4")

# %% [markdown]
# The reader at one place of the text. Who wrote the character that it finds likeliest?

# %%
with no_grad():
    stream = [x.data[0, 100] for x in reader.stream(texts[:1])]
    scores = reader(texts[:1]).data[0, 100]
last_ffn = memories(reader)[3]
others = np.array([stream[0], *np.diff(stream[:-1], axis=0), last_ffn.layer.down.b.data])
token = int(scores.argmax())
logit_parts = mine("12.4").logit_parts
parts = logit_parts(
    others, m_text[3][0, 100], last_ffn.values, norm.gain.data, norm.bias.data, table, token,
    norm.eps,
)  # fmt: skip

# %%
names = ["embedding", *(f"{part} {k}" for k in range(1, 5) for part in ("attention", "FFN"))]
for name, part in zip([*names[:-1], "FFN 4 bias"], parts[0], strict=True):
    print(f"{name:12}{part:6.2f}")
print(f"{'FFN 4':12}{parts[1].sum():6.2f}", "the largest of its neurons:", parts[1].max().round(2))
together = sum(np.sum(part) for part in parts)
print(f"{'together':12}{together:6.2f}", "for", repr(characters.decode([token])))
assert abs(together - (scores[token] - scores.mean())) < 1e-3

# %% [markdown]
# One place, and not the usual case, as counting shows:

# %%
with no_grad():
    streams, all_scores = [x.data[:20] for x in reader.stream(texts[:20])], reader(texts[:20]).data
is_last = []
for text, place in np.ndindex(20, 10):
    at = text, 13 * place
    stream = [x[at] for x in streams]
    others = np.array([stream[0], *np.diff(stream[:-1], axis=0), last_ffn.layer.down.b.data])
    each = logit_parts(
        others, m_text[3][at], last_ffn.values, norm.gain.data, norm.bias.data, table,
        int(all_scores[at].argmax()), norm.eps,
    )  # fmt: skip
    is_last.append(each[1].sum() > each[0].max())
print(f"of 200 places, FFN 4 writes the largest part in {100 * np.mean(is_last):.0f} %")
assert 0.1 < np.mean(is_last) < 0.9

# %% [markdown]
# Mostly some other part is the largest. One example is easily taken for the rule.

# %% [markdown]
# **Exercise 12.5: credit along a way** (25 minutes). Integrated gradients on a way with corners,
# and their gap. The folder is `exercises/12_5_credit_along_a_way`.

# %%
predict("12.5")

# %%
check("12.5")

# %% [markdown]
# One fact, picked: the one that needs the layer most. Three ways lead from nothing to all
# coefficients: straight; or the five neurons that write most for the answer first, then the others;
# or these five last.


# %%
def chance_at(m_last):
    """P of the answer, and its derivative by each coefficient."""
    point = Tensor(m_last, requires_grad=True)

    def put(every):
        return ops.concatenate(every[:, :-1], ops.reshape(point, shape=(1, 1, -1)), axis=1)

    with nn.frozen(model), memory.changed(put):
        p = ops.softmax(model(ways[0][fact : fact + 1])[0, -1])[answers[fact]]
        p.backward()
    return p.data, point.grad


# %%
memory, fact, ours = memories(model)[1], lost[0], mine("12.5")
full = coefficients(model, ways[0][fact : fact + 1])[1][0, -1]
five = np.isin(np.arange(256), np.argsort(-lead[asked[fact]])[:5])
corners = {"straight": [], "the five first": [full * five], "the five last": [full * ~five]}
for name, corner in corners.items():
    way = np.stack([0 * full, *corner, full])
    credit, gap = ours.integrated_gradients(chance_at, way, 40)
    print(f"{name:15} credit of the five {credit[five].sum():.2f}", end=", ")
    print(f"of all {credit.sum():.3f}, gap {abs(gap):.4f}")
    corners[name] = credit[five].sum()
    assert abs(gap) < 0.02
assert corners["the five first"] > corners["the five last"] + 0.05

# %% [markdown]
# The same neurons, the same fact, and another credit on each way; the sum stays. Completeness does
# not say whose the credit is.

# %% [markdown]
# ## Check yourself · 3 min
#
# Answer first, then open.
#
# <details><summary>1. Somebody lists the ten longest values of a ReLU layer as "the most important
# neurons". What do you say?</summary>
#
# Make each key ten times longer and its value ten times shorter: the same layer, another list. Only
# m_i v_i can be compared, and m_i needs a text.
# </details>
#
# <details><summary>2. "12 % of the values agree with their triggers. With 50,000 words that is
# 6,000 times more than chance." What do you ask?</summary>
#
# How often do they agree if each value is given to another key? If many values want "the", and
# "the" often comes next, this may be nothing at all.
# </details>
#
# <details><summary>3. "We switched off seven neurons, and the model no longer knew the capital of
# France. So that is where it was." What is missing?</summary>
#
# As many other neurons, as active; other facts; another threshold, and the mean in place of 0; and
# the whole layer off. If it then knows the capital again, the seven were chosen to hurt, and what
# opposed them stayed. If it does not, that alone does not show that the fact was there.
# </details>
#
# <details><summary>4. Credits by integrated gradients add up to P(m) - P(0) to four digits. Does
# that show that they are right?</summary>
#
# It shows that the integral was computed well. How a difference is to be shared among neurons that
# act together is a convention; another one shares it otherwise, and adds up too.
# </details>

# %% [markdown]
# ## Go further
#
# - Geva, Schuster, Berant and Levy 2021, *Transformer feed-forward layers are key-value memories*,
#   [arXiv:2012.14913](https://arxiv.org/abs/2012.14913): triggers, values, agreement. (The
#   encyclopedia article gives this title to other authors.) Geva et al. 2022,
#   [arXiv:2203.14680](https://arxiv.org/abs/2203.14680): what each neuron adds to the scores.
# - Dai et al. 2022, *Knowledge neurons in pretrained transformers*,
#   [arXiv:2104.08696](https://arxiv.org/abs/2104.08696), on the integrated gradients of
#   Sundararajan, Taly and Yan 2017, [arXiv:1703.01365](https://arxiv.org/abs/1703.01365).
# - Hase et al. 2023, *Does localization inform editing?*,
#   [arXiv:2301.04213](https://arxiv.org/abs/2301.04213): where tracing finds a fact does not tell
#   which layer is best to edit.
# - Niu et al. 2024, *What does the knowledge neuron thesis have to do with knowledge?*,
#   [arXiv:2405.02421](https://arxiv.org/abs/2405.02421): such neurons are found for grammar, too;
#   the weights hold patterns, which the authors would not call knowledge.
# - Next: **13, how much fits?** 256 neurons share 1,600 facts. How many facts could they share?
