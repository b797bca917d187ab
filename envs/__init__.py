"""The environments. Each domain is a page that lists its ids; its modules are imported when one is made."""
