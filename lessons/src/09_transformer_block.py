# %% [markdown]
# # 09 · The transformer block
#
# **What does the whole do that the parts don't?**

# %% [markdown]
# ## Where you are · 2 min
#
# This is lesson 09. You have two parts. **Attention** (lesson 08) lets a token look at other tokens
# and take in a weighted mean of what it finds. The **feed-forward layer**, FFN for short (lessons
# 01 to 05; many call it MLP), bends the numbers of one token and sees no other. A **transformer
# block** is one of each, joined by two simple things that this lesson is about: a sum, and a norm.

# %%
import inspect

import numpy as np

from tinyffn import Tensor, nn, no_grad, ops, plot
from tinyffn.lab import check, mine, predict
from tinyffn.models import transformer
from tinyffn.optim import Adam, warmup_cosine
from tinyffn.studies import fact_language, norm_place, results
from tinyffn.studies.ledger import MODELS
from tinyffn.studies.rank_collapse import differences, one_layer
from tinyffn.studies.stacks import query_gradients
from tinyffn.train import fit

seed = 9
rng = np.random.default_rng(seed)
print(f"seed {seed}: every random number below follows from it")

# %%
plot.show(
    plot.course_map(here=9),
    alt="A map of the course: nineteen boxes in four rows. The ninth, the whole block, in the row "
    "'the transformer block', is marked 'you are here', between attention and the language model.",
)

# %% [markdown]
# ## The question · 1 min
#
# An encyclopedia article on MLP layers says that in this block the MLP "processes the output from
# the attention mechanism". It says that MLP layers "often consume more FLOPs" than attention
# "despite having fewer parameters". Others say that the MLP stores what a model knows, or that it
# keeps attention from making all tokens alike. What does each half really do? And what do only both
# together do?

# %% [markdown]
# ## What you will be able to do · 1 min
#
# | you will | and this tests it |
# |---|---|
# | **say** what each part of a block reads, and where it writes | question 1 |
# | **count** parameters and FLOPs of a block | exercise 9.1 |
# | **say** from which context on attention costs more than the FFN | exercise 9.2 |
# | **write** a sublayer with its norm and its sum, forward and backward | exercise 9.3 |
# | **explain** what a skip keeps alive in a deep stack | questions 3 and 4 |
#
# *You need*: lessons 01 to 08. *Time*: 50 minutes for the core; parts marked (90) fill a longer
# class.

# %% [markdown]
# ## Predict · 4 min
#
# Three words first. A **norm** takes a list of numbers, and shifts and scales it to mean 0 and mean
# square 1. A **skip** adds what goes into a layer to what comes out: x + layer(x). A **sublayer**
# is one half of a block: attention, or the FFN.
#
# **Prediction 1.** A **batch** of four texts, eight tokens each: 32 tokens. You change the third
# token of the first text. After a norm, how many of the 32 tokens have changed? And after an FFN?
# After attention that looks only back?

# %%
my_changed = None  # such as (8, 8, 8): norm, FFN, attention

# %% [markdown]
# **Prediction 2.** Three models learn 1,600 made-up facts such as "today Ada Haddad lives-in" →
# "Oslo". One has whole blocks, one only their attention, one only their FFNs. Each relation has
# twenty possible answers, so a guess is right once in twenty. How many percent of the facts does
# "attention only" know in the end? How many "FFN only"?

# %%
my_percent = None  # such as (50, 50): attention only, FFN only

# %% [markdown]
# **Prediction 3.** Attention takes means, and means make things alike. Put twelve layers of it on
# top of each other, with random weights: in the end all tokens are the same vector. You may add
# *one* thing to each layer: an MLP behind the attention, a norm in front of it, or a skip around
# it. With which of them are the tokens still different after twelve layers?

# %%
my_rescue = None  # "MLP", "norm" or "skip"

# %% [markdown]
# ## Build by hand on four numbers · 7 min
#
# Two tokens, A and B, with four numbers each, their **channels**. (With three, the roots would not
# come out even.) The **norm** of a token: subtract the mean of its channels, then divide by their
# **spread**, the root of the mean square of what is left.


# %%
def norm(x):
    """Each token by itself: the mean and the spread are taken over its channels, the last axis."""
    centred = x - x.mean(axis=-1, keepdims=True)
    return centred / np.sqrt((centred**2).mean(axis=-1, keepdims=True) + 1e-5)


# %%
x = np.array([[4.0, 0, 4, 0], [0, 0, 2, 2]])  # the rows are A and B
print(norm(x).round(2))
assert np.allclose(norm(x), [[1, -1, 1, -1], [-1, -1, 1, 1]], atol=1e-4)

# %% [markdown]
# A: mean 2, what is left is 2 or -2, so the spread is 2. B: mean 1, spread 1. After the norm, both
# are plus and minus one. What is left is the *direction*; how large the numbers were is gone. (The
# tiny number under the root keeps us from dividing by 0.)
#
# Now a block for B. Its **attention** looks half at A and half at B itself. The value that it takes
# from a token is the norm of that token. What it finds is **added** to B.

# %%
found = 0.5 * norm(x)[0] + 0.5 * norm(x)[1]
b = x[1] + found
print("attention finds", found.round(2), " B is now", b.round(2))
assert np.allclose(b, [0, -1, 3, 2], atol=1e-4)

# %% [markdown]
# Its **FFN** is a bare ReLU here. What does it read? Not what attention found, but the norm of what
# B *is now*: the old B and the find, together. Its result is added too.

# %%
added = np.maximum(norm(b), 0)
print("FFN reads", norm(b).round(2), "and adds", added.round(2))
print("B in the end:", (b + added).round(2))
only_found = np.maximum(norm(found), 0)
print("had it read attention's output alone, it would add", only_found.round(2))
assert not np.allclose(added, only_found, atol=0.1)

# %% [markdown]
# So B's four numbers are a line on which everybody writes: what was there, plus what attention
# adds, plus what the FFN adds. Nothing is ever replaced. This line is called the **residual
# stream**; think of a shared notebook that is passed on.

# %% [markdown]
# ## The clear version · 5 min
#
# The block in two lines. `attention` and `ffn` are any functions of tokens.


# %%
def block(x, attention, ffn):
    x = x + attention(norm(x))
    return x + ffn(norm(x))


# %%
plot.show(
    plot.stream(["attention", "FFN"]),
    alt="A thick line runs from x on the left to y on the right: the residual stream. Twice a thin "
    "arrow leaves it, goes up through a norm into a sublayer, first attention, then the FFN, and "
    "comes back down to a plus sign on the line. What leaves is marked read, what comes back add.",
)
half = block(x, lambda x: 0 * x, lambda x: np.maximum(x, 0))
assert np.allclose(half, x + np.maximum(norm(x), 0))

# %% [markdown]
# Follow the thick line from x to y: nothing interrupts it. A sublayer that writes 0 changes
# nothing. So for L blocks, one behind the other:
#
# **what comes out = what went in + the sum of all that 2L sublayers wrote**
#
# This norm is **LayerNorm**. After it, each channel is multiplied by a learnt **gain** and gets a
# learnt **bias**, which start at 1 and 0. Its sister **RMSNorm** leaves the mean where it is and
# only divides by the root of the mean square: a little cheaper, and found in most large
# language models since LLaMA.
#
# (A few models, GPT-J and PaLM among them, let both halves read the same x and add both results at
# once: a *parallel* block. It has a stream as well.)

# %% [markdown]
# ## The library's version · 3 min
#
# Look for our two lines. A sublayer may be left out, and the norm may stand elsewhere: both will be
# used below. Dropout (lesson 07) is 0 unless one asks for it.

# %%
print(inspect.getsource(nn.TransformerBlock.stream))

# %%
print(inspect.getsource(nn.TransformerBlock._add))

# %%
attention, ffn = nn.MultiHeadAttention(16, 2, rng=rng), nn.FeedForward(16, 64, rng=rng)
theirs = nn.TransformerBlock(16, attention, ffn, rng=rng).astype(np.float64)
texts = rng.normal(size=(4, 8, 16))  # four texts, eight tokens, sixteen channels
with no_grad():
    ours = block(texts, lambda x: attention(x).data, lambda x: ffn(x).data)
    print("largest difference:", f"{np.abs(ours - theirs(texts).data).max():.0e}")
    assert np.allclose(ours, theirs(texts).data, atol=1e-12)

# %% [markdown]
# ## Measure · 17 min
#
# ### Who sees whom?
#
# Change one token, the third of the first text, and count the tokens that are no longer the same,
# **bit for bit**.

# %%
changed = texts.copy()
changed[0, 2] += 1.0
parts = {"norm": theirs.norm_attention, "FFN": ffn, "attention": attention, "block": theirs}
counts = {}
with no_grad():
    for name, part in parts.items():
        moved = (part(texts).data != part(changed).data).any(axis=-1)
        counts[name] = int(moved.sum())
        print(f"{name}: {counts[name]} of {moved.size}, by text:", moved.sum(axis=1))
        assert not moved[1:].any() and not moved[0, :2].any()
print("you said", my_changed)
assert counts == {"norm": 1, "FFN": 1, "attention": 6, "block": 6}

# %% [markdown]
# **If you said 32 for the norm**, you thought of *batch norm*, which takes its means over the
# batch. This norm takes them over the sixteen channels of one token: it does not know that there
# are other tokens, and it does the same in training and in use. **If you said 8 for the FFN**: it
# is **position-wise**, the same map for each token. **If you said 8 for attention**: it is causal;
# the two tokens before the change do not see it. No text ever sees another.
#
# The FFN does not know *where* a token stands, either. Shuffle the tokens: its results are shuffled
# in the same way. Those of causal attention are not.

# %%
order = rng.permutation(8)
with no_grad():
    for name, part in [("FFN", ffn), ("attention", attention)]:
        gap = np.abs(part(texts[:, order]).data - part(texts).data[:, order]).max()
        print(f"{name}: shuffled before or after, largest difference {gap:.1e}")
        assert (gap < 1e-12) == (name == "FFN")

# %% [markdown]
# So of all parts of this model, **only attention moves anything from token to token**. And the FFN
# is the part made for bending the content of a single token: what attention carries over is a
# weighted mean of values, and these are made by matrices alone.

# %% [markdown]
# ### The sum
#
# A model of six blocks. We ask each of its twelve sublayers for what it writes, and add all of it
# to what went in.

# %%
model = transformer(50, 8, 32, 4, 128, 6, rng=rng).astype(np.float64)
ids = rng.integers(50, size=(4, 8))

# %%
with no_grad():
    stream = [x.data for x in model.stream(ids)]
    written = []
    for block_, x, between in zip(model.blocks, stream[0::2], stream[1::2], strict=False):
        written.append(block_.attention(block_.norm_attention(x)).data)
        written.append(block_.feed_forward(block_.norm_feed_forward(between)).data)
gap = np.abs(stream[-1] - (stream[0] + sum(written))).max()
print(f"{len(written)} sublayers; what came out less the sum: {gap:.0e}")
assert len(written) == 12 and gap < 1e-12

# %% [markdown]
# The map to the words reads this sum. So every word's score is, up to the last norm, a sum over
# sublayers too, and one can ask who wrote what. The long class does.

# %% [markdown]
# ### Halves and whole: 1,600 facts
#
# Each fact is said in four words, and only the last place is asked. (In lesson 05, facts were
# random vectors; here they are words.) Two blocks, three seeds; each model at its own best rate of
# a few, chosen by its training loss. Two models more, for fairness. "Attention only, 6 layers" has
# as many parameters in its layers as the whole. "Linear FFN" keeps the FFN but takes its bend away:
# is the model then one linear map, as the stacks of lesson 01?
#
# The runs are kept in a file. Is it to be trusted? We run one of them again for a tenth of its
# steps.

# %%
kept = fact_language.kept("roomy")
again = fact_language.run("roomy", "both", 1, 6e-3, stop=60)["losses"]
(old,) = (r["losses"] for r in kept if (r["arm"], r["seed"], r["rate"]) == ("both", 1, 6e-3))
margin = 0.1
print("mean loss of steps 1 to 30, 31 to 60, now:", again, " kept:", old[:2], " margin:", margin)
assert np.abs(np.subtract(again, old[:2])).max() < margin

# %%
known = {arm: list(v.values()) for arm, v in results.at_best_rate(kept, choose_by="loss").items()}
plot.show(
    plot.ranges(known, x="facts known (percent of 1,600)", references={"1 in 20": 5}),
    alt="A row for each model with a dot for each of three seeds. Both, linear FFN and both kinds "
    "of attention only lie at the right edge, at or near the full number. FFN only lies far left, "
    "a little to the right of a line at 1 in 20.",
)
for arm, values in known.items():
    print(f"{arm}: {np.mean(values):.1f} % ({min(values):.1f} to {max(values):.1f})")
print("you said", my_percent)
assert min(known["attention only"]) > 90 and max(known["FFN only"]) < 12

# %% [markdown]
# **If you said that attention alone knows few facts**, you had heard that the FFN is where a
# transformer keeps them. Here attention alone stores all of them: its matrices are a memory as
# well. **If you said that FFN alone knows many**: it has the room, but not the names. At the last
# place it sees one word, "lives-in", and no other; no training changes that. The best it can do is
# to say each relation's most frequent answer:

# %%
floor = np.mean([fact_language.best_without_names(fact_language.make_language("roomy", s))
                 for s in fact_language.SEEDS])  # fmt: skip
print(f"best without names: {100 * floor:.1f} %; FFN only: {np.mean(known['FFN only']):.1f} %")
assert np.mean(known["FFN only"]) <= 100 * floor + 0.01

# %% [markdown]
# So this task is decided by who can *mix* tokens. And the linear FFN knows nearly all of them:
# softmax and norm bend, so without a bend in the FFN a transformer is *not* one linear map.
#
# What the FFN adds cannot be seen while there is room for everything. So the same with four times
# the facts, in models with about a quarter of the weights:

# %%
tight = results.at_best_rate(fact_language.kept("crowded"), choose_by="loss")
crowded = {arm: list(v.values()) for arm, v in tight.items()}

# %%
plot.show(
    plot.ranges(crowded, x="facts known (percent of 6,400)", references={"1 in 20": 5}),
    alt="The same rows for the crowded task. Both lies far right. Attention only with 6 layers is "
    "close behind it. Linear FFN and attention only lie together, well left of the middle. FFN "
    "only is at the line of 1 in 20.",
)
assert min(crowded["both"]) > max(crowded["linear FFN"] + crowded["attention only"]) + 20

# %%
for arm, gains in results.paired_differences(tight, "both").items():
    less = f"{np.mean(gains):+.0f} ({min(gains):+.0f} to {max(gains):+.0f})"
    print(f"{arm} less both: {less} percent of the facts")
    assert np.mean(gains) < 2

# %% [markdown]
# Two things count now. The **bend**: the linear FFN has as many parameters as the whole, and yet
# knows no more than attention alone. And **how many parameters** there are: six layers of
# attention, which have as many as the whole, come close to it, though a little less on all three
# seeds. So the FFN is a good place for facts, and not the only one. (In large trained models, too,
# part of the knowledge can be read and edited in the FFNs: lessons 12 and 14. That most of it is
# there, or only there, is not shown.)

# %% [markdown]
# ### The bill
#
# Parameters and **FLOPs**: additions and multiplications, two for each weight that a token passes.
# Attention has a second bill: each token compares itself with all tokens that it sees, and adds up
# their values. This part grows with the **context** n, the number of tokens in the text.
#
# **Prediction 4.** Qwen3-8B has d_model 4096, and FFNs 12,288 wide with a gate. At which context
# does its attention cost as many FLOPs per token as its FFN, if each token sees all n?

# %%
my_context = None  # a number of tokens

# %%
print("millions of parameters in a block: attention, FFN, FFN's share; contexts")
for m in MODELS:
    a, f = m.attention_parameters / 1e6, m.ffn_parameters / 1e6
    print(f"{m.name:26}{a:7.1f} {f:7.1f} {100 * m.ffn_share:5.1f} %", end="")
    print(f"{m.sizes.overtakes():9,.0f}{m.sizes.overtakes(causal=True):9,.0f}")
    assert f > 1.9 * a
print("you said", my_context)

# %%
qwen = MODELS[-1].sizes
ns = np.array([512, 1024, 2048, 4096, 8192, 16384, 32768, 65536])
costs = [qwen.flops(int(n), causal=True) for n in ns]
attend = np.array([(c["maps"] + c["pairs"]) / n / 1e6 for c, n in zip(costs, ns, strict=True)])
feed = np.array([c["feed_forward"] / n / 1e6 for c, n in zip(costs, ns, strict=True)])

# %%
plot.show(
    plot.lines({"attention, causal": (ns, attend), "FFN": (ns, feed)}, x="context (tokens)",
               y="million FLOPs per token", logx=True),
    alt="Work per token in one block of Qwen3-8B against the context. The FFN's line is level. "
    "Attention starts at about a quarter of it, rises, and crosses it between 16 and 32 thousand "
    "tokens; at 65 thousand it costs about twice as much.",
)  # fmt: skip
assert attend[0] < 0.5 * feed[0] and attend[-1] > 1.5 * feed[-1]

# %% [markdown]
# The last two columns: the context at which attention costs as much as the FFN, if each token sees
# all, and if it sees only those before it (then it sees half of them on average). **If you said
# about 1,000**, you thought of attention as the expensive half, as one often hears. **If you said
# "never"**, you forgot that it grows.
#
# The FFN needs "more FLOPs", says the article, "despite having fewer parameters". In all seven
# models the FFN has *more* parameters, two to about four times as many; at short contexts it does
# more work *because* of that. It is attention that, in long contexts, does more work despite fewer
# parameters: just the other way round.

# %% [markdown]
# ### Who writes the answer? · 7 min (90)
#
# The sum can be taken apart. We train a whole model on the facts for half the usual steps. The last
# norm divides by the spread of the *whole* stream. Take that one number as it came out
# (**frozen**), and what remains is linear: the scores of all words are a sum over the five writers.
# Who gives the right word its lead over the nineteen other answers of its relation?
#
# **Prediction 5.** Two blocks: attention 1, FFN 1, attention 2, FFN 2. Which of the four writes
# most of the lead?

# %%
my_writer = None  # such as "attention 1"

# %%
language = fact_language.make_language("roomy", 1)
model = fact_language.make_model("roomy", "both", 1)
batches = language.random_prompts(batch_size=256, rng=rng)

# %%
rate = warmup_cosine(6e-3, warmup_steps=30, total_steps=300)
optimizer = Adam(model.parameters(), 6e-3)


def loss(prompts, objects):
    return ops.cross_entropy(model(prompts)[:, -1], targets=objects)


_ = fit(model, loss, batches, optimizer, steps=300, schedule=rate)
facts = np.arange(len(language.objects))
knows = fact_language.share_right(model, language, facts, paraphrase=0)
print(f"after 300 steps the model knows {100 * knows:.0f} % of the facts")
assert knows > 0.8

# %%
model.astype(np.float64)
prompts = language.prompts(facts, paraphrase=0, filler=facts % 20)
with no_grad():
    stream = [x.data[:, -1] for x in model.stream(prompts)]
    scores = model(prompts).data[:, -1]

# %%
spread = np.sqrt(stream[-1].var(axis=-1, keepdims=True) + model.norm.eps)  # frozen


def read(part):
    centred = part - part.mean(axis=-1, keepdims=True)
    return (centred / spread * model.norm.gain.data) @ model.head.w.data


names = ["embedded words", "attention 1", "FFN 1", "attention 2", "FFN 2"]
parts = dict(zip(names, [stream[0], *np.diff(stream, axis=0)], strict=True))
total = sum(read(part) for part in parts.values()) + model.norm.bias.data @ model.head.w.data
print(f"the scores less the sum of the five parts: {np.abs(scores - total).max():.0e}")
assert np.allclose(scores, total, atol=1e-10)

# %%
answers = language.objects.min() + 20 * language.relations[:, None] + np.arange(20)
leads = {}
for name, part in parts.items():
    of_answers = np.take_along_axis(read(part), answers, axis=1)
    right = np.take_along_axis(read(part), language.objects[:, None], axis=1)[:, 0]
    lead = 20 / 19 * (right - of_answers.mean(axis=1))  # over the nineteen others
    leads[name] = [lead[language.relations == r].mean() for r in range(4)]

# %%
plot.show(
    plot.ranges(leads, x="lead of the right word (units of the score), a dot a relation"),
    alt="Five rows, one for each writer, with a dot for each of the four relations. The embedded "
    "words write no lead; attention 1 and FFN 1 a little; attention 2 writes the largest part, FFN "
    "2 about half as much.",
)
writer = max(leads, key=lambda name: np.mean(leads[name]))
print({name: round(float(np.mean(lead)), 1) for name, lead in leads.items()}, "you said", my_writer)
assert writer == "attention 2" and np.mean(leads["FFN 2"]) > 0.5

# %% [markdown]
# **If you said "FFN 2"**, you took the last FFN for the memory. It writes a good part. But the
# largest part comes with attention 2, which carries to the last place what the places of the names
# have prepared, with the help of FFN 1: what a part writes *directly* does not say where the
# knowledge comes from. (One model, one seed.) That we can ask at all is a gift of the sum.
#
# And does the FFN really need more than attention's output? In this trained model, let both FFNs
# read the norm of what attention found, and nothing else.


# %%
def alone(block_, x):
    found = block_.attention(block_.norm_attention(x))
    return x + found + block_.feed_forward(block_.norm_feed_forward(found))


with no_grad():
    x = model.stream(prompts)[0]
    for block_ in model.blocks:
        x = alone(block_, x)
    blind = np.mean(model.read(x).data[:, -1].argmax(axis=-1) == language.objects)
print(f"right: FFNs read the stream {100 * knows:.0f} %, attention's output {100 * blind:.0f} %")
assert blind < knows - 0.2

# %% [markdown]
# It was trained with the stream, so this is no fair contest of two designs. But it shows what these
# FFNs read: the stream, of which attention's output is one part.

# %% [markdown]
# ### The norm before or after · 8 min (90)
#
# The first transformer had its norms **after** each sum, on the stream itself: *post-norm*. Most
# large language models since GPT-2 have them before each sublayer, off the stream: *pre-norm*, our
# block. (BERT is post-norm. Some newer models have yet other places: Gemma 2 puts a norm before
# each sublayer and one behind it, in front of the sum.)

# %%
plot.show(
    plot.stream(["attention", "FFN"], norm_first=False),
    alt="The same line from x to y with two sublayers above it. The arrows to the sublayers have "
    "no norm on them; instead a norm stands on the thick line itself, behind each plus sign.",
)
post = nn.TransformerBlock(16, attention, ffn, rng=rng, norm_first=False).astype(np.float64)
with no_grad():
    assert np.allclose(post(texts).data.std(axis=-1), 1, atol=1e-3)

# %% [markdown]
# Post-norm has no stream that is a sum: all that was written before is scaled at each norm. What
# about gradients? Twelve blocks before training, a batch of real text. How long is the gradient of
# the last matrix of each block?

# %%
places = {"pre-norm": True, "post-norm": False}
first = {name: norm_place.first_gradients(place, n_blocks=12) for name, place in places.items()}
plot.show(
    plot.bands(
        {name: (np.arange(1, 13), lengths) for name, lengths in first.items()},
        x="block",
        y="length of the gradient",
    ),
    alt="Length of the gradient against the block, from 1 to 12, three seeds. Pre-norm begins "
    "lower and falls from block to block. Post-norm lies above it everywhere and falls far less; "
    "in the last block it is more than three times as long.",
)
assert first["post-norm"][:, -1].min() > 1.5 * first["pre-norm"][:, -1].max()

# %%
last = {}
for n in (3, 6, 12, 24):
    last[n] = [norm_place.first_gradients(p, n_blocks=n)[:, -1].mean() for p in places.values()]
    print(f"{n:2} blocks, the last one's: pre-norm {last[n][0]:.2f}, post-norm {last[n][1]:.2f}")
assert last[24][0] < 0.75 * last[3][0] and last[24][1] > 0.8 * last[3][1]

# %% [markdown]
# In pre-norm the stream grows with every sum, and the last norm divides by its size: so the deeper
# the model, the shorter each gradient. In post-norm the last block gets its full gradient however
# deep the model is. Xiong et al. (2020) derive both, and conclude that post-norm needs a
# **warm-up**. But Adam divides by the size of a gradient (lesson 07), so its size cannot be all.
# What remains is how far the *scores* move when all parameters take one step:

# %%
for name, place in places.items():
    moves = norm_place.first_moves(place, 1e-3, n_blocks=12)
    print(f"{name}: one step of Adam moves the scores by", moves.round(2), "of their size")
assert moves.min() > 1.3 * norm_place.first_moves(True, 1e-3, n_blocks=12).max()

# %% [markdown]
# The same step does more in a post-norm model: it starts on steeper ground (Liu et al. 2020). Does
# it show in training? Six blocks, 300 steps, Adam; the rate is either there from the first step or
# rises to it in 100 steps. Six rates, three seeds. First, one run again, for a tenth of it:

# %%
study = results.load("norm_place")

# %%
again = norm_place.run("pre-norm", 1, 2e-3, stop=30)["losses"][0]
(old,) = (r["losses"][0] for r in study["runs"]
          if (r["arm"], r["seed"], r["rate"]) == ("pre-norm", 1, 2e-3))  # fmt: skip
margin = 0.5  # another Python brings a slightly other text
print("mean bits of the first 30 steps, now:", again, " kept:", old, " margin:", margin)
assert abs(again - old) < margin

# %%
alone = norm_place.frequency_bits()  # if one knows how frequent each character is, and no more
runs = {(r["arm"], r["rate"], r["seed"]): r["value"] for r in study["runs"]}
rates = norm_place.RATES
bits = {a: [[runs[a, r, s] for r in rates] for s in norm_place.SEEDS] for a in norm_place.ARMS}

# %%
plot.show(
    plot.bands(
        {arm: (rates, values) for arm, values in bits.items()},
        x="learning rate",
        y="held-out loss (bits per character)",
        logx=True,
    ),
    alt="Held-out loss against the learning rate. Both pre-norm curves fall together and have "
    "their lowest point at large rates. Both post-norm curves lie above them and jump, the one "
    "without warm-up at half the rate of the other, to the level of frequencies alone, at the top.",
)
assert np.max(bits["pre-norm"]) < alone - 0.3

# %%
print("rate".ljust(20), *(f"{rate:6g}" for rate in rates), f"  frequencies alone: {alone:.2f} bits")
for arm, values in bits.items():
    print(arm.ljust(20), *(f"{mean:6.2f}" for mean in np.mean(values, axis=0)))
best = results.at_best_rate(study["runs"], choose_by="choose")
for arm, gains in results.paired_differences(best, "pre-norm").items():
    print(f"{arm} less pre-norm: {np.mean(gains):+.2f} ({min(gains):+.2f} to {max(gains):+.2f})")
at = rates.index(0.004)
assert np.min(np.array(bits["post-norm"])[:, at]) > alone - 0.2
assert np.max(np.array(bits["post-norm, warm-up"])[:, at]) < alone - 0.5

# %% [markdown]
# Each arm at its own best rate; the rate is chosen by other text than the one that is reported.
# From a rate of 0.004 on, post-norm without warm-up is stuck on all seeds: it has learnt how
# frequent each character is, and nothing about their order. With warm-up it trains at 0.004 as
# well, and is stuck from 0.008 on. So warm-up makes a larger rate usable; at the best rate of each,
# it gains little. Pre-norm trains at all these rates, with and without warm-up, and ends lower.
# (Six blocks, 300 steps, one text. Post-norm models do train: the first transformers were such
# models, with much smaller rates, long warm-ups and many more steps.)

# %% [markdown]
# ## What broke, and why · 8 min
#
# A student writes the block and forgets two characters: `attention(norm(x))`, without `x +`. No
# test of shapes fails, and the program runs. Six blocks, 100 steps on real text (the documentation
# that comes with Python), three seeds:


# %%
class Forgetful(nn.TransformerBlock):
    def _add(self, x, norm, sublayer, *cache):
        return sublayer(norm(x), *cache)


def bits_after_100_steps(block, seed):
    model = norm_place.make_model(True, seed, block=block)
    optimizer = Adam(model.parameters(), 0.004)
    batches = norm_place.make_batches(seed)
    return np.mean(fit(model, model.loss, batches, optimizer, steps=100).loss[-20:]) / np.log(2)


# %%
frequencies = norm_place.frequency_bits()
print(f"how frequent each character is, and no more: {frequencies:.2f} bits per character")
for words, kind in (("with the skip", nn.TransformerBlock), ("forgotten", Forgetful)):
    bits = [bits_after_100_steps(kind, s) for s in (1, 2, 3)]
    print(f"{words}, mean of the last 20 steps:", *(f"{b:.2f}" for b in bits), "bits")
    assert max(bits) < frequencies - 0.3 or (kind is Forgetful and min(bits) > frequencies - 0.1)

# %% [markdown]
# Without the skip it finds out how frequent each character is, and then nothing more. Can it tell
# the tokens apart? We look at stacks before training: 32 random tokens, and after each layer their
# **difference**: the length of all that sets tokens apart from their mean token, divided by the
# length of all their numbers. 1: nothing in common. 0: all alike. Here attention sees all tokens;
# nine seeds.

# %%
mlp = {"activation": ops.relu}
stacks = {
    "attention": {},
    "and MLP": mlp,
    "and MLP, norm": mlp | {"norm": "before"},
    "and MLP, skip": mlp | {"skip": True},
    "and MLP, skip, norm": mlp | {"skip": True, "norm": "before"},
}
apart = {name: differences(range(9), depth=12, **parts) for name, parts in stacks.items()}

# %%
plot.show(
    plot.bands(
        {name: (np.arange(13), rows) for name, rows in apart.items()},
        x="layer",
        y="difference of the tokens",
        logy=True,
    ),
    alt="The difference of the tokens against the layer, on a logarithmic axis. Attention alone, "
    "with an MLP, and with MLP and norm all plunge within four or five layers to the smallest "
    "numbers that can be told from 0. With a skip the curve falls slowly, with skip and norm more "
    "slowly still.",
)
for name, rows in apart.items():
    print(f"{name}:".ljust(21), *(f"{np.median(rows[:, i]):.1e}" for i in (0, 1, 2, 3, 4, 12)))
print("you said", my_rescue)
assert np.median(apart["and MLP"][:, 4]) < 1e-12 and np.median(apart["and MLP, skip"][:, 12]) > 0.05

# %% [markdown]
# The numbers are medians after 0, 1, 2, 3, 4 and 12 layers. **If you said "MLP"**: it is often
# written, and it is wrong. An MLP does the same to every token, so what is alike before it is alike
# behind it; here the tokens even collapse faster. **If you said "norm"**: it does the same to every
# token, too. **If you said "skip"**: with it, each token carries its own vector on. This is **rank
# collapse** (tokens that are all alike form a matrix of rank 1).
#
# But "the skip stops it" would be too much: with the skip alone the tokens still grow alike, only
# far more slowly. With skip *and* norm even that decay slows down, layer by layer. Why is it so
# fast without? Let all tokens be one vector plus a small part of their own, of size ε, and push
# them through *one* layer of attention.

# %%
spreads = [0.1, 0.01, 0.001]
for name, parts in (("attention", {}), ("attention, skip", {"skip": True})):
    sizes = np.median(one_layer(range(9), spreads, **parts), axis=0)
    slope = np.log10(sizes[1] / sizes[2])
    print(f"{name}: apart by", *(f"{s:.1e}" for s in sizes), f" so as ε to the power {slope:.2f}")
    assert abs(slope - (1 if "skip" in name else 3)) < 0.05

# %% [markdown]
# ε becomes ε³. Why the third power? Token i differs from others in *what it gets* only if its
# weights differ. A score is a product of a query and a key. What is common to all keys adds the
# same to all scores of a token, and cancels in its softmax; what is common to all queries gives
# every token the same weights. The rest is own part times own part: ε². It weighs values, of which
# the common part is the same for all: another ε. So each layer cubes the difference, and once it is
# small it is gone: 0.1, then 0.001, then a billionth. (Such a fall is called *doubly exponential*:
# the power itself is multiplied, 1, 3, 9, 27.) The skip adds ε itself.
#
# And a model of equal tokens cannot learn where to look. The length of the gradient of each layer's
# query weights, in stacks of MLP and norm, with and without the skip:

# %%
looks = {}
for words, skip in (("skip", True), ("no skip", False)):
    for sees, causal in (("sees all", False), ("causal", True)):
        parts = mlp | {"norm": "before", "skip": skip, "causal": causal}
        looks[f"{words}, {sees}"] = query_gradients(range(3), depth=12, **parts)

# %%
plot.show(
    plot.bands(
        {name: (np.arange(1, 13), rows) for name, rows in looks.items()},
        x="layer",
        y="gradient of the query weights",
        logy=True,
    ),
    alt="Length of the gradient of the query weights against the layer, logarithmic. With a skip, "
    "causal or not, it stays far above 1 in all twelve layers. Without, where every token sees "
    "all, it falls to practically nothing within five layers; causal, it falls steadily, "
    "below a hundredth.",
)
assert looks["no skip, sees all"][:, 5:].max() < 1e-9 < 1 < looks["skip, sees all"].min()

# %% [markdown]
# Lesson 03 kept the *size* of signals alive, with well-chosen initial weights. The skip keeps alive
# what sets tokens *apart*, on the way forward and on the way back. A causal mask slows the
# collapse, since early tokens see few others and mix less; it does not prevent it.

# %% [markdown]
# ### Rank collapse, further · 5 min (90)
#
# Deeper stacks: the medians of five seeds after 6, 12, 24 and 48 layers. In the last rows each
# sublayer is multiplied by 1/√(2L), with L = 48 layers, so that the 2L sublayers together write
# about as much as there was at the start. (Our library's models draw their last matrices so small.)
# A *steep* MLP has tanh(400 x) for its bend: nearly a step.

# %%
scaled = {"skip": True, "branch": 96**-0.5}
deep = {
    "skip": {"skip": True},
    "skip, MLP": mlp | {"skip": True},
    "skip, MLP, norm": mlp | {"skip": True, "norm": "before"},
    "skip, MLP, norm after": mlp | {"skip": True, "norm": "after"},
    "skip, MLP, scaled": mlp | scaled,
    "skip, MLP, norm, scaled": mlp | scaled | {"norm": "before"},
    "no skip, MLP, norm": mlp | {"norm": "before"},
    "no skip, steep MLP": {"activation": lambda x: ops.tanh(400 * x)},
    "no skip, weights x 2": {"scale": 2.0},
}

# %%
AT = (6, 12, 24, 48)
middle = {}
for causal in (False, True):
    print("causal" if causal else "every token sees all")
    for name, parts in deep.items():
        rows = differences(range(5), depth=48, causal=causal, **parts)
        middle[name, causal] = np.median(rows, axis=0)
        print(f"  {name:25}", *(f"{middle[name, causal][i]:8.2g}" for i in AT))
assert middle["skip, MLP", False][48] < 1e-3 < 0.1 < middle["skip, MLP, norm", False][48]
assert middle["skip, MLP, norm, scaled", False][48] > 0.8

# %% [markdown]
# With the skip alone the difference falls by about the same *factor* in each layer: an exponential
# decay, in place of the doubly exponential one. A norm before each sublayer turns even that into a
# crawl: the stream grows, what is written stays as large as before, so it counts for less and less.
# Scaled branches have nearly the same effect without a norm. A norm *after* the sum does not help:
# it keeps the stream small, so each mean counts in full. Weights twice as large, without a skip,
# hold up the collapse for some layers: scores are larger, each token looks at nearly one other, and
# little is mixed. And the steep MLP? Equal tokens stay equal, but nearly equal ones may fall on
# different sides of a step and be torn apart again. Where every token sees all, this buys a few
# layers. With a causal mask, it keeps the tokens apart through all 48. So "an MLP does not prevent
# it" is said of the activations that models use, not of every MLP.
#
# A causal mask slows down, in the end, every decay that is fast. All of this is at random weights,
# before training: it says where training starts, not where it ends.

# %% [markdown]
# ## Exercises · 20 min (90)
#
# Three. The first can be begun in a long class; all are for home. `tinyffn hint 9.1` in a terminal
# helps if you are stuck.
#
# **Exercise 9.1: what a block holds, and what it costs to read on** (25 minutes). Count the
# parameters of a block, and the FLOPs of reading some tokens after others that lie in a cache,
# whose keys and values are kept. Heads may share keys, the hidden layer may be gated, maps may have
# biases. Draw one arrow for each map first. The folder is `exercises/09_1_price_of_a_block`.

# %%
predict("9.1")

# %%
check("9.1")

# %% [markdown]
# Your function reads one more token with Qwen3-8B, early and late in a long text. The maps cost the
# same each time; what the token looks back on does not.

# %%
price = mine("9.1").block_price
for n_cached in (0, 1_000, 10_000, 40_000):
    _, flops = price(4096, 12_288, 32, 8, 128, True, False, n_cached, 1)
    print(f"token {n_cached + 1:6,}: {36 * flops / 1e9:5.1f} GFLOP in 36 blocks")
early, late = (price(4096, 12_288, 32, 8, 128, True, False, n, 1)[1] for n in (0, 40_000))
assert 2 < late / early < 3

# %% [markdown]
# **Exercise 9.2: where attention overtakes the feed-forward layer** (25 minutes). The shortest text
# on which attention takes more FLOPs, if all is seen and if only the past is; or several times as
# many. Heads may be wider than d_model / n_heads, so no rule of thumb will do: set up the
# inequality and solve it. The folder is `exercises/09_2_where_attention_overtakes`.

# %%
predict("9.2")

# %%
check("9.2")

# %% [markdown]
# Your function asks all models of the ledger: can attention overtake within the longest text that
# the model reads?

# %%
overtakes = mine("9.2").overtakes
for m in MODELS:
    s = m.sizes
    _, past = overtakes(s.d_model, s.d_ff, s.n_heads, s.n_kv_heads, s.d_head, s.gated)
    limit = f"{m.context:,}" if m.context else "none"
    print(f"{m.name:26} overtakes at {past:7,} tokens, longest text {limit}")
    assert past == s.overtakes(causal=True)

# %% [markdown]
# **Exercise 9.3: a sublayer on the residual stream** (40 minutes). y = x + f(norm(x)), forward and
# backward, for any f that comes as a pair: x acts on y along two ways, and the norm makes each
# entry of a row act on all of them. What f learns is handed on. The folder is
# `exercises/09_3_residual_sublayer`.

# %%
predict("9.3")

# %%
check("9.3")

# %% [markdown]
# Your sublayer takes the library's FFN as its f, and stands beside the library's block.


# %%
def as_pair(layer):
    """A layer of the library as a pair: f(u), and the way back, du first."""

    def f(u):
        u = Tensor(u, requires_grad=True)
        v = layer(u)

        def backward(dv):
            v.backward(dv)
            return u.grad, *(p.grad for p in layer.parameters())

        return v.data, backward

    return f


# %%
layer = nn.FeedForward(8, 32, rng=rng)
rms_block = nn.TransformerBlock(8, None, layer, rng=rng, norm=nn.RMSNorm)
x, dy = rng.standard_normal((2, 3, 5, 8), dtype=np.float32)
y, backward = mine("9.3").residual_sublayer(x, np.ones(8, np.float32), as_pair(layer))
dx, dgain, *learnt = backward(dy)
print(f"{np.abs(y - rms_block(Tensor(x)).data).max():.1e}, {len(learnt)} gradients of the FFN")
assert np.allclose(y, rms_block(Tensor(x)).data, atol=1e-5) and len(learnt) == 4

# %% [markdown]
# ## Check yourself · 2 min
#
# Answer first, then open.
#
# <details><summary>1. What does the FFN of a pre-norm block read, and what happens to what it
# writes?</summary>
#
# The norm of the stream, which is all that was written before: the embedded token, what attention
# just added, and all that earlier blocks added. What it writes is added to the stream.
# </details>
#
# <details><summary>2. A batch of one text, and the same text in a batch of a hundred: does a norm
# give another result?</summary>
#
# No. Mean and spread are taken over the channels of each token, so neither the other texts nor the
# other tokens matter.
# </details>
#
# <details><summary>3. "The MLP prevents rank collapse." What is wrong with that, and what does slow
# the collapse down?</summary>
#
# An MLP does the same to each token: equal tokens stay equal. The skip keeps each token's own
# vector, which turns a collapse within four layers into a slow decay; with a norm before each
# sublayer, or small branches, the decay nearly stops.
# </details>
#
# <details><summary>4. A model without skips runs, but hardly learns. Its loss and its
# outputs are finite. What would you look at?</summary>
#
# At how far the tokens differ after each layer, and at the gradient of the query weights layer by
# layer. Both are next to nothing after a few layers.
# </details>

# %% [markdown]
# ## Go further
#
# - Vaswani et al. 2017, [arXiv:1706.03762](https://arxiv.org/abs/1706.03762): the block, with the
#   norm after the sum. He et al. 2015, [arXiv:1512.03385](https://arxiv.org/abs/1512.03385): the
#   skip, in networks for pictures.
# - Ba et al. 2016, [arXiv:1607.06450](https://arxiv.org/abs/1607.06450): LayerNorm. Zhang and
#   Sennrich 2019, [arXiv:1910.07467](https://arxiv.org/abs/1910.07467): RMSNorm.
# - Xiong et al. 2020, [arXiv:2002.04745](https://arxiv.org/abs/2002.04745): gradients with the norm
#   before and after, and the warm-up. Liu et al. 2020,
#   [arXiv:2004.08249](https://arxiv.org/abs/2004.08249): how strongly the outputs react to a step.
# - Dong et al. 2021, [arXiv:2103.03404](https://arxiv.org/abs/2103.03404): attention alone
#   collapses doubly exponentially. (Its summary says that MLPs stop this, too; further on it says
#   that they can slow it down, the more the steeper they are.) Noci et al. 2022,
#   [arXiv:2206.03126](https://arxiv.org/abs/2206.03126): what that does to the gradients of queries
#   and keys, and branches that are scaled by depth. Wu et al. 2024,
#   [arXiv:2405.18781](https://arxiv.org/abs/2405.18781): masks and norms, and value matrices with
#   which a norm can prevent the collapse.
# - Elhage et al. 2021, *A mathematical framework for transformer circuits*: the residual stream as
#   a shared channel that parts read from and write to.
# - Next: **10, the language model**. The block is whole. What does it learn from real text?
