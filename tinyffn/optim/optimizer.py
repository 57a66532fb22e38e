"""What all optimisers share: which parameters, and how a step goes through them."""

from tinyffn.tensor import Tensor


class Optimizer:
    """Base class. `rate` is the learning rate and may be changed between steps, by a schedule say.

    Arguments  parameters: a list of leaf tensors, each taken once however often it is listed
    Errors     ValueError if there are none, or the rate is negative; TypeError for other things
    """

    def __init__(self, parameters, rate):
        self.parameters = list({id(p): p for p in parameters}.values())
        self.rate = rate
        self.n_steps = 0
        name = type(self).__name__
        if not self.parameters:
            raise ValueError(f"{name}: there are no parameters to train")
        for p in self.parameters:
            if not isinstance(p, Tensor) or not p.requires_grad:
                raise TypeError(f"{name}: {p!r} is no Parameter: pass model.parameters()")
        if not rate >= 0.0:
            raise ValueError(f"{name}: rate is {rate}, but must be 0 or above")

    def zero_grad(self):
        """Forget all gradients, which otherwise add up."""
        for p in self.parameters:
            p.grad = None

    def step(self):
        """Change each parameter that has a gradient.

        Errors     RuntimeError if none has
        """
        with_grad = [(i, p) for i, p in enumerate(self.parameters) if p.grad is not None]
        if not with_grad:
            raise RuntimeError("step: no parameter has a gradient: call backward() on a loss first")
        self.n_steps += 1
        for i, p in with_grad:
            self.update(i, p)

    def update(self, i, p):
        """Change `p`, which is parameter number `i`, in place."""
        raise TypeError(f"{type(self).__name__} does not say how to update a parameter")
