"""The admin site of the desk."""

from django.contrib.admin import AdminSite


class DeskSite(AdminSite):
    """Django's own admin, named after its purpose; rooms register their models on it."""

    site_header = "Newsroom"
    site_title = "Newsroom desk"
    index_title = "Start"
    enable_nav_sidebar = False
