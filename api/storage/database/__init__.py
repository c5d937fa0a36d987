"""The database itself: connections, locks, migrations, roles, and what several tables' queries share."""
