"""Money: a provider takes it, and what it says becomes dates on subscriptions."""
