"""Appeals against findings, and the resulting rulings."""
