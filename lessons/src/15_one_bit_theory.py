# %% [markdown]
# # 15 · One bit: theory
#
# **What is lost with all but the sign?**

# %% [markdown]
# ## Where you are · 1 min
#
# Lesson 13 filled layers until they ran over: a weight held about two bits of facts, and it takes
# 32 bits of memory. Part IV gives it fewer. This lesson asks with paper and pencil what that does
# to a weight; lessons 16 and 17 ask what it does to a model, and 18 makes the model small and fast.

# %%
import inspect

import ipywidgets
import numpy as np

from tinyffn import plot
from tinyffn.bits import angles, laws, limits
from tinyffn.bits.distributions import GAUSSIAN, LAPLACE, UNIFORM, student_t
from tinyffn.bits.schemes import binary
from tinyffn.bits.ternary import ternary
from tinyffn.bits.uniform import absmax, asymmetric, clipped_absmax
from tinyffn.data import Characters, documentation, split
from tinyffn.lab import check, mine, predict
from tinyffn.studies import sign_gates, trained

seed = 15
rng = np.random.default_rng(seed)
print(f"seed {seed}: every random number below follows from it")

# %%
plot.show(
    plot.course_map(here=15),
    alt="The map of the course. The box of lesson 15, one bit: theory, is marked 'you are here': "
    "the first box of the fourth row, one bit.",
)

# %% [markdown]
# ## The question · 2 min
#
# To store a weight in fewer bits is to **quantize** it. The encyclopedia article speaks of
# "extremely low precision formats, such as 1-bit quantization, which represents weights as binary
# values". With one bit a weight can only be one of two values. So let the bit say the sign, and let
# many weights share one number, their **scale**: each becomes + scale or − scale.
#
# What is lost? And are two bits for each weight better?

# %% [markdown]
# ## What you will be able to do · 1 min
#
# | you will | and this tests it |
# |---|---|
# | **derive** the best signs and scale, and what is lost with them | exercise 15.1 |
# | **tell** a bad threshold from too few bits | exercise 15.2, question 2 |
# | **foresee** the error of a scheme without trying it | exercise 15.3, question 1 |
# | **turn** an error into an angle, and an angle into flipped gates | exercise 15.4, question 3 |
# | **say** what the theory does not say about a trained model | question 4 |
#
# *You need*: lessons 01 to 05, 10 and 12. *Time*: 50 minutes for the core; parts marked (90) fill a
# longer class.

# %% [markdown]
# ## Predict · 5 min
#
# Let ŵ (read "w hat") be the value that w becomes. The **error** is Σ (w − ŵ)² / Σ w²: what is off,
# squared and added up, as a share of all squares. If weights 3 and 1 become 2 and 2, it is
# (1 + 1) / (9 + 1), one fifth. If all weights became 0, it would be all.
#
# **Prediction 1.** A million weights drawn from the bell curve of lesson 05, also called the
# **Gaussian**, around 0. Each becomes its sign times one scale, the best there is. What is the
# error?

# %%
my_error = None  # percent, from 0 to 100

# %% [markdown]
# **Prediction 2.** The same weights, in groups of 128. Each group now has its own best scale. By
# how many points is the error smaller than in Prediction 1?

# %%
my_groups = None  # percentage points

# %% [markdown]
# **Prediction 3.** Now two bits. A widely used scheme takes from each group of 128 the largest
# magnitude M, and rounds each weight to the nearest of −M, 0 and +M. (Three values: of the four
# patterns of two bits one stays unused.) What is the error?

# %%
my_two_bits = None  # percent

# %% [markdown]
# **Prediction 4.** A neuron with ReLU is on where w · x is above 0. Its weights, Gaussian, become
# their signs. For how many of 100 random inputs does it change from on to off, or from off to on?

# %%
my_flips = None  # a number from 0 to 100

# %% [markdown]
# ## Build by hand on three numbers · 6 min
#
# Three weights, 5, −2 and 2. Their signs are +, − and +. Which scale is best? Guess first.

# %%
w = np.array([5.0, -2.0, 2.0])
b = np.array([1, -1, 1])
squares = {}
for scale in (1, 2, 3, 4, 5):
    squares[scale] = np.sum((w - scale * b) ** 2)
    print(f"scale {scale}: w becomes {scale * b}, squares of what is wrong: {squares[scale]:.0f}")
assert min(squares, key=squares.get) == 3

# %% [markdown]
# Three. Now with letters: n weights, signs b of −1 or +1, and a scale α above 0. Multiply out, with
# b² = 1:
#
# ```
# Σ (w − α b)²  =  Σ w²  −  2 α Σ w b  +  n α²
# ```
#
# - **The signs.** They stand in the middle term only. It takes most away if each w b is as large as
#   it can be, which is |w|. So b is the sign of w.
# - **The scale.** Σ w² − 2 α Σ |w| + n α² is left. The weights are fixed; as a function of α alone
#   it is a parabola, open upwards. It is lowest where its slope, −2 Σ |w| + 2 n α, is 0: at
#   **α = Σ |w| / n, the mean magnitude.**
# - **What is wrong.** Put this α in: Σ w² − (Σ |w|)² / n.

# %%
alpha, whole = np.abs(w).sum() / 3, np.sum(w**2)
wrong = whole - np.abs(w).sum() ** 2 / 3
print(f"scale {alpha:.0f}, wrong: {wrong:.0f} of {whole:.0f}, which is {100 * wrong / whole:.0f} %")
assert alpha == 3 and wrong == 6

# %% [markdown]
# Now the scheme of Prediction 3. The largest magnitude is 5. −2/5 and 2/5 are nearer to 0 than to
# −1 and 1:

# %%
codes = np.rint(w / 5) + 0.0  # + 0.0 turns -0. into 0.
wrong_now = np.sum((w - 5 * codes) ** 2)
print(f"codes {codes}, w becomes {5 * codes}, wrong: {wrong_now:.0f}")
assert wrong_now > wrong

# %% [markdown]
# One more possible value, and *more* is wrong: 8 in place of 6. The largest weight is exact, the
# others are gone.
#
# ### The sign of zero
#
# `np.sign` gives signs, and one day a weight is exactly 0: it was pruned, say, or the row was
# filled up with zeros.

# %%
v = np.array([5, -2, 0])
for rule, found in {"np.sign": np.sign(v), "v >= 0": v >= 0}.items():
    stored = np.unpackbits(np.packbits(found))[:3]  # eight bits in a byte, and back
    print(f"{rule}: {found}, packed into bits and unpacked: {stored}")
assert set(np.sign(v)) == {-1, 0, 1} and stored.tolist() == [1, 0, 1]

# %% [markdown]
# `np.sign` has three answers, and a bit has two. `packbits` stores whatever is not 0 as a 1, so
# here even −2 comes back as a plus. **One bit needs a rule for zero.** Ours is +, as in the file
# format of lesson 18; BitNet (lesson 17) takes −. Who trains by one rule and stores by the other
# turns over every zero.

# %% [markdown]
# ## The clear version · 3 min


# %%
def one_bit(w):
    """Signs, and the scale that fits them best."""
    return np.where(w >= 0, 1, -1), np.mean(np.abs(w))


def error(w, becomes):
    """In percent."""
    return 100 * np.sum((w - becomes) ** 2) / np.sum(w**2)


# %% [markdown]
# Divide what is wrong by Σ w², and write means for sums. The error of signs is
#
# ```
# 1  −  (mean of |w|)² / (mean of w²)
# ```
#
# No size of w is in it, only a shape: **it is 0 if all magnitudes are equal, and the more they
# differ, the larger it is.** It is known that a Gaussian with standard deviation 1 has a mean
# magnitude of √(2/π). Then the error is 1 − 2/π. We only measure it:

# %%
w = rng.normal(size=1_000_000)
b, alpha = one_bit(w)
law_of_signs = 100 * (1 - 2 / np.pi)
print(f"scale {alpha:.2f}; √(2/π) is {np.sqrt(2 / np.pi):.2f}")
print(f"error {error(w, alpha * b):.1f} %; 1 − 2/π is {law_of_signs:.1f} %")
print("you said", my_error)
alone, together = (100 * limits.lloyd_max(n).error for n in (2, 4)), 100 * limits.shannon_error(1)
print("Lloyd-Max {:.0f} %, two bits {:.0f} %;".format(*alone), f"Shannon {together:.0f} %")
assert abs(error(w, alpha * b) - law_of_signs) < 0.5

# %% [markdown]
# So about a third is lost, and two thirds are kept, with one bit of 32. For weights rounded one by
# one nothing is better: this is the limit of Lloyd and Max, 12 % with two bits. (Many weights coded
# together cannot lose less than 25 % with one: Shannon's limit.)
#
# **If you said 97**, you counted bits: 31 of 32 are gone. But the first one is worth the most. **If
# you said 50**: a coin toss would be right about half of the signs, but these are all right. And
# most sizes are not far from their mean, the scale.

# %% [markdown]
# ## The library's version · 2 min
#
# In the library a quantized matrix is **codes** (small whole numbers) and scales: one for the whole
# matrix, one for each column, or one for each group of some rows of a column. Its formula for the
# error is ours, from two sums:

# %%
print(inspect.getsource(laws.sign_error).split('"""')[2])  # without its description

# %%
matrix = rng.normal(size=(128, 4))
q = binary(matrix, per="column")
print("codes of the first two rows", q.codes[:2].tolist(), " scales", q.scale.round(2).tolist())
print("bits for each weight, with scales of 16 bits:", q.bits_per_weight())
ours = np.stack([np.multiply(*one_bit(column)) for column in matrix.T], axis=1)
assert np.allclose(q.values(), ours)
assert abs(error(matrix[:, 0], ours[:, 0]) - 100 * laws.sign_error(matrix[:, 0])) < 1e-9

# %% [markdown]
# A scale is stored too: 16 bits for 128 weights are an eighth of a bit for each. So "one bit" is
# 1.125 bits here.

# %% [markdown]
# ## Measure · 20 min
#
# ### The shape of the weights (2 minutes)
#
# Four ways to draw weights. Each has longer *tails* than the one before it: more weights near 0,
# and more that are very large.

# %%
n = 1_000_000
drawn = {
    UNIFORM: rng.uniform(-1, 1, n), GAUSSIAN: w, LAPLACE: rng.laplace(size=n),
    student_t(3): rng.standard_t(3, n),
}  # fmt: skip

# %%
rounded = {}
for shape, numbers in drawn.items():
    numbers = numbers / numbers.std()
    rounded[shape.name] = numbers, np.multiply(*one_bit(numbers))
    measured, law = error(*rounded[shape.name]), 100 * laws.sign_law(shape)
    largest = np.abs(numbers).max()  # in standard deviations
    print(f"{shape.name}: the largest {largest:.0f}, error {measured:.1f} %, law {law:.1f} %")
    assert abs(measured - law) < 3
assert laws.sign_law(UNIFORM) < laws.sign_law(GAUSSIAN) < laws.sign_law(LAPLACE)

# %% [markdown]
# All have the same root mean square. The longer the tails, the more the magnitudes differ, and the
# more is lost. As only the shape counts, one can change the shape first and undo it later, by a
# *rotation*: exercise 15.3 asks what that does, and lesson 16 does it.
#
# ### Groups (2 minutes)
#
# More scales should lose less. First Prediction 2: all weights are drawn alike.

# %%
grouped, gains = w[:999_424].reshape(1024, 976), {}
for group in (128, 32, 8):
    q = binary(grouped, per=group)
    measured, law = error(grouped, q.values()), 100 * laws.sign_law(GAUSSIAN, group=group)
    print(f"groups of {group}: error {measured:.1f} %, law {law:.1f} %, bits {q.bits_per_weight()}")
    assert abs(measured - law) < 1
    gains[group] = law_of_signs - measured
print(f"groups of 128 gain {gains[128]:.1f} points, you said", my_groups)

# %% [markdown]
# Hardly anything is gained: for g weights with one scale, the law is (1 − 2/π)(1 − 1/g). **If
# you said 5 or more**, you took nearly 8,000 scales for as many times the knowledge. But they are
# nearly all the same number: a scale helps only as far as its group *differs* from the others, and
# here none does, but by chance. So let them differ: each column of a matrix, or each row, gets its
# own size at random.

# %%
even = rng.normal(size=(512, 512))
sizes = np.exp(rng.normal(size=512))
matrices = {"columns differ": even * sizes, "rows differ": even * sizes[:, None]}
print("one scale for:  the matrix   a column   128 rows of it   8 rows of it")
for name, matrix in matrices.items():
    found = [error(matrix, binary(matrix, per=p).values()) for p in ("tensor", "column", 128, 8)]
    print("{:15} {:8.0f} % {:8.0f} % {:14.0f} % {:12.0f} %".format(name, *found))
    assert found[1] < 40 if name == "columns differ" else found[2] > 60

# %% [markdown]
# If the *columns* differ, a scale for each column repairs all of it. If the *rows* differ, it
# repairs nothing, nor do groups of 128 rows: the weights that share a scale are the unequal ones.
# **A scale helps where those who share it are alike, and unlike the others.**
#
# ### Three levels, and the worst way to use them (7 minutes)
#
# Codes of −1, 0 and +1 make **ternary** weights: about one and a half bits each (five of them fit
# into 8 bits); most programs spend two. The scheme of Prediction 3 is called **absmax**. In groups
# of 128:

# %%
two_bits = absmax(grouped, 2, per=128)
of_signs = error(grouped, binary(grouped, per=128).values())
of_absmax = error(grouped, two_bits.values())
print(f"signs: {of_signs:.0f} %, absmax with two bits: {of_absmax:.0f} %; you said {my_two_bits}")
assert of_absmax > 50 > 40 > of_signs

# %% [markdown]
# **If you said less than for signs**, you may hold that "two bits always beat one". They can. Look
# at what absmax does: the scale is set by one weight of the 128, the largest. It is typically near
# 2.8 standard deviations.


# %%
def three_levels(w, scale):
    """Each weight to the nearest of -scale, 0 and scale."""
    return scale * np.clip(np.rint(w / scale), -1, 1)


# %%
best_scale = 1.224  # found below
print(f"the largest of 128 is below {np.median(two_bits.scale):.1f} in half of the groups")
several = {"signs": alpha * b, "absmax": three_levels(w, 2.8), "best": three_levels(w, best_scale)}
plot.show(
    plot.levels(
        {f"{name}: error {error(w, to):.0f} %": (w, to) for name, to in several.items()},
        x="weight (standard deviations)", reach=4, columns=3,
    ),
    alt="Three histograms of the same Gaussian weights, filled by the level to which each goes. "
    "Signs: two halves, levels near 0.8. Absmax: levels near 2.8, where there are hardly any "
    "weights, and most become 0. Best: levels near 1.2, and about half become 0.",
)  # fmt: skip
assert error(w, several["absmax"]) > error(w, several["signs"]) > error(w, several["best"])

# %% [markdown]
# The outer levels stand where hardly any weights are, and as each weight goes to the *nearest*
# level, five of six become 0. Three levels with a better scale, on the right, lose half of what
# signs lose.
#
# **One number does two jobs here.** The scale says what a code is worth. And half of it is the
# **threshold**: a weight has a code that is not 0 if its magnitude is above that.
#
# Take the jobs apart. First choose a threshold; it gives the codes. Then fit the scale to the codes
# that are there, as for signs: the mean magnitude of the weights with a code that is not 0. By
# hand, the codes of 5, −2, 2 were 1, 0, 0, and their best scale is 5: it was right, and the codes
# were bad. Now for Gaussian weights and all thresholds, from the library's laws:

# %%
t, a = np.linspace(0.02, 2, 100), GAUSSIAN.mean_size  # a law wants thresholds in mean magnitudes
fitted = [laws.ternary_law(GAUSSIAN, threshold=at / a, scale="least squares") for at in t]
tied = [laws.clip_law(GAUSSIAN, 2, clip=2 * at) for at in t]  # the scale is 2 × threshold
fitted, tied = 100 * np.array(fitted), 100 * np.array(tied)

# %%
its_codes = np.interp(1.4, t, fitted)
print(f"absmax {of_absmax:.0f} %; threshold 1.4 with a fitted scale {its_codes:.0f} %")
print(f"the best: threshold {t[fitted.argmin()]:.2f}, {fitted.min():.0f} %; "
      f"BitNet b1.58: {100 * laws.ternary_law(GAUSSIAN):.0f} %")  # fmt: skip
assert of_absmax > its_codes > of_signs > fitted.min()

# %%
plot.show(
    plot.lines(
        {"scale fitted to the codes": (t, fitted), "tied: scale = 2 × threshold": (t, tied)},
        points={
            "absmax, groups of 128": ([1.4], [of_absmax]),
            "BitNet b1.58": ([0.5 * a], [100 * laws.ternary_law(GAUSSIAN)]),
            "ternary weight networks": ([0.7 * a], [np.interp(0.7 * a, t, fitted)]),
        },
        references={"signs": law_of_signs},
        x="threshold (standard deviations)", y="error (percent)", height=4.6,
    ),
    alt="Error against threshold. The curve with a scale of twice the threshold falls steeply to "
    "its lowest point at 0.6 and rises again. The curve with a fitted scale starts at the line of "
    "signs, touches the other at that lowest point, and rises above the line of signs beyond 1.2. "
    "Absmax lies far up on the first curve, BitNet b1.58 left of its lowest point, ternary weight "
    "networks very near to it.",
)  # fmt: skip
assert tied.min() < fitted.min() + 0.1

# %% [markdown]
# With one threshold and one scale for very many Gaussian weights, nothing lies below the lower
# curve. At threshold 0, the left end, no weight becomes 0: these are signs. Two known schemes
# measure in mean magnitudes. BitNet b1.58 has half of it as threshold and the whole as scale: on
# the tied curve, left of its lowest point. Ternary weight networks have seven tenths as threshold,
# and a fitted scale.
#
# Absmax, drawn at the median threshold of its groups, lies far to the right. A fitted scale alone
# does not save it: its *codes* are bad already. **A bad threshold, not the second bit, makes it
# lose to one bit.** One weight is a bad ruler for many.
#
# (90) The more weights share the ruler, the worse it gets:

# %%
for group in (8, 16, 32, 128, 1024):
    one, two = laws.sign_law(GAUSSIAN, group=group), laws.absmax_law(GAUSSIAN, 2, group=group)
    print(f"groups of {group}: signs {100 * one:.0f} % with {1 + 16 / group:.2f} bits, "
          f"absmax {100 * two:.0f} % with {np.log2(3) + 16 / group:.2f} bits")  # fmt: skip
    assert (two < one) == (group < 16) or group == 16

# %%
q = clipped_absmax(grouped, 2, per=128)  # tries many scales for each group, keeps the best
best = error(grouped, q.values())
print(
    f"groups of 128, three levels, a good scale: {best:.0f} % with {q.bits_per_weight():.2f} bits"
)
assert best < 20

# %% [markdown]
# In groups of 8 absmax loses less than signs, but it pays more bits than it needs: see the last
# line.
#
# (90) Set the scale yourself. Where does a weight change its level, and what is lost?


# %%
def with_scale(scale):
    to = three_levels(w[:50_000], scale)
    lost = error(w[:50_000], to)
    plot.show(
        plot.levels(
            {f"scale {scale:.1f}: {lost:.0f} % lost": (w[:50_000], to)},
            x="weight (standard deviations)", reach=4, size=3.5,
        ),
        alt=f"Gaussian weights with levels at 0 and at plus and minus {scale:.1f}, filled by the "
        f"level to which each weight goes; {lost:.0f} percent are lost.",
    )  # fmt: skip
    assert lost > 18


slider = ipywidgets.FloatSlider(value=2.8, min=0.2, max=4, step=0.1, continuous_update=False)
_ = ipywidgets.interact(with_scale, scale=slider)

# %% [markdown]
# ### An error is an angle, and an angle flips gates (5 minutes)
#
# What does a neuron notice? Its w becomes ŵ, and turns by an angle θ. With the best scale, ŵ is the
# shadow (the projection) of w on the direction of its codes. What is missing, w − ŵ, stands at a
# right angle to ŵ. So |w|² = |ŵ|² + |w − ŵ|² (Pythagoras), and |ŵ| / |w| is cos θ. Divide by |w|²:
#
# ```
# 1  =  cos² θ  +  error
# ```

# %%
neuron = rng.normal(size=(1000, 1))  # a matrix with one column
becomes = {
    "signs": binary(neuron),
    "three levels": clipped_absmax(neuron, 2),  # tries many scales, keeps the best
    "four bits": clipped_absmax(neuron, 4),
}
lost = {name: error(neuron, q.values()) for name, q in becomes.items()}
theta = {name: angles.angle_of(percent / 100) for name, percent in lost.items()}

# %%
for name in becomes:
    print(f"{name}: error {lost[name]:.1f} %, angle {np.degrees(theta[name]):.0f}°")
    assert abs(theta[name] - angles.angles_between(neuron, becomes[name].values())) < 0.01


# %%
def in_their_plane(w, v, inputs):
    """In the plane through w and v, with w to the right: v, and the inputs as seen from above."""
    w, v = w[:, 0], v[:, 0]
    right = w / np.linalg.norm(w)
    up = v - (v @ right) * right
    plane = np.stack([right, up / np.linalg.norm(up)], axis=1)
    return v @ plane, inputs @ plane


# %%
inputs = rng.normal(size=(400, 1000))
turned = {
    f"{name}: {np.degrees(theta[name]):.0f}°": in_their_plane(neuron, q.values(), inputs)
    for name, q in becomes.items()
}
plot.show(
    plot.flips(turned),
    alt="Three panels with an arrow w to the right, an arrow for the rounded w, at an angle, and "
    "inputs as dots. A line across each arrow parts inputs for which the gate is on from the "
    "others. Between the two lines lie two wedges, and in them crosses, the gates that flip. The "
    "wedges are wide for signs, narrower for three levels, and a sliver for four bits.",
)
assert len(turned) == 3

# %% [markdown]
# This is a true cut through 1,000 dimensions: the plane in which w and ŵ lie. Of an input, w · x
# and ŵ · x only see its shadow in this plane. The gate is on to the right of the line across w;
# after rounding, to the right of the line across ŵ. Between them are two wedges as wide as θ.
# Random inputs that prefer no direction lie around the middle evenly. So the share that flips is
# twice 37° of 360°. In general it is **θ/180°**, or θ/π.

# %%
inputs = rng.normal(size=(20_000, 1000)).astype(np.float32)
for name, q in becomes.items():
    flipped = 100 * np.mean((inputs @ neuron > 0) != (inputs @ q.values() > 0))
    law = 100 * angles.flipped_share(theta[name])
    wrong = error(inputs @ neuron, inputs @ q.values())
    print(f"{name}: {flipped:.1f} of 100 gates flip, law {law:.1f}; error of w · x {wrong:.1f} %")
    assert abs(flipped - law) < 1.5
print("you said", my_flips)

# %% [markdown]
# **If you said 50**, you took the signs for a new draw; two random directions are indeed at 90°,
# and that flips half of the gates. **If you said a few**, as no weight changes its sign: w · x is a
# sum of 1,000 terms, and where it is near 0 their sizes decide. And no gate notices the scale: it
# only makes w · x larger or smaller. The number w · x itself is wrong by as much as the weights
# are, if inputs are random.
#
# ### A trained model (4 minutes)
#
# Are real weights Gaussian? Lesson 10's model, which reads Python's documentation, has four blocks,
# each with an FFN: a matrix up (64, 256) and one down (256, 64). By lesson 12 a neuron has a column
# of up, its key, and a row of down, its value. We transpose down, so that neurons are columns in
# both. Each group has 64 weights: those of one neuron, or one each of 64 neurons, or shuffled ones:
# then no group is special. Beside it: kept numbers of three smaller models, of three seeds.

# %%
model, about = trained.load("documentation")
real, smaller = sign_gates.neuron_columns(model), sign_gates.kept("weights")
shared = [sign_gates.shared_scales(matrix, rng) for matrix in real.values()]
shared = {who: 100 * np.array([each[who] for each in shared]) for who in shared[0]}
law_of_64 = 100 * laws.sign_law(GAUSSIAN, group=64)

# %%
for who, of_eight in shared.items():
    others = 100 * smaller[who]["error"]
    print(f"64 weights {who}: error {of_eight.min():.1f} to {of_eight.max():.1f} %; "
          f"in the smaller models {others.min():.1f} to {others.max():.1f} %")  # fmt: skip
plot.show(
    plot.ranges(
        shared, x="error of the signs (percent)",
        references={f"Gaussian: {law_of_64:.1f}": law_of_64},
    ),
    alt="Three rows of eight dots, one for each matrix. Groups of one neuron lie between 35.7 and "
    "37 percent, close to the line for a Gaussian. Groups over 64 neurons and shuffled ones both "
    "reach from that line to 39 percent.",
)  # fmt: skip
own, across, shuffled = shared.values()
saved = 100 * (smaller["shuffled"]["error"] - smaller["of one neuron"]["error"])
print("against shuffled weights a scale for each neuron saves, in points:")
print(*(f"{name} {points:.1f} " for name, points in zip(real, shuffled - own, strict=True)))
print(f"in the smaller models {saved.min():.1f} to {saved.max():.1f}")
assert shuffled.max() < 42 and np.all(own <= shuffled)
assert np.mean(shuffled - own) > 3 * np.mean(shuffled - across)

# %% [markdown]
# Shuffled, nearly all lose more than the law says, up to three points here and nine in the smaller
# models: the sizes of these weights differ more than those of a Gaussian. With one scale for each
# neuron it is up to about one point, and three in the smaller models. So groups made of one neuron
# have different means, and that is what a scale can use: a good deal in some matrices, hardly
# anything in others. Groups over 64 neurons save hardly more than shuffled ones.
#
# ### Error against bits · 5 min (90)
#
# How good can it get? Two more schemes first. *Clipped* absmax tries many scales for each group
# and keeps the best. *Asymmetric* spreads the codes evenly from the smallest weight of a group to
# the largest, and stores both ends, so it uses all four codes of two bits.
#
# The two limits for Gaussian weights, quoted: **Lloyd and Max**, the best n levels, if each weight
# is rounded by itself. **Shannon**: whatever one does, even if one code stands for many weights at
# a time, b bits for each weight leave an error of at least 1/4ᵇ. In the figure n levels count as
# log2 n bits; on its axis each line down is about half of the error.

# %%
schemes = {
    "signs, a scale for so many": [(f"{g}", binary(grouped, per=g)) for g in (1024, 32, 8)],
    "absmax": [(f"{2**n - 1} levels", absmax(grouped, n, per=128)) for n in (2, 3, 4)],
    "absmax, clipped": [("", clipped_absmax(grouped, n, per=128)) for n in (2, 3, 4)],
    "asymmetric": [("4 levels", asymmetric(grouped, 2, per=128))],
}
marks = {
    scheme: [(name, q.bits_per_weight(), error(grouped, q.values())) for name, q in made]
    for scheme, made in schemes.items()
}
print("asymmetric, {1:.2f} bits: {2:.0f} %; three levels, clipped, {4:.2f} bits: {5:.0f} %".format(
    *marks["asymmetric"][0], *marks["absmax, clipped"][0]))  # fmt: skip
assert all(lost > 100 / 4**bits for made in marks.values() for _, bits, lost in made)

# %%
bits, levels = np.linspace(0.8, 4.2, 38), [2, 3, 4, 6, 8, 12, 16]
alone = [100 * limits.lloyd_max(n).error for n in levels]
together = [100 * limits.shannon_error(each) for each in bits]
plot.show(
    plot.rates(
        marks, laws={"Lloyd-Max": (np.log2(levels), alone), "Shannon": (bits, together)},
        x="bits for each weight, those of the scales included",
    ),
    alt="Error, on a logarithmic axis, against bits. Two lines fall to the right, Shannon's below "
    "that of Lloyd and Max. Signs begin on the upper line at one bit, and with smaller groups move "
    "right and hardly down. Absmax is far above both lines at two bits, and near the upper one at "
    "four. Clipped, it is close to the upper line everywhere.",
)  # fmt: skip
assert abs(alone[0] - law_of_signs) < 0.01

# %% [markdown]
# At one bit, nobody who rounds weights one by one can beat the signs: the two best levels *are*
# plus and minus the mean magnitude. Bits spent on more scales bring the signs nearly nothing. And
# *asymmetric*, which uses all four codes, loses more than three levels with a better scale.

# %% [markdown]
# ## What broke, and why · 7 min
#
# Now the gates of this model, on text that it was not trained on: each FFN is given 12,800 inputs
# of 64 numbers. How many gates are on, and how many flip if the weights become their signs?

# %%
characters = Characters(documentation())
_, test = split(characters.encode(documentation()))
given = sign_gates.ups_and_inputs(model, test[:12_800].reshape(100, 128))
fates = sign_gates.fates(given, rng)
print("of 100 gates, in FFN 1 to 4:")
for kind in ("random", "text"):
    pairs = zip(100 * fates[kind]["on"], 100 * fates[kind]["flip"], strict=True)
    print(kind, *(f"{on:.1f} on, {flip:.1f} flip" for on, flip in pairs), sep="   ")
assert np.all(np.abs(fates["random"]["flip"] - 0.206) < 0.02)
assert np.all(fates["text"]["flip"] < 0.15)

# %% [markdown]
# With random inputs of the same size these matrices obey the law, bias included. With text, far
# fewer gates flip. Is the theory too gloomy? Before you believe a good number, ask what a silly
# rival would get: switch *all* gates off. That flips just those that are on: in FFN 3 even fewer,
# in FFN 1 a good deal more. So look at two other numbers: how many of the gates that were on are
# lost, and the error of what the layer passes on (after bias and ReLU).


# %%
def span(shares):
    return f"{100 * shares.min():.0f} to {100 * shares.max():.0f}"


# %%
print("of 100 gates:           on     flip   of those on, lost   error of what is passed on")
for whose in (fates, sign_gates.kept("gates")):
    print("in this model's 4 FFNs" if whose is fates else "in the 6 of the smaller models")
    for kind, shares in whose.items():
        spans = [span(shares[name]) for name in ("on", "flip", "lost", "wrong")]
        print("{:22} {:>9} {:>9} {:>12} {:>20} %".format(kind, *spans))
    by_chance, text, alike, centred = whose.values()
    assert np.all(text["wrong"] > by_chance["wrong"])
    assert np.all(by_chance["wrong"] > centred["wrong"])
    assert np.all(alike["wrong"] > text["wrong"]) and np.all(alike["lost"] > text["lost"])
    assert np.all(centred["flip"] > 1.5 * text["flip"])
assert np.all(np.abs(fates["text without its mean"]["flip"] - 0.206) < 0.04)
below = np.mean([x.mean(axis=0) @ up.w.data + up.b.data < 0 for up, x in given])
print(f"w · mean + b is below 0 for {100 * below:.0f} of 100 neurons")
assert below > 0.9

# %% [markdown]
# **Text**: what the layer passes on is *more* wrong than with random inputs. But few gates are on
# here. If half of all are on, an angle of 37° loses a fifth of them; if fewer are, a larger share.
#
# **Random, like the text**: a fair rival, with few gates on as well. It has the same mean as the
# text and the same spread around it. It does worse still. (Why text does better, this lesson does
# not ask.)
#
# **Text without its mean**: what broke is *around 0*. The law wants inputs that lie around 0
# evenly, and these have a **mean**. Take it off (the bias is kept): 16 to 19 of 100 gates flip, and
# what is passed on is even less wrong than with random inputs. (Text prefers some directions, and
# signs do less harm there: exercise 15.4.)
#
# With the mean alone as input, hardly any neuron would be on. The theory gives the error of the
# *weights*. **What a layer loses depends on its inputs too.** Lesson 16 begins there.

# %% [markdown]
# ## Exercises · 30 min (90)
#
# Four. Exercise 15.1 fits into a long class, the others are for home.
#
# **Exercise 15.1: signs for weights that do not all matter alike** (20 minutes). An input that is
# large on average makes each error of its row count more. The best signs and scales for that. The
# folder is `exercises/15_1_signs_that_matter`.

# %%
predict("15.1")

# %%
check("15.1")

# %% [markdown]
# Your scales in the model, one for each column of up. As importance each input gets the mean of its
# squares on text. (These inputs have a mean, and they are not independent, so the sum is only a
# stand-in. Does it help all the same?)

# %%
group_binarize = mine("15.1").group_binarize
for n, (up, x) in enumerate(given, start=1):
    w_up = up.w.data
    codes, scale = group_binarize(w_up, np.mean(x**2, axis=0), len(w_up))
    plain, weighed = binary(w_up).values(), codes * scale
    of_weights = error(w_up, plain), error(w_up, weighed)
    of_sums = error(x @ w_up, x @ plain), error(x @ w_up, x @ weighed)
    print(f"FFN {n}: error of weights {of_weights[0]:.1f} % -> {of_weights[1]:.1f} %, "
          f"of w · x {of_sums[0]:.1f} % -> {of_sums[1]:.1f} %")  # fmt: skip
    assert of_weights[1] > of_weights[0] and of_sums[1] < of_sums[0]

# %% [markdown]
# The weights are *further* off, and w · x is nearer, in all four FFNs of this one model: a first
# sight of lesson 16. (On text w · x is less wrong than the weights are, before the bias and the
# gate. Random inputs would give the error of the weights, but text is not random.)
#
# **Exercise 15.2: the best three levels, exactly** (30 minutes). Rules of thumb choose a threshold.
# Sorting finds the best one. The folder is `exercises/15_2_best_ternary`.

# %%
predict("15.2")

# %%
check("15.2")

# %% [markdown]
# Your levels beside those of ternary weight networks, on the neurons of all eight matrices:

# %%
best_ternary, rule = mine("15.2").best_ternary, {"threshold": 0.7, "scale": "least squares"}
saved = []
for matrix in real.values():
    codes, scale = best_ternary(matrix)
    saved.append(error(matrix, ternary(matrix, **rule).values()) - error(matrix, codes * scale))
print(f"the search saves {min(saved):.1f} to {max(saved):.1f} points")
assert min(saved) >= 0 and max(saved) < 1

# %% [markdown]
# On these matrices the rule of thumb is nearly the best there is.
#
# **Exercise 15.3: the error of signs, without the weights** (25 minutes). From two sums for each
# block of weights, foresee what any larger group would lose, and what it would take. The folder is
# `exercises/15_3_two_sums_a_block`.

# %%
predict("15.3")

# %%
check("15.3")

# %% [markdown]
# Two sums for each 8 weights of the matrices whose columns and rows differ; the weights are not
# looked at again:

# %%
merges, sign_errors = [1, 4, 16, 64], mine("15.3").sign_errors
for name, matrix in matrices.items():
    blocks = matrix.reshape(64, 8, 512)
    sums, squares = np.abs(blocks).sum(axis=1), np.sum(blocks**2, axis=1)
    errors, spent = sign_errors(sums, squares, 8, merges)
    print(f"{name}:", end=" ")
    print(", ".join(f"{b:.2f} bits {100 * e:.0f} %" for b, e in zip(spent, errors, strict=True)))
    for m, e in zip(merges, errors, strict=True):
        assert abs(100 * e - error(matrix, binary(matrix, per=8 * m).values())) < 1e-6

# %% [markdown]
# **Exercise 15.4: gates that flip, and what is lost by it** (50 minutes). The angle as the inputs
# see it, and how much of what a layer puts out falls on gates that are off by mistake. The folder
# is `exercises/15_4_flipped_gates`.

# %%
predict("15.4")

# %%
check("15.4")

# %% [markdown]
# In *What broke*, text without its mean flipped nearly as many gates as the law says, but not
# quite. What is left is that its inputs prefer directions: the angle must be measured as *they* see
# it. Count again, beside it your formula with the inputs' moment, and without:

# %%
flipped_gates = mine("15.4").flipped_gates
for n, (up, x) in enumerate(given, start=1):
    x, w_up, rounded_up = x - x.mean(axis=0), up.w.data, binary(up.w.data).values()
    shares = [np.mean((x @ w_up > 0) != (x @ rounded_up > 0))]
    for moment in (x.T @ x / len(x), np.eye(64)):
        flips, missing = flipped_gates(w_up, rounded_up, moment)
        shares += [flips.mean(), missing.mean()]
    counted, flips, missing, plain = (100 * share for share in shares[:4])
    print(f"FFN {n}: {counted:.1f} of 100 gates flip, foreseen {flips:.1f} (without the moment "
          f"{plain:.1f}); {missing:.1f} % of what should pass is missing")  # fmt: skip
    assert abs(counted - flips) < 1.5 and missing < 8

# %% [markdown]
# With the moment the small rest is foreseen too. For these centred inputs, without bias, a fifth of
# the gates flip, but little is missing: gates that are off by mistake had little to pass on. Now
# the layer as it is, with the mean and the bias. And count the other half of the flips as well,
# gates that are *on* by mistake:

# %%
missing, extra = 100 * fates["text"]["missing"], 100 * fates["text"]["extra"]
for n, (off, on) in enumerate(zip(missing, extra, strict=True), start=1):
    print(f"FFN {n}: {off:.1f} % of the squares are missing, "
          f"{on:.1f} % come from gates that should be off")  # fmt: skip
text = sign_gates.kept("gates")["text"]
print(f"in the smaller models {span(text['missing'])} %, and {span(text['extra'])} %")
assert np.all(missing > 5) and np.all(missing < extra)

# %% [markdown]
# In this model between one and a half and two and a half times as much is missing, and what is
# passed on by mistake comes on top, as in the smaller models. The formula holds for inputs around
# 0, and no further.

# %% [markdown]
# ## Check yourself · 3 min
#
# Answer first, then open.
#
# <details><summary>1. Half of a matrix's weights have the magnitude 1, the others 3. What is the
# error of its signs, with one scale?</summary>
#
# The mean magnitude is 2, the mean of the squares 5. So 1 − 4/5: one fifth. Only the shape counts,
# so with magnitudes of 10 and 30 it is the same.
# </details>
#
# <details><summary>2. "We tried two bits and one bit. Two bits were worse, so our network likes
# signs." What do you ask?</summary>
#
# How the scale was chosen, and for how many weights. If by the largest magnitude of a large group,
# the two bits were hardly used: most weights became 0. First choose the scale that loses least,
# then compare.
# </details>
#
# <details><summary>3. All scales of a layer of signs are doubled by mistake. What happens to the
# error, to the angle, and to the gates (without bias)?</summary>
#
# The error rises to all of it: (w − 2ŵ)² sums to Σw² − 4 Σ w ŵ + 4 Σ ŵ², and Σ w ŵ = Σ ŵ². It is as
# large as if all weights were 0. But angle and gates do not notice: a scale turns nothing. And if a
# norm follows, the layer is as good as before.
# </details>
#
# <details><summary>4. By the law 21 of 100 gates flip, in a trained layer 8 of 100 do. Is the
# trained layer better off than the law says?</summary>
#
# One cannot say from that. If 9 of 100 gates are on, then switching all off flips only 9. Ask for
# the error of what the layer passes on, and what random inputs with the same mean would get.
# </details>

# %% [markdown]
# ## Go further
#
# - Rastegari et al. 2016, *XNOR-Net*, [arXiv:1603.05279](https://arxiv.org/abs/1603.05279): the
#   best scale for signs, as you derived it.
# - Li et al. 2016, *Ternary weight networks*, [arXiv:1605.04711](https://arxiv.org/abs/1605.04711):
#   threshold and scale for three levels. Ma et al. 2024, *The era of 1-bit LLMs*,
#   [arXiv:2402.17764](https://arxiv.org/abs/2402.17764): BitNet b1.58.
# - Max 1960, *Quantizing for minimum distortion*, and Lloyd 1982, *Least squares quantization in
#   PCM* (written in 1957): the best levels. Shannon 1959, *Coding theorems for a discrete source
#   with a fidelity criterion*: what no scheme can beat.
# - Anderson and Berg 2017, *The high-dimensional geometry of binary neural networks*,
#   [arXiv:1705.07199](https://arxiv.org/abs/1705.07199): why signs keep directions. Charikar 2002,
#   *Similarity estimation techniques from rounding algorithms*: θ/π as a way to measure angles by
#   counting signs.
# - Next: **16, one bit: after training**. A trained model gets signs for weights. How far does
#   cleverness help, without training it again?
