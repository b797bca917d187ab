"""Graders that run code in the sandbox: the author's (`python`), the policy's (`unit_tests`, `stdio_tests`), and queries."""
