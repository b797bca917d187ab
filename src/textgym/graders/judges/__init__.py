"""Judges: models behind an endpoint that score what cannot be checked.

`score_model`, `label_model`, `rubric` and `pairwise` ask; `quorum`, `panel` and `calibrated` make one verdict of several;
`audit` measures a judge against labels. What a judge reads of a policy is data in a message of its own, and its reply
counts only where it holds exactly one verdict with the code of this very request.
"""
