"""A ledger of claims: every sentence of two articles, held to what was measured, derived or cited.

    encyclopedia.toml   an encyclopedia article on MLP layers in transformers: claims A1, A2, ...
    architecture.toml   an article on an architecture it calls "LLM MLP": claims B1, B2, ...
    references.toml     every work that a claim is held to
    corrected.md        what the first article says, written anew, each sentence with its evidence

`python -m tinyffn.studies.claims` prints it. What a claim is, says claim.py; what kinds of evidence
there are, evidence.py; what must hold of them, check.py. A row quotes a few words of an article,
never a page. Claims are judged, and not who made them.
"""
