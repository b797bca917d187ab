"""The bank: validated faults in real packages, kept as recipes.

A recipe names a package by version and hash, a function, and a mutation of it; nothing of the package is kept. The packages
are fetched from the index once, into a cache, and everything else is made again from them.

`catalogue` lists the packages, `sources` fetches and unpacks them, `recipes` reads what was found; `baseline`, `mining` and
`confirming` find it, in a sandbox, and `building` puts these together.
"""
