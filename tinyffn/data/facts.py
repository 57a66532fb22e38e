"""Facts to store, made up from a seed: what is true is known, so what a model knows can be counted.

`random_facts` is the bare form, for a feed-forward layer alone: a key vector, and which of a few
value vectors belongs to it. `FactLanguage` is a small language: prompts of four words such as
"today Ada Haddad lives-in", each with one word that is true. All names and facts are invented.
"""

import itertools

import numpy as np

from tinyffn.arguments import (
    as_ids,
    is_whole,
    must_be_above,
    must_be_generator,
    must_be_positive,
    must_be_share,
)


def _words(text):
    return tuple(text.split())


FIRST_NAMES = _words(
    "Ada Aiko Amara Amir Anna Bao Bela Carmen Chidi Clara Daniel Diego Elif Emeka Farid Fatima "
    "Gita Hana Hugo Ines Ivan Jamal Kavya Kofi Lars Leila Lin Maria Mei Nadia Noor Omar Paulo "
    "Priya Ravi Rosa Sefa Tariq Yuki Zola"
)
LAST_NAMES = _words(
    "Abebe Alvarez Andersen Banda Becker Castro Chen Cohen Costa Demir Diallo Duarte Fischer "
    "Garcia Haddad Hansen Ito Jansen Kaya Khan Kim Kowalski Lopez Mbeki Mendes Mori Nagy Nguyen "
    "Novak Okafor Patel Petrov Rahman Rossi Sato Silva Singh Tanaka Wang Yilmaz"
)
# For each relation the three ways to say it, its paraphrases, and its twenty objects.
RELATIONS = {
    _words("lives-in resides-in calls-home"): _words(
        "Accra Athens Bogota Cairo Dakar Delhi Dublin Hanoi Helsinki Istanbul Jakarta Kyoto Lagos "
        "Lima Lisbon Nairobi Oslo Prague Quito Seoul"
    ),
    _words("works-as earns-as has-trade"): _words(
        "actor baker barber carpenter chemist cook dentist driver farmer fisher gardener judge "
        "miner nurse painter pilot plumber sailor tailor teacher"
    ),
    _words("plays practises performs-on"): _words(
        "banjo bassoon bells cello clarinet cornet drums fiddle flute guitar harp horn lute oboe "
        "organ piano tuba viola violin zither"
    ),
    _words("owns keeps-pet feeds"): _words(
        "camel canary cat chicken cow dog donkey duck ferret fish goat goose hamster horse lizard "
        "parrot pony rabbit sheep turtle"
    ),
}
FILLERS = _words(
    "today yesterday perhaps surely indeed now again then here there often still truly also "
    "maybe always clearly once meanwhile anyway"
)
N_PARAPHRASES = 3
N_OBJECTS = 20  # of each relation


def random_facts(n, *, d, n_labels, rng):
    """n facts for a feed-forward layer alone: to each key one of n_labels value vectors.

    Train a layer y = f(key) so that of all scores y · value the one of the key's label is largest:
    logits are `y @ values.T`. Nothing connects keys and labels, so all that the layer gets right it
    has stored: log2(n_labels) bits a fact, n log2(n_labels) in all. There is no test set: new keys
    have no right answer. Keys and values are not to be trained.

    Returns    keys (n, d) float32, standard normal; labels (n) int64, each as likely;
               values (n_labels, d) float32, of length 1 in the mean square
    Errors     ValueError if n or d is no whole number above 0, or n_labels none above 1; TypeError
               if rng is no generator
    Source     after Allen-Zhu and Li 2024 (arXiv:2404.05405), who store facts made up from a seed
               in language models
    """
    must_be_positive("random_facts", n=n, d=d, n_labels=n_labels)
    must_be_above("random_facts", 1, n_labels=n_labels)
    must_be_generator("random_facts", rng)
    keys = rng.standard_normal((n, d), dtype=np.float32)
    labels = rng.integers(n_labels, size=n)
    values = rng.standard_normal((n_labels, d), dtype=np.float32) / np.float32(np.sqrt(d))
    return keys, labels, values


class FactLanguage:
    """A language of 192 words and the facts that are told in it.

    A subject is a first and a last name, so that neither name alone says who is meant. About each
    subject there are four facts, one for each relation: where they live, what they work as, play,
    and own. Fact number f is about subject f // 4 and relation f % 4; its object is drawn from the
    relation's twenty, each as likely. So n_facts log2(20) bits, 4.32 a fact, tell all there is to
    know. A prompt is [filler, first, last, relation word], and the object answers it. The filler
    says nothing; a relation has three words, its paraphrases 0, 1 and 2, that mean the same.

    The facts in `held_out` are never shown with paraphrase 2 in training. A model that answers
    them with it has learnt that the three words mean the same, and not only stored what it saw.

    Attributes words: all words, the word of each id; names (n_facts, 2), relations (n_facts) from 0
               to 3, objects (n_facts), choices (n_facts, 20): all objects of the relation,
               held_out (n_facts) True or False: names, objects and choices are ids
    Arguments  n_subjects: up to 1,600; held_out: the share of the facts
    Errors     ValueError if n_subjects is no whole number from 1 to 1,600, or held_out not in
               [0, 1); TypeError if rng is no generator
    """

    def __init__(self, n_subjects=400, *, rng, held_out=0.2):
        most = len(FIRST_NAMES) * len(LAST_NAMES)
        if not is_whole(n_subjects) or not 1 <= n_subjects <= most:
            raise ValueError(
                f"FactLanguage: n_subjects is {n_subjects!r}, but must be a whole number from 1 to "
                f"{most}, as many as there are pairs of a first and a last name"
            )
        must_be_share("FactLanguage", held_out=held_out)
        must_be_generator("FactLanguage", rng)
        said, told = itertools.chain(*RELATIONS), itertools.chain(*RELATIONS.values())
        self.words = (*FIRST_NAMES, *LAST_NAMES, *said, *told, *FILLERS)
        self._ids = {word: i for i, word in enumerate(self.words)}
        n_relations, n_facts = len(RELATIONS), n_subjects * len(RELATIONS)
        first, last = np.divmod(rng.permutation(most)[:n_subjects], len(LAST_NAMES))
        subjects = np.stack([first, len(FIRST_NAMES) + last], axis=1)
        self.names = np.repeat(subjects, n_relations, axis=0)
        self.relations = np.tile(np.arange(n_relations), n_subjects)
        object_0 = len(FIRST_NAMES) + len(LAST_NAMES) + N_PARAPHRASES * n_relations
        drawn = rng.integers(N_OBJECTS, size=n_facts)
        self.choices = object_0 + N_OBJECTS * self.relations[:, None] + np.arange(N_OBJECTS)
        self.objects = self.choices[np.arange(n_facts), drawn]
        self.held_out = rng.permutation(n_facts) < round(held_out * n_facts)

    def __len__(self):
        """The number of words."""
        return len(self.words)

    def prompts(self, facts, *, paraphrase, filler=0):
        """Facts, by their numbers (n), as prompts: ids (n, 4).

        Arguments  paraphrase: 0, 1 or 2; filler: 0 to 19; each one number, or an array (n)
        Errors     ValueError if a number is out of range, or there are not as many as facts;
                   TypeError if one is not whole
        """
        facts = as_ids("prompts", facts, name="facts", n=len(self.relations))
        paraphrase = as_ids("prompts", paraphrase, name="paraphrase numbers", n=N_PARAPHRASES)
        filler = as_ids("prompts", filler, name="filler numbers", n=len(FILLERS))
        for name, numbers in (("paraphrase", paraphrase), ("filler", filler)):
            if numbers.shape not in ((), facts.shape):
                raise ValueError(
                    f"prompts: {name} {numbers.shape} must be one number, or one for each of the "
                    f"facts {facts.shape}"
                )
        ids = np.empty((*facts.shape, 4), np.int64)
        ids[..., 0] = self._ids[FILLERS[0]] + filler
        ids[..., 1:3] = self.names[facts]
        said = N_PARAPHRASES * self.relations[facts] + paraphrase
        ids[..., 3] = len(FIRST_NAMES) + len(LAST_NAMES) + said
        return ids

    def random_prompts(self, *, batch_size, rng):
        """Endless training batches: prompts (batch_size, 4), and their objects (batch_size).

        Every fact is as likely, every filler, and every paraphrase but the one held out.

        Errors     ValueError if batch_size is no whole number above 0; TypeError if rng is no
                   generator
        """
        must_be_positive("random_prompts", batch_size=batch_size)
        must_be_generator("random_prompts", rng)
        return self._batches(batch_size, rng)

    def _batches(self, batch_size, rng):
        while True:
            facts = rng.integers(len(self.relations), size=batch_size)
            paraphrase = rng.integers(N_PARAPHRASES - self.held_out[facts])
            filler = rng.integers(len(FILLERS), size=batch_size)
            yield self.prompts(facts, paraphrase=paraphrase, filler=filler), self.objects[facts]

    def encode(self, text):
        """Words with spaces between them to ids (T).

        Errors     ValueError naming the words that the language lacks
        """
        unknown = [word for word in text.split() if word not in self._ids]
        if unknown:
            raise ValueError(f"encode: the language has no {', '.join(unknown[:10])}")
        return np.array([self._ids[word] for word in text.split()], dtype=np.int64)

    def decode(self, ids):
        """Ids (T) to words with spaces between them.

        Errors     ValueError if one is out of range; TypeError if one is not whole
        """
        return " ".join(self.words[i] for i in as_ids("decode", ids, n=len(self)).reshape(-1))
