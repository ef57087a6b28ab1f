"""The page cache in front of Django: what all visitors share, as bytes, in each process.

``application`` answers or passes on, ``store`` holds, ``counters`` say what is still true,
``watch`` bumps them around every commit, ``promise`` is how a view says what its page hangs on.
``minting`` gives readers with an account a token of ``tokens``, and by it ``passes`` knows at later
requests what they may see.
"""
