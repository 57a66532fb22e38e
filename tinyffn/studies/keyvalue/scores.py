"""Did an edit do what it was to do, and what else did it do? Counted on a FactLanguage."""

import numpy as np

from tinyffn.arguments import as_ids
from tinyffn.data.facts import FILLERS, N_PARAPHRASES
from tinyffn.graph import no_grad
from tinyffn.nn import evaluating


def edit_scores(model, language, fact, new_object, *, paraphrase=0):
    """What a model says after fact number `fact` was edited to `new_object`: five shares, one loss.

    Returns    a dict:
               efficacy: of the prompts with the paraphrase that the edit was made with, and each
               filler, the share where new_object is likelier than the old object;
               paraphrase: of the prompts with the other paraphrases, the share where new_object is
               what the model says;
               subject, neighbours, others: of the facts of each group, see `groups`, the share that
               is still right, asked with this paraphrase;
               neighbour_nats: the mean surprise, in nats, at the right objects of the neighbours
    Errors     ValueError if fact, new_object or paraphrase is out of range, or new_object is the
               old one; TypeError if one is not whole
    Source     Meng et al. 2022 (arXiv:2202.05262), section 3.3, for efficacy (ES), paraphrase (PS)
               and neighbourhood (NS), which there compare two chances. Here whoever shares one of
               the subject's two names is a neighbour
    """
    fact = int(as_ids("edit_scores", fact, name="fact numbers", n=len(language.objects)))
    new_object = int(as_ids("edit_scores", new_object, name="objects", n=len(language)))
    paraphrase = int(as_ids("edit_scores", paraphrase, name="paraphrase numbers", n=N_PARAPHRASES))
    old_object = language.objects[fact]
    if new_object == old_object:
        raise ValueError(f"edit_scores: new_object is {new_object}, as before the edit")
    each = np.arange(len(FILLERS))
    said = {}
    for way in range(N_PARAPHRASES):
        prompts = language.prompts(np.full(len(each), fact), paraphrase=way, filler=each)
        said[way] = _logits(model, prompts)
    here = said.pop(paraphrase)
    is_right, nats = told(model, language, paraphrase=paraphrase)
    members = groups(language, fact)
    return {
        "efficacy": float(np.mean(here[:, new_object] > here[:, old_object])),
        "paraphrase": float(np.mean([z.argmax(axis=-1) == new_object for z in said.values()])),
        **{name: float(np.mean(is_right[of])) for name, of in members.items()},
        "neighbour_nats": float(np.mean(nats[members["neighbours"]])),
    }


def told(model, language, *, paraphrase=0):
    """What a model says of every fact: which are right, and the surprise at their right objects.

    Returns    is_right (n_facts) True or False; nats (n_facts)
    Errors     ValueError or TypeError if paraphrase is not 0, 1 or 2
    """
    every = np.arange(len(language.objects))
    prompts = language.prompts(every, paraphrase=paraphrase, filler=every % len(FILLERS))
    logits = _logits(model, prompts).astype(np.float64)
    top = logits.max(axis=-1)
    nats = top + np.log(np.exp(logits - top[:, None]).sum(axis=-1))
    return logits.argmax(axis=-1) == language.objects, nats - logits[every, language.objects]


def groups(language, fact):
    """All facts but this one that an edit of it should leave alone, in groups that one asks for.

    Returns    a dict of arrays (n_facts), True or False: subject: the other facts of the same
               subject; neighbours: those of subjects with the same first or the same last name;
               others: all but the fact
    """
    same = language.names == language.names[fact]
    others = np.arange(len(same)) != fact
    return {
        "subject": same.all(axis=1) & others,
        "neighbours": same.any(axis=1) & ~same.all(axis=1),
        "others": others,
    }


def _logits(model, prompts):
    with evaluating(model), no_grad():
        return model(prompts).data[:, -1]
