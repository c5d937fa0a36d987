"""Verbs used by the doors, one public function a file."""
