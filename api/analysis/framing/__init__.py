"""How a text steers: detectors, evidence, and the additive score with its ledger."""
