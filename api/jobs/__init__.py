"""Jobs of the queue: each claims, works outside any transaction, and publishes its effect in one."""
