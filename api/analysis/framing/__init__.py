"""Detects and scores framing: detectors, evidence, and the additive score with its ledger."""
