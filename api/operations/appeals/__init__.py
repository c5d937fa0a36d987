"""Appeals against findings, and the rulings that answer them."""
