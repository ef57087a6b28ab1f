"""Where Django looks for admin classes; they live in ``articles.desk.admin``."""

import articles.desk.admin  # noqa: F401
