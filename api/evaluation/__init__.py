"""Assessments against labels: figures with their intervals, paired by record. Neither settings nor database."""
