"""Engines that tests install."""
