"""What happened in training, as plain lists that can be drawn, saved and compared."""

from dataclasses import dataclass, field


@dataclass
class History:
    """One entry a step, and one an evaluation. Losses are in nats, seconds count from the start."""

    step: list[int] = field(default_factory=list)
    loss: list[float] = field(default_factory=list)
    rate: list[float] = field(default_factory=list)
    grad_norm: list[float] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    eval_step: list[int] = field(default_factory=list)
    eval_loss: list[float] = field(default_factory=list)
