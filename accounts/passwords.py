"""How passwords are kept: Argon2id."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class LeastArgon2(Argon2PasswordHasher):
    """The least that is still good practice (19 MiB, two rounds): for the thousand of the tests.

    Everywhere else Django's own, costlier setting is used.
    """

    memory_cost = 19 * 1024
    time_cost = 2
    parallelism = 1
