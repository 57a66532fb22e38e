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
from tinyffn.optim import Adam, warmup_cosine
from tinyffn.studies import fact_language, norm_place, results, skip_depth
from tinyffn.studies.ledger import MODELS
from tinyffn.studies.rank_collapse import difference, differences, one_layer
from tinyffn.studies.stacks import query_gradients, sizes
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
# "despite having fewer parameters". (We judge sentences, not authors, so it has no name here.)
# Others say that the MLP stores what a model knows, or that it keeps attention from making all
# tokens alike. What does each half really do? And what do only both together do?

# %% [markdown]
# ## What you will be able to do · 1 min
#
# | you will | and this tests it |
# |---|---|
# | **say** what each part of a block reads, and where it writes | question 1 |
# | **count** parameters and FLOPs (additions and multiplications) of a block | exercise 9.1 |
# | **say** from which context on attention costs more than the FFN | exercise 9.2 |
# | **write** a sublayer with its norm and its sum, forward and backward | exercise 9.3 |
# | **explain** what a skip and a norm keep in order in a deep stack | questions 2 and 3 |
#
# *You need*: lessons 01 to 08. *Time*: 50 minutes for the core; parts marked (90) fill a longer
# class.

# %% [markdown]
# ## Predict · 5 min
#
# Three words first. A **norm** takes a list of numbers, and shifts and scales it to mean 0 and mean
# square 1 (which list, in a transformer, is the first question). A **skip** adds what goes into a
# layer to what comes out: x + layer(x). A **sublayer** is one half of a block: attention, or the
# FFN.
#
# **Prediction 1.** A **batch** of four texts, eight tokens each: 32 tokens. You change the third
# token of the first text. After a norm, as a transformer uses it, how many of the 32 tokens have
# changed? And after an FFN? After attention that looks only back?

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
# ## Build by hand on four numbers · 5 min
#
# Two tokens, A and B, with four numbers each, their **channels**. The **norm** of a token: subtract
# the mean of its channels, then divide by their **spread**, the root of the mean square of what is
# left (the standard deviation σ of lesson 03).


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
# Now a block for B. We choose its **attention** ourselves, without matrices: it looks half at A and
# half at B itself, and the value of each is simply its norm. What it finds is **added** to B.

# %%
found = 0.5 * norm(x)[0] + 0.5 * norm(x)[1]
b = x[1] + found
print("attention finds", found.round(2) + 0.0, " B is now", b.round(2))  # + 0.0: no "-0."
assert np.allclose(b, [0, -1, 3, 2], atol=1e-4)

# %% [markdown]
# Its **FFN** is a bare ReLU here. What does it read? Not what attention found, but the norm of what
# B *is now*: the old B and the find, together. Its result is added too. The last line is what it
# would write if it processed "the output from the attention mechanism", as the article has it.

# %%
added = np.maximum(norm(b), 0)
print("FFN reads", norm(b).round(2), "and adds", added.round(2))
print("B in the end:", (b + added).round(2), "= old B + find + FFN")
only_found = np.maximum(norm(found), 0)
print("had it read attention's output alone, it would add", only_found.round(2))
assert np.allclose(b + added, x[1] + found + added) and not np.allclose(added, only_found, atol=0.1)

# %% [markdown]
# So B's four numbers are a line on which everybody writes: what was there, plus what attention
# adds, plus what the FFN adds. Nothing is ever replaced. This line is called the **residual
# stream**; think of a shared notebook that is passed on.

# %% [markdown]
# ## The clear version · 3 min
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
assert np.array_equal(block(x, np.zeros_like, np.zeros_like), x)  # nobody adds: x comes out

# %% [markdown]
# Follow the thick line from x to y: nothing interrupts it. A sublayer that writes 0 changes
# nothing. So for L blocks, one behind the other:
#
# **what comes out = what went in + the sum of all that 2L sublayers wrote**

# %%
silent = block(x, lambda u: 0 * u, lambda u: np.maximum(u, 0))  # an attention that writes 0
print("attention writes 0:", silent.round(2).tolist())
assert np.allclose(silent, x + np.maximum(norm(x), 0))

# %% [markdown]
# There are two norms. Ours is **LayerNorm**; after it, each channel is multiplied by a learnt
# **gain** and gets a learnt **bias**, which start at 1 and 0. Its sister **RMSNorm** does not take
# the mean off: it only divides by the root of the mean square, and has a gain alone. LLaMA and Qwen
# use it, and so do exercise 9.3 and the stacks of "What broke", below.

# %% [markdown]
# ## The library's version · 3 min
#
# Look for our two lines. A sublayer may be left out, and the norm may stand elsewhere: both will be
# used below. Dropout (lesson 07) is 0 unless one asks for it; `cache` keeps keys and values while a
# text is written (lesson 10), and a `mask` says who may see whom, if that is not all the past. Both
# are None here; `looking` only hands them on.

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
# ## Measure · 16 min
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
# **If you said 32 or 8 for the norm**, you took all numbers, or those of one text, for one list, or
# thought of *batch norm* (used in networks for pictures), which takes its means over the batch.
# This norm takes them over the sixteen channels of one token: it does not know that there are other
# tokens. **If you said 8
# for the FFN**: it is **position-wise**, the same map for each token. **If you said 8 for
# attention**: it is causal; the two tokens before the change do not see it. No text ever sees
# another.
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
# So of all parts of this model, **only attention moves anything from token to token**. The FFN
# works on the content of a single token, and bends it. (Attention bends as well, but only where it
# decides *where to look*, in the softmax. The values that it carries over are made by matrices
# alone.)

# %% [markdown]
# ### Halves and whole: 1,600 facts
#
# Each fact is said in four words, and only the last place is asked. (In lesson 05, facts were
# random vectors; here they are words. "today" is a filler: it says nothing.) In the end we ask for
# the same facts, said as in training: this is about storing. Two blocks, three seeds; each
# model at its own best rate of a few, chosen by its training loss. There are three models besides
# the whole: attention only, FFN only, and, as "attention only" has fewer parameters than the whole,
# one with six layers of attention and as many.
#
# The runs are kept in a file. Is it to be trusted? We repeat a tenth of one that is used below.

# %%
kept = fact_language.kept("roomy")
rate = results.best_rates(kept, choose_by="loss")["both"]
again = fact_language.run("roomy", "both", 1, rate, stop=60)["losses"]
(old,) = (r["losses"] for r in kept if (r["arm"], r["seed"], r["rate"]) == ("both", 1, rate))
margin = 0.1
print("mean loss of steps 1 to 30, 31 to 60, now:", again, " kept:", old[:2], " margin:", margin)
assert np.abs(np.subtract(again, old[:2])).max() < margin

# %%
known = {arm: list(v.values()) for arm, v in results.at_best_rate(kept, choose_by="loss").items()}
for arm in ("both", "attention only", "attention only, 6 layers", "FFN only"):
    low, high = min(known[arm]), max(known[arm])
    print(f"{arm:26}{np.mean(known[arm]):5.1f} % ({low:.1f} to {high:.1f})")
print("you said", my_percent)
assert min(known["attention only"]) > 90 and max(known["FFN only"]) < 12

# %% [markdown]
# **If you said that attention alone knows few facts**, you had heard that the FFN is where a
# transformer keeps them. Here attention alone stores all of them: its matrices are a memory as
# well. **If you said that FFN alone knows many**: it has the room, but not the names. At the last
# place it sees one word, "lives-in", and no other; no training changes that. **If you said 5**, one
# in twenty, you were nearly right. It can do a little better, and say each relation's most frequent
# answer:

# %%
floor = np.mean([fact_language.best_without_names(fact_language.make_language("roomy", s))
                 for s in fact_language.SEEDS])  # fmt: skip
print(f"best without names: {100 * floor:.1f} %; FFN only: {np.mean(known['FFN only']):.1f} %")
assert np.mean(known["FFN only"]) <= 100 * floor + 0.01

# %% [markdown]
# So this task is decided by who can *mix* tokens. What the FFN adds cannot be seen while there is
# room for everything. So the same with four times the facts, in models with about a third of the
# weights:

# %%
tight = results.at_best_rate(fact_language.kept("crowded"), choose_by="loss")
crowded = {arm: list(v.values()) for arm, v in tight.items()}
for arm in ("both", "attention only", "attention only, 6 layers", "FFN only"):
    low, high = min(crowded[arm]), max(crowded[arm])
    print(f"{arm:26}{np.mean(crowded[arm]):5.1f} % ({low:.1f} to {high:.1f})")
assert min(crowded["both"]) > max(crowded["attention only"]) + 20

# %% [markdown]
# What each model was given (a linear FFN, for the long class, too):

# %%
for task, rates in fact_language.RATES.items():
    best = results.best_rates(fact_language.kept(task), choose_by="loss")
    n = {arm: fact_language.make_model(task, arm, 1).n_parameters() for arm in fact_language.ARMS}
    print(f"{task}: {fact_language.STEPS[task]:,} steps, three seeds, rates {rates}")
    for arm in n:
        print(f"  {arm:26}{n[arm]:7,} parameters, best rate {best[arm]:g}")
    assert abs(n["attention only, 6 layers"] / n["both"] - 1) < 0.01 < 1 - n["FFN only"] / n["both"]

# %% [markdown]
# Now attention alone has too little room, and the FFNs more than double what is known. But six
# layers of attention, with as many parameters as the whole, come close to it. So the FFN is a good
# place for facts, and not the only one. (In large trained models, too, part of the knowledge can be
# read and edited in the FFNs: lessons 12 and 14. That most of it is there, or only there, is not
# shown.)

# %% [markdown]
# ### The bill
#
# Parameters and **FLOPs**: additions and multiplications, two for each weight that a token passes.
# Attention has a second bill: each token compares itself with all tokens that it sees, and adds up
# their values. If its heads together are w numbers wide, one pair of tokens takes 4 w FLOPs: w
# products, and as many additions, for the scores; the same again for the sum of values. This part
# grows with the **context** n, the number of tokens in the text.
#
# **Prediction 4.** In Qwen3-8B each token is d_model = 4096 numbers, and the heads are as wide
# together. In each block, attention's maps have 41.9 million weights (its 32 heads share 8 keys and
# values), its FFN 151.0 million. At which context does attention cost as many FLOPs per token as
# the FFN, if each token sees all n?

# %%
my_context = None  # a number of tokens

# %%
qwen = MODELS[-1].sizes
ffn_weights, square = qwen.feed_forward_weights, 4096**2
for words, maps in (("8 keys shared", qwen.attention_weights), ("32 keys, 32 values", 4 * square)):
    n = 2 * (ffn_weights - maps) / (4 * 4096)
    lead = f"2 ({ffn_weights / 1e6:.1f} - {maps / 1e6:.1f}) million"
    print(f"{words}: {lead} = 4 · 4096 n, so n = {n:,.0f}")
    assert (n == qwen.overtakes()) == (words == "8 keys shared")
print("you said", my_context)

# %% [markdown]
# That is all: the FFN's lead in weights, two FLOPs each, against 4 · 4096 FLOPs for each token that
# is seen. **If you said 10,240**, you gave each head its own keys and values (the second line):
# attention's maps are larger then, and it catches up earlier. **If you said about 1,000**, you
# thought of attention as the expensive half, as one often hears. **If you said "never"**, you
# forgot that it grows. With a causal mask a token sees about half as many on average, so n doubles
# (exercise 9.2 counts to the token).

# %%
ns = np.array([512, 1024, 2048, 4096, 8192, 16384, 32768, 65536])
work = {}
for words, causal in (("attention, sees all", False), ("attention, causal", True)):
    costs = [qwen.flops(int(n), causal=causal) for n in ns]
    work[words] = np.array([c["maps"] + c["pairs"] for c in costs]) / ns / 1e6
work["FFN"] = np.array([c["feed_forward"] for c in costs]) / ns / 1e6

# %%
plot.show(
    plot.lines({name: (ns, y) for name, y in work.items()}, x="context (tokens)",
               y="million FLOPs per token", logx=True, logy=True),
    alt="Work per token in one block of Qwen3-8B against the context, both axes logarithmic. The "
    "FFN's line is level. Both lines of attention start at less than a third of it and rise. If "
    "each token sees all, attention crosses the FFN between 8 and 16 thousand tokens; if causal, "
    "between 16 and 32 thousand.",
)  # fmt: skip
assert work["attention, causal"][0] < 0.4 * work["FFN"][0] < 0.2 * work["attention, sees all"][-1]

# %%
print("millions of parameters in a block".center(70), "equal cost at n".rjust(16))
print(f"{'model':26}{'attention':>11}{'FFN':>7}{'FFN share':>12}{'sees all':>15}{'causal':>10}")
for m in MODELS:
    a, f = m.attention_parameters / 1e6, m.ffn_parameters / 1e6
    print(f"{m.name:26}{a:11.1f}{f:7.1f}{100 * m.ffn_share:10.1f} %", end="")
    print(f"{m.sizes.overtakes():15,.0f}{m.sizes.overtakes(causal=True):10,.0f}")
    assert f > 1.9 * a

# %% [markdown]
# The FFN needs "more FLOPs", says the article, "despite having fewer parameters". In all seven
# models the FFN has *more* parameters, two to about four times as many; at short contexts it does
# more work *because* of that. It is attention that, in long contexts, does more work despite fewer
# parameters: just the other way round.
#
# *In a class of 50 minutes, go on at "What broke, and why"; the three parts before it are marked
# (90).*

# %% [markdown]
# ### The crowded facts, arm by arm · 3 min (90)
#
# One model more: "linear FFN" keeps the FFN and takes its bend away. Its two matrices then could be
# one (lesson 01), so it has more numbers than it can use.

# %%
plot.show(
    plot.ranges(crowded, x="facts known (percent of 6,400)", references={"1 in 20": 5}),
    alt="A row for each model with a dot for each of three seeds. Both lies far right. Attention "
    "only with 6 layers is close behind it. Linear FFN and attention only lie together, well left "
    "of the middle. FFN only is at a line that marks 1 in 20.",
)
assert min(crowded["both"]) > max(crowded["linear FFN"] + crowded["attention only"]) + 20

# %%
print(f"linear FFN, 1,600 facts with much room: {np.mean(known['linear FFN']):.1f} %")
for arm, gains in results.paired_differences(tight, "both").items():
    gap = f"{np.mean(gains):+.0f} ({min(gains):+.0f} to {max(gains):+.0f})"
    print(f"{arm} minus both: {gap} percent of the 6,400 facts")
    assert np.mean(gains) < 2

# %% [markdown]
# Six layers of attention know a little less than the whole, on all three seeds. The linear FFN,
# added to attention, adds nothing that shows. Yet with much room such a model knows nearly all
# facts: softmax and norm bend as well, so without a bend in its FFNs a transformer is *not* one
# linear map, as the stacks of lesson 01 were.

# %% [markdown]
# ### Who writes the answer? · 10 min (90)
#
# The sum can be taken apart. We train a whole model on the facts for half the usual steps, and look
# at the stream at the last place: the embedded word, and what four sublayers wrote. The last norm
# divides by the spread of the *whole* stream. Take that one number as it came out (**frozen**), and
# what remains is linear: the scores of all words are a sum over the five writers. Who gives the
# right word its **lead**: its score, less the mean score of the nineteen other answers of its
# relation?
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
leads = {}
for name, part in parts.items():
    lead = fact_language.lead(language, read(part))
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
# **If you said "FFN 2"**, you took the last FFN for the memory. It writes a good part, and
# attention 2 writes more. But is what a part *writes* to the answer what the answer *needs*? Set
# one sublayer at a time to zero: the sum goes on without it.

# %%
without = {}
for number, block_ in enumerate(model.blocks, start=1):
    for words, name in (("attention", "attention"), ("FFN", "feed_forward")):
        part = getattr(block_, name)
        setattr(block_, name, None)  # the block leaves it out
        right = fact_language.share_right(model, language, facts, paraphrase=0)
        setattr(block_, name, part)
        without[f"{words} {number}"] = 100 * right
        print(f"without {words} {number}: {100 * right:.0f} % right; it wrote", end=" ")
        print(f"{np.mean(leads[f'{words} {number}']):.1f} of the lead")
assert without["attention 1"] < without["FFN 1"] < without["FFN 2"] - 20

# %% [markdown]
# FFN 1 writes the least of the four, then comes attention 1. Yet without either of them the model
# loses far more facts than without FFN 2, which writes several times as much as FFN 1: what they
# write is read by the parts behind them. So what a part writes *directly* does not say where the
# knowledge comes from. (One model, one seed.) That we can ask at all is a gift of the sum.
#
# And what do the FFNs read? In this trained model, let both read the norm of what attention found,
# and nothing else; or the stream as it was *before* the find.


# %%
def half(block_, x, only):
    found = block_.attention(block_.norm_attention(x))
    source = {"the find alone": found, "the stream without the find": x}[only]
    return x + found + block_.feed_forward(block_.norm_feed_forward(source))


for only in ("the find alone", "the stream without the find"):
    with no_grad():
        x = model.stream(prompts)[0]
        for block_ in model.blocks:
            x = half(block_, x, only)
        right = np.mean(model.read(x).data[:, -1].argmax(axis=-1) == language.objects)
    print(f"FFNs read {only}: {100 * right:.0f} % right, in place of {100 * knows:.0f} %")
    assert right < knows - 0.2

# %% [markdown]
# Neither is enough. The model was trained with the whole stream, so this is no fair contest of
# designs. But it shows what these FFNs read: the stream, of which attention's find is one part.

# %% [markdown]
# ### The norm before or after · 11 min (90)
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
# about gradients? Twelve blocks before training, a batch of real text, three seeds (the width of a
# band). How long is the gradient of the last matrix of each block?

# %%
places = {"pre-norm": True, "post-norm": False}
first = {name: norm_place.first_gradients(place, n_blocks=12) for name, place in places.items()}
plot.show(
    plot.bands(
        {name: (np.arange(1, 13), lengths) for name, lengths in first.items()},
        x="block",
        y="length of the gradient",
    ),
    alt="Length of the gradient against the block, from 1 to 12, a band over three seeds. "
    "Pre-norm begins lower and falls from block to block. Post-norm lies above it everywhere and "
    "falls far less; in the last block it is more than three times as long.",
)
assert first["post-norm"][:, -1].min() > 1.5 * first["pre-norm"][:, -1].max()

# %%
last = {}
for n in (3, 6, 12, 24):
    last[n] = [norm_place.first_gradients(p, n_blocks=n)[:, -1].mean() for p in places.values()]
    print(f"{n:2} blocks, the last one's: pre-norm {last[n][0]:.2f}, post-norm {last[n][1]:.2f}")
assert last[24][0] < 0.75 * last[3][0] and last[24][1] > 0.8 * last[3][1]

# %% [markdown]
# In pre-norm the stream grows with every sum (here, root mean square):

# %%
deep_model = norm_place.make_model(True, 1, n_blocks=12)
ids, _ = next(norm_place.make_batches(1))
with no_grad():
    grows = [np.sqrt(np.mean(x.data**2)) for x in deep_model.stream(ids)[0::6]]
print("pre-norm, after 0, 3, 6, 9, 12 blocks:", *(f"{size:.1f}" for size in grows))
assert grows[-1] > 2 * grows[0]

# %% [markdown]
# The last norm divides by this size: so the deeper the model, the shorter the last block's
# gradient. In post-norm it does not shrink with depth. Xiong et al. (2020) derive both,
# and conclude that post-norm needs a **warm-up**. But Adam divides by the size of a gradient
# (lesson 07), so its size cannot be all. What remains is how far the *scores* move when all
# parameters take one step:

# %%
for name, place in places.items():
    moves = norm_place.first_moves(place, 1e-3, n_blocks=12)
    print(f"{name}: one step of Adam moves the scores by", moves.round(2), "of their size")
assert moves.min() > 1.3 * norm_place.first_moves(True, 1e-3, n_blocks=12).max()

# %% [markdown]
# The same step does more in a post-norm model: it starts on steeper ground (Liu et al. 2020), where
# a step easily goes too far and lands beyond the lower place that it was aiming at. Does it show in
# training? Six blocks, 300 steps, Adam; the rate is either there from the first step or rises to it
# in 100 steps. Six rates, three seeds. First, one run again, for a tenth of it:

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
n = {arm: norm_place.make_model(first, 1).n_parameters()
     for arm, (first, _) in norm_place.ARMS.items()}  # fmt: skip
told = {"steps": norm_place.STEPS, "n_parameters": n, "choose_by": "choose"}
print(results.conditions(study["runs"], **told))
assert len(set(n.values())) == 1

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
        references={"frequencies alone": alone},
        references_left=True,
    ),
    alt="Held-out loss against the learning rate, a band over three seeds. Both pre-norm curves "
    "fall together and have their lowest point at large rates. Both post-norm curves lie above "
    "them and jump, the one without warm-up at half the rate of the other, to a line at the top, "
    "the level of frequencies alone.",
)
assert np.max(bits["pre-norm"]) < alone - 0.3

# %%
print("rate".ljust(20), *(f"{rate:6g}" for rate in rates), f"  frequencies alone: {alone:.2f} bits")
for arm, values in bits.items():
    print(arm.ljust(20), *(f"{mean:6.2f}" for mean in np.mean(values, axis=0)))
best = results.at_best_rate(study["runs"], choose_by="choose")
for arm, gains in results.paired_differences(best, "pre-norm").items():
    print(f"{arm} minus pre-norm: {np.mean(gains):+.2f} ({min(gains):+.2f} to {max(gains):+.2f})")
at = rates.index(0.004)
assert np.min(np.array(bits["post-norm"])[:, at]) > alone - 0.2
assert np.max(np.array(bits["post-norm, warm-up"])[:, at]) < alone - 0.5

# %% [markdown]
# Each arm at its own best rate; the rate is chosen by other text than the one that is reported.
# From a rate of 0.004 on, post-norm without warm-up is stuck on all seeds: it has learnt how
# frequent each character is, and nothing about their order. With warm-up it trains at 0.004 as
# well, and is stuck from 0.008 on. So warm-up makes a larger rate usable; at the best rate of each,
# there is no clear gain: the ranges overlap. Pre-norm trains at all these rates, with and without
# warm-up, and ends lower. (Six blocks, 300 steps, one text. Post-norm models do train: the first
# transformers were such models, with much smaller rates, long warm-ups and many more steps.)

# %% [markdown]
# ## What broke, and why · 11 min
#
# A student writes the block and forgets `x +`: what comes out is `attention(norm(x))`. Another one
# forgets the norm: `x + attention(x)`. No test of shapes fails, and both programs run. We imitate
# them:

# %%
print(inspect.getsource(skip_depth.Forgetful))

# %%
print(inspect.getsource(skip_depth.WithoutNorm))

# %% [markdown]
# Six blocks, real text (the documentation that comes with Python). What would a model reach that
# knows how frequent each character is in this text, and no more? (This cell takes some seconds.)

# %%
study = results.load("skip_depth")
frequencies = norm_place.frequency_bits(training=True)
print(f"frequencies alone, training text: {frequencies:.2f} bits per character")
print("mean loss of steps 1 to 30, 31 to 60, 61 to 90, now and as kept in a file:")
for kind in skip_depth.BLOCKS:
    bits = skip_depth.run(f"{kind}, 6", 1, 4e-3, stop=90)["losses"]
    (old,) = (r["losses"][:3] for r in study["runs"]
              if (r["arm"], r["seed"], r["rate"]) == (f"{kind}, 6", 1, 4e-3))  # fmt: skip
    print(f"{kind:8}", bits, old)
    assert np.abs(np.subtract(bits, old)).max() < 0.5  # another Python brings a slightly other text
    assert (bits[-1] < frequencies - 0.3) == (kind == "whole")

# %% [markdown]
# Two mistakes, one symptom: both seem stuck at the frequencies. Is the rate wrong, or the time too
# short? Is it the depth? The file keeps 300 steps of models of 1, 2, 3 and 6 blocks, at seven rates
# and on three seeds; here each at its own best rate, and on text that none was trained on:

# %%
best = results.at_best_rate(study["runs"], choose_by="choose")
depths = list(skip_depth.DEPTHS)
bits = {kind: np.array([list(best[f"{kind}, {n}"].values()) for n in depths]).T
        for kind in skip_depth.BLOCKS}  # fmt: skip
at_most = norm_place.frequency_bits()
plot.show(
    plot.bands({kind: (depths, values) for kind, values in bits.items()}, x="blocks",
               y="held-out loss (bits per character)", references={"frequencies alone": at_most},
               references_left=True),
    alt="Held-out loss against the number of blocks, a band over three seeds. The whole model's "
    "line is low and nearly level. Without a norm, and without a skip, lines begin a little above "
    "it at one block and rise: without a skip they are at the level of frequencies alone from "
    "three blocks on, without a norm at six.",
)  # fmt: skip
for kind, values in bits.items():
    print(f"{kind:8} 1, 2, 3, 6 blocks:", values.mean(axis=0).round(2), f" alone: {at_most:.2f}")
for kind in ("no skip", "no norm"):
    assert bits[kind][:, 0].max() < at_most - 0.8 and bits[kind][:, 3].min() > at_most - 0.1

# %%
rates = results.best_rates(study["runs"], choose_by="choose")
n = {arm: skip_depth.make_model(*kind, 1).n_parameters() for arm, kind in skip_depth.ARMS.items()}
print(f"{norm_place.STEPS} steps, three seeds, rates {skip_depth.RATES}")
print("parameters, 1, 2, 3, 6 blocks:", *(f"{n[f'whole, {d}']:,}" for d in depths))
for kind in skip_depth.BLOCKS:
    print(f"best rates, {kind:8}", *(f"{rates[f'{kind}, {d}']:7g}" for d in depths))
    assert n[f"{kind}, 6"] == n["whole, 6"]
six = [r for r in study["runs"] if r["arm"].endswith(", 6") and r["arm"] != "whole, 6"]
low, high = min(r["value"] for r in six), max(r["value"] for r in six)
print(f"six blocks, broken, all seeds at all rates: {low:.2f} to {high:.2f} bits")
assert low > at_most - 0.1

# %% [markdown]
# One block learns without a norm, and without a skip, a little less than the whole. But each block
# that is added makes it worse, without the skip sooner than without the norm; and at six blocks
# neither knows more than about how frequent each character is. (With no norm, the best rate of six
# blocks is the lowest that was tried. But see the last line: at none of the seven rates does any
# broken model get away from the frequencies.) The whole gains nothing from depth here; why, we did
# not look.
#
# So depth breaks something in both, and the loss does not say what. We look inside, before the
# first step. Can a deep block still tell the tokens apart? We measure their **difference**: 1 if
# they have nothing in common, 0 if all are alike. Beside it stand the **size** of the stream, its
# root mean square, both after 0 to 6 blocks; and the length of the loss's **gradient** by the query
# weights of block 1 to 6.

# %%
print(inspect.getsource(difference))

# %%
inside = {kind: skip_depth.before_training(kind) for kind in skip_depth.BLOCKS}
for what in ("difference", "size", "gradient"):
    for kind, found in inside.items():
        print(f"{what:11}{kind:9}", *(f"{v:6.3f}" for v in found[what].mean(axis=0)))
for kind, found in inside.items():
    assert (found["difference"][:, -1].max() < 0.2) == (kind == "no skip")
    assert (found["size"][:, -1].min() > 8) == (kind == "no norm")
    assert (found["gradient"][:, 0].min() > 1) == (kind == "no norm")

# %% [markdown]
# These are the very models of above (means of three seeds), and two are ill, each in its own way.
# **Without the skip**, each block makes the tokens more alike: attention takes means, and means
# make things alike. And the last block's **query** weights, which say where to look, get a gradient
# several times shorter than in the whole model: where tokens are nearly one, looking here or there
# makes nearly no difference. This is called **rank collapse** (tokens that are all alike form a
# matrix of rank 1). **Without the norm**, tokens stay far more apart, but each block adds a share
# of an ever larger stream: it grows to many times its size, and these gradients are thirteen to
# more than a hundred times as long as in the whole model. So both simple things have work to do:
# **the sum keeps tokens apart, and the norm keeps sizes in hand.** (Two cautions. Adam divides by
# the size of a gradient, lesson 07: so take its length as a sign that something is wrong inside,
# and not as the cause. And all this is before training: it does not say what becomes of the tokens
# later.)
#
# Which part of a block holds the collapse up? Bare stacks with random weights, no training: 32
# random tokens, nine seeds, norm without a mean (RMSNorm). Here every token sees *all*, so the
# collapse is fast; our model's causal mask slows it, since early tokens see few others and mix
# less.

# %%
mlp, pre = {"activation": ops.relu}, {"norm": "before"}
stacks = {
    "attention": {},
    "and MLP": mlp,
    "and norm": pre,
    "and skip": {"skip": True},
    "all three": mlp | pre | {"skip": True},
}
apart = {name: differences(range(9), depth=12, **parts) for name, parts in stacks.items()}

# %%
plot.show(
    plot.bands(
        {name: (np.arange(13), rows) for name, rows in apart.items()},
        x="layer",
        y="difference of the tokens",
    ),
    alt="The difference of the tokens against the layer, a band over nine seeds. Attention alone, "
    "with an MLP, and with a norm all plunge to 0 within three layers. With a skip the curve falls "
    "slowly, to about a fifth after twelve layers; with all three it falls sooner, then more "
    "slowly, and ends at about a half.",
)
for name, rows in apart.items():
    print(f"{name}:".ljust(12), *(f"{np.median(rows[:, i]):.1e}" for i in (0, 1, 2, 3, 4, 6, 12)))
print("you said", my_rescue)
assert max(np.median(apart[name][:, 6]) for name in ("attention", "and MLP", "and norm")) < 1e-12
assert np.median(apart["and skip"][:, 12]) > 0.1 and np.median(apart["all three"][:, 12]) > 0.3

# %% [markdown]
# Medians after 0, 1, 2, 3, 4, 6 and 12 layers; the smallest are what rounding leaves. **If you said
# "MLP"**: it is often written, and it is wrong. An MLP does the same to every token, so what is
# alike before it is alike behind it. **If you said "norm"**, you may have thought that it makes
# small differences large again. It takes each token by itself, not the difference *between* tokens:
# what they have in common is scaled along with what is their own. **If you said "skip"**: with it,
# each token carries its own vector on. But "the skip stops it" would be too much: the tokens still
# grow alike, only far more slowly.

# %% [markdown]
# ### Rank collapse, further · 9 min (90)
#
# Why is it so fast without a skip? Let all tokens be one vector plus a small part of their own, of
# size ε, and push them through *one* layer of attention.

# %%
spreads = [0.1, 0.01, 0.001]
for name, parts in (("attention", {}), ("attention, skip", {"skip": True})):
    after = np.median(one_layer(range(9), spreads, **parts), axis=0)
    slope = np.log10(after[1] / after[2])
    print(f"{name}: apart by", *(f"{s:.1e}" for s in after), f" so as ε to the power {slope:.2f}")
    assert abs(slope - (1 if "skip" in name else 3)) < 0.05

# %% [markdown]
# ε becomes ε³. Token i gets something else than the others only if its *weights* are others. Write
# its query as q + ε aᵢ and the key of token j as k + ε bⱼ; then a score has four terms:
#
# | term of the score | what becomes of it |
# |---|---|
# | q · k | the same for all: cancels in the softmax of token i |
# | ε aᵢ · k | the same for all keys j: cancels as well |
# | ε q · bⱼ | the same for all tokens i: all get the same weights from it |
# | ε² aᵢ · bⱼ | the only one that tells token i to look elsewhere |
#
# So weights differ by ε². They weigh values, which differ by ε: ε³. Each layer cubes the
# difference, and once it is small it is gone. (Such a fall is called *doubly exponential*: the
# power itself is multiplied in each layer, 1, 3, 9, 27.) The skip adds ε itself.
#
# Deeper stacks: the medians of five seeds after 6, 12, 24 and 48 layers. In the rows *scaled* each
# sublayer is multiplied by 1/√(2L), with L = 48 layers, so that the 2L sublayers together write
# about as much as there was at the start. (Our library's models draw their last matrices so small.)
# A *steep* MLP has tanh(400 x) for its bend: nearly a step. Rank the nine before you look.

# %%
scaled = {"skip": True, "branch": 96**-0.5}
deep = {
    "skip": {"skip": True},
    "skip, MLP": mlp | {"skip": True},
    "skip, MLP, norm": mlp | pre | {"skip": True},
    "skip, MLP, norm after": mlp | {"skip": True, "norm": "after"},
    "skip, MLP, scaled": mlp | scaled,
    "skip, MLP, norm, scaled": mlp | pre | scaled,
    "no skip, MLP, norm": mlp | pre,
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
# Half of the skips, in the language model of six blocks? And how large does the stream become in a
# bare stack, and the gradient that comes back to the first queries, if a random vector comes in at
# the end?

# %%
for kind in skip_depth.HALVES:
    halves = list(best[f"{kind}, 6"].values())
    print(f"{kind} only, rate {rates[f'{kind}, 6']:g}: {np.mean(halves):.2f}", end=" ")
    print(f"({min(halves):.2f} to {max(halves):.2f}) bits")
    assert min(halves) > bits["whole"][:, 3].max() + 0.3

# %%
for words, parts in (("skip, MLP", {}), ("skip, MLP, norm", pre)):
    size = np.median(sizes(range(9), depth=12, skip=True, **mlp, **parts), axis=0)
    back = np.median(query_gradients(range(9), depth=12, skip=True, **mlp, **parts), axis=0)
    print(f"{words}: root mean square after 12 layers {size[-1]:.1f}", end=", ")
    print(f"gradient of the queries in layer 1 {back[0]:.0e}")
    assert (size[-1] > 30 and back[0] > 1e5) == (words == "skip, MLP")

# %% [markdown]
# - **Half of the skips**: not enough in the model of six blocks, in 300 steps.
# - **Skip alone, or with an MLP**: in the end the difference falls by about the same *factor* in
#   each layer, an exponential decay.
# - **Norm before**: the decay becomes a crawl. The stream grows, what is written stays about as
#   large, so it counts for less and less.
# - **Scaled**: nearly no decay, with or without a norm.
# - **Norm after the sum**: no help. It keeps the stream small, so each mean counts in full.
# - **Weights x 2**: scores are four times as large, so attention is sharper and mixes less. That
#   holds the collapse up for some layers.
# - **Steep MLP**: equal tokens stay equal, but nearly equal ones may fall on different sides of a
#   step and be torn apart. Where all is seen this buys a few layers; causal, it keeps tokens apart
#   through all 48. So "an MLP does not prevent it" is said of the activations that models use.
# - **Causal**: every decay that is fast is slower in the end.
#
# All of this is at random weights: it says where training starts, not where it ends.

# %% [markdown]
# ## Exercises · 7 min (90)
#
# Three, all for home; a long class reads the first and draws its arrows. `tinyffn hint 9.1` in a
# terminal helps if you are stuck.
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
    can = "yes" if past <= (m.context or np.inf) else "no"
    print(f"{m.name:26} overtakes at {past:7,} tokens, longest text {limit:>7}: {can}")
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
# ## Check yourself · 3 min
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
# <details><summary>2. "The MLP prevents rank collapse." What is wrong with that, and what does slow
# the collapse down?</summary>
#
# An MLP does the same to each token: equal tokens stay equal. The skip keeps each token's own
# vector. Where every token sees all, it turns a collapse within five layers into a slow decay; a
# norm before each sublayer slows that further.
# </details>
#
# <details><summary>3. A deep model runs, but learns hardly more than how frequent characters are.
# All numbers are finite. What would you look at?</summary>
#
# At the same model with one block: if that learns, depth breaks something. Then make the deep one
# anew, and look before its first step, block by block: how far do the tokens differ, how large is
# the stream, how long is the gradient of the query weights? Tokens that grow alike point to a
# missing skip, a stream that grows many times over to a missing norm. (After training, both signs
# may show in one model.) The loss alone does not tell one from the other.
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
