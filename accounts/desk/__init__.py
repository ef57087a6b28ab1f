"""The subscriptions desk: finding readers, what happened to them, and what is done for them."""
