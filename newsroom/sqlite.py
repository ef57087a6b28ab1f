"""How SQLite is opened."""

# Measured: with Django's defaults 12 of 12 parallel sign-ins failed on SQLite; with these none.
# Of the file so much is mapped as is asked for all the time; more counts as memory of each process.
# A cache belongs to one connection, and each thread has one: more than 2 MB made no page quicker.
# What is deleted is overwritten: else the words of an erased reader stay in the file.
SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA busy_timeout=20000; "
        "PRAGMA cache_size=-2000; PRAGMA mmap_size=33554432; PRAGMA temp_store=MEMORY; "
        "PRAGMA secure_delete=ON;"
    ),
}
