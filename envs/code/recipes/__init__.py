"""The catalogue of the bank's packages, and what was found in each; see `textgym.envs.code.bank`."""
