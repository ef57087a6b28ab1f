"""What a page, a search and the desk's pages cost among few stories, and among very many."""
