# %% [markdown]
# # 02 · Automatic gradients
#
# **How does a machine differentiate a program?**

# %% [markdown]
# ## Where you are · 1 min
#
# This is the second of nineteen lessons. In lesson 01 a layer was a *pair*: it returned its output
# and a function that goes backward, and we called the backward functions by hand, in the right
# order. Here a machine learns to do that, for any program.

# %%
import inspect

import numpy as np

import tinyffn
from tinyffn import Tensor, no_grad, ops, plot
from tinyffn.gradcheck import GradientError, check_pair, numeric_gradient
from tinyffn.graph import graph, walk
from tinyffn.lab import check, mine, predict
from tinyffn.studies import engines
from tinyffn.studies.feedback import RATES, RULES, linear_by_feedback, train
from tinyffn.tensor import unbroadcast

seed = 2
rng = np.random.default_rng(seed)
print(f"seed {seed}: the random numbers below are drawn from this generator")

# %%
plot.show(
    plot.course_map(here=2),
    alt="A map of the course: nineteen boxes in four rows. The second box of the first row, "
    "automatic gradients, is marked 'you are here'.",
)

# %% [markdown]
# ## The question · 1 min
#
# A gradient says by how much the loss rises for each unit that a number rises. To **differentiate**
# a program is to find the gradients of all numbers that go into it. In a large network these are
# billions, and they are needed at every step of its learning.
#
# Nudging each number, as in lesson 01, would run the whole program twice for each. The machine that
# we build here, an **engine**, finds *all* gradients in one walk backward through the program. It
# fits on one page. And yet it is easily built wrong: later, you get six engines, and have to find
# out which one is honest.

# %% [markdown]
# ## What you will be able to do · 1 min
#
# | you will | and this tests it |
# |---|---|
# | **differentiate** a small program by hand, in which a result is used twice | prediction 1 |
# | **write** an engine: record what was done, walk back in the right order, add up | question 1 |
# | **say** what an operation remembers for its way back (90) | prediction 5 |
# | **sum** the gradient of what was copied by broadcasting | exercise 2.1 |
# | **write** an operation of your own, with a backward that never overflows | exercise 2.2 |
# | **choose** tests that catch a wrong engine | question 3 |
# | **tell** what backpropagation is, by replacing a part of it (90) | exercise 2.3 |
#
# *You need*: lesson 01 (pairs, `dy`, nudging, `check_pair`), and Python's dictionaries and classes.
# *Time*: 50 minutes for the core; parts marked (90) fill a longer class.

# %% [markdown]
# ## Predict · 3 min
#
# Put your answer in place of `None`, and run the cell. What stands below the cells now is left from
# an earlier run, with answers among it: to be safe from them, choose *Clear Outputs of All Cells*
# in the menu *Edit*.
#
# **Prediction 1.** A program: `s = x + x`, then `y = s * s`. For x = 3, by how much does y rise for
# each unit that x rises? (Without a formula for y: use the slopes of `+` and `*` from lesson 01.)

# %%
my_dx = None  # a number

# %% [markdown]
# **Prediction 2.** A program doubles a number ten times: `x1 = x + x`, `x2 = x1 + x1`, and so on. A
# machine walks back from the last result. At each result it goes on to the left input of the `+`,
# and all the way down from there; then to the right input, and all the way down from there. How
# many visits does it make, first and last included?

# %%
my_visits = None  # a number

# %% [markdown]
# ## Build by hand on three numbers · 8 min
#
# Two operations, each as a pair. Input and the *other* input trade places in a product; a sum
# passes on what it gets.


# %%
def multiply_pair(a, b):
    return a * b, lambda dy: (dy * b, dy * a)


def add_pair(a, b):
    return a + b, lambda dy: (dy, dy)


# %% [markdown]
# A program with three numbers, of which the result `s` is used twice:
#
# ```
# a ──┐
#     × ──► s ──┬─────────────┐
# b ──┘         │             × ──► y
#               + ──► t ──────┘
# c ────────────┘
# ```

# %%
a, b, c = 2.0, 3.0, 4.0
s, back_s = multiply_pair(a, b)
t, back_t = add_pair(s, c)
y, back_y = multiply_pair(s, t)
print(f"s = {s:g}   t = {t:g}   y = {y:g}")
assert (s, t, y) == (6, 10, 60)

# %% [markdown]
# Backward, from the end. Here y itself plays the loss: it rises by 1 for each unit that y rises, so
# we begin with `dy = 1`. The last operation says how y depends on s and on t. The one that made t
# says how t depends on s and on c. So s gets *two* slopes, one for each time that it was used.
# Nudge s, and both uses move y. **What a number does in several places adds up.**

# %%
ds_from_y, dt = back_y(1.0)
ds_from_t, dc = back_t(dt)
ds = ds_from_y + ds_from_t
da, db = back_s(ds)
print(f"ds = {ds_from_y:g} + {ds_from_t:g} = {ds:g}   da = {da:g}   db = {db:g}   dc = {dc:g}")
assert (ds, da, db, dc) == (16, 48, 32, 6)

# %% [markdown]
# ```
# a ◄── 48 ──┐              ┌──── 10 ─────────┐
#            × ◄── 16 ── s ◄┤                 × ◄── 1 ── y
# b ◄── 32 ──┘              └ 6 ─┐            │
#                                + ◄── 6 ── t ┘
# c ◄──────── 6 ─────────────────┘
# ```
#
# Is it true? Nudge each of the three numbers, up and down.


# %%
def program(a, b, c):
    s = a * b
    return s * (s + c)


numbers = np.array([a, b, c])
slopes = numeric_gradient(lambda n: program(*n), numbers)
print("by nudging:", slopes.round(6))
assert np.allclose(slopes, [da, db, dc])

# %% [markdown]
# Look at the order of the calls. `back_s` had to wait: called before `back_t`, it would have passed
# on 10 and not 16. Call an operation *undone* when its backward function has been called. Then
# there are three rules, and the whole lesson is about them:
#
# 1. **Add up**: a result that is used twice gets two gradients; their sum counts.
# 2. **Wait**: pass a gradient on only when all that used the result has been undone.
# 3. **Once**: then pass it on one single time.

# %% [markdown]
# ## The clear version · 15 min
#
# To walk back, the machine must know how each result was made. So a result carries a note: which
# inputs it was made from, and the backward function. We call such a number, or array, **tracked**.


# %%
class Tracked:
    def __init__(self, data, inputs=(), backward=None):
        self.data = data
        self.inputs = inputs
        self.backward = backward

    def __add__(self, other):  # Python calls this for a + b
        return add(self, other)  # `add` is made in the next cell

    def __mul__(self, other):
        return multiply(self, other)


# %% [markdown]
# Not each operation writes the note by itself: one function does it for all. `op` takes a pair
# function, and returns a function that calls it and writes down what happened. The pair knows
# nothing of it: plain numbers or arrays come in.


# %%
def op(pair):
    def record(*inputs):
        y, backward = pair(*(tracked.data for tracked in inputs))
        return Tracked(y, inputs, backward)

    return record


add, multiply = op(add_pair), op(multiply_pair)

# %% [markdown]
# The program from above runs unchanged, with tracked numbers in place of numbers. Follow the notes
# from y: it was made from two inputs, and the first of them is `s`.

# %%
a, b, c = (Tracked(np.array(number)) for number in (2.0, 3.0, 4.0))
y = program(a, b, c)
print("y =", y.data, "made from", [float(source.data) for source in y.inputs])
assert [float(source.data) for source in y.inputs] == [6, 10]

# %% [markdown]
# All results and inputs together, with arrows from what was used to what was made, are called the
# **graph** of the program; each of them is a **node**. Inputs that nobody made are **leaves**.
#
# ### First try: straight down
#
# The simplest walk: give a node its gradient, and hand on to each input what is its due. `total`
# collects what each node got (the key of a dictionary may be any object, here a node); `log` is
# there to count.


# %%
def straight_down(node, dy, total, log):
    log.append(node)
    total[node] = total.get(node, 0) + dy
    if node.backward is not None:
        for source, dx in zip(node.inputs, node.backward(dy), strict=True):
            straight_down(source, dx, total, log)


total, log = {}, []
straight_down(y, np.array(1.0), total, log)
print([float(total[leaf]) for leaf in (a, b, c)], "after", len(log), "visits")
assert [total[leaf] for leaf in (a, b, c)] == [48, 32, 6]

# %% [markdown]
# All gradients are right. Prediction 1 can be answered too:

# %%
x = Tracked(np.array(3.0))
doubled = x + x
total = {}
straight_down(doubled * doubled, np.array(1.0), total, [])
print(f"dx = {total[x]:g}; you said {my_dx}")
assert total[x] == 24

# %% [markdown]
# **If you said 6**: that is what comes out when a second gradient *overwrites* the first: `doubled`
# gets 6 twice and keeps 6, then x gets 6 twice and keeps 6. But nothing is replaced: 6 + 6 = 12 for
# `doubled`, and 12 + 12 = 24 for x. **If you said 12**, one of the two sums was forgotten.
#
# But look at the visits to the graph of a, b and c. It has six nodes, and there were nine visits: s
# was visited twice, and so was all that lies below it. What if this happens again and again?


# %%
def doublings(n):
    x = Tracked(np.array(1.0))
    for _ in range(n):
        x = x + x
    return x


visits = {}
for n in (1, 2, 3, 10):
    log = []
    straight_down(doublings(n), np.array(1.0), {}, log)
    visits[n] = len(log)
print(f"visits: {visits}; for 10 you said {my_visits}")
assert all(count == 2 ** (n + 1) - 1 for n, count in visits.items())

# %% [markdown]
# **If you said 11**: there are 11 nodes, but this walk does not know that it has been somewhere
# before. Each doubling doubles the number of ways down. **If you said 1024**: that is how often it
# comes to x. All other visits count too: 1 + 2 + 4 + ... + 1024 = 2047. **If you said 20 or 21**:
# two ways for each of ten steps; but ways multiply, they do not add.

# %%
years = (2**61 - 1) / 1e7 / (365 * 24 * 3600)
print(f"60 doublings, ten million visits a second: {years:.0f} years")
assert years > 5000

# %% [markdown]
# ### Second try: each node once, inputs first
#
# A node may pass its gradient on when all that used it has been undone. So first make a list of the
# nodes in which each comes *after* its inputs. Read from the end, it has each node after all that
# used it. The list is easily made: before you put a node in, put its inputs in.


# %%
def inputs_first(y):
    done = {}  # a dictionary keeps the order in which things were put in

    def visit(node):
        if node not in done:  # rule 3: once
            for source in node.inputs:
                visit(source)
            done[node] = True  # after all its inputs

    visit(y)
    return list(done)


order = inputs_first(y)
print([float(node.data) for node in order])
assert all(order.index(s) < order.index(node) for node in order for s in node.inputs)

# %% [markdown]
# That is a, b, s, c, t, y. One thing is missing before the walk can be written: NumPy's `+` and `*`
# may *copy* an input. A row of 3 numbers, added to a table of shape (5, 3), goes to each of its 5
# rows. This is called **broadcasting**. Each number of the row then acts in five places, and what
# it does there adds up: rule 1 again.

# %%
table, row = Tracked(rng.normal(size=(5, 3))), Tracked(rng.normal(size=3))
_, dx = (table + row).backward(np.ones((5, 3)))
print("the row gets a gradient of shape", dx.shape, "and added up:", dx.sum(axis=0))
assert np.array_equal(unbroadcast(dx, (3,)), dx.sum(axis=0))

# %% [markdown]
# The library's `unbroadcast(dx, shape)` does this for any two shapes: it sums over all copies, and
# leaves alone what was not copied. Now the whole walk:


# %%
def gradients(y, dy):
    total = {y: dy}
    for node in reversed(inputs_first(y)):  # rule 2: after all that used it
        if node.backward is not None:
            for source, dx in zip(node.inputs, node.backward(total[node]), strict=True):
                dx = unbroadcast(dx, source.data.shape)
                total[source] = total[source] + dx if source in total else dx  # rule 1: add up
    return total


total = gradients(y, np.array(1.0))
print([float(total[leaf]) for leaf in (a, b, c)])
assert [total[leaf] for leaf in (a, b, c)] == [48, 32, 6]

# %%
y = doublings(60)
total = gradients(y, np.array(1.0))
dx = max(total.values())
print(f"60 doublings: {len(total)} nodes, each visited once; dx is 2 to the power {np.log2(dx):g}")
assert len(total) == 61 and dx == 2.0**60

# %% [markdown]
# That is an engine: a class, `op`, a sort, a walk. It finds the gradients of *all* numbers in one
# go, with one visit to each node. The proper name is **reverse-mode automatic differentiation**;
# for networks, **backpropagation**.

# %% [markdown]
# ## The library's version · 8 min
#
# The library's `op` does what ours does, with checks around it. These of its lines write the note
# (`Tensor` is the library's `Tracked`; the note is an object of its own, a `Node`):

# %%
source = inspect.getsource(tinyffn.op)
print(source[source.index("        y = Tensor(y)") : source.index("    record.pair")].rstrip())

# %% [markdown]
# And these of its walk undo one node. `pending` is our `total`, `_plus` adds up, and `_must_fit`
# complains about gradients of a wrong shape. The second line frees what the operation remembered.

# %%
source = inspect.getsource(walk)
print(source[source.index("        gradients, inputs =") :])

# %% [markdown]
# There is no `unbroadcast` in it: in the library, each operation that copies calls it by itself.

# %%
print(inspect.getsource(ops.multiply.pair))

# %% [markdown]
# Are the two engines equal? `Tensor(array, requires_grad=True)` says: I want the gradient of this
# one. `y.backward(dy)` starts the walk at y; after it, each such leaf holds its gradient in
# `.grad`. (Where y is a single number, `dy` may be left out: it is 1.)


# %%
def longer(x, w, b):
    h = x * w + b
    return h * h + h * x


arrays = {"x": rng.normal(size=(5, 3)), "w": rng.normal(size=3), "b": rng.normal(size=(5, 1))}
ours = [Tracked(array) for array in arrays.values()]
theirs = [Tensor(array, requires_grad=True) for array in arrays.values()]
dy = rng.normal(size=(5, 3))
total = gradients(longer(*ours), dy)
longer(*theirs).backward(dy)
for name, our, their in zip(arrays, ours, theirs, strict=True):
    print(f"d{name} is equal:", np.allclose(total[our], their.grad))
    assert np.allclose(total[our], their.grad)

# %% [markdown]
# ### An operation of your own
#
# What an engine can do, it can do because somebody wrote down pairs. For that one must know slopes.
# Three will be needed again and again:
#
# - **exp**: exp(x + h) is exp(x) times exp(h), and for a small h, exp(h) is about 1 + h. So a nudge
#   of h moves y by y times h: the slope of exp is **y, its own value**.
# - **log** undoes exp: if y = log(x), then x = exp(y), and x moves x times as fast as y. So y moves
#   **1 / x** times as fast as x.
# - **tanh** squeezes every number between -1 and 1: y = q / p with q = exp(x) - exp(-x) and
#   p = exp(x) + exp(-x). The slope of q is p, and the slope of p is q. In y · p = q both sides move
#   alike: slope · p + y · q = p. Divide by p: the slope is **1 - y²**.

# %%
points = np.array([0.5, 1.0, 2.0])
formulas = {np.exp: np.exp(points), np.log: 1 / points, np.tanh: 1 - np.tanh(points) ** 2}
for f, formula in formulas.items():
    nudged = numeric_gradient(lambda x, f=f: f(x).sum(), points)
    print(f"{f.__name__:5s}by nudging {nudged.round(4)}   by formula {formula.round(4)}")
    assert np.allclose(nudged, formula)

# %% [markdown]
# Say you want **softplus**, y = log(1 + exp(x)): a ReLU without its corner. Slopes in a row
# multiply: exp(x) for what stands inside, 1 / (1 + exp(x)) for the log. But 1 + exp(x) is exp(y),
# so the slope is exp(x) / exp(y) = exp(x - y), and that never overflows, since y is above x.
#
# `@tinyffn.op` above a function is short for `softplus = tinyffn.op(softplus)`. With it, the
# library's engine knows softplus. (`check_pair` wants the bare pair: that is `softplus.pair`.)


# %%
@tinyffn.op
def softplus(x):
    y = np.logaddexp(0.0, x)  # log(exp(0) + exp(x)), and large x do not overflow

    def backward(dy):
        return (dy * np.exp(x - y),)

    return y, backward


x = Tensor(np.array([-2.0, 0.0, 3.0]), requires_grad=True)
y = softplus(x)
(y * y).backward(np.ones(3))
print("y:", y.data.round(3), "  gradient of y * y:", x.grad.round(3))
assert check_pair(softplus.pair, x.data, rng=rng) < 1e-6

# %% [markdown]
# ## Measure · 8 min
#
# ### Six engines, one of them honest
#
# Five mistakes are easily made by whoever writes an engine. The library holds each as a tiny engine
# that differs from the honest one in a single method:

# %%
for kind in engines.BROKEN:
    print(f"{kind.__name__:11s}{kind.__doc__}")
assert len(engines.BROKEN) == 5

# %% [markdown]
# And here are five programs to test them with. In the first three, all inputs are single numbers
# (shape `()`); in the last two they are tables and rows.


# %%
def shared(x):
    s = x * x
    return s + s * x


tests = {
    "a·b + c\nnumbers": (lambda a, b, c: a * b + c, [(), (), ()]),
    "x·x\na number": (lambda x: x * x, [()]),
    "s + s·x\na number": (shared, [()]),
    "(a + b) + a\ntables": (lambda a, b: (a + b) + a, [(2, 3), (2, 3)]),
    "x + row\ntables": (lambda x, row: x + row, [(5, 3), (3,)]),
}

# %% [markdown]
# **Prediction 3.** Each engine differentiates each program, and its gradients are compared with
# nudging. How many of the five broken engines does the *first* test catch, `a * b + c` on three
# numbers?

# %%
my_caught = None  # a number from 0 to 5

# %% [markdown]
# `engines.as_pair(program, engine)` makes a pair of a program, with that engine for the way back.
# An engine is *caught* where `check_pair` finds that nudging disagrees with it.


# %%
def is_caught(kind, program, shapes):
    arrays = [np.array(rng.normal(size=shape)) for shape in shapes]
    try:
        check_pair(engines.as_pair(program, kind()), *arrays, rng=rng)
    except GradientError:
        return True
    return False


# %% [markdown]
# Every engine against every test. An empty box means: passed.

# %%
caught = np.zeros((len(engines.BROKEN), len(tests)), bool)
for i, kind in enumerate(engines.BROKEN):
    for j, (program, shapes) in enumerate(tests.values()):
        caught[i, j] = is_caught(kind, program, shapes)
print(f"engines caught by each test: {caught.sum(axis=0)}; for the first you said {my_caught}")
assert caught[:, 1:].any(axis=0).all()

# %%
plot.show(
    plot.verdicts(caught, rows=[kind.__name__ for kind in engines.BROKEN], columns=list(tests)),
    alt="A table of five broken engines against five tests. The Overwriter is caught by x·x, by "
    "s + s·x and by (a + b) + a; the Hasty one by s + s·x alone; the Borrower by (a + b) + a "
    "alone; the Stretcher by x + row alone; the Wanderer by none, and a·b + c catches none.",
)
assert not caught[:, 0].any() and not caught[1].any()

# %% [markdown]
# **If you said 5, or 3**: the first test uses each number once. With nothing shared, there is
# nothing to add up, to wait for, or to visit twice; with single numbers, there is nothing to
# stretch. A program that is too simple finds every engine right. **If you said 1**, and thought of
# the Wanderer: its gradients are right in every test.
#
# Now the detective's case. The honest engine and the five others stand behind letters, in an order
# drawn at random. You see what each test says.

# %%
line_up = engines.suspects(rng)
names = [name.replace("\n", ", ") for name in tests]
clean = []
for letter, kind in line_up.items():
    by = [name for name, test in zip(names, tests.values(), strict=True) if is_caught(kind, *test)]
    print(f"{letter}: caught by {' and '.join(by) or 'no test'}")
    if not by:
        clean.append(letter)
assert len(clean) == 2

# %% [markdown]
# Four are convicted, and with the table above you can say who each of them is. Two have passed all
# five tests.
#
# **Prediction 4.** Which of the two is honest? You cannot know it from here; so say also what you
# would test, before you go on.

# %%
my_honest = None  # a letter, such as "A"

# %% [markdown]
# The values of both are right, so look at something else. Twelve doublings have 13 nodes. Each
# engine counts its visits:


# %%
def visits_for_doublings(kind):
    y = engines.Tracked(np.array(1.0))
    for _ in range(12):
        y = y + y
    engine = kind()
    engine.gradients(y, np.array(1.0))
    return engine.visits


# %% [markdown]
# Before you run the next cell: which number of visits would the honest one make, and which the
# Wanderer? (Think of Prediction 2.)

# %%
visits = {letter: visits_for_doublings(line_up[letter]) for letter in clean}
honest = min(visits, key=visits.get)
print(f"visits for 12 doublings: {visits}: {honest} is honest; you said {my_honest}")
assert line_up[honest] is engines.Engine and sorted(visits.values()) == [13, 2**13 - 1]

# %% [markdown]
# **If you said the other one**: no comparison of *values* can convict the Wanderer, because all its
# gradients are right. It is wrong in how long it takes. Count what matters besides the result.

# %% [markdown]
# ### What the way back costs: memory · 6 min (90)
#
# **Prediction 5.** `a` and `b` are two tables of a million numbers each; a number takes 4 bytes. To
# go backward, `a * b` must remember something from the way forward. So must `a + b`, perhaps. How
# many bytes of numbers does `a + b` have to keep?

# %%
my_bytes = None  # a number of bytes

# %% [markdown]
# A graph can be drawn. Each box below is a node of a small program, with its shape; "keeps" says
# how many bytes it remembers for its backward. The dashed box is x. The hatched one is w, a weight
# (or *parameter*): it is there anyway, and what is there anyway is not counted. Two arrows lead
# from matmul (that is `@`) to multiply: in `h * h`, one result is used twice.

# %%
x = Tensor(rng.normal(size=(256, 64)).astype(np.float32), requires_grad=True)
w = Tensor(rng.normal(size=(64, 64)).astype(np.float32), requires_grad=True)
h = x @ w
loss = ops.mean(h * h + h)
nodes = graph(loss, names={"w": w})
plot.show(
    plot.graph(nodes),
    alt="The graph of a small program from top to bottom: an input and w lead to matmul; two "
    "arrows lead from it to multiply, one passes by and leads to add; multiply leads to add, add "
    "to mean. Matmul and multiply keep 65.5 kB each, add and mean keep 0 bytes.",
)
kept = {node.name: node.remembered_bytes for node in nodes}
print(f"x or h, a table of 256 x 64 numbers of 4 bytes: {256 * 64 * 4 / 1e3:.1f} kB")
assert kept["multiply"] == kept["matmul"] == 256 * 64 * 4 and kept["add"] == kept["mean"] == 0

# %% [markdown]
# A product must know its inputs: `da = dy * b` needs b, and `db = dy * a` needs a. So matmul keeps
# x (and w), and `h * h` keeps h. A sum passes on what it gets.

# %%
million = np.ones((1000, 1000), np.float32)
a, b = (Tensor(million.copy(), requires_grad=True) for _ in range(2))
bytes_kept = {}
for name, y in {"a + b": a + b, "a * b": a * b}.items():
    bytes_kept[name] = sum(node.remembered_bytes for node in graph(y))
print(f"{bytes_kept}; for a + b you said {my_bytes}")
assert bytes_kept == {"a + b": 0, "a * b": 8_000_000}

# %% [markdown]
# **If you said 4 or 8 million**: that is what a product keeps. It is not the *result* that must be
# remembered, and not always the inputs, but just what the formula of the backward names. For a sum
# that is shapes, and no numbers at all.
#
# What the first operation remembers is needed last, so all of it waits in memory until the forward
# is over. How does it grow with the depth? And inside `with no_grad():` nothing is noted at all.


# %%
def stack(x, depth):
    for _ in range(depth):
        x = x * x + x
    return x


small = Tensor(np.full((100, 100), 0.01, np.float32), requires_grad=True)
depths = (1, 2, 4, 8, 16)
sizes = [sum(n.remembered_bytes for n in graph(stack(small, depth))) for depth in depths]
with no_grad():
    unrecorded = stack(small, 16)
print("kB kept:", dict(zip(depths, [size // 1000 for size in sizes], strict=True)))
print("inside no_grad, a graph to walk:", unrecorded.requires_grad)
assert sizes == [40_000 * depth for depth in depths] and not unrecorded.requires_grad

# %% [markdown]
# Twice as deep, twice as much: this is the price of walking backward.

# %% [markdown]
# ## What broke, and why · 3 min
#
# The Borrower is the mistake that is hardest to see. Here is its method, and below it the honest
# one. `so_far += dx` writes into the array that `so_far` names; `so_far + dx` makes a new one.

# %%
print(inspect.getsource(engines.Borrower.plus))

# %%
print(inspect.getsource(engines.Engine.plus))

# %% [markdown]
# Whose array is it? In `(a + b) + a`, call the first sum s. The last sum hands the *same* array to
# both of its inputs, s and a: `(dy, dy)`. Then s is undone, and hands that array on, to a and to b.
# a has a gradient already, so the Borrower adds to it, in place: to the one array that b gets too.

# %%
a, b = (engines.Tracked(np.ones(3)) for _ in range(2))
for kind in (engines.Engine, engines.Borrower):
    total = kind().gradients((a + b) + a, np.ones(3))
    print(f"{kind.__name__:9s} da = {total[a]}   db = {total[b]}")
assert np.array_equal(total[b], [2, 2, 2])  # 1 would be right: b was used once

# %% [markdown]
# da is right, and b has got a's gradient. The library borrows the first gradient too (that saves a
# copy), but notes that the array is not its own, and makes a new one at the second.
#
# ### Tests that see nothing · 5 min (90)
#
# Operations can be wrong as well as engines. Here are three with a wrong backward. The first hands
# number i of dy to *column* i, and not to row i. The second says that the slope is 0. The third
# divides by the number of rows, and not by their length.


# %%
def sums_of_rows(x):
    return x.sum(axis=1), lambda dy: np.broadcast_to(dy, x.shape)


def centred(x):  # each row minus its mean
    return x - x.mean(axis=1, keepdims=True), lambda dy: np.zeros_like(x)


def means_of_rows(x):
    n_rows, length = x.shape
    return x.mean(axis=1), lambda dy: np.repeat(dy[:, None] / n_rows, length, axis=1)


# %% [markdown]
# The usual quick test takes `sum()` of the output as its loss (then `dy` is 1 everywhere), and a
# square table, because it is easy to type. Change one habit at a time:


# %%
def is_wrong(pair, shape, draw):
    x = rng.normal(size=shape)
    y, backward = pair(x)
    dy = draw(y.shape)
    slope = numeric_gradient(lambda x: np.vdot(pair(x)[0], dy), x)
    try:
        return not np.allclose(backward(dy), slope, atol=1e-6)
    except ValueError:  # NumPy complains: the shapes do not fit
        return True


draws = {"dy = 1": np.ones, "random dy": lambda shape: rng.normal(size=shape)}
shapes = {"square": (4, 4), "4 x 6": (4, 6)}
habits = {f"{d}\n{s}": (shapes[s], draws[d]) for s in shapes for d in draws}
wrong_ops = [sums_of_rows, centred, means_of_rows]
seen = np.array([[is_wrong(pair, *habit) for habit in habits.values()] for pair in wrong_ops])
for habit, count in zip(habits, seen.sum(axis=0), strict=True):
    print(f"{habit.replace(chr(10), ', '):18s}catches {count} of 3")
assert seen.sum(axis=0).tolist() == [0, 2, 2, 3]

# %%
plot.show(
    plot.verdicts(seen, rows=[f.__name__ for f in wrong_ops], columns=list(habits)),
    alt="A table of three wrong operations against four ways to test. With dy of ones on a square "
    "table none is caught; a random dy catches sums_of_rows and centred there; a 4 by 6 table with "
    "dy of ones catches sums_of_rows and means_of_rows; both habits together catch all three.",
)
assert not seen[:, 0].any() and seen[:, 3].all()

# %% [markdown]
# A row minus its mean always sums to 0, so with a loss of `sum()` its gradient *is* 0: the wrong
# answer passes, on any table. And in a square, the number of rows is their length. **Draw `dy` at
# random, and make no two sizes equal.** (Layer normalization, in lesson 09, begins with each row
# minus its mean.)

# %% [markdown]
# ### A gallery of further mistakes · 4 min (90)
#
# *Recursion.* Our `inputs_first` calls itself for each step down, and Python allows about a
# thousand such calls at once. Long texts make longer chains. The library's walk uses a list.


# %%
def chain(x, length):
    y = x
    for _ in range(length):
        y = y + x
    return y


try:
    inputs_first(chain(Tracked(np.array(1.0)), 5000))
    ending = "it worked"
except RecursionError:
    ending = "RecursionError"
x = Tensor(np.array(1.0), requires_grad=True)
chain(x, 50_000).backward()
print(f"ours, 5000 steps: {ending}; the library's, 50000 steps: dx = {x.grad:g}")
assert ending == "RecursionError" and x.grad == 50_001

# %% [markdown]
# *A cut wire.* Take the array out of a tensor, put it into a new one, and the graph is cut.
# The numbers are the same, and no gradient ever comes back. In the library, a slice is an
# operation like any other.

# %%
x = Tensor(np.arange(4.0), requires_grad=True)
cut, whole = Tensor(x.data[1:]), x[1:]
whole.backward(np.ones(3))
print(f"can be differentiated: cut {cut.requires_grad}, whole {whole.requires_grad}; dx = {x.grad}")
assert not cut.requires_grad and np.array_equal(x.grad, [0, 1, 1, 1])

# %% [markdown]
# *Taken twice.* A slice may take an entry more than once, and its gradients add up. But NumPy's
# `dx[index] += dy` counts a repeated place once.

# %%
index, dy = [0, 0, 2], np.ones(3)
once = np.zeros(4)
once[index] += dy
x.grad = None
x[index].backward(dy)
print(f"with +=: {once}   the library: {x.grad}")
assert once[0] == 1 and x.grad[0] == 2

# %% [markdown]
# ### Must the gradient be true? · 10 min (90)
#
# To **learn** by a gradient is one line, repeated: `w = w - rate * dw`. Each weight goes a small
# step to where the loss falls. Two layers, `tanh(x @ w_up) @ w_down`, learn in this way to give the
# outputs of another network. The loss is the mean of (output - wanted)², on *fresh* examples, from
# which nothing was learned. Always to answer with the mean gives a loss of about 1.
#
# On the way back, the gradient passes through `w_down.T`. For brains that would be odd: a nerve
# cell passes signals one way, and cannot know how strong the connections of others are. Lillicrap,
# Cownden, Tweed and Akerman (2014) asked: what if it passes through a *random* matrix, drawn once
# and never changed? This they called **feedback alignment**. Here is a product whose backward is
# not its derivative. (What stands behind `*` is a *setting*: given by name, it gets no gradient.)

# %%
print(inspect.getsource(linear_by_feedback.pair))

# %% [markdown]
# Three rules, the same starts, five seeds. *backprop* is the true gradient; *feedback* goes through
# the random matrix; *frozen* never moves `w_up`, so that all learning is done by the last layer.
# Each rule gets the best of three rates, chosen by a third set of examples.

# %%
seeds = range(1, 6)
runs = {(r, rate): [train(r, rate=rate, seed=s) for s in seeds] for r in RULES for rate in RATES}
choice = {key: np.mean([run.choice[-1] for run in of_seeds]) for key, of_seeds in runs.items()}
best = {r: min(RATES, key=lambda rate: choice[r, rate]) for r in RULES}
arms = {r: np.array([run.loss[-1] for run in runs[r, best[r]]]) for r in RULES}
for rule, loss in arms.items():
    print(
        f"{rule:9s}rate {best[rule]:3g}: mean loss {loss.mean():.3f}, "
        f"from {loss.min():.3f} to {loss.max():.3f}"
    )
assert best["backprop"] == best["feedback"] == 1.0  # neither end of the grid

# %% [markdown]
# A dot is a seed, the tick is their mean, the bar runs from the lowest to the highest. One step on
# the axis *multiplies* the loss by ten.

# %%
plot.show(
    plot.ranges(arms, x="loss on fresh examples after 500 steps", logx=True),
    alt="Loss of three rules on a logarithmic axis, five seeds each. Backprop has the lowest mean, "
    "that of feedback is a little higher, and those of frozen are all more than ten times as high.",
)
gap = arms["feedback"] - arms["backprop"]
print(f"feedback minus backprop, seed by seed: {gap.round(3)}, above 0 in {sum(gap > 0)} of 5")
print(f"frozen divided by feedback, seed by seed: {(arms['frozen'] / arms['feedback']).round()}")
assert gap.mean() > 0 and min(arms["frozen"] / arms["feedback"]) > 5

# %% [markdown]
# So a wrong gradient trains the first layer, and well: with that layer frozen, the loss stays far
# higher. The true gradient does better on average; by how much differs from seed to seed.
#
# Why does the wrong one work at all? Measure the **angle** between the random matrix and the true
# one, `w_down.T`. At 0 degrees they point the same way; at 90 they have nothing in common.

# %%
angles = np.array([run.angle for run in runs["feedback", 1.0]])
steps = runs["feedback", 1.0][0].step
plot.show(
    plot.bands(
        {"random matrix": (steps, angles)},
        x="step",
        y="angle to w_down.T (degrees)",
        references={"nothing in common": 90},
    ),
    alt="The angle between the random matrix and the weights, transposed, against the step: the "
    "mean of five seeds in a band of their range. It begins near 90 degrees, falls to about half "
    "of it within fifty steps, and stays there.",
)
print("angle at the start:", angles[:, 0].round(), "and at the end:", angles[:, -1].round())
assert (angles[:, -1] < angles[:, 0] - 15).all()

# %% [markdown]
# The matrix does not come to fit the weights: it never changes. The *weights* turn towards the
# matrix. `w_down` learns from hidden numbers that were shaped by the feedback, and comes to point
# roughly its way; then what the feedback says is roughly true.
#
# So backpropagation is *the exact gradient*, found quickly. It is not the only thing that learns,
# and not "how learning works". Our task is small; on hard ones the gap grows wide (Bartunov and
# others 2018).

# %% [markdown]
# ## Exercises · 15 min (90)
#
# Three, from easy to hard; the first fits into a long class, the others are for home. For each,
# open `task.py` in its folder, edit, save, and run its cell here again. If you are stuck, there are
# three hints for each: `tinyffn hint 2.1` in a terminal.
#
# **Exercise 2.1: broadcasting from the left** (15 minutes). NumPy lines up shapes from the right:
# `unbroadcast` sums for that. The language Julia lines them up from the left. Which axes were
# copied then? Find the gradients of all terms of a sum. The folder is
# `exercises/02_1_broadcast_from_the_left`.

# %%
predict("2.1")

# %%
check("2.1")

# %% [markdown]
# Your function, in the engine of this lesson: an operation that adds one number to each *row*, as
# NumPy's `+` would not.

# %%
sum_gradients = mine("2.1").sum_gradients


@op
def add_from_left(a, b):
    longer_b = b.reshape(b.shape + (1,) * (a.ndim - b.ndim))
    return a + longer_b, lambda dy: sum_gradients(dy, [a.shape, b.shape])


x, per_row = Tracked(rng.normal(size=(5, 3))), Tracked(rng.normal(size=5))
y = add_from_left(x, per_row) * x
total = gradients(y, np.ones((5, 3)))
print("gradient of the five numbers:", total[per_row].round(3))
assert np.allclose(total[per_row], x.data @ np.ones(3))

# %% [markdown]
# **Exercise 2.2: a smooth maximum that never overflows** (25 minutes). Softplus was the smooth
# maximum of 0 and x. Now of any list, along any axis, as sharp as one likes: an operation of your
# own with two settings, right also where exp would overflow. The folder is
# `exercises/02_2_logsumexp`.

# %%
predict("2.2")

# %%
check("2.2")

# %%
logsumexp = tinyffn.op(mine("2.2").logsumexp)
x = Tensor(np.array([[5000.0, 4999.0, 4000.0]]), requires_grad=True)
y = logsumexp(x, axis=1, sharpness=1.0)
y.backward()
print("smooth maximum:", y.data.round(4), "  its slopes:", x.grad.round(4))
assert 5000 < y.item() < 5001 and np.isclose(x.grad.sum(), 1)

# %% [markdown]
# **Exercise 2.3: feedback straight from the output** (30 minutes). In feedback alignment, the
# gradient still goes back layer by layer. Nøkland (2016) sends it from the output to each hidden
# layer *directly*. Which parts of backpropagation are left then, and which are gone? Any number of
# layers. The folder is `exercises/02_3_direct_feedback`.

# %%
check("2.3")

# %% [markdown]
# ## Check yourself · 2 min
#
# Answer first, then open.
#
# <details><summary>1. An engine visits each node once, but in the order in which it finds them from
# the end. In which programs does it go wrong?</summary>
#
# In those where a result is used both early and late: it is found through the late use and passes
# its gradient on, before the other use has added its share. Inputs first, read backward, is safe.
# </details>
#
# <details><summary>2. Why does training take so much more memory than running the same
# network?</summary>
#
# Backward needs what each operation remembered, the last first. So all of it waits until the
# forward is over. Without gradients, each result can be thrown away as soon as it was used.
# </details>
#
# <details><summary>3. A colleague tests a new operation with x of shape (4, 4) and the loss
# <code>y.sum()</code>, and finds it right. What do you ask for?</summary>
#
# A random `dy`, because under a sum some wrong gradients cancel or are 0 anyway; sizes that all
# differ, because in a square a turned axis keeps its shape; and an input that is used twice.
# </details>
#
# <details><summary>4. Does a network need the true gradient to learn?</summary>
#
# No: a direction that goes downhill is enough, and feedback alignment finds one with a random
# matrix. The true gradient is the steepest way down, and had the lower mean loss here.
# </details>

# %% [markdown]
# ## Go further
#
# - Linnainmaa 1976, *Taylor expansion of the accumulated rounding error*, BIT 16, 146-160: the
#   reverse walk, years before networks used it.
# - Rumelhart, Hinton and Williams 1986, *Learning representations by back-propagating errors*,
#   Nature 323, 533-536: what the walk does for networks.
# - Baydin, Pearlmutter, Radul and Siskind 2015, *Automatic differentiation in machine learning: a
#   survey*, [arXiv:1502.05767](https://arxiv.org/abs/1502.05767): forward, reverse, and what lies
#   between.
# - Lillicrap, Cownden, Tweed and Akerman 2014, *Random feedback weights support learning in deep
#   neural networks*, [arXiv:1411.0247](https://arxiv.org/abs/1411.0247); Nøkland 2016, *Direct
#   feedback alignment provides learning in deep neural networks*,
#   [arXiv:1609.01596](https://arxiv.org/abs/1609.01596); and Bartunov et al. 2018, *Assessing the
#   scalability of biologically-motivated deep learning algorithms and architectures*,
#   [arXiv:1807.04587](https://arxiv.org/abs/1807.04587): where such rules fall behind.
# - Next: **03, the MLP learns**. We have gradients of everything. What does a network find with
#   them?
