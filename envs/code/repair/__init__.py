"""Repairing packages: an agent's box with tools, the export of its diff, and a verdict in layers."""
