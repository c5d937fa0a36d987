"""From an article to an assessment: the gate, the whole engine, the fast one, and the digest that names them."""
